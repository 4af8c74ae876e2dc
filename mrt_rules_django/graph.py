"""The graph of a project's migrations as Django sees it: resolved dependencies, squashed migrations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mrt_lint.classes import dataclass
from mrt_lint.lowered import Migration


@dataclass(frozen=True, slots=True)
class Graph:
    """The migrations with dependencies that name one another.

    `shadows`: squashed migrations whose originals are all still there; the originals count.
    """

    migrations: tuple[Migration, ...]
    shadows: frozenset[str]


def linked_graph(migrations: Sequence[Migration]) -> Graph:
    """Returns the graph.

    A dependency on an app without migrations here is left out: its migrations belong to somebody else.
    One on a squashed migration means the last of its originals, where these are there, and the other
    way round (`MigrationLoader.build_graph`).
    """
    ids = {migration.id for migration in migrations}
    apps = {name.partition(".")[0] for name in ids}
    shadows = frozenset(
        migration.id
        for migration in migrations
        if migration.replaces and all(name in ids for name in migration.replaces)
    )
    successors = {
        name: migration.id
        for migration in migrations
        if migration.replaces and migration.id not in shadows
        for name in migration.replaces
    }
    last = {one.id: _last(one, migrations) for one in migrations if one.id in shadows}
    earlier: dict[str, list[str]] = {}
    for migration in migrations:
        for name in migration.needed_by:
            earlier.setdefault(name, []).append(migration.id)
    found = []
    for migration in migrations:
        needs = [*migration.parents, *migration.depends_on, *earlier.get(migration.id, ())]
        resolved: list[str] = []
        for name in needs:
            for one in _meant(name, migrations, ids, apps, shadows):
                one = successors.get(one, one) if one not in ids else one
                resolved += last.get(one, (one,)) if migration.id not in shadows else (one,)
        unique = [name for name in dict.fromkeys(resolved) if name != migration.id]
        own = migration.id.partition(".")[0]
        parents = tuple(name for name in unique if name.partition(".")[0] == own)
        others = tuple(name for name in unique if name.partition(".")[0] != own)
        found.append(replace(migration, parents=parents, depends_on=others))
    return Graph(tuple(found), shadows)


def _last(squashed: Migration, migrations: Sequence[Migration]) -> tuple[str, ...]:
    """Returns the originals of a squashed migration that no other of them builds on."""
    originals = [one for one in migrations if one.id in squashed.replaces and not one.replaces]
    parents = {name for one in originals for name in one.parents}
    return tuple(one.id for one in originals if one.id not in parents) or squashed.replaces[-1:]


def _meant(
    name: str, migrations: Sequence[Migration], ids: set[str], apps: set[str], shadows: frozenset[str]
) -> list[str]:
    """Returns the migrations that a dependency means; `__first__` and `__latest__` are roots and leaves."""
    app, _, last = name.partition(".")
    if app not in apps:
        return []
    if last not in ("__first__", "__latest__"):
        return [name]
    own = [one for one in migrations if one.id.partition(".")[0] == app and one.id not in shadows]
    if last == "__first__":
        return [one.id for one in own if not any(parent in ids for parent in one.parents)][:1]
    parents = {parent for one in own for parent in one.parents}
    return [one.id for one in own if one.id not in parents][:1]
