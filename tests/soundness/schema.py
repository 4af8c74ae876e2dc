"""A random schema with rows: what the history built before the migration that is put to the test."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

TABLES = ("users", "orders", "items", "notes")
COLUMNS = ("name", "email", "phone", "city", "age", "score", "flag", "price", "state", "code")

TEXT, INTEGER, NUMERIC, BOOLEAN = "text", "integer", "numeric", "boolean"

KINDS = {
    "name": (TEXT, "sa.String(40)"),
    "email": (TEXT, "sa.String(80)"),
    "phone": (TEXT, "sa.String(20)"),
    "city": (TEXT, "sa.Text()"),
    "age": (INTEGER, "sa.Integer()"),
    "score": (INTEGER, "sa.BigInteger()"),
    "flag": (BOOLEAN, "sa.Boolean()"),
    "price": (NUMERIC, "sa.Numeric(10, 2)"),
    "state": (TEXT, "sa.String(20)"),
    "code": (TEXT, "sa.String(12)"),
}
"""Column name -> its family and its type as SQLAlchemy writes it."""

_VALUES = {
    TEXT: ("Ada Byron", "Grace Hopper", "Äda, o'Neill", "x1"),
    INTEGER: (7, 12, 2000000000, -3),
    NUMERIC: ("10.25", "0.99", "123456.70", "5.05"),
    BOOLEAN: (1, 0, 1, 0),
}


@dataclass(frozen=True)
class Column:
    """One column. `type`: as SQLAlchemy writes it; `default`: of the server, as Python source of a string."""

    name: str
    type: str
    family: str
    nullable: bool = True
    default: str = ""

    @property
    def source(self) -> str:
        """Returns the column as Python source."""
        extra = "" if self.nullable else ", nullable=False"
        if self.default:
            extra += f", server_default={self.default}"
        return f'sa.Column("{self.name}", {self.type}{extra})'


@dataclass(frozen=True)
class Index:
    """An index, or a unique constraint when `constraint`."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False

    def create(self, table: str) -> str:
        """Returns the statement that makes it."""
        unique = ", unique=True" if self.unique else ""
        return f'op.create_index("{self.name}", "{table}", {list(self.columns)!r}{unique})'

    def drop(self, table: str) -> str:
        """Returns the statement that drops it."""
        return f'op.drop_index("{self.name}", table_name="{table}")'


@dataclass(frozen=True)
class Table:
    """One table: `id` and its columns; `parent`: the table that its column `<parent>_id` refers to."""

    name: str
    columns: tuple[Column, ...]
    indexes: tuple[Index, ...] = ()
    uniques: tuple[tuple[str, str], ...] = ()
    checks: tuple[tuple[str, str], ...] = ()
    parent: str = ""
    rows: int = 4

    @property
    def column_names(self) -> tuple[str, ...]:
        """Returns the names of all columns, the keys first."""
        own = tuple(column.name for column in self.columns)
        return ("id", *((f"{self.parent}_id",) if self.parent else ()), *own)

    @property
    def create(self) -> str:
        """Returns the `op.create_table` that makes it, without its indexes."""
        parts = [f'"{self.name}"', 'sa.Column("id", sa.Integer(), primary_key=True)']
        if self.parent:
            parts.append(f'sa.Column("{self.parent}_id", sa.Integer())')
        parts += [column.source for column in self.columns]
        if self.parent:
            name = f"fk_{self.name}_{self.parent}"
            parts.append(
                f'sa.ForeignKeyConstraint(["{self.parent}_id"], ["{self.parent}.id"], name="{name}")'
            )
        parts += [f'sa.UniqueConstraint("{column}", name="{name}")' for name, column in self.uniques]
        parts += [f'sa.CheckConstraint("{text}", name="{name}")' for name, text in self.checks]
        return "op.create_table(" + ", ".join(parts) + ")"

    def column(self, name: str) -> Column:
        """Returns the column of this name."""
        return next(column for column in self.columns if column.name == name)

    def inserts(self) -> list[str]:
        """Returns statements that fill the table, every row other than the rest; NULL where it may be."""
        return [self._insert(number) for number in range(1, self.rows + 1)]

    def _insert(self, number: int) -> str:
        values = [str(number)]
        if self.parent:
            values.append(str(1 + number % 2))
        for place, column in enumerate(self.columns):
            value = _VALUES[column.family][(number + place) % 4]
            if column.nullable and (number + place) % 4 == 3:
                values.append("NULL")
            elif isinstance(value, str):
                text = value if column.family == NUMERIC else f"{value} {number}"
                values.append("'" + text.replace("'", "''") + "'")
            else:
                values.append(str(value + (number if column.family == INTEGER else 0)))
        return f"INSERT INTO {self.name} ({', '.join(self.column_names)}) VALUES ({', '.join(values)})"


@dataclass(frozen=True)
class Schema:
    """The tables, and the views as name -> query."""

    tables: tuple[Table, ...]
    views: tuple[tuple[str, str], ...] = ()
    made: int = field(default=0)

    def table(self, name: str) -> Table:
        """Returns the table of this name."""
        return next(table for table in self.tables if table.name == name)

    def with_table(self, table: Table) -> Schema:
        """Returns the schema with a table in place of the one of its name, or added."""
        if any(other.name == table.name for other in self.tables):
            changed = tuple(table if other.name == table.name else other for other in self.tables)
        else:
            changed = (*self.tables, table)
        return replace(self, tables=changed)

    def without(self, name: str) -> Schema:
        """Returns the schema without a table."""
        return replace(self, tables=tuple(table for table in self.tables if table.name != name))

    @property
    def create(self) -> list[str]:
        """Returns the statements that build it on an empty database."""
        lines = []
        for table in self.tables:
            lines += [table.create, *(index.create(table.name) for index in table.indexes)]
        return lines + [f'op.execute("CREATE VIEW {name} AS {query}")' for name, query in self.views]


def random_schema(random: Random) -> Schema:
    """Returns two or three tables with rows, the second a child of the first, and sometimes a view."""
    names = random.sample(TABLES, random.randint(2, 3))
    tables = []
    for number, name in enumerate(names):
        tables.append(_random_table(random, name, names[0] if number == 1 else ""))
    views: tuple[tuple[str, str], ...] = ()
    if random.random() < 0.4:
        table = tables[-1]
        views = (("v_all", f"SELECT id, {table.columns[0].name} FROM {table.name}"),)
    return Schema(tuple(tables), views)


def _random_table(random: Random, name: str, parent: str) -> Table:
    columns = []
    for column in random.sample(COLUMNS, random.randint(3, 5)):
        family, kind = KINDS[column]
        nullable = random.random() < 0.6
        default = '"new"' if family == TEXT and random.random() < 0.2 else ""
        columns.append(Column(column, kind, family, nullable, default))
    texts = [column.name for column in columns if column.family == TEXT]
    indexes = []
    if random.random() < 0.6:
        chosen = tuple(random.sample([column.name for column in columns], random.randint(1, 2)))
        indexes.append(Index(f"ix_{name}_{'_'.join(chosen)}", chosen))
    uniques = []
    if texts and random.random() < 0.3:
        uniques.append((f"uq_{name}_{texts[0]}", texts[0]))
    checks = []
    numbers = [column.name for column in columns if column.family == INTEGER]
    if numbers and random.random() < 0.4:
        checks.append((f"ck_{name}_{numbers[0]}", f"{numbers[0]} > -100"))
    return Table(name, tuple(columns), tuple(indexes), tuple(uniques), tuple(checks), parent)
