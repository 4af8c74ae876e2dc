"""What hangs on a PostgreSQL database itself, and does not come along when it is copied as a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mrt_dynamic.scratch.session import Session

_LISTS: Final = (
    "search_path",
    "temp_tablespaces",
    "session_preload_libraries",
    "local_preload_libraries",
)
"""Lists of quoted names (pg_dump's variable_is_guc_list_quote): stored as they are written."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that ALTER DATABASE and ALTER ROLE ... IN DATABASE made: (role or None, name, value)."""

    values: tuple[tuple[str | None, str, str], ...]

    @classmethod
    def of(cls, server: Session, database: str) -> Settings:
        """Returns those of a database."""
        rows = server.rows(
            "SELECT r.rolname, unnest(s.setconfig) FROM pg_db_role_setting s"
            " JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON r.oid = s.setrole"
            f" WHERE d.datname = '{database}' ORDER BY 1, 2"
        )
        return cls(tuple((role, *text.split("=", 1)) for role, text in rows))

    def put_back(self, server: Session, database: str) -> None:
        """Makes them again on a database."""
        for role, name, value in self.values:
            subject = f'ROLE "{role}" IN DATABASE "{database}"' if role else f'DATABASE "{database}"'
            listed = name in _LISTS and value
            text = value if listed else "'" + value.replace("'", "''") + "'"
            server.run(f"ALTER {subject} SET {name} TO {text}")
