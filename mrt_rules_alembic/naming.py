"""Names of constraints and indexes as SQLAlchemy's naming conventions make them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from mrt_lint.classes import dataclass
from mrt_lint.schema.names import Name

ConventionKey = Literal["ix", "uq", "ck", "fk", "pk"]

DEFAULT_CONVENTION: Final[Mapping[str, str]] = {"ix": "ix_%(column_0_label)s"}
"""What a MetaData without a convention does (`sqlalchemy.sql.schema.DEFAULT_NAMING_CONVENTION`)."""

_TOKEN = re.compile(r"%\((\w+)\)s")
_COLUMN_TOKEN = re.compile(r"(referred_)?column_(\d+)(_?N)?_(name|key|label)")


class Conv(str):
    """A name that is final (`op.f("...")`, `sqlalchemy.schema.conv`): no convention is applied to it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """The constraint or index that is named: what the tokens of a convention can ask for."""

    key: ConventionKey
    table: Name
    columns: tuple[str, ...] = ()
    referred_table: Name | None = None
    referred_columns: tuple[str, ...] = ()


def conventional_name(name: str | None, subject: Subject, convention: Mapping[str, str]) -> str | None:
    """Returns the name that SQLAlchemy gives, None when the constraint stays unnamed.

    The rule of `sqlalchemy.sql.naming`: a final name stays; a template applies to what has no
    name, and to every name when it has the token `constraint_name`. None is also returned for a
    template with a token that is not SQLAlchemy's own (a function of the project).

    >>> convention = {"uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(constraint_name)s"}
    >>> conventional_name(None, Subject("uq", Name("users"), ("email",)), convention)
    'uq_users_email'
    >>> conventional_name("positive", Subject("ck", Name("t")), convention)
    'ck_positive'
    """
    template = convention.get(subject.key)
    if isinstance(name, Conv) or template is None or (name is not None and "constraint_name" not in template):
        return None if name is None else str(name)
    missing = False

    def replacement(match: re.Match[str]) -> str:
        nonlocal missing
        text = _token(match.group(1), name, subject)
        missing = missing or text is None
        return text or ""

    result = _TOKEN.sub(replacement, template)
    return None if missing else result


def _token(token: str, name: str | None, subject: Subject) -> str | None:
    if token == "table_name":
        return subject.table.name
    if token == "constraint_name":
        return name
    if token == "referred_table_name":
        return subject.referred_table.name if subject.referred_table else None
    match = _COLUMN_TOKEN.fullmatch(token)
    if match is None:
        return None
    referred, index, several, what = match.groups()
    columns = subject.referred_columns if referred else subject.columns
    words = [_label(subject.table, column) if what == "label" else column for column in columns]
    if several:
        return ("_" if several == "_N" else "").join(words)
    return words[int(index)] if int(index) < len(words) else ""


def _label(table: Name, column: str) -> str:
    parts = [table.schema.replace(".", "_")] if table.schema else []
    return "_".join([*parts, table.name, column])
