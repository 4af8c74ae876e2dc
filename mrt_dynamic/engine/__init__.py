"""One run of env.py, from inside which every revision is stepped up and down."""

from __future__ import annotations

from importlib.util import find_spec

from mrt_dynamic.errors import MissingExtraError


def require_alembic() -> None:
    """Raises MissingExtraError unless Alembic is installed; to be called before the engine is imported."""
    if find_spec("alembic") is None:
        raise MissingExtraError("Alembic is not installed: pip install 'mrt-lint[dynamic]'")
