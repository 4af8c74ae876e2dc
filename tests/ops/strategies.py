"""Random schemas and operations on them, for the laws every operation must obey."""

from __future__ import annotations

from hypothesis import strategies as st

from mrt_lint import ops
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, EnumType, Generated, Index, Read, SchemaObject, Table
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType, sql_type

TABLES = ("users", "orders", "tags")
COLUMNS = ("id", "name", "email", "total", "owner_id")
NEW = ("fresh", "other_new")
TYPES = (
    sql_type("integer"),
    sql_type("bigint"),
    sql_type("varchar", 20),
    sql_type("text"),
    SqlType("numeric", (10, 2)),
)

tables = st.sampled_from(TABLES).map(Name)
columns = st.sampled_from(COLUMNS)
new_names = st.sampled_from(NEW)
any_column = st.builds(
    Column,
    st.sampled_from((*COLUMNS, *NEW)),
    st.sampled_from(TYPES),
    st.booleans(),
    st.sampled_from([None, "0", "'x'"]),
    comment=st.sampled_from([None, "note"]),
    generated=st.sampled_from([None, None, Generated("id + 1"), Generated("id + 1", stored=False)]),
)


@st.composite
def constraints(draw: st.DrawFn) -> Constraint:
    kind = draw(st.sampled_from(["unique", "check", "foreign", "primary", "exclude"]))
    name = draw(st.sampled_from([None, "c_one", "c_two"]))
    column = draw(columns)
    if kind == "check":
        return Constraint("check", name, (column,), f"{column} > 0")
    if kind == "foreign":
        return Constraint(
            "foreign",
            name,
            (column,),
            ref_table=draw(tables),
            ref_columns=("id",),
            ondelete=draw(st.sampled_from([None, "CASCADE"])),
            onupdate=draw(st.sampled_from([None, "SET NULL"])),
            deferrable=draw(st.booleans()),
            validated=draw(st.booleans()),
        )
    if kind == "exclude":
        return Constraint("exclude", name, (column,), f"{column} WITH =")
    return Constraint(kind, name, (column,))


indexes = st.builds(
    Index,
    st.sampled_from(["ix_one", "ix_two", None]),
    st.lists(columns, min_size=1, max_size=2, unique=True).map(tuple),
    st.booleans(),
    method=st.sampled_from([None, "btree", "hash"]),
    where=st.sampled_from([None, "total > 0"]),
    include=st.sampled_from([(), ("total",)]),
)


@st.composite
def states(draw: st.DrawFn, dialect: str = "postgresql") -> State:
    """A closed state of one to three tables with keys, indexes, constraints, and some other objects."""
    state = State(dialect)  # type: ignore[arg-type]
    for table in draw(st.lists(st.sampled_from(TABLES), min_size=1, max_size=3, unique=True)):
        own = draw(st.lists(st.sampled_from(COLUMNS[1:]), min_size=1, max_size=4, unique=True))
        defined = tuple(Column(name, draw(st.sampled_from(TYPES)), draw(st.booleans())) for name in own)
        keys = [Constraint("primary", columns=("id",))]
        if draw(st.booleans()):
            keys.append(Constraint("unique", "c_one", (own[0],)))
        if draw(st.booleans()):
            keys.append(Constraint("check", None, (own[0],), f"{own[0]} > 1"))
        linked = any(c.name == "c_link" for other in state.tables() for c in other.constraints)
        if draw(st.booleans()) and not (linked and dialect in MYSQL):  # which give such a name once
            loose = Constraint("foreign", "c_link", ("id",), ref_table=Name(table), validated=False)
            keys.append(loose)
        extra = (Index("ix_one_" + table, (own[0],)),) if draw(st.booleans()) else ()
        numbered = draw(st.sampled_from([{}, {"autoincrement": True}, {"identity": "always"}]))
        id_column = Column("id", sql_type("integer"), False, **numbered)
        state = ops.CreateTable(
            table=Name(table), columns=(id_column, *defined), constraints=tuple(keys), indexes=extra
        ).apply(state)
    if draw(st.booleans()):
        state = state.put(EnumType(Name("mood"), ("sad", "ok")))
    if draw(st.booleans()):
        base = draw(st.sampled_from(state.tables()))
        column = draw(st.sampled_from([None, *base.columns]))
        reads = (Read(base.name), *([Read(base.name, column)] if column else []))
        state = state.put(SchemaObject("view", Name("v"), "SELECT 1", reads=reads, columns=("one",)))
        if draw(st.booleans()):
            reads = (Read(Name("v")),)
            state = state.put(SchemaObject("view", Name("v2"), "SELECT * FROM v", reads=reads))
            state = state.put(SchemaObject("other", Name("index ix_v2"), "(one)", Name("v2")))
    owners = [table.name for table in state.tables()]
    if draw(st.booleans()):
        state = state.put(SchemaObject("sequence", Name("seq"), "", draw(st.sampled_from([None, *owners]))))
    if draw(st.booleans()):
        state = state.put(SchemaObject("schema", Name("app"), ""))
        default = "nextval('seq')" if state.get("sequence", Name("seq")) else None
        log = Table(Name("log", "app"), {"id": Column("id", sql_type("integer"), default=default)})
        state = state.put(log).put(SchemaObject("view", Name("logs", "app"), "SELECT 1", reads=()))
    if state.table("users") is not None and draw(st.booleans()):
        state = ops.CreateFunction(function=Name("f"), arguments="", definition="body").apply(state)
        state = ops.CreateTrigger(
            trigger="tr", table=Name("users"), definition="x", function=Name("f")
        ).apply(state)
        found = SchemaObject("policy", Name("p"), "true", Name("users"))
        state = ops.CreateObject(object=found).apply(state)
    if state.table("users") is not None and draw(st.booleans()):
        options = (("bounds", "DEFAULT"), ("partition_of", "users"))
        state = state.put(Table(Name("users_rest"), options=options))
    return state.fresh()


@st.composite
def added_columns(draw: st.DrawFn) -> ops.AddColumn:
    column = draw(any_column)
    extra = (Index("ix_added", (column.name,)),) if draw(st.booleans()) else ()
    keys = (Constraint("unique", columns=(column.name,)),) if draw(st.booleans()) else ()
    return ops.AddColumn(table=draw(tables), column=column, constraints=keys, indexes=extra)


operations = st.one_of(
    st.builds(
        ops.CreateTable,
        table=st.sampled_from(["users", "brand_new"]).map(Name),
        columns=st.lists(any_column, max_size=3, unique_by=lambda c: c.name).map(tuple),
    ),
    st.builds(ops.DropTable, table=tables, cascade=st.just(True)),
    st.builds(ops.RenameTable, table=tables, new=st.sampled_from(["people", "tags"]).map(Name)),
    st.builds(ops.SetTableComment, table=tables, comment=st.sampled_from([None, "note"])),
    st.builds(ops.SetTableOption, table=tables, option=st.just("rls"), value=st.sampled_from([None, "on"])),
    added_columns(),
    st.builds(ops.DropColumn, table=tables, name=columns, cascade=st.booleans()),
    st.builds(ops.RenameColumn, table=tables, name=columns, new=st.one_of(new_names, columns)),
    st.builds(
        ops.RedefineColumn,
        table=tables,
        name=columns,
        column=any_column,
        new_name=st.one_of(st.none(), new_names),
    ),
    st.builds(
        ops.AlterColumnType, table=tables, name=columns, type=st.sampled_from(TYPES), batch=st.just("auto")
    ),
    st.builds(ops.SetNullable, table=tables, name=columns, nullable=st.booleans(), batch=st.just("auto")),
    st.builds(
        ops.SetDefault,
        table=tables,
        name=columns,
        default=st.sampled_from([None, "1"]),
        batch=st.just("auto"),
    ),
    st.builds(ops.SetColumnComment, table=tables, name=columns, comment=st.sampled_from([None, "note"])),
    st.builds(
        ops.SetIdentity,
        table=tables,
        name=st.just("id"),
        identity=st.sampled_from([None, "always", "by default"]),
    ),
    st.builds(
        ops.SetGenerated,
        table=tables,
        name=columns,
        generated=st.sampled_from([None, Generated("id + 2")]),
    ),
    st.builds(ops.AddConstraint, table=tables, constraint=constraints(), batch=st.just("auto")),
    st.builds(
        ops.DropConstraint,
        table=tables,
        name=st.sampled_from(["c_one", "c_link", "users_pkey"]),
        cascade=st.booleans(),
        batch=st.just("auto"),
    ),
    st.builds(
        ops.DropConstraint, table=tables, name=st.none(), kind=st.just("primary"), batch=st.just("auto")
    ),
    st.builds(
        ops.AlterConstraint,
        table=tables,
        name=st.just("c_link"),
        deferrable=st.booleans(),
        initially=st.sampled_from([None, "DEFERRED"]),
    ),
    st.builds(ops.ValidateConstraint, table=tables, name=st.just("c_link")),
    st.builds(ops.CreateTableAs, table=st.sampled_from(["users", "copied"]).map(Name), source=tables),
    st.builds(ops.RenameConstraint, table=tables, name=st.just("c_one"), new=st.just("c_new")),
    st.builds(ops.CreateIndex, table=tables, index=indexes),
    st.builds(
        ops.DropIndex,
        name=st.sampled_from(["ix_one_users", "ix_one_tags"]).map(Name),
        table=st.one_of(st.none(), tables),
    ),
    st.builds(
        ops.RenameIndex,
        name=st.just(Name("ix_one_users")),
        new=st.just("ix_new"),
        table=st.just(Name("users")),
    ),
    st.builds(ops.CreateView, view=st.just(Name("v")), query=st.just("SELECT 2"), replace=st.booleans()),
    st.builds(ops.DropView, view=st.just(Name("v")), cascade=st.booleans()),
    st.builds(ops.CreateIndex, table=st.just(Name("v")), index=indexes),
    st.builds(ops.DropIndex, name=st.just(Name("ix_v2")), table=st.sampled_from([None, Name("v2")])),
    st.builds(ops.CreateType, type=st.sampled_from(["mood", "size"]).map(Name), labels=st.just(("a", "b"))),
    st.builds(ops.DropType, type=st.just(Name("mood"))),
    st.builds(
        ops.AddEnumValue,
        type=st.just(Name("mood")),
        label=st.sampled_from(["ok", "happy"]),
        before=st.sampled_from([None, "ok"]),
    ),
    st.builds(ops.ReplaceEnumValues, type=st.just(Name("mood")), labels=st.just(("ok", "sad"))),
    st.builds(ops.RenameEnumValue, type=st.just(Name("mood")), label=st.just("ok"), new=st.just("fine")),
    st.builds(ops.CreateSequence, sequence=st.sampled_from(["seq", "s2"]).map(Name)),
    st.builds(ops.DropSequence, sequence=st.just(Name("seq")), cascade=st.booleans()),
    st.builds(
        ops.AlterSequence,
        sequence=st.just(Name("seq")),
        change=st.sampled_from(["increment by 5", "no cycle restart", "owned by tags.id", "owner to bob"]),
    ),
    st.builds(ops.DropTrigger, trigger=st.just(Name("tr")), table=tables),
    st.builds(ops.RenameObject, kind=st.just("type"), name=st.just(Name("mood")), new=st.just(Name("mode"))),
    st.builds(
        ops.CreateObject,
        object=st.builds(
            SchemaObject, st.just("policy"), st.just(Name("p2")), st.just("false"), st.just(Name("users"))
        ),
    ),
    st.builds(ops.DropFunction, function=st.just(Name("f")), arguments=st.just(""), cascade=st.booleans()),
    st.builds(ops.DropObject, kind=st.just("policy"), name=st.just(Name("p")), table=st.just(Name("users"))),
    st.builds(
        ops.AlterObject,
        kind=st.just("trigger"),
        name=st.just(Name("tr")),
        change=st.sampled_from(["DISABLE", "ENABLE"]),
        table=st.just(Name("users")),
    ),
    st.builds(ops.DropObject, kind=st.just("schema"), name=st.just(Name("app")), cascade=st.booleans()),
    st.builds(ops.AttachPartition, table=st.just(Name("users")), partition=tables, bounds=st.just("DEFAULT")),
    st.builds(ops.DetachPartition, table=st.just(Name("users")), partition=st.just(Name("users_rest"))),
    st.builds(
        ops.CreateTrigger,
        trigger=st.just("tr"),
        table=tables,
        definition=st.just("x"),
        function=st.just(Name("f")),
    ),
    st.builds(
        ops.CreateFunction,
        function=st.just(Name("f")),
        arguments=st.sampled_from([None, "integer"]),
        definition=st.just("body"),
        replace=st.booleans(),
    ),
    st.builds(
        ops.CreateObject,
        object=st.builds(SchemaObject, st.just("extension"), st.just(Name("citext")), st.just("")),
    ),
    st.builds(ops.RenameObject, kind=st.just("view"), name=st.just(Name("v")), new=st.just(Name("w"))),
    st.builds(ops.RenameObject, kind=st.just("schema"), name=st.just(Name("app")), new=st.just(Name("web"))),
    st.builds(ops.RenameObject, kind=st.just("sequence"), name=st.just(Name("seq")), new=st.just(Name("s3"))),
)
