"""Modules of the project: found, read as far as needed, never anything else."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from mrt_lint.evaluate.evaluator import Evaluator
from mrt_lint.evaluate.values import NotKnown, Symbol
from mrt_lint.project import Project
from mrt_lint.source.source import Source
from tests.evaluate.fake import MEANINGS, body, run, shown, value


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))


HELPER = """
    from fw import touch
    import expensive
    TABLE = "users"
    BROKEN = expensive.thing()
    def rename(old, new=None):
        touch(f"{old}->{new or TABLE}")
    class Names:
        a = "x"
"""


@pytest.mark.parametrize(
    "code",
    [
        "from helpers import rename\nrename('a')",
        "import helpers\nhelpers.rename('a')",
        "import helpers as h\nh.rename('a')",
        "from helpers import *\nrename('a')",
        "from helpers import rename as r, TABLE\nr('a', TABLE)",
        "import helpers\nf = helpers.rename\nf('a', helpers.TABLE)",
    ],
)
def test_helpers_of_the_project_are_followed(tmp_path: Path, code: str) -> None:
    write(tmp_path, {"helpers": HELPER})
    lines = code.splitlines()
    source = "\n".join([*lines[:1], "def upgrade():", *(f"    {line}" for line in lines[1:])])
    one = run(source, tmp_path)
    assert one.texts == ["a->users"]
    assert [Path(path).name for path, _ in one.evaluator.helpers_read] == ["helpers.py"]
    assert all(len(digest) == 64 for _, digest in one.evaluator.helpers_read)


def test_a_namespace_package_around_the_migrations_is_the_projects(tmp_path: Path) -> None:
    write(tmp_path, {"shop/db/helpers": HELPER})
    project = Project("fake", tmp_path / "shop" / "db" / "migrations")
    code = "from shop.db.helpers import rename\ndef upgrade(): rename('a')"
    source = Source(tmp_path / "shop/db/migrations/a.py", code.encode())
    evaluator = Evaluator(source, project, MEANINGS, ("postgresql",))
    assert [shown(operation) for operation in evaluator.run("upgrade", "upgrade")] == ["a->users"]


@pytest.mark.parametrize(
    ("place", "files", "expected"),
    [
        ("db", {"src/shop/__init__": "", "src/shop/helpers": HELPER}, ["a->users"]),
        ("sql/db", {"src/shop/__init__": "", "src/shop/helpers": HELPER}, ["a->users"]),
        ("a/sql/db", {"src/shop/__init__": "", "src/shop/helpers": HELPER}, None),
        ("db", {"src/shop/helpers": HELPER}, None),  # A folder of sources is no package of this name.
    ],
)
def test_a_package_in_src_beside_the_migrations(
    place: str, files: dict[str, str], expected: list[str] | None, tmp_path: Path
) -> None:
    write(tmp_path, files)
    project = Project("fake", tmp_path / place)
    code = "from shop.helpers import rename\ndef upgrade(): rename('a')"
    source = Source(tmp_path / place / "a.py", code.encode())
    evaluator = Evaluator(source, project, MEANINGS, ("postgresql",))
    done = [shown(operation) for operation in evaluator.run("upgrade", "upgrade")]
    assert done == expected if expected is not None else done != ["a->users"]


def test_operations_stand_at_the_call_in_the_migration(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"helpers": "from fw import touch\ndef f(n):\n    g(\n        n)\ndef g(n):\n    touch(n)\n"},
    )
    (operation,) = run(
        "from helpers import f\ndef upgrade():\n    if 1:\n        x = f('a')\n", tmp_path
    ).operations
    assert (operation.span.line, operation.span.column, operation.statement.column) == (6, 13, 9)
    assert operation.api == "touch"


@pytest.mark.parametrize(
    ("files", "code", "expected"),
    [
        pytest.param(
            {"pkg/__init__": "", "pkg/a": "X = 'a'"}, "from pkg.a import X\ntouch(X)", ["a"], id="a package"
        ),
        pytest.param({"pkg/a": "X = 'a'"}, "from pkg.a import X\ntouch(X)", ["a"], id="a namespace package"),
        pytest.param(
            {"pkg/__init__": "from .a import X", "pkg/a": "X = 'a'"},
            "from pkg import X\ntouch(X)",
            ["a"],
            id="a re-export",
        ),
        pytest.param(
            {"pkg/__init__": "from .a import *", "pkg/a": "X = 'a'"},
            "from pkg import X\ntouch(X)",
            ["a"],
            id="by a star",
        ),
        pytest.param(
            {"pkg/__init__": "", "pkg/a": "from .. import top", "top": ""},
            "from pkg import a\ntouch('z')",
            ["z"],
            id="a relative import above the top",
        ),
        pytest.param(
            {
                "pkg/__init__": "",
                "pkg/a": "from .b.c import X",
                "pkg/b/c": "from ..d import X",
                "pkg/d": "X = 'd'",
            },
            "from pkg.a import X\ntouch(X)",
            ["d"],
            id="relative imports",
        ),
        pytest.param(
            {"versions/near": "X = 'n'"}, "from .near import X\ntouch(X)", ["n"], id="next to the migration"
        ),
        pytest.param({"near": "X = 'n'"}, "from ..near import X\ntouch(X)", ["n"], id="above the migration"),
        pytest.param(
            {"a": "from b import Y\nX = Y + '!'", "b": "from a import X\nY = X"},
            "from a import X\ntouch(X)",
            ["!unknown name"],
            id="a circle",
        ),
        pytest.param(
            {"a": "import b\ndef f(): return b.g()", "b": "import a\ndef g(): return 'g'"},
            "import a\ntouch(a.f())",
            ["g"],
            id="a circle of modules",
        ),
        pytest.param(
            {"a": "x = ("},
            "from a import f\nf()",
            ["!f() is not understood; what it does is not in the project's files"],
            id="a broken module",
        ),
        pytest.param(
            {"a": ""},
            "from a import f\nf()",
            ["!f() is not understood; what it does is not in the project's files"],
            id="no such name",
        ),
        pytest.param(
            {"a": "raise RuntimeError\nX = 1"},
            "from a import X\ntouch(X)",
            ["1"],
            id="only what is asked for is evaluated",
        ),
        pytest.param(
            {"a": "X = []\nX.append('x')\nfor y in 'ab': X.append(y)"},
            "from a import X\ntouch(','.join(X))",
            ["x,a,b"],
            id="changed at its top level",
        ),
        pytest.param(
            {"a": "try:\n    import json\nexcept ImportError:\n    json = None\nX = json.dumps(1)"},
            "from a import X\ntouch(X)",
            ["1"],
            id="an import in a try",
        ),
        pytest.param(
            {
                "a": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from b import X\nelse:\n    X = 'x'"
            },
            "from a import X\ntouch(X)",
            ["x"],
            id="type checking",
        ),
        pytest.param(
            {"a": "_n = 0\ndef up():\n    global _n\n    _n += 1\n    return _n"},
            "import a\na.up()\ntouch(a.up())",
            ["2"],
            id="globals of the module",
        ),
        pytest.param(
            {"fw": "def touch(x): pass"},
            "touch('x')",
            ["x"],
            id="a meaning goes before a module of that name",
        ),
        pytest.param(
            {"json": "def dumps(x): return 'mine'"},
            "import json\ntouch(json.dumps(1))",
            ["1"],
            id="the standard library goes first",
        ),
    ],
)
def test_modules(tmp_path: Path, files: dict[str, str], code: str, expected: list[str]) -> None:
    write(tmp_path, files)
    assert body(code, tmp_path) == expected


def test_what_is_not_the_projects_is_a_symbol(tmp_path: Path) -> None:
    assert value("x", "from nowhere.a import x", tmp_path) == Symbol("nowhere.a.x")


def test_site_packages_are_never_read(tmp_path: Path) -> None:
    root = tmp_path / "lib" / "site-packages"
    write(root, {"other": "X = 'x'"})
    assert value("X", "from other import X", root) == Symbol("other.X")


def test_an_installed_package_reads_its_own_modules_only(tmp_path: Path) -> None:
    root = tmp_path / "lib" / "site-packages"
    write(root, {"shop/helpers": HELPER, "other": HELPER})
    project = Project("fake", root / "shop" / "migrations", import_roots=(root,))
    found = []
    for module in ("shop.helpers", "other"):
        code = f"from {module} import TABLE, rename\ndef upgrade(): rename('a')"
        source = Source(root / "shop/migrations/a.py", code.encode())
        evaluator = Evaluator(source, project, MEANINGS, ("postgresql",))
        found.append([shown(operation) for operation in evaluator.run("upgrade", "upgrade")])
    assert found[0] == ["a->users"]
    assert "a->users" not in found[1]


def test_a_models_file_is_read_for_one_name_only(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "models": """
            import fw
            Base = fw.base()
            engine = fw.crash()
            class User(Base):
                name = fw.column("name")
            SIZE = 3
        """
        },
    )
    assert value("SIZE", "from models import SIZE", tmp_path) == 3


def test_many_modules_are_the_application(tmp_path: Path) -> None:
    for number in range(60):
        write(tmp_path, {f"m{number}": f"from m{number + 1} import X"})
    write(tmp_path, {"m60": "X = 1"})
    assert isinstance(value("X", "from m0 import X", tmp_path), NotKnown)


def test_a_changed_helper_is_read_anew(tmp_path: Path) -> None:
    write(tmp_path, {"helpers": "X = 'a'"})
    assert value("X", "from helpers import X", tmp_path) == "a"
    write(tmp_path, {"helpers": "X = 'long'"})
    assert value("X", "from helpers import X", tmp_path) == "long"


FACTORY = """
    from fw import touch
    class Base:
        adapter = None
        def start(self, adapter):
            self.adapter = adapter
    class Factory(Base):
        made = None
        def __init__(self):
            self.config, self.fixed = None, None
        def init_app(self, app):
            self.config = app.config
        def name(self):
            if self.config:
                return "configured"
            raise Exception("not started")
    factory = Factory()
    engine = None
    plain = None
    def connect():
        global engine
        engine = object()
    def touch_if_connected():
        if engine is None:
            raise Exception("not connected")
        touch("connected")
"""


@pytest.mark.parametrize(
    ("expression", "known"),
    [
        ("factory.config", False),
        ("factory.adapter", False),
        ("factory.fixed", True),
        ("factory.made", True),
        ("Factory().config", True),
        ("module.engine", False),
        ("module.plain", True),
    ],
)
def test_what_the_application_sets_when_it_starts_is_not_known(
    tmp_path: Path, expression: str, known: bool
) -> None:
    write(tmp_path, {"app": FACTORY})
    found = value(expression, "import app as module\nfrom app import factory, Factory", tmp_path)
    assert isinstance(found, NotKnown) is not known
    assert found is None or not known


def test_a_check_that_the_application_has_started_is_a_condition(tmp_path: Path) -> None:
    write(tmp_path, {"app": FACTORY})
    code = "from app import factory\nfrom fw import touch\ndef upgrade(): touch(factory.name())"
    assert [text.partition(" if")[0] for text in run(code, tmp_path).texts][-1] == "configured"
    code = "from app import touch_if_connected\ndef upgrade(): touch_if_connected()"
    texts = run(code, tmp_path).texts
    assert [text.partition(" if")[0] for text in texts][-1] == "connected", texts


def test_what_the_migration_sets_itself_is_known(tmp_path: Path) -> None:
    write(tmp_path, {"app": FACTORY})
    code = "from app import factory\ndef upgrade():\n    factory.start('x')\n    touch(factory.adapter)"
    assert run(f"from fw import touch\n{code}", tmp_path).texts == ["x"]
