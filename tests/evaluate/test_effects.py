"""The soundness rule: what is not understood and can reach the database is Opaque; the rest is harmless."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.evaluate.fake import body, run

OPAQUE = [
    ("an unknown function that gets a connection", "from other import f\nf(connection())"),
    ("as a keyword", "from other import f\nx = f(c=connection())"),
    ("inside a list", "from other import f\nx = f([1, {'a': connection()}])"),
    ("in star arguments", "from other import f\nx = f(*[connection()])"),
    ("in unknown star arguments", "from other import f\nx = f(*[connection(), *unknown()])"),
    ("the module itself", "from other import f\nx = f(fw)"),
    ("a function of it", "from other import f\nx = f(touch)"),
    ("a function of a wildcard", "from other import f\nx = f(fw.wild.anything)"),
    ("a method", "from other import f\nx = f(connection().execute)"),
    ("a lambda that uses it", "from other import f\nx = f(lambda: touch('a'))"),
    ("a function that uses it", "from other import f\ndef g(): touch('a')\nx = f(g)"),
    ("a function that uses one that does", "from other import f\ndef g(): touch('a')\nx = f(lambda: g())"),
    (
        "a class with a method that uses it",
        "from other import f\nclass G:\n    def m(self): touch('a')\nx = f(G)",
    ),
    (
        "an instance that holds it",
        "from other import f\nclass G:\n    def __init__(self, c): self.c = c\nx = f(G(connection()))",
    ),
    ("a partial", "from other import f\nfrom functools import partial\nx = f(partial(touch, 'a'))"),
    ("the result of such a call", "from other import f\nx = f(connection())\ny = x.go('DROP')"),
    ("an attribute of such a result", "from other import f\nx = f(connection())\ny = x.a.b[0]('DROP')"),
    ("a choice that may be one", "from other import f\nc = connection() if unknown() else None\nx = f(c)"),
    ("one of a loop's values", "from other import f\nfor c in [connection()]: x = f(c)"),
    ("an unknown method of a connection", "connection().mystery()"),
    ("a method of an unknown value", "unknown().append(connection())"),
    ("a call for its effect of code that is not read", "from other import f\nf()"),
    ("a method of what such code returns", "from other import F\nx = F()\nx.go()"),
    ("a log's own handler", "import logging\nlogging.addHandler(lambda r: touch('a'))"),
    ("a function for json", "import json\nx = json.dumps(unknown(), default=lambda o: touch('a'))"),
    ("awaited", "from other import f\nawait f()"),
    ("a name that is defined nowhere", "mystery()"),
    ("a relative import that is not found", "from .lost import f\nf()"),
    ("a block of code that is not read", "from other import block\nwith block(): pass"),
    ("a block that gets a connection", "from other import block\nwith block(connection()) as b: pass"),
    ("exec", "exec('x')"),
    ("eval", "x = eval('x')"),
    ("a process", "import subprocess\nsubprocess.run(['psql'])"),
    ("a shell", "import os\nos.system('psql')"),
    ("a driver of its own", "import sqlite3\nc = sqlite3.connect('x')\nc.execute('DROP')"),
    ("an engine of its own", "import sqlalchemy as sa\ne = sa.create_engine('x')\ne.execute('DROP')"),
    ("map over what is not known", "list(map(connection().execute, unknown()))"),
    (
        "recursion under a condition",
        "def f(c, n):\n    if unknown(): f(c, n)\n    c.execute(n)\nf(connection(), unknown())",
    ),
    ("an attribute that is set", "unknown().c = connection()"),
    ("an item that is set", "unknown()['c'] = connection()"),
    ("a decorator that is not read", "from other import retry\n@retry\ndef f(): touch('a')\nf()"),
    ("a class whose base is not read", "from other import Base\nclass A(Base): pass\nA(connection())"),
]


@pytest.mark.parametrize("code", [one[1] for one in OPAQUE], ids=[one[0] for one in OPAQUE])
def test_may_do_anything(code: str) -> None:
    assert any(text.startswith("!") for text in body(code)), body(code)


HARMLESS = [
    ("sleep", "import time\ntime.sleep(1)"),
    ("log", "import logging\nlog = logging.getLogger(__name__)\nlog.info('x %s', unknown())"),
    ("OpenStack's log", "from oslo_log import log\nLOG = log.getLogger(__name__)\nLOG.info('x %s', 1)"),
    ("print", "print(connection(), touch)"),
    ("warn", "import warnings\nwarnings.warn('x')"),
    ("uuid", "import uuid\nx = str(uuid.uuid4())"),
    ("dates", "from datetime import datetime\nx = datetime.utcnow().isoformat()"),
    ("regular expressions", "import re\nx = re.sub('a', 'b', unknown())"),
    ("the environment", "import os\nif os.environ.get('X'): pass\nx = os.getenv('Y')"),
    ("a progress bar", "from tqdm import tqdm\nfor x in tqdm([1]): pass"),
    ("constructs of SQLAlchemy", "import sqlalchemy as sa\nsa.mystery(1)\nx = sa.String().foo()"),
    ("a value of code that is not read", "from other import setting\nx = setting('x')"),
    ("a file", "with open('x') as f: x = f.read()"),
    ("len and isinstance", "x = isinstance(connection(), str)\ny = [connection()]\nz = len(y)"),
    ("types", "from typing import List\nx: List[int] = []"),
    ("methods of plain values", "x = 'a'.mystery()\n[1].index(5)"),
    ("a list of connections", "x = []\nx.append(connection())\ny = {'c': x}\ny.get('d')"),
    (
        "a log of a connection",
        "import logging\nlog = logging.getLogger(__name__)\nlog.info('%s', connection())",
    ),
    ("a connection as text", "import json\nx = json.dumps({'c': connection()})\nx.strip()"),
    ("recursion without effect", "def f(n):\n    if unknown(): return f(n)\n    return n\nx = f(unknown())"),
]


@pytest.mark.parametrize("code", [one[1] for one in HARMLESS], ids=[one[0] for one in HARMLESS])
def test_harmless(code: str) -> None:
    assert body(code) == []


def test_the_opaque_names_the_call() -> None:
    (operation,) = run(
        "from other import migrate\ndef upgrade():\n    x = migrate(\n        connection())\n"
    ).operations
    assert "migrate() is not understood" in operation.reason  # type: ignore[attr-defined]
    assert operation.source == "migrate(\n        connection())"  # type: ignore[attr-defined]
    assert (operation.span.line, operation.span.column, operation.statement.column) == (5, 9, 5)


@pytest.mark.parametrize(
    "definition",
    [
        "upgrade = mystery",
        "from other import upgrade",
        "upgrade = unknown()",
        "from other import d\n@d\ndef upgrade(): pass",
    ],
)
def test_an_upgrade_that_cannot_be_read_is_opaque(definition: str) -> None:
    (text,) = run(definition).texts
    assert text.startswith("!upgrade is no function that can be read")


def test_what_runs_at_load_time_is_opaque_in_both_directions() -> None:
    one = run("touch('a')\ndef upgrade(): touch('b')\ndef downgrade(): pass")
    assert one.texts == ["!touch runs whenever the file is loaded", "b"]
    assert len(one.evaluator.run("downgrade", "downgrade")) == 1


LONG = {
    "endless recursion": "def f(): f()\nf()",
    "mutual recursion": "def f(): g()\ndef g(): f()\nf()",
    "a loop without end": "while True: touch('a')",
    "a loop that is too long": "for i in range(3000): touch('a')",
    "loops inside loops": "for i in range(1500):\n    for j in range(1500): x = i + j\ntouch('a')",
    "deeply nested lambdas": "x = " + "(lambda: " * 90 + "touch('a')" + ")()" * 90,
    "doubling": "x = 'ab'\nfor i in range(100): x = x + x\ntouch(x)",
    "doubling a list": "x = [1]\nfor i in range(60): x = [x, x]\ny = x == x\nz = str(x)\ntouch(z)",
}


@pytest.mark.parametrize("code", LONG.values(), ids=LONG)
def test_what_takes_too_long_ends_as_opaque(code: str) -> None:
    assert any(text.startswith("!") for text in body(code))


def test_many_conditions_become_one() -> None:
    texts = body("\n".join(["if unknown(): touch('a')\nelse: return"] * 60))
    assert len(texts) == 60
    assert all(text.startswith("a if ") for text in texts)
    assert "all that leads to" in texts[-1]
    assert max(map(len, texts)) < 2_000


def test_a_helper_of_the_project_may_not_run_for_long(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text(
        dedent("""
        SLOW = [x for x in range(90_000)]
        def f(): return [x for x in range(90_000)]
    """)
    )
    assert any(text.startswith("!") for text in body("from helpers import f\nf()", tmp_path))
