"""History: the graph of a project's migrations, its order, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from mrt_lint.lowered import Migration
from mrt_lint.project import Project


class History:
    """The migrations of one project as a directed graph.

    `migrations` may hold duplicates, unknown parents and cycles: nothing here raises, each of
    these is a property to report on. Where ids are duplicate the first file (by path) counts.
    """

    def __init__(self, migrations: Iterable[Migration], project: Project) -> None:
        self.migrations = tuple(sorted(migrations, key=lambda m: m.path))
        self.project = project

    @cached_property
    def by_id(self) -> dict[str, Migration]:
        """Returns the migration of each id."""
        found: dict[str, Migration] = {}
        for migration in self.migrations:
            found.setdefault(migration.id, migration)
        return found

    @cached_property
    def duplicates(self) -> dict[str, tuple[Migration, ...]]:
        """Returns every id that several files claim, with these migrations."""
        counts = Counter(migration.id for migration in self.migrations)
        return {
            name: tuple(m for m in self.migrations if m.id == name)
            for name, count in sorted(counts.items())
            if count > 1
        }

    def needs(self, migration: Migration) -> tuple[str, ...]:
        """Returns the ids that must run before a migration: parents, then dependencies, resolved."""
        return tuple(
            dict.fromkeys(self.resolve(name) for name in (*migration.parents, *migration.depends_on))
        )

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {label: m.id for m in self.migrations for label in m.branch_labels}

    def resolve(self, name: str) -> str:
        """Returns the id that a reference means: an id, a branch label, or a unique beginning of an id."""
        if name in self.by_id:
            return name
        if name in self._labels:
            return self._labels[name]
        bare = name.partition("@")[2] or name
        if bare in self.by_id:
            return bare
        matches = [known for known in self.by_id if known.startswith(bare)] if len(bare) >= 4 else []
        return matches[0] if len(matches) == 1 else name

    @cached_property
    def unknown_parents(self) -> tuple[tuple[Migration, str], ...]:
        """Returns (migration, reference) for every reference that names no known migration."""
        return tuple(
            (m, name)
            for m in self.by_id.values()
            for name in (*m.parents, *(m.depends_on if self.project.runs_alone else ()))
            if self.resolve(name) not in self.by_id
        )

    @cached_property
    def left_to_others(self) -> tuple[tuple[Migration, str], ...]:
        """Returns (migration, dependency) for all that another package must bring."""
        if self.project.runs_alone:
            return ()
        return tuple(
            (m, name)
            for m in self.by_id.values()
            for name in m.depends_on
            if self.resolve(name) not in self.by_id
        )

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children: dict[str, list[str]] = {name: [] for name in self.by_id}
        for migration in self.by_id.values():
            for name in self.needs(migration):
                if name in children:
                    children[name].append(migration.id)
        return children

    def children(self, name: str) -> tuple[str, ...]:
        """Returns the ids that build directly on an id."""
        return tuple(self._children.get(name, ()))

    @cached_property
    def order(self) -> tuple[Migration, ...]:
        """Returns every migration after all that it needs (ties by path); those on or behind a cycle last."""
        waiting = {
            m.id: sum(1 for name in self.needs(m) if name in self.by_id and name != m.id)
            + (m.id in self.needs(m))
            for m in self.by_id.values()
        }
        ready = [m.id for m in reversed(self.by_id.values()) if waiting[m.id] == 0]
        done: dict[str, Migration] = {}
        while ready:
            name = ready.pop()
            done[name] = self.by_id[name]
            for child in reversed(self._children[name]):
                waiting[child] -= 1
                if waiting[child] == 0:
                    ready.append(child)
        return (*done.values(), *(m for m in self.by_id.values() if m.id not in done))

    @cached_property
    def cycles(self) -> tuple[tuple[Migration, ...], ...]:
        """Returns each group of migrations that need one another, in order of path."""
        reach: list[tuple[Migration, ...]] = []
        seen: set[str] = set()
        for migration in self._unordered():
            if migration.id in seen:
                continue
            group = [
                other
                for other in self._unordered()
                if other.id in self._reachable(migration.id) and migration.id in self._reachable(other.id)
            ]
            if group:
                reach.append(tuple(group))
                seen |= {other.id for other in group}
        return tuple(reach)

    def _unordered(self) -> list[Migration]:
        waiting = {m.id: len([n for n in self.needs(m) if n in self.by_id]) for m in self.by_id.values()}
        ready = [name for name, count in waiting.items() if count == 0]
        while ready:
            for child in self._children[ready.pop()]:
                waiting[child] -= 1
                if waiting[child] == 0:
                    ready.append(child)
        return [self.by_id[name] for name, count in waiting.items() if count > 0]

    def _reachable(self, start: str) -> frozenset[str]:
        """Returns what a migration needs, directly or not (itself only when on a cycle)."""
        found: set[str] = set()
        stack = [name for name in self.needs(self.by_id[start]) if name in self.by_id]
        while stack:
            name = stack.pop()
            if name not in found:
                found.add(name)
                stack.extend(other for other in self.needs(self.by_id[name]) if other in self.by_id)
        return frozenset(found)

    def ancestors(self, name: str) -> frozenset[str]:
        """Returns the ids that must run before an id, directly or not."""
        return self._reachable(name) - {name}

    def descendants(self, name: str) -> frozenset[str]:
        """Returns the ids that can run only after an id."""
        found: set[str] = set()
        stack = list(self.children(name))
        while stack:
            child = stack.pop()
            if child not in found:
                found.add(child)
                stack.extend(self.children(child))
        return frozenset(found)

    @cached_property
    def heads(self) -> tuple[Migration, ...]:
        """Returns the migrations that are nobody's parent, in order (a dependency alone is no child).

        What stands beside the line is none.
        """
        parents = {self.resolve(name) for m in self.by_id.values() for name in m.parents}
        return tuple(m for m in self.order if m.id not in parents and not self.stands_beside(m))

    def stands_beside(self, migration: Migration) -> bool:
        """Returns whether others do what this migration does: it is squashed, or was squashed.

        A squashed migration stands beside its originals while all of them are there; when some are gone
        the others stand beside it.
        """
        return migration.id in self._beside

    @cached_property
    def _beside(self) -> frozenset[str]:
        squashed = [m for m in self.by_id.values() if m.replaces]
        whole = {m.id for m in squashed if all(name in self.by_id for name in m.replaces)}
        return frozenset(whole | {name for m in squashed if m.id not in whole for name in m.replaces})

    @cached_property
    def orphans(self) -> tuple[tuple[Migration, ...], ...]:
        """Returns, per broken start (unknown parent or cycle), the other migrations that can never run."""
        broken = [m for m, _ in self.unknown_parents] + [m for group in self.cycles for m in group]
        roots = {m.id for m in broken}
        groups: list[tuple[Migration, ...]] = []
        seen: set[str] = set()
        for root in broken:
            below = self.descendants(root.id) - roots - seen
            if below:
                groups.append(tuple(m for m in self.order if m.id in below))
                seen |= below
        return tuple(groups)

    def labels_of(self, migration: Migration) -> frozenset[str]:
        """Returns the branch labels that hold for a migration: its own, else its nearest ancestors'."""
        level = [migration.id]
        seen: set[str] = set()
        while level:
            labels = {label for name in level for label in self.by_id[name].branch_labels}
            if labels:
                return frozenset(labels)
            seen.update(level)
            above = [self.resolve(parent) for name in level for parent in self.by_id[name].parents]
            level = [name for name in dict.fromkeys(above) if name in self.by_id and name not in seen]
        return frozenset()
