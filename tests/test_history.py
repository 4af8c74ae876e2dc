"""The graph of migrations: order, heads, labels, and every way in which it can be broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint.history import History
from mrt_lint.lowered import Migration
from mrt_lint.project import Project


def history(**parents: str) -> History:
    """Makes a history from `name="parent parent"`; `+x` is a dependency, `@x` a branch label."""
    migrations = []
    for name, text in parents.items():
        words = text.split()
        migrations.append(
            Migration(
                name,
                f"{name}.py",
                "alembic",
                tuple(word for word in words if word[0] not in "+@"),
                tuple(word[1:] for word in words if word[0] == "+"),
                tuple(word[1:] for word in words if word[0] == "@"),
            )
        )
    return History(migrations, Project("alembic", Path()))


def ids(migrations: tuple[Migration, ...]) -> str:
    return " ".join(migration.id for migration in migrations)


@pytest.mark.parametrize(
    ("parents", "order"),
    [
        ({"c": "b", "b": "a", "a": ""}, "a b c"),
        ({"a": "", "b": "a", "c": "a", "d": "b c"}, "a b c d"),
        ({"a": "+z", "z": ""}, "z a"),
        ({"a": "x", "x": "a", "r": ""}, "r a x"),
        ({"a": "a"}, "a"),
    ],
)
def test_every_migration_comes_after_what_it_needs(parents: dict[str, str], order: str) -> None:
    assert ids(history(**parents).order) == order


def test_a_merged_branch_point_is_one_head() -> None:
    assert ids(history(a="", b="a", c="a", d="b c").heads) == "d"


def test_two_ends_are_two_heads() -> None:
    assert ids(history(a="", b="a", c="a").heads) == "b c"


def test_a_dependency_does_not_end_a_line() -> None:
    assert ids(history(a="", b="", c="b +a").heads) == "a c"


def test_labels_hold_for_what_builds_on_them() -> None:
    found = history(root="", billing="root @billing", invoices="billing", users="root")
    assert found.labels_of(found.by_id["invoices"]) == {"billing"}
    assert found.labels_of(found.by_id["users"]) == frozenset()


def test_a_label_or_the_beginning_of_an_id_is_a_reference() -> None:
    found = history(abcdef123="@main", next="abcdef", other="main@abcdef123", third="main")
    assert [found.needs(found.by_id[name]) for name in ("next", "other", "third")] == [("abcdef123",)] * 3
    assert not found.unknown_parents


def test_references_to_nothing_are_named() -> None:
    found = history(a="", b="lost", c="b", d="+gone")
    assert [(m.id, name) for m, name in found.unknown_parents] == [("b", "lost"), ("d", "gone")]
    assert [ids(group) for group in found.orphans] == ["c"]


def test_each_cycle_is_one_group() -> None:
    found = history(r="", a="b", b="a", c="b", x="y", y="x")
    assert [ids(group) for group in found.cycles] == ["a b", "x y"]
    assert [ids(group) for group in found.orphans] == ["c"]


def test_duplicates_are_all_named() -> None:
    twins = [Migration("a", path, "alembic") for path in ("2.py", "1.py")]
    found = History(twins, Project("alembic", Path()))
    assert [m.path for m in found.duplicates["a"]] == ["1.py", "2.py"]
    assert found.by_id["a"].path == "1.py"


def test_ancestors_and_descendants() -> None:
    found = history(a="", b="a", c="b", d="a")
    assert found.ancestors("c") == {"a", "b"}
    assert found.descendants("a") == {"b", "c", "d"}


def test_ten_thousand_migrations_are_ordered_without_recursion() -> None:
    chain = [Migration(f"{n}", f"{n:05}.py", "alembic", (f"{n - 1}",) if n else ()) for n in range(10_000)]
    assert len(History(chain, Project("alembic", Path())).order) == 10_000
