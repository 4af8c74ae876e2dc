"""Rarer forms of the language: what they give, and that what is unknown in them stays unknown."""

from __future__ import annotations

from typing import Any

import pytest

from mrt_lint.evaluate.values import Choice, Condition, NotKnown, Symbol, Text
from tests.evaluate.fake import Column, body, run, value


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("match [1, 2, 3, 4]:\n    case [a, *b, c]: x = (a, b, c)", (1, [2, 3], 4)),
        ("match [1]:\n    case [a, b, *c]: x = 0\n    case [a, *_]: x = a", 1),
        ("match (1, 2):\n    case [1]: x = 0\n    case [1, 2] as p: x = p", (1, 2)),
        ("match {'a': 1}:\n    case {'b': _}: x = 0\n    case {'a': 2}: x = 1\n    case {}: x = 2", 2),
        ("match 'ab':\n    case ['a', 'b']: x = 0\n    case 'ab' | 'cd': x = 1", 1),
        ("match True:\n    case None: x = 0\n    case True: x = 1", 1),
        ("match 5:\n    case n if n < 3: x = 0\n    case _: x = 1", 1),
        ("match 5:\n    case 6: pass\nx = 1", 1),
        ("class A: pass\na = A()\na.n = 1\na.n += 2\nx = a.n", 3),
        ("class A: n = 1\nA.n = 2\nA.n -= 1\nA.m = 5\nx = (A.n, A.m)\ndel A.m", (1, 5)),
        (
            "x = {'a': [1]}\nx['a'] += [2]\nx['b'] = 1\nx['b'] *= 5\nx |= {'c': 3}",
            {"a": [1, 2], "b": 5, "c": 3},
        ),
        ("x = {1}\nx |= {2}\nx.update([3], (4,))\nx.discard(1)\nx.remove(2)", {3, 4}),
        ("x = {1, 2, 3}\nx &= {2, 3}\nx.intersection_update([3])", {3}),
        ("x = [1]\nx.clear()\nx.extend('ab')\nx.reverse()\ny = x.pop(0)\nx.append(y)", ["a", "b"]),
        ("x = [3, 1]\nx.sort(key=lambda n: -n)\nx = x.copy()", [3, 1]),
        (
            "x = {}\nx.update([('a', 1)], b=2)\nx.setdefault('c', 3)\nx.setdefault('a', 9)",
            {"a": 1, "b": 2, "c": 3},
        ),
        ("x = {'a': 1, 'b': 2}\ny = x.pop('a')\nz = x.pop('q', 7)\nx = (x, y, z)", ({"b": 2}, 1, 7)),
        ("x = {'a': 1}\ny = x.popitem()\nx.clear()\nx = (x, y)", ({}, ("a", 1))),
        ("x = [1, 2, 3, 4]\ndel x[1]\ndel x[1:]", [1]),
        ("x = [1, 2]\nx[5:] = [3]\nx[0:1] = 'ab'", ["a", "b", 2, 3]),
        ("del nothing\nx = 1", 1),
        ("a, b = 1, 2\ndel (a, b)\nx = 3", 3),
        ("x, *y = 'abc'\nx = (x, y)", ("a", ["b", "c"])),
        ("def f(a, /, b, *, c=1): return a, b, c\nx = f(1, b=2)", (1, 2, 1)),
        (
            "def f():\n    x = 1\n    class A:\n        y = x\n        def m(self): return x\n    return A.y, A().m()\nx = f()",
            (1, 1),
        ),
        ("def f(n, memo={}):\n    memo[n] = n\n    return len(memo)\nf(1)\nx = f(2)", 2),
        ("def f():\n    if 1:\n        yield 'a'\n    yield from ['b']\nx = ''.join(f())", "ab"),
        (
            "class C:\n    def __iter__(self): return iter([1, 2])\n    def __getitem__(self, k): return k * 2\nx = (list(C()), C()[4])",
            ([1, 2], 8),
        ),
        ("class C:\n    def __init__(self): self.v = 1\n    def __bool__(self): return False\nx = C().v", 1),
        (
            "class A:\n    def hi(self): return 'A'\nclass B(A):\n    def hi(self): return super().hi() + 'B'\nx = B().hi()",
            "AB",
        ),
        ("class A:\n    x = [i for i in range(3)]\n    y = x[1]\nx = A.y", 1),
        (
            "import copy\nx = copy.copy([1])\ny = copy.deepcopy({'a': (1, [2])})\nx = (x, y)",
            ([1], {"a": (1, [2])}),
        ),
        ("import itertools\nx = list(itertools.chain.from_iterable([[1], (2,)]))", [1, 2]),
        ("x = [f.__name__ for f in [lambda: 1]]\ndef g(): pass\nx = g.__name__", "g"),
        ("x = '{a}'.format_map({'a': 1}) + '{}{}'.format(*[1, 2])", "112"),
        ("x = '{0:>{1}}'.format('a', 3)", "  a"),
        ("x = ('a', 'b')[True] if (lambda: 1) else 0", "b"),
        ("x = 1 if print else 0", 1),
        ("x = sum([[1], [2]], [])", [1, 2]),
        ("x = next(iter([]), 'd')", "d"),
        ("x = dict(zip(['a'], [1]), b=2)", {"a": 1, "b": 2}),
        ("x = set([1, 1]) | frozenset([2])", {1, 2}),
        ("x = callable(len) and bool() is False and str() == ''", True),
        ("x = type(A()) is A if (A := type) else 0\nclass A: pass\nx = type(A()) is A", True),
        ("class A: pass\na = A()\nsetattr(a, 'n', 1)\nx = getattr(a, 'n'), hasattr(a, 'n')", (1, True)),
        ("class E(Exception): pass\ntry:\n    pass\nexcept E: pass\nx = 1", 1),
        ("with open('f') as f, open('g'): x = 1", 1),
        (
            "async def f():\n    return [i async for i in [1, 2]]\nimport asyncio\nx = asyncio.run(f())",
            [1, 2],
        ),
        ("x = [y for y in [1, 2, 3] if y > 1 if y < 3]", [2]),
        ("x = {**{'a': 1}, **dict(b=2)}", {"a": 1, "b": 2}),
        (
            "from enum import Enum\nclass S(Enum):\n    A = 1\n    _ignore_ = []\n    @property\n    def d(self): return self.value * 2\nx = S.A.d, S(1).name, S['A'].value",
            (2, "A", 1),
        ),
        (
            "from enum import IntEnum\nclass S(IntEnum):\n    A = 1\nx = S.A + 1, int(S.A), S.A < 2",
            (2, 1, True),
        ),
    ],
)
def test_forms(before: str, expected: Any) -> None:
    assert value("x", before) == expected


@pytest.mark.parametrize(
    "before",
    [
        "match unknown():\n    case [a, *b]: x = a\n    case {'k': a}: x = a",
        "x = {**unknown()}",
        "x = [*unknown(), 1, *[2]]",
        "x = {1: 2, unknown(): 3}",
        "x = {unknown() for y in [1]}",
        "x = {unknown(): y for y in [1]}",
        "x = {y for y in unknown()}",
        "x = {y: 1 for y in unknown()}",
        "x = [y for y in [1, 2] if unknown()]",
        "x = [1]\nx.insert(unknown(), 2)\nx = x[0]",
        "x = [1]\nx.remove(unknown())",
        "x = [1]\nx.sort(key=lambda y: unknown())",
        "x = [1]\nx[unknown()] = 2",
        "x = [1]\ndel x[unknown()]",
        "x = {}\nx.update(unknown())",
        "x = {}\nx.setdefault(unknown(), 1)",
        "x = set()\nx.add(unknown())",
        "x = set([1]).union(unknown())",
        "x = 'a'.join(unknown())",
        "x = dict(unknown())",
        "x = dict([unknown()])",
        "x = zip([1], unknown())",
        "x = enumerate(unknown())",
        "x = sorted([1], key=unknown())",
        "x = sorted([1, 'a'])",
        "x = list(filter(lambda y: unknown(), [1]))",
        "x = next(iter(unknown()), 1)",
        "x = max(['a', 'b'], key=len)",
        "x = len(5)",
        "x = range(unknown())",
        "x = range(1, 2, 0)",
        "x = tuple(unknown())",
        "x = sum([unknown(), 1])",
        "x = {}[unknown()]",
        "x = {'a': 1}.get(unknown())",
        "x = getattr(unknown(), 'x', 1)",
        "x = getattr(1, unknown())",
        "x = hasattr(unknown(), 'x')",
        "x = type(1)",
        "x = callable(unknown())",
        "x = super().x",
        "x = slice(1)",
        "x = 1 @ 2",
        "x = 'a' - 'b'",
        "x = ~'a'",
        "x = 1 < 'a'",
        "x = 'a' in 1",
        "x = 1 in 'a'",
        "x = 'a' is 'ab'[0]",
        "import copy\nx = copy.copy(unknown())",
        "import json\nx = json.loads('{')",
        "import itertools\nx = itertools.product(range(2000), range(2000))",
        "class A: pass\nx = A().missing",
        "class A: pass\nx = A.missing",
        "class A: pass\nx = A()[0]",
        "class A: pass\nx = list(A())",
        "from other import deco\n@deco\nclass x: pass",
        "def f():\n    if unknown(): yield 1\nx = f()",
        "from enum import Enum\nclass S(Enum):\n    A = 1\nx = S(unknown())",
        "from enum import Enum\nclass S(Enum):\n    A = 1\nx = S['B']",
        "from dataclasses import dataclass\n@dataclass\nclass D:\n    a: int\nx = D().a",
        "x = yield_ if (yield_ := unknown()) else 1\nx = yield_",
        "def f(a): return a\nx = f()",
        "def f(*a): return a\nx = f(*unknown())",
        "def f(**k): return k\nx = f(**unknown())",
        "def f(*, k): return k\nx = f()",
        "x = '%*d' % (99999999, 1) or 1\nx = unknown()",
    ],
)
def test_unknown_forms(before: str) -> None:
    found = value("x", before)
    assert isinstance(found, NotKnown) or (
        isinstance(found, Choice) and any(isinstance(option, NotKnown) for _, option in found.options)
    )


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("'%s' % unknown() % 1", Text),
        ("'%*d' % (5, unknown())", Text),
        ("'%(a)s' % unknown()", Text),
        ("'%s %s' % (unknown(),)", Text),
        ("'{'.format(1)", NotKnown),
        ("'{} {}'.format(1)", Text),
        ("'{x}'.format(**unknown())", Text),
        ("'{a}'.format_map(unknown())", Text),
        ("f'{unknown()}'.format(1)", Text),
        ("f'{unknown()}'.split()", NotKnown),
        ("f'{unknown()}'.join(['a', 'b'])", Text),
        ("f'{fw.value}'", Text),
        ("f'{[unknown()]}'", Text),
        ("f'{1:{unknown()}}'", Text),
        ("unknown() or 'a'", Choice),
        ("any([unknown()])", Condition),
        ("all([unknown(), 1])", Condition),
        ("bool(unknown())", Condition),
        ("not unknown()", Condition),
        ("1 < 2 < unknown()", Condition),
        ("-dialect().find('x')", int),
        ("typing.List[int]", Symbol),
        ("fw.value.x[0]", Column),
    ],
)
def test_kinds(expression: str, kind: type) -> None:
    assert isinstance(value(expression, "import typing"), kind)


CODE = [
    (
        "an exit stack entered",
        "import contextlib\nwith contextlib.ExitStack() as s:\n    b = s.enter_context(fw.block('m'))\n    b.x('a')\n    s.enter_context(contextlib.nullcontext(1))\n    s.close()\ntouch('z')",
        ["a", "end of m", "z"],
    ),
    (
        "an exit stack with a surprise",
        "import contextlib\nwith contextlib.ExitStack() as s: s.mystery(connection())",
        ["!s.mystery() is not understood; it is handed what can reach the database"],
    ),
    ("an attribute of a framework value is set", "c = connection()\nc.x = 1", ["!c.x = ... is not known"]),
    ("an item of a framework value is set", "c = connection()\nc['x'] = 1", ["!c['x'] = ... is not known"]),
    (
        "keywords that differ",
        "def f(**k): touch(k)\nmore = {'a': 1} if dialect() == 'mysql' else {}\nf(**more)",
        ["{'a': 1} if mysql", "{} if not (mysql)"],
    ),
    (
        "a choice is unpacked",
        "a, b = ('x', 'y') if unknown() else ('z', 'y')\ntouch(a)\ntouch(b)",
        ["x if unknown()", "z if not (unknown())", "y"],
    ),
    (
        "an item of a choice is set",
        "d = {'k': 1} if unknown() else {'k': 2}\nd['k'] = 3\ntouch(d['k'])",
        ["3"],
    ),
    (
        "a method of a choice",
        "x = ['a'] if unknown() else ['b']\nx.append('c')\nfor y in x: touch(y)",
        ["a if unknown()", "c if unknown()", "b if not (unknown())", "c if not (unknown())"],
    ),
    (
        "a list that grows under a condition",
        "x = ['a']\nif dialect() == 'mysql': x.append('b')\ntouch(x)",
        ["['a', 'b'] if mysql", "['a'] if not (mysql)"],
    ),
    (
        "a dict that grows under a condition",
        "x = {}\nif dialect() == 'mysql': x['b'] = 1\ntouch(x)",
        ["{'b': 1} if mysql", "{} if not (mysql)"],
    ),
    (
        "an attribute set under a condition",
        "class A: pass\na = A()\na.n = 'x'\nif dialect() == 'mysql': a.n = 'y'\ntouch(a.n)",
        ["y if mysql", "x if not (mysql)"],
    ),
    (
        "what a break leaves behind",
        "n = 'a'\nfor i in [1, 2]:\n    if dialect() == 'mysql': break\n    n = f'b{i}'\ntouch(n)",
        ["b2 if not (mysql)", "a if mysql"],
    ),
    (
        "what a return leaves behind",
        "L = []\ndef f():\n    if dialect() == 'mysql': return\n    L.append('x')\nf()\ntouch(L)",
        ["['x'] if not (mysql)", "[] if mysql"],
    ),
    (
        "a known exception that a handler catches ends the body",
        "try:\n    touch('a')\n    raise KeyError\n    touch('b')\nexcept KeyError: touch('c')",
        [
            "a if the try in line 4 succeeds",
            "c if not (the try in line 4 succeeds and the try in line 4 succeeds)",
        ],
    ),
    (
        "several handlers",
        "try: touch('a')\nexcept KeyError: touch('b')\nexcept ValueError: touch('c')",
        [
            "a if the try in line 4 succeeds",
            "b if not (the try in line 4 succeeds) and except in line 5",
            "c if not (the try in line 4 succeeds) and not (not (the try in line 4 succeeds) and except in line 5)",
        ],
    ),
    (
        "a handler that raises in both branches",
        "try: touch('a')\nexcept E as e:\n    if unknown(): raise\n    else: raise RuntimeError from e\ntouch('b')",
        ["a", "b"],
    ),
    (
        "a condition that a shadow hides",
        "from fw import dialect as d\nif d() != 'mysql': touch('a')",
        ["a if postgresql or sqlite"],
    ),
    (
        "a class with an unknown exit",
        "class A:\n    def __enter__(self): return 1\nwith A(): touch('a')",
        ["a"],
    ),
    (
        "a manager that yields nowhere",
        "from contextlib import contextmanager\n@contextmanager\ndef m():\n    touch('a')\nwith m(): touch('b')",
        ["a", "!m() yields nowhere", "b"],
    ),
    ("an unknown exception", "raise unknown()", ["raise fw.unknown: "]),
    (
        "an exception from elsewhere",
        "from alembic.util import CommandError\nraise CommandError(f'x {unknown()}')",
        ["raise alembic.util.CommandError: x ..."],
    ),
    ("an instance as exception", "class E(Exception): pass\ne = E('x')\nraise e", ["raise E: "]),
    (
        "filter and map over known items",
        "for n in map(str.upper, ['a']): touch(n)\nfor n in filter(lambda n: n > 'a', ['a', 'b']): touch(n)\n[*map(touch, ['c'])]",
        ["!unknown name", "b", "c"],
    ),
]


@pytest.mark.parametrize(("code", "expected"), [one[1:] for one in CODE], ids=[one[0] for one in CODE])
def test_code(code: str, expected: list[str]) -> None:
    assert body(code) == expected


def test_evaluation_goes_on_after_a_module_level_crash_of_nothing() -> None:
    assert run("raise SystemExit\ndef upgrade(): touch('a')").texts == []
