"""Values of expressions: what Python computes, what stays unknown, and what is partly known."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from mrt_lint.evaluate.objects import EnumMember, Instance
from mrt_lint.evaluate.values import Choice, Class, Condition, Function, NotKnown, Symbol, Text
from mrt_lint.ops.guard import DialectIs, Test, negate
from tests.evaluate.fake import Column, evaluator, value

PG = Test(DialectIs(("postgresql",)))
MY = Test(DialectIs(("mysql",)))
LITE = Test(DialectIs(("sqlite",)))

COMPUTED = [
    "1 + 2 * 3 - 4 // 3 % 2 ** 2",
    "-1, +1, ~1, 1 / 2, 7 & 3 | 8 ^ 1, 1 << 4, 256 >> 2",
    "'a' + 'b' * 2",
    "b'ab' + b'c'",
    "[1] + [2], (1,) + (2,), [0] * 3",
    "{'a': 1} | {'b': 2}",
    "{1, 2} | {3}",
    "'%s_%05d%%' % ('t', 7)",
    "'%(a)s' % {'a': 1}",
    "'{}_{b!r:>5}'.format('a', b='c')",
    "'{0[k]}{1}'.format({'k': 2}, 3)",
    "f'{1 + 1}_{\"x\"!r}_{3.14159:.2f}_{7:0{3}d}'",
    "f'{{literal}}'",
    "' x '.strip().upper().center(5, '-')",
    "'a,b'.split(','), 'a b'.partition(' '), 'abc'.replace('b', '')",
    "', '.join(['a', 'b'])",
    "','.join(str(x) for x in range(3))",
    "'abc'[0], 'abc'[-1], 'abc'[::-1], [1, 2, 3][1:], (1, 2)[0], {'a': {'b': 1}}['a']['b']",
    "1 < 2 < 3, 1 == 1.0, 'a' != 'b', [] is None, None is None, not 1, 3 >= 4",
    "'a' in 'cat', 1 in [1], 'x' not in {'x': 1}, 2 in (1,), 3 in {3}",
    "1 and 0, 0 or 'x', '' and 1, None or [] or 'z'",
    "'a' if 1 else 'b', 'a' if [] else 'b'",
    "[x * 2 for x in [1, 2, 3] if x > 1]",
    "[(x, y) for x in 'ab' for y in (1, 2) if y != 1]",
    "{k: v for k, v in zip('ab', [1, 2])}",
    "{x % 2 for x in range(5)}",
    "sorted({'b', 'a'}), sorted([3, 1], reverse=True), sorted(['bb', 'a'], key=len)",
    "(lambda x, *a, y=2, **k: (x, a, y, k))(1, 5, y=3, z=4)",
    "[y := 3, y ** 2]",
    "[*[1, 2], *(3,)], {**{'a': 1}, 'b': 2}, (*'ab',)",
    "dict(a=1, **{'b': 2}), dict([('a', 1)])",
    "len('abc'), len([1]), len({'a': 1})",
    "list(range(3)), list(range(5, 1, -2))",
    "list(enumerate('ab', 1))",
    "list(zip([1, 2], 'ab'))",
    "list(map(str.upper, ['a'])) if False else [x.upper() for x in 'a']",
    "list(map(lambda x: x + 1, [1, 2])), list(filter(None, [0, 1]))",
    "any([0, 1]), all([1, 1]), any([]), all([])",
    "str(1), int('7'), float('1.5'), bool('x'), tuple([1]), set([1]), list('ab')",
    "min(2, 1), max([1, 3]), sum([1, 2]), abs(-1), round(1.25, 1), divmod(7, 2)",
    "chr(97), ord('a'), repr('a'), hex(255)",
    "list(reversed([1, 2]))",
    "isinstance('a', str), isinstance(1, (str, int)), isinstance([], dict)",
    "{'a': 1}.get('a'), {'a': 1}.get('b', 2), list({'a': 1}.items()), list({'a': 1}.values())",
    "[1, 2].index(2), [1, 1].count(1), (1, 2).index(2)",
    "{1}.union({2}), {1, 2} & {2}, {1}.issubset({1, 2})",
    "'a' 'b'",
    "...",
    "not not 'x'",
    "next(x for x in [1, 2] if x > 1)",
    "getattr('abc', 'upper')()",
    "'x'.startswith(('x', 'y')), 'abc'.endswith('c'), 'Ab'.swapcase(), 'a-b'.title()",
    "'ab'.encode().decode()",
    "(1).bit_length(), 10 .__class__ if False else 2",
]


@pytest.mark.parametrize("expression", COMPUTED)
def test_what_python_computes(expression: str) -> None:
    expected = eval(expression)  # the language itself is the truth here
    assert value(expression) == expected
    assert type(value(expression)) is type(expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("textwrap.dedent('  a\\n  b')", "a\nb"),
        ("inspect.cleandoc('a')", "a"),
        ("list(itertools.chain([1], [2]))", [1, 2]),
        ("list(itertools.product([1], [2, 3]))", [(1, 2), (1, 3)]),
        ("functools.partial(lambda a, b: (a, b), 1)(b=2)", (1, 2)),
        ("copy.deepcopy([1, [2]])", [1, [2]]),
        ("json.dumps({'a': [1]})", '{"a": [1]}'),
        ("json.loads('[1]')", [1]),
        ("os.path.join('a', 'b')", "a/b"),
        ("typing.cast(str, 'a')", "a"),
        ("typing.TYPE_CHECKING", False),
        ("collections.OrderedDict([('a', 1)])", {"a": 1}),
        ("operator.add(1, 2)", 3),
        ("string.digits", "0123456789"),
    ],
)
def test_the_standard_library(expression: str, expected: Any) -> None:
    names = "copy, collections, functools, inspect, itertools, json, operator, os, os.path, string, textwrap, typing"
    assert value(expression, f"import {names}") == expected


@pytest.mark.parametrize(
    "expression",
    [
        "nonsense",
        "os.environ['X']",
        "os.getenv('X')",
        "unknown()",
        "unknown() + 1",
        "unknown()[0]",
        "unknown().x",
        "-unknown()",
        "[unknown() == 1][0]",
        "len(unknown())",
        "sorted([unknown(), 1])",
        "[x for x in unknown()]",
        "{unknown(): 1}",
        "{unknown()}",
        "'a'[unknown():]",
        "max([1, unknown()])",
        "1 // 0",
        "'a' + 1",
        "[][0]",
        "{}['a']",
        "'%d' % 'a'",
        "int('a')",
        "2 ** 10 ** 9",
        "1 << 10 ** 9",
        "'a' * 10 ** 9",
        "[0] * 10 ** 9",
        "'x'.ljust(10 ** 9)",
        "'aaaaaaaaaa'.replace('a', 'b' * 1000).replace('b', 'c' * 1000).replace('c', 'd' * 1000)",
        "list(range(10 ** 9))",
        "int('9' * 5000)",
        "str({1, 2})",
        "unknown() < 1",
        "uuid.uuid4()",
        "datetime.datetime.now()",
        "open('x')",
        "object()",
        "vars()",
        "yes.no",
        "(lambda: (yield))()",
    ],
)
def test_what_is_known_only_at_run_time(expression: str) -> None:
    found = value(expression, "import os, uuid, datetime")
    assert isinstance(found, NotKnown)
    assert found.reason


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ("f'a_{unknown()}'", ["a_", None]),
        ("f'{unknown()}{1}b'", [None, "1b"]),
        ("'a' + unknown() + 'b'", ["a", None, "b"]),
        ("'a_%s_b' % unknown()", ["a_", None, "_b"]),
        ("'%s_%s' % ('a', unknown())", ["a_", None]),
        ("'%(a)s %(b)s' % {'a': 1, 'b': unknown()}", ["1 ", None]),
        ("'{}-{x}'.format(1, x=unknown())", ["1-", None]),
        ("'_'.join(['a', unknown()])", ["a_", None]),
        ("f'  a{unknown()} '.strip()", ["a", None]),
        ("f'A{unknown()}'.lower()", ["a", None]),
        ("f'{f\"a{unknown()}\"}b'", ["a", None, "b"]),
    ],
)
def test_partly_known_texts(expression: str, parts: list[str | None]) -> None:
    found = value(expression)
    assert isinstance(found, Text)
    assert [part if isinstance(part, str) else None for part in found.parts] == parts


@pytest.mark.parametrize(
    "expression", ["'%999999999d' % 1", "'{:>999999999}'.format(1)", "f'{1:>999999999}'"]
)
def test_huge_texts_are_not_made(expression: str) -> None:
    assert not isinstance(value(expression), str)


def test_what_is_known_of_a_partly_known_text() -> None:
    assert value("bool(f'a{unknown()}')") is True
    assert value("f'ab{unknown()}'.startswith('a')") is True
    assert value("f'ab{unknown()}' == 'b'") is False
    assert value("'b' in f'ab{unknown()}'") is True
    assert isinstance(value("f'ab{unknown()}' == 'abc'"), NotKnown)
    assert isinstance(value("f'{unknown()}' + 'a' == 'ba'"), NotKnown)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("dialect()", Choice(((PG, "postgresql"), (MY, "mysql"), (LITE, "sqlite")))),
        ("dialect() == 'postgresql'", Condition(PG)),
        ("dialect() + '!'", Choice(((PG, "postgresql!"), (MY, "mysql!"), (LITE, "sqlite!")))),
        ("{'postgresql': 1, 'mysql': 2, 'sqlite': 3}[dialect()]", Choice(((PG, 1), (MY, 2), (LITE, 3)))),
        ("f'{dialect()}'", Choice(((PG, "postgresql"), (MY, "mysql"), (LITE, "sqlite")))),
        ("[1 if dialect() == 'postgresql' else 2][0]", Choice(((PG, 1), (negate(PG), 2)))),
        ("not dialect() == 'postgresql'", Condition(negate(PG))),
        ("[dialect()][0].upper() == 'MYSQL'", Condition(MY)),
        ("isinstance(dialect(), str)", True),
        ("len(dialect()) > 3", True),
        ("dialect() in ('postgresql', 'mysql', 'sqlite')", True),
        ("dialect() == 'oracle'", False),
        ("{'a': 1}.get(dialect(), 7)", 7),
    ],
)
def test_choices(expression: str, expected: Any) -> None:
    assert value(expression) == expected


def test_too_many_options_are_not_known() -> None:
    assert isinstance(value("dialect() + dialect().upper()"), Choice)
    table = "{'postgresql': 1, 'mysql': 2, 'sqlite': 3}"
    names = " + ".join(f"(unknown() and {index} or {table}[dialect()])" for index in range(1, 20))
    assert isinstance(value(names), NotKnown)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("x = 1", 1),
        ("x: int = 1", 1),
        ("x = y = 1", 1),
        ("y, x = 2, 1", 1),
        ("[y, (x, *z)] = [0, (1, 2)]", 1),
        ("(*y, x) = [3, 2, 1]", 1),
        ("x = 0\nx += 1", 1),
        ("x = [1]\nx += [2]", [1, 2]),
        ("x = y = []\ny.append(1)", [1]),
        ("x = {}\nx['a'] = 1\nx.update(b=2)\ndel x['a']", {"b": 2}),
        ("x = [3, 1, 2]\nx.sort()\nx.insert(0, 0)\nx.pop()\nx.remove(1)", [0, 2]),
        ("x = [1, 2, 3]\nx[0] = 5\nx[1:] = []", [5]),
        ("x = set()\nx.add(1)\nx |= {2}", {1, 2}),
        ("if 1:\n    x = 1\nelse:\n    x = 2", 1),
        (
            "x = 0\nfor i in range(4):\n    if i == 1: continue\n    if i == 3: break\n    x += i\nelse:\n    x = 9",
            2,
        ),
        ("for x in [1]:\n    pass\nelse:\n    x = 5", 5),
        ("x = 0\nwhile x < 3:\n    x += 1", 3),
        ("x = 0\nwhile True:\n    x += 1\n    if x > 4: break", 5),
        ("try:\n    import numpy\nexcept ImportError:\n    numpy = None\nx = 1", 1),
        ("try:\n    x = 1\nfinally:\n    y = 2", 1),
        ("def f(a, b=2, *, c=3):\n    return a + b + c\nx = f(1, c=5)", 8),
        ("def f(n):\n    return 1 if n == 0 else n * f(n - 1)\nx = f(4)", 24),
        ("def f():\n    yield 1\n    yield from [2, 3]\nx = list(f())", [1, 2, 3]),
        (
            "async def f():\n    return 1\nasync def g():\n    return await f()\nimport asyncio\nx = asyncio.run(g())",
            1,
        ),
        (
            "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n        return n\n    g()\n    return g()\nx = f()",
            2,
        ),
        ("y = 1\ndef f():\n    global y\n    y = 7\nf()\nx = y", 7),
        ("def f(*a, **k):\n    return a, k\nx = f(*[1, 2], **{'z': 3})", ((1, 2), {"z": 3})),
        ("match ['a', 1]:\n    case ['b', _]: x = 0\n    case ['a', n] if n > 0: x = n", 1),
        ("match {'k': 5, 'z': 1}:\n    case {'k': v, **rest}: x = (v, rest)", (5, {"z": 1})),
        ("match 3:\n    case 1 | 2: x = 0\n    case int(): x = 1", 1),
        ("match 'q':\n    case None: x = 0\n    case str() as s: x = s", "q"),
        ("from functools import lru_cache, wraps\n@lru_cache(maxsize=None)\ndef f(): return 4\nx = f()", 4),
        (
            "def deco(f):\n    def inner(*a): return f(*a) + 1\n    return inner\n@deco\ndef g(a): return a\nx = g(1)",
            2,
        ),
        ("x = [f(1) for f in (lambda a: a, lambda a: a + 1)]", [1, 2]),
        ("a, b = 1, 2\na, b = b, a\nx = (a, b)", (2, 1)),
        ("x = 1\ndel x\nx = 2", 2),
        ("x = (1 for _ in range(2))\nx = list(x)", [1, 1]),
        ("from os.path import join as j\nx = j('a', 'b')", "a/b"),
        ("x = __name__ == '__main__'", False),
    ],
)
def test_statements(before: str, expected: Any) -> None:
    assert value("x", before) == expected


@pytest.mark.parametrize(
    "before",
    [
        "x = 1\nfor i in unknown():\n    x += 1",
        "x = 1\nwhile unknown():\n    x = 2",
        "x = [1]\nfor i in unknown():\n    x.append(i)",
        "x = {}\nx[unknown()] = 1",
        "x = [1]\nx.pop(unknown())",
        "x, y = unknown()",
        "x, y = 1, 2, 3",
        "import numpy as np\nx = np.array([1])",
        "from .nowhere import x",
        "@mystery\ndef x(): pass",
        "x = (lambda: x2)()",
        "def f():\n    return f()\nx = f()",
    ],
)
def test_names_that_are_not_known(before: str) -> None:
    assert isinstance(value("x", before), NotKnown)


def test_an_undecided_condition_gives_a_choice() -> None:
    found = value("x", "x = 1\nif unknown():\n    x = 2")
    assert isinstance(found, Choice)
    assert sorted(option for _, option in found.options) == [1, 2]


def test_a_list_changed_under_a_condition_is_a_choice_under_every_name() -> None:
    found = value("x is y and x", "x = y = [1]\nif unknown():\n    y.append(2)")
    assert isinstance(found, Choice)
    assert sorted(option for _, option in found.options) == [[1], [1, 2]]


def test_a_list_made_and_changed_in_one_branch_is_known_there() -> None:
    found = value("x", "x = None\nif unknown():\n    y = []\n    y.append(1)\n    x = y")
    assert isinstance(found, Choice)
    assert [1] in [option for _, option in found.options]


def test_a_list_changed_under_a_condition_and_held_elsewhere_is_not_known() -> None:
    assert isinstance(value("x['a']", "x = {'a': [1]}\nif unknown():\n    x['a'].append(2)"), NotKnown)


def test_equal_values_of_both_branches_are_one_value() -> None:
    assert value("x", "if unknown():\n    x = 'a'\nelse:\n    x = 'a'") == "a"


def test_framework_values() -> None:
    assert value("fw.value") == Column("value")
    assert value("fw.column('a').b == 1") == Column("(a.b == 1)")
    assert value("1 + fw.column('a')") == Column("(1 + a)")
    assert value("fw.column('a')['k']('x')") == Column("a[k](x)")
    assert value("-fw.column('a')") == Column("(None - a)")
    assert value("[fw.column(n).x for n in 'ab']") == [Column("a.x"), Column("b.x")]


def test_imports_are_symbols() -> None:
    assert value("a.b.c", "import a.b") == Symbol("a.b.c")
    assert value("z", "from a.b import c as z") == Symbol("a.b.c")
    assert value("touch", "from fw import *") == Symbol("fw.touch")


def test_revision_variables() -> None:
    one = evaluator(
        'revision: str = "a1"\ndown_revision: str | tuple[str, ...] | None = ("b", "c")\nbranch_labels = None\n'
        "depends_on = [x for x in ('d',)]\n"
    )
    names = one.module().scope.names
    assert (names["revision"], names["down_revision"], names["branch_labels"], names["depends_on"]) == (
        "a1",
        ("b", "c"),
        None,
        ["d"],
    )


class TestClasses:
    """Classes of the file."""

    def test_enum_members(self) -> None:
        before = "import enum\nclass S(str, enum.Enum):\n    A = 'a'\n    B = 'b'\n    def f(self): return self.value * 2\n"
        assert value("[e.value for e in S]", before) == ["a", "b"]
        assert value("[e.name for e in S]", before) == ["A", "B"]
        assert value("S.A.f()", before) == "aa"
        assert value("S('b') is S.B, S['A'] == S.A, S.A == S.B, S.A in S, len(S)", before) == (
            True,
            True,
            False,
            True,
            2,
        )
        assert value("S.A == 'a', S.A.upper()", before) == (True, "A")
        assert value("list(S.__members__)", before) == ["A", "B"]
        member = value("S.A", before)
        assert isinstance(member, EnumMember)
        assert (member.name, member.value) == ("A", "a")

    def test_plain_enums_do_not_equal_their_values(self) -> None:
        before = "from enum import Enum, auto\nclass S(Enum):\n    A = 'a'\nclass T(Enum):\n    X = auto()\n    Y = auto()\n"
        assert value("S.A == 'a', S.A != 'a', [t.value for t in T]", before) == (False, True, [1, 2])

    def test_attributes_bases_and_methods(self) -> None:
        before = """
            class A:
                table = "t"
                names = [table + "_x"]
                def __init__(self, n, m=2):
                    self.n = n
                    self.m = m
                @property
                def both(self): return self.n + self.m
                @staticmethod
                def s(x): return x
                @classmethod
                def c(cls): return cls.table
                def __call__(self): return self.n
            class B(A):
                table = "u"
                def __init__(self):
                    super().__init__(5)
                def both2(self): return self.both * 2
        """
        assert value("A.table, A.names, A(1).n, A(1).both, A.s(3), A.c(), A(4)()", before) == (
            "t",
            ["t_x"],
            1,
            3,
            3,
            "t",
            4,
        )
        assert value("B.table, B().both2(), B.c(), B().names, isinstance(B(), A), A.__name__", before) == (
            "u",
            14,
            "u",
            ["t_x"],
            True,
            "A",
        )

    def test_dataclasses_and_named_tuples(self) -> None:
        before = """
            from dataclasses import dataclass
            from typing import NamedTuple
            @dataclass(frozen=True)
            class D:
                a: str
                b: int = 2
            class N(NamedTuple):
                a: str
                b: int = 3
        """
        assert value("D('x').a, D('x').b, D(a='y', b=1).b, N('z').a, N('z').b", before) == ("x", 2, 1, "z", 3)

    def test_unknown_bases_hide_only_what_they_may_define(self) -> None:
        before = "from other import Base\nclass A(Base):\n    t = 'x'\n"
        assert value("A.t", before) == "x"
        assert isinstance(value("A.u", before), NotKnown)

    def test_the_base_of_a_framework_makes_the_class(self) -> None:
        before = "class T(fw.base()):\n    b = 1\n    a = 2\n"
        assert value("T", before) == Column("model T of ['a', 'b']")
        assert value(
            "U", "class M(object):\n    z = 1\nBase = fw.base()\nclass U(M, Base):\n    pass\n"
        ) == Column("model U of []")

    def test_kinds_of_values(self) -> None:
        assert isinstance(value("A", "class A: pass"), Class)
        assert isinstance(value("A()", "class A: pass"), Instance)
        assert isinstance(value("f", "def f(): pass"), Function)


def test_every_kind_of_expression_and_statement_is_handled() -> None:
    from mrt_lint.evaluate.expressions import EXPRESSIONS
    from mrt_lint.evaluate.statements import STATEMENTS

    deprecated = {"Num", "Str", "Bytes", "NameConstant", "Ellipsis", "Index", "ExtSlice"}
    internal = {"FormattedValue", "TemplateStr", "Interpolation", "TypeAlias"}
    for base, table in ((ast.expr, EXPRESSIONS), (ast.stmt, STATEMENTS)):
        kinds = {kind.__name__ for kind in base.__subclasses__()} - deprecated - internal
        assert kinds - {kind.__name__ for kind in table} == set()
