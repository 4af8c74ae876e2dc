"""Reads SQLite's own CREATE statements: the only place where it keeps checks, names and expressions.

`sqlite_master.sql` is the statement that made the object, rewritten by SQLite when a table or column
is renamed. This reader is independent of the linter's SQL parser on purpose: the truth must not be
read with the instrument under test. It knows the grammar of https://sqlite.org/lang_createtable.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
      | (?P<string>[xX]?'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
      | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
      | (?P<word>[A-Za-z_\x80-\U0010ffff][\w$]*)
      | (?P<sign>\|\||<<|>>|<=|>=|<>|==|!=|->>|->|[^\s\w])""",
    re.VERBOSE | re.DOTALL,
)

_TABLE_CONSTRAINT = {"constraint", "primary", "unique", "check", "foreign"}
_COLUMN_CONSTRAINT = {
    *("constraint", "primary", "not", "null", "unique", "check", "default", "collate"),
    *("references", "generated", "as"),
}


class NotReadError(Exception):
    """A statement that does not follow the grammar as it is known here."""


@dataclass(frozen=True)
class Token:
    """One token; `text` without quotes for a quoted name, lower case for a bare word."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def normal(self) -> str:
        """Returns its text for comparison: names fold their case, a string keeps its quotes."""
        return self.text.lower() if self.kind in ("word", "quoted") else self.text


@dataclass
class ConstraintText:
    """One constraint as it is written; `kind` as in `primary unique check foreign`.

    `parts`: the columns of a key with their order and collation. `conflict`: what ON CONFLICT says.
    """

    kind: str
    name: str | None = None
    columns: tuple[str, ...] = ()
    expression: str = ""
    ref_table: str = ""
    ref_columns: tuple[str, ...] = ()
    ondelete: str = ""
    onupdate: str = ""
    match: str = ""
    deferrable: bool = False
    initially: str = ""
    parts: tuple[str, ...] = ()
    conflict: str = ""


@dataclass
class ColumnText:
    """One column as it is written; `generated`: the expression, with `stored` or `virtual`.

    `conflict`: what NOT NULL ON CONFLICT says. `row_id`: it is INTEGER PRIMARY KEY and not DESC, hence
    another name of the row's own number (manual, "ROWIDs and the INTEGER PRIMARY KEY").
    """

    name: str
    type: str = ""
    nullable: bool = True
    default: str | None = None
    collation: str = ""
    generated: str | None = None
    stored: bool = False
    autoincrement: bool = False
    conflict: str = ""
    row_id: bool = False


@dataclass
class TableText:
    """One table as it is written. Constraints of a column stand among those of the table."""

    name: str
    columns: list[ColumnText] = field(default_factory=list)
    constraints: list[ConstraintText] = field(default_factory=list)
    options: str = ""


@dataclass
class IndexText:
    """One index: its parts as SQL text, and the condition of a partial one."""

    name: str
    table: str
    unique: bool
    parts: tuple[str, ...]
    where: str = ""


def tokens_of(sql: str) -> list[Token]:
    """Returns the tokens of a statement without space and comments."""
    found = []
    for match in _TOKEN.finditer(sql):
        kind = str(match.lastgroup)
        text = match.group()
        if kind == "space":
            continue
        if kind == "quoted":
            quote = text[-1]
            text = text[1:-1].replace(quote * 2, quote)
        found.append(Token(kind, text, match.start(), match.end()))
    return found


def normal(sql: str) -> str:
    """Returns a statement or expression for comparison: one space between tokens, names without quotes.

    >>> normal('CHECK ("Age">= 0)')
    'check ( age >= 0 )'
    """
    return " ".join(token.normal for token in tokens_of(sql))


def read_table(sql: str) -> TableText:
    """Returns the table of one CREATE TABLE statement. Raises NotReadError."""
    try:
        table = _Reader(sql).table()
    except IndexError:
        raise NotReadError(sql) from None
    keys = [constraint for constraint in table.constraints if constraint.kind == "primary"]
    if len(keys) == 1 and "without rowid" not in table.options:
        for column in table.columns:
            own = keys[0].columns == (column.name,) and not keys[0].parts
            column.row_id = column.type.upper() == "INTEGER" and own
    return table


def read_index(sql: str) -> IndexText:
    """Returns the index of one CREATE INDEX statement. Raises NotReadError."""
    try:
        return _Reader(sql).index()
    except IndexError:
        raise NotReadError(sql) from None


def read_view(sql: str) -> tuple[tuple[str, ...], str]:
    """Returns the columns that a CREATE VIEW statement names, and its query. Raises NotReadError."""
    try:
        return _Reader(sql).view()
    except IndexError:
        raise NotReadError(sql) from None


def _first_name(part: str) -> str:
    token = tokens_of(part)[0]
    return token.text[1:-1].replace("''", "'") if token.kind == "string" else token.text


class _Reader:
    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.tokens = tokens_of(sql)
        self.at = 0

    def word(self, ahead: int = 0) -> str:
        place = self.at + ahead
        if place >= len(self.tokens) or self.tokens[place].kind != "word":
            return ""
        return self.tokens[place].text.lower()

    def sign(self) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at].kind == "sign":
            return self.tokens[self.at].text
        return ""

    def take(self, *words: str) -> bool:
        if all(self.word(place) == word for place, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def name(self) -> str:
        token = self.tokens[self.at]
        self.at += 1
        text = token.text
        if token.kind == "string":
            text = text[1:-1].replace("''", "'")
        if self.sign() == ".":
            self.at += 1
            return self.name()
        return text

    def names(self) -> tuple[str, ...]:
        """Reads `(a, b)` and returns the names."""
        return tuple(_first_name(part) for part in self.parts())

    def key(self, kind: str, name: str | None) -> ConstraintText:
        """Reads `(a, b COLLATE NOCASE DESC)` of a key."""
        parts = self.parts()
        said = tuple(normal(part) for part in parts) if any(len(tokens_of(p)) > 1 for p in parts) else ()
        return ConstraintText(kind, name, tuple(_first_name(part) for part in parts), parts=said)

    def parts(self) -> list[str]:
        """Reads a bracketed list and returns the text of its items, cut at commas."""
        if self.sign() != "(":
            raise NotReadError(self.sql)
        self.at += 1
        found, depth, start = [], 0, self.tokens[self.at].start
        while True:
            token = self.tokens[self.at]
            text = token.text if token.kind == "sign" else ""
            if depth == 0 and text in (",", ")"):
                found.append(self.sql[start : token.start].strip())
                start = token.end
            if text == ")" and depth == 0:
                self.at += 1
                return found
            depth += {"(": 1, ")": -1}.get(text, 0)
            self.at += 1

    def bracket(self) -> str:
        """Reads `( ... )` and returns what stands between."""
        if self.sign() != "(":
            raise NotReadError(self.sql)
        start, depth = self.tokens[self.at].end, 0
        while True:
            depth += {"(": 1, ")": -1}.get(self.sign(), 0)
            if depth == 0:
                end = self.tokens[self.at].start
                self.at += 1
                return self.sql[start:end].strip()
            self.at += 1

    def table(self) -> TableText:
        self.take("create")
        self.take("temp") or self.take("temporary")
        self.take("table")
        self.take("if", "not", "exists")
        table = TableText(self.name())
        for part in self.parts():
            inner = _Reader(part)
            if inner.word() in _TABLE_CONSTRAINT:
                inner.constraint(table, None)
            else:
                inner.column(table)
        end = self.tokens[self.at - 1].end
        table.options = normal(self.sql[end:])
        return table

    def column(self, table: TableText) -> None:
        column = ColumnText(self.name())
        table.columns.append(column)
        start = self.at
        while self.at < len(self.tokens) and self.word() not in _COLUMN_CONSTRAINT:
            if self.sign() == "(":
                self.bracket()
            else:
                self.at += 1
        if self.at > start:
            column.type = self.sql[self.tokens[start].start : self.tokens[self.at - 1].end]
        while self.at < len(self.tokens):
            self.constraint(table, column)

    def constraint(self, table: TableText, column: ColumnText | None) -> None:
        name = self.name() if self.take("constraint") else None
        own = () if column is None else (column.name,)
        if self.take("primary", "key"):
            found = ConstraintText("primary", name, own) if own else self.key("primary", name)
            if column is not None and not self.take("asc") and self.take("desc"):
                found.parts = (f"{normal(column.name)} desc",)
            found.conflict = self.conflict()
            if column is not None and self.take("autoincrement"):
                column.autoincrement = True
            table.constraints.append(found)
        elif self.take("unique"):
            found = ConstraintText("unique", name, own) if own else self.key("unique", name)
            found.conflict = self.conflict()
            table.constraints.append(found)
        elif self.take("check"):
            table.constraints.append(ConstraintText("check", name, expression=self.bracket()))
            self.conflict()
        elif self.take("foreign", "key"):
            self.references(table, name, self.names())
        elif self.word() == "references":
            self.references(table, name, own)
        elif column is None:
            raise NotReadError(self.sql)
        else:
            self.column_part(column)

    def column_part(self, column: ColumnText) -> None:
        if self.take("not", "null"):
            column.nullable = False
            column.conflict = self.conflict()
        elif self.take("null"):
            pass
        elif self.take("default"):
            column.default = self.default()
        elif self.take("collate"):
            column.collation = self.name()
        elif self.take("generated", "always", "as") or self.take("as"):
            column.generated = self.bracket()
            column.stored = self.take("stored")
            self.take("virtual")
        else:
            raise NotReadError(self.sql)

    def default(self) -> str:
        if self.sign() == "(":
            return f"({self.bracket()})"
        start = self.tokens[self.at].start
        if self.sign() in ("+", "-"):
            self.at += 1
        self.at += 1
        return self.sql[start : self.tokens[self.at - 1].end]

    def conflict(self) -> str:
        return self.name().upper() if self.take("on", "conflict") else ""

    def references(self, table: TableText, name: str | None, columns: tuple[str, ...]) -> None:
        found = ConstraintText("foreign", name, columns)
        self.at += 1
        found.ref_table = self.name()
        if self.sign() == "(":
            found.ref_columns = self.names()
        while True:
            if self.take("on", "delete"):
                found.ondelete = self.action()
            elif self.take("on", "update"):
                found.onupdate = self.action()
            elif self.take("match"):
                found.match = self.name().upper()
            elif self.take("not", "deferrable"):
                pass
            elif self.take("deferrable"):
                found.deferrable = True
            elif self.take("initially"):
                found.initially = self.name().upper()
            else:
                break
        table.constraints.append(found)

    def action(self) -> str:
        words = 2 if self.word() in ("set", "no") else 1
        text = " ".join(self.word(place) for place in range(words)).upper()
        self.at += words
        return text

    def view(self) -> tuple[tuple[str, ...], str]:
        self.take("create")
        self.take("temp") or self.take("temporary")
        self.take("view")
        self.take("if", "not", "exists")
        self.name()
        columns = self.names() if self.sign() == "(" else ()
        if not self.take("as"):
            raise NotReadError(self.sql)
        return columns, self.sql[self.tokens[self.at].start :]

    def index(self) -> IndexText:
        self.take("create")
        unique = self.take("unique")
        self.take("index")
        self.take("if", "not", "exists")
        name = self.name()
        self.take("on")
        table = self.name()
        parts = tuple(self.parts())
        where = self.sql[self.tokens[self.at - 1].end :].strip() if self.take("where") else ""
        return IndexText(name, table, unique, parts, where)
