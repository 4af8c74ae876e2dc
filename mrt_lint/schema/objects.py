"""Tables, columns, constraints, indexes and the other objects of a schema, as immutable values."""

from __future__ import annotations

from dataclasses import field
from typing import Final, Literal

from mrt_lint.classes import dataclass
from mrt_lint.schema.names import UNKNOWN, Kind, Name, Unknown
from mrt_lint.schema.origin import NoRows, Origin, Rows
from mrt_lint.schema.types import SqlType


@dataclass(frozen=True, slots=True)
class Generated:
    """A generated column's expression (canonical SQL) and whether it is stored."""

    expression: str
    stored: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One column. A field that is `UNKNOWN` is a fact that the history does not tell.

    `default` is SQL text as the database keeps it (`'active'`, `0`, `now()`), None for no default.
    `identity`: "always", "by default" or None. `autoincrement`: SERIAL, AUTO_INCREMENT or SQLite's
    integer primary key. `origin` None: the column holds its own data since before the migration.
    `python_default`: a default that lives in the ORM only and never reaches the database.
    `assumed`: known only because an operation names it. `sure` False: exists only on some paths.
    `copy_of`: the table and column that an earlier migration filled it from, in every row.
    """

    name: str
    type: SqlType | Unknown = UNKNOWN
    nullable: bool | Unknown = True
    default: str | Unknown | None = None
    identity: str | None = None
    autoincrement: bool = False
    generated: Generated | None = None
    comment: str | Unknown | None = None
    python_default: bool = False
    origin: Origin | None = None
    assumed: bool = False
    sure: bool = True
    copy_of: tuple[Name, str] | None = field(default=None, compare=False)


ConstraintKind = Literal["primary", "unique", "foreign", "check", "exclude"]

_WORDS: Final[dict[ConstraintKind, str]] = {
    "foreign": "foreign key",
    "unique": "unique constraint",
    "check": "check",
    "primary": "primary key",
    "exclude": "exclusion",
}

CONSTRAINT_WORDS: Final = ("constraint", *_WORDS.values())
"""How reasons name the kinds of constraints; the first where the kind is not known."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One table constraint; `kind` UNKNOWN: dropped or named without saying what it is.

    `expression`: the condition of a check or the elements of an exclusion, canonical SQL.
    `name` None: unnamed. `automatic`: the name was given by the database, not by the migration.
    `validated` False: NOT VALID. `index`: USING INDEX of this name. `inline`: the column in whose
    definition it stands, "" for a constraint of the table. `behind`: a foreign key that in the text of its
    table stands behind another one with a name, the same columns and the same target.
    """

    kind: ConstraintKind | Unknown
    name: str | None = None
    columns: tuple[str, ...] = ()
    expression: str | None = None
    ref_table: Name | None = None
    ref_columns: tuple[str, ...] = ()
    ondelete: str | None = None
    onupdate: str | None = None
    deferrable: bool = False
    initially: str | None = None
    match: str | None = None
    validated: bool = True
    index: str | None = None
    automatic: bool = False
    assumed: bool = False
    sure: bool = True
    nulls_not_distinct: bool = False
    inline: str | Unknown = field(default=UNKNOWN, compare=False)
    behind: bool = field(default=False, compare=False)

    @property
    def called(self) -> str:
        """Returns its name, else its columns."""
        return self.name or ", ".join(self.columns)

    @property
    def word(self) -> str:
        """Returns its kind as reasons name it."""
        return CONSTRAINT_WORDS[0] if isinstance(self.kind, Unknown) else _WORDS[self.kind]


@dataclass(frozen=True, slots=True)
class Index:
    """One index. `columns` are column names or canonical expressions, with ` DESC` and the like behind.

    `method` None is the database's usual one (B-tree). `columns` UNKNOWN: only its name is known.
    `implied`: MySQL made it for a foreign key; it goes as soon as another index serves that key.
    `nameless`: its code gives no name, so that `name` is what a naming convention makes.
    """

    name: str | None
    columns: tuple[str, ...] | Unknown = ()
    unique: bool | Unknown = False
    method: str | None = None
    where: str | None = None
    include: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    automatic: bool = False
    assumed: bool = False
    sure: bool = True
    implied: bool = field(default=False, compare=False)
    nameless: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """What a batch that makes its table anew has done so far: keys of columns it dropped and added.

    Until its end such a batch knows every column by its key, the folded name it had when the batch began or
    was added under; `Table.columns` is keyed by it, and constraints and indexes name it. `spare`: the
    primary key that gave way to a new one, and stays if that one comes to nothing.
    """

    dropped: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    spare: Constraint | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `complete`: every column, constraint and index is known (absent means: is not there).

    `columns` and `indexes` are keyed by folded name and never mutated; equality ignores order.
    `rows` None: the rows it has had since before the migration. `gone`: parts (kind, folded name)
    dropped for sure, which an incomplete table needs to know. `epoch`: see `State.epoch`.
    `rebuilding`: a batch is about to make the table anew (`mrt_lint/ops/rebuild.py`).
    """

    name: Name
    columns: dict[str, Column] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
    indexes: dict[str, Index] = field(default_factory=dict)
    comment: str | Unknown | None = None
    options: tuple[tuple[str, str], ...] = ()
    temporary: bool = False
    rows: Rows | None = field(default_factory=NoRows)
    complete: bool = True
    assumed: bool = False
    sure: bool = True
    gone: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)
    epoch: int = field(default=0, compare=False)
    rebuilding: Rebuilding | None = field(default=None, compare=False)

    @property
    def kind(self) -> Kind:
        """Returns the kind under which State keeps it."""
        return "table"


@dataclass(frozen=True, slots=True)
class EnumType:
    """A named enum type; `labels` UNKNOWN when only the name is known.

    `was`: what each label was called before the migration, None for a label that is new; None for
    the whole: every label is as it was. `with_table`: the direction in which it came along with a table;
    a later table of the same run does not create it again (SQLAlchemy's `_check_for_name_in_memos`).
    """

    name: Name
    labels: tuple[str, ...] | Unknown = UNKNOWN
    assumed: bool = False
    sure: bool = True
    was: tuple[str | None, ...] | None = field(default=None, compare=False)
    with_table: str = field(default="", compare=False)

    @property
    def kind(self) -> Kind:
        """Returns the kind under which State keeps it."""
        return "type"


@dataclass(frozen=True, slots=True)
class Read:
    """What a view reads: a relation (`column` None), one column of it, or "*": columns not known.

    `sure` False: it may be another relation's column.
    """

    relation: Name
    column: str | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class SchemaObject:
    """Any other object: a view, sequence, trigger, function, domain, extension, policy, grant, schema.

    `definition`: canonical SQL that decides whether two are the same, UNKNOWN if not known.
    `table`: the table it belongs to (trigger, policy; OWNED BY of a sequence). `details`: parts of the
    definition that are told apart (a trigger's function, the options of a sequence).

    Of a view: `reads` is what it depends on, `columns` its output (a name that is not known is empty).
    Of a function: `harmless` says that calling it surely changes nothing.
    Of a sequence: `moved` says why it does not stand where it stood before the migration, "" if it
    does. `epoch`: see `State.epoch`.
    Of a domain: `default` its own default, `base` the name of the type under it where that may be a domain.
    """

    kind: Kind
    name: Name
    definition: str | Unknown = UNKNOWN
    table: Name | None = None
    details: tuple[tuple[str, str], ...] = ()
    assumed: bool = False
    sure: bool = True
    reads: tuple[Read, ...] | Unknown = field(default=UNKNOWN, compare=False)
    columns: tuple[str, ...] | Unknown = field(default=UNKNOWN, compare=False)
    moved: str = field(default="", compare=False)
    harmless: bool = field(default=False, compare=False)
    epoch: int = field(default=0, compare=False)
    default: str | None = field(default=None, compare=False)
    base: Name | None = field(default=None, compare=False)


AnyObject = Table | EnumType | SchemaObject
