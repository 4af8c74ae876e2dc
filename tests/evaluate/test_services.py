"""What meanings get from the evaluator: facts, blocks, spans, arguments, errors that name them."""

from __future__ import annotations

import pytest

from mrt_lint.errors import MeaningError, SourceError
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.values import Value
from mrt_lint.ops.span import Span
from tests.evaluate.fake import HEADER, MEANINGS, Column, body, evaluator, run, value


def test_facts_of_an_operation() -> None:
    source = """
        def upgrade():
            with fw.block("always") as b:
                with fw.autocommit():
                    b.x("a")
                fw.wild.some.thing()
            touch(
                "c",
            )  # noqa
    """
    operations = run(source).operations
    assert [(one.batch, one.transaction.autocommit, one.api) for one in operations] == [
        ("always", True, "b.x"),
        ("always", False, "fw.wild.some.thing"),
        ("always", False, "fw.block"),
        (None, False, "touch"),
    ]
    assert operations[3].span == operations[3].statement == Span(9, 5, 11, 6)


@pytest.mark.parametrize(
    ("code", "span"),
    [
        ("x = [\n  touch('a')\n]", (4, 5, 6, 6)),
        ("if touch('a'):\n    pass", (4, 5, 4, 19)),
        ("if (touch('a')\n   ) : # c\n    pass", (4, 5, 5, 11)),
        ("for x in [touch('a')]:\n    pass", (4, 5, 4, 27)),
        ("with fw.block('a'):\n    pass", (4, 5, 4, 24)),
        ("with (fw.block('a') as b,\n    ):\n    pass", (4, 5, 5, 11)),
        ("while touch('a'):\n    pass", (4, 5, 4, 22)),
        ("match touch('a'):\n    case _: pass", (4, 5, 4, 22)),
        ("return touch('a')", (4, 5, 4, 22)),
        ("if 1:\n    touch('a')", (5, 9, 5, 19)),
        ("(lambda: touch('a'))()", (4, 5, 4, 27)),
    ],
)
def test_the_statement_of_an_operation(code: str, span: tuple[int, int, int, int]) -> None:
    indented = "".join(f"    {line}\n" for line in code.splitlines())
    operations = run(f"def upgrade():\n{indented}").operations
    assert operations[0].statement == Span(*span)


def test_the_statement_of_an_operation_in_a_helper_is_the_helpers() -> None:
    (operation,) = run("def helper():\n    touch('a')\ndef upgrade():\n    helper()\n").operations
    assert operation.span.line == operation.statement.line == 4


def test_arguments_by_position_and_name() -> None:
    assert value("fw.seen(1, *(2,), a=3, **{'b': 4})") == Column("((1, 2), {'a': 3, 'b': 4}, False)")
    assert value("fw.seen(1, *unknown(), 2)") == Column("((1,), {}, True)")
    assert value("fw.seen(1, **unknown())") == Column("((1,), {}, True)")


def test_a_missing_argument_says_so() -> None:
    call = Call(evaluator(""), "op.f", (1,), {"b": 2}, Span(1, 1, 1, 2), Span(1, 1, 1, 2))  # type: ignore[arg-type]
    assert call.argument(0, "a") == 1
    assert call.argument(1, "b") == 2
    assert call.argument(2, "c", 3) == 3
    assert "argument 'c' of op.f() is not given" in call.argument(2, "c").reason
    call.starred = True
    assert "argument 'c'" in call.argument(2, "c", 3).reason


def test_a_meaning_never_sees_a_choice_or_condition() -> None:
    seen: list[Value] = []

    def look(call: Call) -> Value:
        seen.extend((*call.args, *call.kwargs.values()))
        return None

    code = (
        "def upgrade():\n    fw.look(dialect(), [dialect() == 'mysql'], n={'k': 'x' if unknown() else 'y'})\n"
    )
    run(code, meanings={**MEANINGS, "fw.look": look})
    assert seen
    assert all(isinstance(one, (str, list, dict)) for one in seen)
    assert {str(one) for one in seen} == {
        "postgresql",
        "mysql",
        "sqlite",
        "[True]",
        "[False]",
        "{'k': 'x'}",
        "{'k': 'y'}",
    }


def test_dialects_at_a_point() -> None:
    found: list[tuple[str, ...]] = []

    def look(call: Call) -> Value:
        found.append(call.evaluator.dialects())
        call.evaluator.sign("mysql")
        return None

    code = "def upgrade():\n    fw.look()\n    if dialect() == 'mysql': fw.look()\n    elif unknown(): fw.look()\n"
    one = run(code, meanings={**MEANINGS, "fw.look": look})
    assert found == [("postgresql", "mysql"), ("mysql",), ("postgresql",)]
    assert one.evaluator.signs == ["mysql"]


def test_fresh_ids_are_unique_and_stable() -> None:
    def ids() -> list[str]:
        found: list[str] = []

        def look(call: Call) -> Value:
            found.append(call.evaluator.fresh_id(call))
            return None

        run(
            "def upgrade():\n    for i in [1, 2]: fw.look()\n    fw.look()\n",
            meanings={**MEANINGS, "fw.look": look},
        )
        return found

    assert len(set(ids())) == 3
    assert ids() == ids()


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("fw.crash()", "fw.crash"),
        ("fw.bad.method()", "Bad.method"),
        ("fw.bad + 1", "Bad.binary"),
        ("fw.bad[0]", "Bad.item"),
        ("1 in fw.bad", "Bad.contains"),
        ("for x in fw.bad: pass", "Bad.iterate"),
        ("if fw.bad: pass", "Bad.truth"),
        ("with fw.bad: pass", "Bad.enter"),
    ],
)
def test_a_crash_of_a_meaning_names_it(code: str, path: str) -> None:
    from mrt_lint.evaluate.values import FrameworkValue

    def crash(*_: object) -> Value:
        raise KeyError("x")

    names = ("call_method", "binary", "item", "contains", "iterate", "truth", "enter")
    bad = type("Bad", (FrameworkValue,), dict.fromkeys(names, crash))()
    with pytest.raises(MeaningError, match=f"the meaning of {path} crashed") as error:
        run(f"def upgrade():\n    {code}\n", meanings={**MEANINGS, "fw.bad": bad})
    assert (error.value.path, error.value.line) == (path, 4)


def test_a_file_without_a_tree_is_a_source_error() -> None:
    with pytest.raises(SourceError, match="syntax error"):
        evaluator(HEADER + "def upgrade(:\n").run("upgrade", "upgrade")


def test_a_wildcard_is_only_for_names_below() -> None:
    assert body("fw.wild.a()") == ["fw.wild.a*"]
    assert body("fw.wilder()") == [
        "!fw.wilder() is not understood; what it does is not in the project's files"
    ]
