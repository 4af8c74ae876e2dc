"""Recognising migrations: identity, parents, functions, spans, and files that Alembic cannot load."""

from __future__ import annotations

import ast
import random
import textwrap
import warnings
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from mrt_lint import ops
from mrt_lint.lowered import Lowered
from mrt_lint.ops.span import NOWHERE, Span
from mrt_lint.project import Project
from mrt_lint.source.source import Source
from mrt_rules_alembic.frontend import AlembicFrontend
from mrt_rules_alembic.meanings import meanings
from tests.alembic.making import lower_file

FUNCTIONS = "\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"

IDENTITIES = {
    "plain": ("revision = 'a'\ndown_revision = None", ("a", (), (), ())),
    "annotated": ("revision: str = 'a'\ndown_revision: str | None = 'b'", ("a", ("b",), (), ())),
    "a tuple of parents": ("revision = 'a'\ndown_revision = ('b', 'c')", ("a", ("b", "c"), (), ())),
    "a list of parents": ("revision = 'a'\ndown_revision = ['b', 'c']", ("a", ("b", "c"), (), ())),
    "a set of parents": ("revision = 'a'\ndown_revision = {'c', 'b'}", ("a", ("b", "c"), (), ())),
    "labels and dependencies": (
        "revision = 'a'\ndown_revision = None\nbranch_labels = ('x',)\ndepends_on = 'd'",
        ("a", (), ("d",), ("x",)),
    ),
    "from a constant": (
        "PREFIX = 'rel'\nrevision = PREFIX + '_1'\ndown_revision = f'{PREFIX}_0'",
        ("rel_1", ("rel_0",), (), ()),
    ),
    "at once": ("revision, down_revision = 'a', 'b'", ("a", ("b",), (), ())),
    "from a helper": (
        "def name(n):\n    return 'r%03d' % n\nrevision = name(7)\ndown_revision = name(6)",
        ("r007", ("r006",), (), ()),
    ),
    "set twice, the last counts": ("revision = 'x'\ndown_revision = None\nrevision = 'a'", ("a", (), (), ())),
}


@pytest.mark.parametrize(("head", "expected"), IDENTITIES.values(), ids=IDENTITIES.keys())
def test_identity(head: str, expected: tuple[object, ...], tmp_path: Path) -> None:
    found = lower_file(f'"""The title.\n\nMore."""\n{head}\n{FUNCTIONS}').migration
    assert found is not None
    assert (found.id, found.parents, found.depends_on, found.branch_labels) == expected
    assert found.title == "The title."
    assert _by_alembic(tmp_path, head) == expected


def _by_alembic(folder: Path, head: str) -> tuple[object, ...]:
    """What the real Alembic reads from such a file."""
    versions = folder / "versions"
    versions.mkdir()
    (versions / "one.py").write_text(head + FUNCTIONS)
    script = ScriptDirectory(str(folder))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one = next(iter(script._load_revisions()))
    parents = one.down_revision if isinstance(one.down_revision, (tuple, list, set)) else [one.down_revision]
    given = one.dependencies if isinstance(one.dependencies, (tuple, list, set)) else [one.dependencies]
    return (
        one.revision,
        tuple(sorted(name for name in parents if name)),
        tuple(name for name in given if name),
        tuple(sorted(one.branch_labels)),
    )


BROKEN = {
    "no revision": ("0001_first.py", "x = 1\n" + FUNCTIONS, "it sets no `revision`"),
    "a helper beside migrations": ("helpers.py", "def help():\n    pass\n", "it sets no `revision`"),
    "no parent": ("0001_first.py", "revision = 'a'\n" + FUNCTIONS, "it sets no `down_revision`"),
    "an empty file": ("empty.py", "", "it sets no `revision`"),
}


@pytest.mark.parametrize(("name", "text", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_what_alembic_cannot_load_is_a_problem(name: str, text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\n")
    path = tmp_path / "versions" / name
    path.parent.mkdir()
    path.write_text(text)
    (project,) = AlembicFrontend().discover([tmp_path])
    found = AlembicFrontend().lower(Source.read(path), project, dialects=("sqlite",), meanings=meanings())
    assert found.migration is None
    assert found.problem is not None
    assert message in found.problem.message
    with pytest.raises((CommandError, AttributeError)):
        list(ScriptDirectory.from_config(Config(str(tmp_path / "alembic.ini"))).walk_revisions())


def test_the_legacy_file_name_is_a_revision(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\n")
    path = tmp_path / "versions" / "3fa1b2.py"
    path.parent.mkdir()
    path.write_text("down_revision = None\n" + FUNCTIONS)
    (project,) = AlembicFrontend().discover([tmp_path])
    found = AlembicFrontend().lower(Source.read(path), project, dialects=("sqlite",), meanings=meanings())
    assert found.migration is not None
    assert found.migration.id == "3fa1b2"
    revisions = list(ScriptDirectory.from_config(Config(str(tmp_path / "alembic.ini"))).walk_revisions())
    assert [one.revision for one in revisions] == ["3fa1b2"]


def test_other_files_are_no_migrations() -> None:
    for text in ("", "x = 1\n", "def helper():\n    pass\n"):
        found = lower_file(text, name="helper.py")
        assert (found.migration, found.problem) == (None, None)


@pytest.mark.parametrize("value", ["os.environ['X']", "f'{os.environ[\"X\"]}_1'", "1", "['a']"])
def test_a_revision_that_is_no_literal_text_is_a_problem(value: str) -> None:
    found = lower_file(f"import os\nrevision = {value}\ndown_revision = None\n{FUNCTIONS}")
    assert found.problem is not None
    assert found.problem.span.line == 2


SYNTAX = {
    "a syntax error": ("revision = 'a'\ndef upgrade(:\n", 2),
    "deep nesting": ("x = " + "(" * 5000 + ")" * 5000, 1),
}


@pytest.mark.parametrize(("text", "line"), SYNTAX.values(), ids=SYNTAX.keys())
def test_unreadable_files_are_problems(text: str, line: int) -> None:
    found = lower_file(text)
    assert found.migration is None
    assert found.problem is not None
    assert found.problem.span.line >= 1


def test_spans_and_missing_functions() -> None:
    text = 'revision = "a"\ndown_revision = (\n    "b",\n)\n\n\ndef upgrade() -> None:\n    pass\n'
    found = lower_file(text).migration
    assert found is not None
    assert found.identity == Span(1, 1, 1, 15)
    assert found.parents_span == Span(2, 1, 4, 2)
    assert found.upgrade_span == Span(7, 1, 8, 9)
    assert (found.upgrade, found.downgrade) == ((), None)
    assert found.downgrade_span == NOWHERE


FORMS = {
    "op as a parameter": "def upgrade(op):\n    op.drop_table('t')",
    "op under its own name as a parameter": "def upgrade(op, **kw):\n    op.drop_table('t')",
    "a connection as a parameter": "def upgrade(conn):\n    conn.execute(sa.text('DROP TABLE t'))",
    "assigned from a helper": "def work():\n    op.drop_table('t')\nupgrade = work",
    "a lambda": "upgrade = lambda: op.drop_table('t')",
    "with defaults": "def upgrade(name='t'):\n    op.drop_table(name)",
    "an engine of several": (
        "def upgrade(engine_name):\n    globals()['upgrade_%s' % engine_name]()\n"
        "def upgrade_one():\n    op.drop_table('t')\ndef upgrade_two():\n    pass"
    ),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
def test_forms_of_upgrade(body: str) -> None:
    text = f"import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a'\ndown_revision = None\n{body}\n"
    found = lower_file(text).migration
    assert found is not None
    assert [type(one) for one in found.upgrade or ()] == [ops.DropTable]
    assert found.upgrade_span != NOWHERE


def test_one_table_on_two_engines_cannot_be_told_apart() -> None:
    text = """
        from alembic import op
        revision = 'a'
        down_revision = None
        def upgrade(engine_name):
            globals()['upgrade_%s' % engine_name]()
        def upgrade_one():
            op.drop_table('t')
        def upgrade_two():
            op.drop_table('t')
        """
    found = lower_file(textwrap.dedent(text)).migration
    assert found is not None
    assert isinstance((found.upgrade or ())[-1], ops.Opaque)


def test_helpers_of_the_project_are_followed(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / "shop" / "steps.py").write_text(
        "from alembic import op\n\ndef drop(name):\n    op.drop_table(name)\n"
    )
    project = Project("alembic", tmp_path, import_roots=(tmp_path,))
    text = (
        "from shop.steps import drop\nrevision = 'a'\ndown_revision = None\ndef upgrade():\n    drop('t')\n"
    )
    found = lower_file(text, project=project)
    assert found.migration is not None
    (one,) = found.migration.upgrade or ()
    assert isinstance(one, ops.DropTable)
    assert one.span.line == 5
    assert [Path(path).name for path, _ in found.helpers] == ["steps.py"]


SIGNS = {
    "a dialect's argument": ("op.create_index('i', 't', ['a'], postgresql_using='gin')", ("postgresql",)),
    "a dialect's type": ("op.add_column('t', sa.Column('a', mysql.TINYINT()))", ("mysql",)),
    "an enum type in SQL": ("op.execute(\"ALTER TYPE t ADD VALUE 'a'\")", ("postgresql",)),
    "a sequence's position": ("op.execute(\"SELECT setval('s', 1)\")", ("postgresql",)),
    "nothing": ("op.drop_table('t')", ()),
}


@pytest.mark.parametrize(("body", "signs"), SIGNS.values(), ids=SIGNS.keys())
def test_signs_of_a_database(body: str, signs: tuple[str, ...]) -> None:
    imports = "from sqlalchemy.dialects import mysql\n" if "mysql" in signs else ""
    text = f"import sqlalchemy as sa\nfrom alembic import op\n{imports}revision = 'a'\ndown_revision = None\n"
    assert lower_file(f"{text}def upgrade():\n    {body}\n").signs == signs


def test_an_imported_dialect_is_a_sign() -> None:
    text = f"from sqlalchemy.dialects import postgresql\nrevision = 'a'\ndown_revision = None\n{FUNCTIONS}"
    assert lower_file(text).signs == ("postgresql",)


@pytest.mark.parametrize(
    ("type_", "signs"),
    [
        ('sa.JSON().with_variant(postgresql.JSONB(), "postgresql")', ("elsewhere", "postgresql")),
        ('postgresql.JSONB().with_variant(sa.JSON(), "sqlite")', ("postgresql",)),
    ],
)
def test_a_dialect_imported_for_a_variant_alone(type_: str, signs: tuple[str, ...]) -> None:
    head = "import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql\n"
    body = f"op.add_column('t', sa.Column('a', {type_}))"
    text = f"{head}revision = 'a'\ndown_revision = None\ndef upgrade():\n    {body}\n"
    assert lower_file(text).signs == signs


def test_suppressions_come_along() -> None:
    found = lower_file(f"revision = 'a'  # noqa: MRT901\ndown_revision = None\n{FUNCTIONS}")
    assert [one.codes for one in found.suppressions] == [("MRT901",)]


SEED = """
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = "a"
down_revision = None
t = sa.table("t", sa.column("a"), sa.column("b"))
def upgrade():
    op.create_table("t", sa.Column("a", sa.Integer(), primary_key=True), sa.ForeignKeyConstraint(["a"], ["p.id"]))
    with op.batch_alter_table("t", schema=None) as batch_op:
        batch_op.alter_column("a", existing_type=sa.VARCHAR(3), type_=sa.Enum("x", name="e"), nullable=False)
        batch_op.create_index(batch_op.f("ix"), ["a", sa.text("lower(b)")], unique=True, postgresql_where=t.c.a > 1)
    conn = op.get_bind()
    conn.execute(t.update().where(t.c.a.in_([1, 2])).values({"b": sa.func.now(), t.c.a: sa.bindparam("x")}), [{"x": 1}])
    for c in sa.inspect(conn).get_columns("t"):
        op.execute(sa.text("UPDATE t SET a = :n").bindparams(n=c["name"]))
    op.bulk_insert(t, [{"a": 1}, {"b": None}])
def downgrade():
    op.drop_constraint("x", "t", type_="foreignkey")
    op.execute(f"DELETE FROM t WHERE a = {1 + 1}")
    op.drop_table("t")
"""


def mutated(text: str, rng: random.Random) -> str:
    """A migration with a few characters or words changed."""
    words = [
        "None",
        "()",
        "[]",
        "{}",
        "'t'",
        "op",
        "sa",
        "*",
        "**",
        "lambda: 0",
        "1",
        "-1",
        "sa.Column",
        "t.c",
        ".x",
        "not ",
    ]
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(text))
        kind = rng.randrange(4)
        if kind == 0:
            text = text[:place] + text[place + rng.randint(1, 6) :]
        elif kind == 1:
            text = text[:place] + rng.choice(words) + text[place:]
        elif kind == 2:
            end = min(len(text), place + rng.randint(1, 12))
            text = text[:place] + rng.choice(words) + text[end:]
        else:
            other = rng.randrange(len(text))
            text = text[:place] + text[other : other + rng.randint(1, 20)] + text[place:]
    return text


VALUES = [
    "None", "()", "[]", "{}", "'t'", "op", "sa", "-1", "lambda: 0", "sa.Column", "t.c", "t", "t.c.a", "sa.text('x')",
    "sa.Integer", "op.f('x')", "conn", "[None]", "{'a': t}", "(1, 2, 3)", "unknown", "unknown()", "True", "1.5", "b''",
    "sa.select(t)", "sa.MetaData()", "sa.func", "sa.inspect(op.get_bind())", "f'{unknown}_x'", "[*unknown]", "sa.Enum",
]  # fmt: skip


def rearranged(text: str, rng: random.Random) -> str:
    """A migration, still Python, in which some arguments are others, gone, doubled or renamed."""
    tree = ast.parse(text)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in rng.sample(calls, 5):
        value = ast.parse(rng.choice(VALUES), mode="eval").body
        kind = rng.randrange(6)
        if kind == 0 and node.args:
            node.args[rng.randrange(len(node.args))] = value
        elif kind == 1 and node.args:
            node.args.pop(rng.randrange(len(node.args)))
        elif kind == 2:
            node.args.append(value)
        elif kind == 3 and node.keywords:
            node.keywords[rng.randrange(len(node.keywords))].value = value
        elif kind == 4 and isinstance(node.func, ast.Attribute):
            node.func.attr = rng.choice(
                [call.func.attr for call in calls if isinstance(call.func, ast.Attribute)]
            )
        else:
            node.args.insert(0, ast.Starred(value))
    return ast.unparse(ast.fix_missing_locations(tree))


def test_lowering_never_raises() -> None:
    rng = random.Random(20240601)
    readable = 0
    for number in range(800):
        text = mutated(SEED, rng) if number % 2 else rearranged(SEED, rng)
        found = lower_file(text, dialects=("postgresql", "mysql", "sqlite"))
        assert isinstance(found, Lowered)
        assert found.problem is None or "crashed" not in found.problem.message, (found.problem, text)
        readable += found.migration is not None
    assert readable > 400
