"""The errors that end a verification before it can say anything. Each is one clear line with the fix."""

from __future__ import annotations

from mrt_lint.errors import MrtError


class RefusedError(MrtError):
    """The verifier does not touch this database: another one than ours, or a host that is not allowed."""


class ConnectError(MrtError):
    """The database cannot be reached or used: wrong password, no right to create databases, stopped."""


class MissingExtraError(MrtError):
    """A library is not installed; the message names the extra that brings it."""


class ProjectError(MrtError):
    """env.py or alembic.ini is missing or cannot be run."""


class LateError(ProjectError):
    """env.py, or what else the project runs before its migrations, did not end in time."""


class ServerWideError(RefusedError):
    """A migration reaches beyond its own database: roles, other databases, settings of the server."""
