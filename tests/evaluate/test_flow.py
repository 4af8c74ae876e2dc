"""Operations and the conditions that they stand under."""

from __future__ import annotations

import pytest

from mrt_lint.ops.guard import ALWAYS
from tests.evaluate.fake import body, run

FLOWS: list[tuple[str, str, list[str]]] = [
    ("straight on", "touch('a')\ntouch('b')", ["a", "b"]),
    ("a known condition takes its branch", "if 1 > 2: touch('a')\nelse: touch('b')", ["b"]),
    (
        "an unknown condition takes both",
        "if unknown(): touch('a')\nelif 1: touch('b')\nelse: touch('c')",
        ["a if unknown()", "b if not (unknown())"],
    ),
    (
        "one value is tested once",
        "x = unknown()\nif x: touch('a')\nif not x: touch('b')\nif x and 1: touch('c')",
        ["a if x", "b if not (x)", "c if x"],
    ),
    (
        "two calls are two tests",
        "if unknown(): touch('a')\nif unknown(): touch('b')",
        ["a if unknown()", "b if unknown()"],
    ),
    (
        "a database",
        "if dialect() == 'postgresql': touch('a')\nelse: touch('b')",
        ["a if postgresql", "b if not (postgresql)"],
    ),
    (
        "one of several databases",
        "if dialect() in ('mysql', 'sqlite'): touch('a')",
        ["a if mysql or sqlite"],
    ),
    (
        "every database and no other",
        "if dialect() == 'postgresql': touch('a')\nelif dialect() == 'mysql': touch('b')\nelse: touch('c')",
        ["a if postgresql", "b if not (postgresql) and mysql", "c if not (postgresql) and not (mysql)"],
    ),
    (
        "a contradiction is not reached",
        "if dialect() == 'mysql':\n    if dialect() == 'postgresql': touch('a')\n    else: touch('b')",
        ["b if mysql"],
    ),
    (
        "a return under a condition",
        "if unknown():\n    touch('a')\n    return\ntouch('b')",
        ["a if unknown()", "b if not (unknown())"],
    ),
    ("what follows a return is not reached", "touch('a')\nreturn\ntouch('b')", ["a"]),
    (
        "returns in both branches",
        "if unknown(): return\nelse: return 1\ntouch('b')",
        [],
    ),
    (
        "a choice of names",
        "n = 'x' if unknown() else 'y'\ntouch(n)",
        ["x if unknown()", "y if not (unknown())"],
    ),
    (
        "a choice of names pruned by the path",
        "n = 'x' if dialect() == 'mysql' else 'y'\nif dialect() == 'mysql': touch(n)",
        ["x if mysql"],
    ),
    (
        "a choice in a list",
        "touch([('x' if dialect() == 'mysql' else 'y', 1)][0][0])",
        ["x if mysql", "y if not (mysql)"],
    ),
    (
        "a condition as argument",
        "touch(str(dialect() == 'mysql'))",
        ["True if mysql", "False if not (mysql)"],
    ),
    ("a known loop", "for t in ['a', 'b']: touch(t)", ["a", "b"]),
    ("a loop over a dict", "for k, v in {'a': 1, 'b': 2}.items(): touch(f'{k}{v}')", ["a1", "b2"]),
    ("a set is sorted", "for t in {'b', 'a', 'c'}: touch(t)", ["a", "b", "c"]),
    (
        "a loop over a choice",
        "for t in (['a', 'b'] if unknown() else ['c']): touch(t)",
        ["a if unknown()", "b if unknown()", "c if not (unknown())"],
    ),
    (
        "an unknown loop",
        "for t in unknown():\n    touch('a')\n    touch(t)\ntouch('b')",
        ["a if loop over unknown()", "!unknown name if loop over unknown()", "b"],
    ),
    (
        "names that an unknown loop sets",
        "n = 'a'\nfor t in unknown():\n    touch(n)\n    n = 'b'\ntouch(n)",
        ["!unknown name if loop over unknown()", "!unknown name"],
    ),
    (
        "continue under a condition",
        "for t in ['a', 'b']:\n    if unknown(): continue\n    touch(t)",
        ["a if not (unknown())", "b if not (unknown())"],
    ),
    (
        "break under a condition",
        "x = unknown()\nfor t in ['a', 'b']:\n    touch(t)\n    if x: break\ntouch('c')",
        ["a", "b if not (x)", "c"],
    ),
    (
        "return inside a loop",
        "for t in ['a', 'b']:\n    touch(t)\n    return\ntouch('c')",
        ["a"],
    ),
    (
        "else of a loop without break",
        "for t in ['a']:\n    if unknown(): break\nelse: touch('e')\ntouch('f')",
        ["e if not (unknown())", "f"],
    ),
    (
        "an unknown while",
        "while unknown():\n    touch('a')\ntouch('b')",
        ["a if while unknown()", "b"],
    ),
    (
        "a while that ends at run time",
        "while True:\n    touch('a')\n    if unknown(): break\ntouch('b')",
        ["a if while True", "b"],
    ),
    (
        "a known while",
        "n = 2\nwhile n:\n    touch(n)\n    n -= 1",
        ["2", "1"],
    ),
    (
        "a swallowed exception",
        "try:\n    touch('a')\nexcept Exception:\n    touch('b')\ntouch('c')",
        ["a if the try in line 4 succeeds", "b if not (the try in line 4 succeeds)", "c"],
    ),
    (
        "an exception passed on",
        "try:\n    touch('a')\nexcept Exception as e:\n    print(e)\n    raise\ntouch('c')",
        ["a", "c"],
    ),
    (
        "finally and else",
        "try:\n    touch('a')\nexcept E:\n    pass\nelse:\n    touch('b')\nfinally:\n    touch('c')",
        ["a if the try in line 4 succeeds", "b if the try in line 4 succeeds", "c"],
    ),
    ("finally after a return", "try:\n    return touch('a')\nfinally:\n    touch('c')", ["a", "c"]),
    (
        "suppress",
        "import contextlib\nwith contextlib.suppress(E):\n    touch('a')\ntouch('b')",
        ["a if the try in line 5 succeeds", "b"],
    ),
    (
        "and runs its right side only when the left holds",
        "unknown() and touch('a')\nunknown() or touch('b')",
        ["a if unknown()", "b if not (unknown())"],
    ),
    (
        "a conditional expression runs one side",
        "touch('a') if dialect() == 'mysql' else touch('b')",
        ["a if mysql", "b if not (mysql)"],
    ),
    ("a comprehension", "[touch(t) for t in ('a', 'b') if t != 'b']", ["a"]),
    ("a comprehension over unknown", "[touch('a') for t in unknown()]", ["a if loop over unknown()"]),
    (
        "match over a choice",
        "match dialect():\n    case 'mysql': touch('a')\n    case 'sqlite' | 'oracle': touch('b')\n    case other: touch(other)",
        ["postgresql if postgresql", "a if mysql", "b if sqlite"],
    ),
    (
        "match over unknown",
        "match unknown():\n    case 1: touch('a')\n    case [x, _]: touch('b')\n    case _: touch('c')",
        [
            "a if unknown() matches 1",
            "b if not (unknown() matches 1) and unknown() matches [x, _]",
            "c if not (unknown() matches 1) and not (unknown() matches [x, _])",
        ],
    ),
    (
        "raise on purpose",
        "touch('a')\nraise NotImplementedError('no way')\ntouch('b')",
        ["a", "raise NotImplementedError: no way"],
    ),
    (
        "raise under a condition",
        "if dialect() == 'mysql': raise RuntimeError(f'not on {dialect()}')\ntouch('b')",
        ["raise RuntimeError: not on mysql if mysql", "b if not (mysql)"],
    ),
    ("raise an exception of the file", "class Stop(Exception): pass\nraise Stop", ["raise Stop: "]),
    (
        "raise that a handler catches",
        "try:\n    raise ValueError('x')\nexcept ValueError:\n    touch('a')\ntouch('b')",
        ["a if not (the try in line 4 succeeds)", "b"],
    ),
    ("an assertion of something unknown", "assert unknown()\ntouch('a')", ["a"]),
    ("an assertion that fails", "assert False, 'one way'\ntouch('a')", ["raise AssertionError: one way"]),
    ("an assertion that holds", "assert [1]\ntouch('a')", ["a"]),
    ("offline mode is off", "if fw.offline(): return\ntouch('a')", ["a"]),
    (
        "existence",
        "if 't' in connection(): touch('a')",
        ["a if exists t"],
    ),
    (
        "a name set in one branch only",
        "if unknown(): n = 'x'\ntouch(n)",
        ["x if unknown()", "!unknown name if not (unknown())"],
    ),
    (
        "nested conditions",
        "a, b = unknown(), unknown()\nif a:\n    if b: touch('x')\n    touch('y')\ntouch('z')",
        ["x if a and b", "y if a", "z"],
    ),
    ("walrus", "if (n := 'a'): touch(n)", ["a"]),
    ("nothing", "pass\n...\n'text'\nNone", []),
]


@pytest.mark.parametrize(("code", "expected"), [one[1:] for one in FLOWS], ids=[one[0] for one in FLOWS])
def test_flow(code: str, expected: list[str]) -> None:
    assert body(code) == expected


HELPERS: list[tuple[str, str, list[str]]] = [
    (
        "a helper is followed",
        """
        def helper(t, *names, **more):
            for n in names: touch(f"{t}_{n}")
            return more.get("k")
        def upgrade():
            touch(helper("t", "a", "b", k="r"))
        """,
        ["t_a", "t_b", "r"],
    ),
    (
        "a return under a condition in a helper ends only the helper",
        """
        def helper():
            if unknown(): return "x"
            touch("h")
            return "y"
        def upgrade():
            touch(helper())
            touch("z")
        """,
        ["h if not (unknown())", "x if unknown()", "y if not (unknown())", "z"],
    ),
    (
        "a raise in a helper ends the caller too",
        """
        def helper():
            if unknown(): raise RuntimeError("no")
        def upgrade():
            helper()
            touch("z")
        """,
        ["raise RuntimeError: no if unknown()", "z if not (unknown())"],
    ),
    (
        "the path of the caller holds in the helper",
        """
        def helper(): touch("h")
        def upgrade():
            if dialect() == "mysql": helper()
        """,
        ["h if mysql"],
    ),
    (
        "a context manager of the file",
        """
        from contextlib import contextmanager
        @contextmanager
        def around(n):
            touch(f"before {n}")
            try:
                yield n
            finally:
                touch(f"after {n}")
        def upgrade():
            with around("x") as n, around("y"):
                touch(n)
                return
            touch("not reached")
        """,
        ["before x", "before y", "x", "after y", "after x"],
    ),
    (
        "a class with __enter__",
        """
        class Around:
            def __init__(self, n): self.n = n
            def __enter__(self):
                touch("in " + self.n)
                return self
            def __exit__(self, *details): touch("out")
        def upgrade():
            with Around("x") as a: touch(a.n)
        """,
        ["in x", "x", "out"],
    ),
    (
        "an exit stack",
        """
        import contextlib
        def upgrade():
            stack = contextlib.ExitStack()
            if dialect() == "sqlite": stack.callback(touch, "last")
            with stack: touch("first")
        """,
        ["first", "last if sqlite"],
    ),
    (
        "a null context or suppress",
        """
        import contextlib
        @contextlib.contextmanager
        def nothing():
            yield
        def maybe():
            return contextlib.suppress(E) if dialect() == "sqlite" else contextlib.nullcontext()
        def upgrade():
            with maybe(), nothing(): touch("a")
        """,
        ["a if sqlite and the try in line 11 succeeds", "a if not (sqlite)"],
    ),
    (
        "a callback of the framework",
        """
        def work(c): c.execute("w")
        def upgrade(): fw.run(work)
        """,
        ["w"],
    ),
    (
        "functions as values",
        """
        from functools import partial
        def f(a, b): touch(a + b)
        STEPS = [partial(f, "x"), lambda b: f("y", b)]
        def upgrade():
            for step in STEPS: step("1")
        """,
        ["x1", "y1"],
    ),
    (
        "a method keeps the connection",
        """
        class Runner:
            def __init__(self, c): self.c = c
            def go(self, n): self.c.execute(n)
        def upgrade(): Runner(connection()).go("a")
        """,
        ["a"],
    ),
    (
        "async functions",
        """
        async def helper(): touch("a")
        async def upgrade():
            await helper()
            async with fw.block("m") as b: b.x("y")
            async for t in ["z"]: touch(t)
        """,
        ["a", "y", "end of m", "z"],
    ),
    ("the migration as a lambda", "upgrade = lambda: touch('a')", ["a"]),
    (
        "defined differently under a condition",
        """
        if unknown():
            def upgrade(): touch("a")
        else:
            def upgrade(): touch("b")
        """,
        ["a if unknown()", "b if not (unknown())"],
    ),
    ("no such function", "def downgrade(): touch('a')", []),
    (
        "recursion that ends",
        """
        def down(n):
            if n:
                touch(n)
                down(n - 1)
        def upgrade(): down(2)
        """,
        ["2", "1"],
    ),
    (
        "a choice of functions",
        """
        def a(): touch("a")
        def b(): touch("b")
        def upgrade(): (a if dialect() == "mysql" else b)()
        """,
        ["a if mysql", "b if not (mysql)"],
    ),
    (
        "module level is read before",
        """
        TABLES = ["a"]
        TABLES.append("b")
        for _t in ("c",): TABLES.append(_t)
        def upgrade():
            for t in TABLES: touch(t)
        """,
        ["a", "b", "c"],
    ),
]


@pytest.mark.parametrize(
    ("source", "expected"), [one[1:] for one in HELPERS], ids=[one[0] for one in HELPERS]
)
def test_helpers(source: str, expected: list[str]) -> None:
    assert run(source).texts == expected


def test_the_parameters_of_upgrade() -> None:
    from tests.evaluate.fake import HEADER, Connection, evaluator, shown

    one = evaluator(
        HEADER + "def upgrade(op, tables=None):\n    op.execute('a')\n    if tables is None: touch('b')\n"
    )
    assert [shown(each) for each in one.run("upgrade", "upgrade", (Connection(), None, 1, 2))] == ["a", "b"]


def test_an_error_between_two_operations_of_a_try_is_possible() -> None:
    first, second, third = run(
        "def upgrade():\n    try:\n        touch('a')\n        touch('b')\n    except E: touch('c')"
    ).operations
    assert first.guard != second.guard
    assert first.guard in getattr(second.guard, "parts", ())
    assert third.guard != ALWAYS


def test_a_handler_sees_what_the_body_may_have_set() -> None:
    texts = body("n = 'a'\ntry:\n    n = 'b'\n    touch('x')\nexcept E:\n    touch(n)")
    assert [text.split(" ")[0] for text in texts] == ["x", "b", "a"]


def test_the_same_run_gives_the_same_tests() -> None:
    code = "if unknown(): touch('a')\nfor t in [1, 2]:\n    if unknown(): touch(t)"
    source = "def upgrade():\n" + "".join(f"    {line}\n" for line in code.splitlines())
    first, again = run(source).operations, run(source).operations
    assert first == again
    assert len({one.guard for one in first}) == 3


def test_both_directions_have_tests_of_their_own() -> None:
    one = run(
        "def upgrade():\n    if unknown(): touch('a')\ndef downgrade():\n    if unknown(): touch('a')"
    ).evaluator
    up, down = one.run("upgrade", "upgrade"), one.run("downgrade", "downgrade")
    assert up[0].guard != down[0].guard
    assert (up[0].direction, down[0].direction) == ("upgrade", "downgrade")


def test_an_error_that_is_passed_on_ends_no_path_outside() -> None:
    one = run(
        "def look():\n    try:\n        return unknown()\n    except E:\n        raise\n"
        "def upgrade():\n    found = look()\n    touch('a')"
    )
    assert one.texts == ["a"]


def test_many_checks_that_raise_leave_the_rest_unconditional() -> None:
    check = (
        "def check(n):\n    for item in unknown(n):\n        if item.one == n or item.two == n:\n"
        "            if item.three:\n                raise E(n)\n"
    )
    calls = "".join(f"    check({n!r})\n" for n in "abcdefghijklmn")
    one = run(f"{check}def upgrade():\n{calls}    touch('z')")
    assert "all that leads to" not in one.texts[-1]
