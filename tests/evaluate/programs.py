"""Random programs whose conditions are decided only when they run, and what Python makes of them.

The oracle is Python itself: a program is run with `exec` once for every answer to its flags, and the
names that it touches are what the evaluator's operations must give under the same answers.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

FLAGS = ("a", "b", "c")
VARIABLES = ("v", "w")
LISTS = ("xs", "ys")

HELPERS = """\
from contextlib import contextmanager

def twice(n):
    touch("twice")
    if flag("a"):
        return n
    touch("more")
    return n * 2

def collect(item, into):
    if asked("b"):
        into.append(item)
    return into

@contextmanager
def around(n):
    touch(f"in {n}")
    yield n
    touch(f"out {n}")

class Box:
    size = 1
    def __init__(self, n):
        self.n = n
    def grow(self):
        if flag("c"):
            self.n += 1
        return self.n

"""


@st.composite
def conditions(draw: DrawFn, depth: int = 2) -> str:
    kinds = ["flag", "asked", "compare", "in", "const"] + (["not", "and", "or"] if depth else [])
    kind = draw(st.sampled_from(kinds))
    if kind in ("flag", "asked"):
        return f'{kind}("{draw(st.sampled_from(FLAGS))}")'
    if kind == "compare":
        operator = draw(st.sampled_from(("<", "==", ">=", "!=")))
        return f"{draw(st.sampled_from(VARIABLES))} {operator} {draw(st.integers(0, 3))}"
    if kind == "in":
        return f"{draw(st.sampled_from(VARIABLES))} in {draw(st.sampled_from(LISTS))}"
    if kind == "const":
        return draw(st.sampled_from(("True", "False", "xs", "not ys")))
    if kind == "not":
        return f"not ({draw(conditions(depth - 1))})"
    return f"({draw(conditions(depth - 1))}) {kind} ({draw(conditions(depth - 1))})"


@st.composite
def expressions(draw: DrawFn) -> str:
    variable = draw(st.sampled_from(VARIABLES))
    number = draw(st.integers(0, 3))
    return draw(
        st.sampled_from(
            (
                str(number),
                variable,
                f"{variable} + {number}",
                f"len({draw(st.sampled_from(LISTS))})",
                f"({number} if {draw(conditions(0))} else {variable})",
                f"twice({number})",
                f"sum(x for x in {draw(st.sampled_from(LISTS))} if x > {number})",
                f"({draw(conditions(0))}) and {number} or {variable}",
                f"Box({variable}).grow()",
                f"max([{variable}, *{draw(st.sampled_from(LISTS))}])",
            )
        )
    )


@st.composite
def blocks(draw: DrawFn, depth: int, loop: bool, level: int) -> list[str]:
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        lines.extend(draw(statements(depth, loop, level)))
    return lines


@st.composite
def statements(draw: DrawFn, depth: int, loop: bool, level: int) -> list[str]:
    def inner(in_loop: bool = loop) -> list[str]:
        return ["    " + line for line in draw(blocks(depth - 1, in_loop, level + 1))]

    variable, items = draw(st.sampled_from(VARIABLES)), draw(st.sampled_from(LISTS))
    simple = ["touch", "assign", "augment", "append", "extend", "list", "helper", "alias", "pop"]
    kinds = simple + (["if", "if", "else", "for", "each", "while", "try", "with", "match"] if depth else [])
    kinds += ["break", "continue"] if loop else []
    kind = draw(st.sampled_from([*kinds, "return"] if level else kinds))
    if kind == "touch":
        return [f"touch(f'{draw(st.sampled_from('pqr'))}{{{variable}}}{{{items}}}')"]
    if kind == "assign":
        return [f"{variable} = {draw(expressions())}"]
    if kind == "augment":
        return [f"{variable} += {draw(expressions())}"]
    if kind == "append":
        return [f"{items}.append({variable})"]
    if kind == "extend":
        return [f"{items} += [{variable}, 1]"]
    if kind == "list":
        return [f"{items} = [{variable}]"]
    if kind == "alias":
        return ["xs = ys"]
    if kind == "pop":
        return [f"if {items}: {items}.pop()"]
    if kind == "helper":
        return [f"{items} = collect({variable}, {items})"]
    if kind in ("break", "continue"):
        return [f"if {draw(conditions(1))}: {kind}"]
    if kind == "return":
        return [f"if {draw(conditions(1))}: return"]
    if kind == "if":
        return [f"if {draw(conditions())}:", *inner()]
    if kind == "else":
        return [f"if {draw(conditions())}:", *inner(), "else:", *inner()]
    if kind == "for":
        return [f"for {variable} in [1, 2]:", *inner(True), *draw(st.sampled_from(([], ["else:", *inner()])))]
    if kind == "each":
        return [f"for {variable} in list({items}):", *inner(True)]
    if kind == "while":
        count = f"n{level}"
        return [f"{count} = 0", f"while {count} < 2:", f"    {count} += 1", *inner(True)]
    if kind == "try":
        return [
            "try:",
            *inner(),
            "except ValueError:",
            "    touch('handler')",
            "finally:",
            "    touch('finally')",
        ]
    if kind == "with":
        return [f"with around({variable}) as {variable}:", *inner()]
    return [
        f"match {variable}:",
        "    case 0 | 1:",
        *["    " + line for line in inner()],
        "    case other:",
        f"        touch({variable})",
    ]


@st.composite
def programs(draw: DrawFn) -> str:
    """Draws a module with an `upgrade` function."""
    body = draw(blocks(3, False, 1))
    lines = ["v, w = 0, 1", "xs, ys = [], [2]", *body, "touch(f'end {v} {w} {xs} {ys}')"]
    return HELPERS + "def upgrade():\n" + "".join(f"    {line}\n" for line in lines)


def touched(program: str, answers: dict[str, bool]) -> list[str]:
    """Returns what the program really touches when its flags have these answers."""
    found: list[str] = []

    def ask(name: str) -> bool:
        return answers[name]

    names: dict[str, Any] = {"touch": lambda name: found.append(str(name)), "flag": ask, "asked": ask}
    names["contextmanager"] = contextmanager
    exec(compile(program, "program", "exec"), names)
    names["upgrade"]()
    return found
