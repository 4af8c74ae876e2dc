"""mrt-lint: tells whether a database migration can be rolled back without losing data."""

from mrt_lint.version import __version__

__all__ = ["__version__"]
