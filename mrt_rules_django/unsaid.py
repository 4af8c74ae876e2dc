"""Dependencies that a migration has without saying so: on the models of other apps that it refers to.

Django runs such a history only as long as something else happens to bring the other app along first. It
does wherever the project runs at all, so the replay must not have these models appear too late either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.lowered import Migration
from mrt_lint.ops import Operation
from mrt_rules_django.orm_operations import ModelStep
from mrt_rules_django.references import model_of
from mrt_rules_django.specs import Draft, Plain, Spec

if TYPE_CHECKING:
    from mrt_lint.project import Project

_Key = tuple[str, str]


def with_unsaid(
    migrations: Sequence[Migration], shadows: frozenset[str], project: Project
) -> tuple[Migration, ...]:
    """Returns the migrations with these dependencies, except those that would close a circle."""
    makers: dict[_Key, str] = {}
    for migration in migrations:
        if migration.id not in shadows:
            for key in _made(migration):
                makers.setdefault(key, migration.id)
    needs = {one.id: [*one.parents, *one.depends_on] for one in migrations}
    found = []
    for migration in migrations:
        own = migration.id.partition(".")[0]
        named = {key for draft in migration.upgrade or () for key in _named(draft, own, project)}
        more = []
        for maker in sorted({makers[key] for key in named if key[0] != own and key in makers}):
            if not (_reaches(needs, migration.id, maker) or _reaches(needs, maker, migration.id)):
                needs[migration.id].append(maker)
                more.append(maker)
        found.append(replace(migration, depends_on=(*migration.depends_on, *more)) if more else migration)
    return tuple(found)


def _reaches(needs: dict[str, list[str]], start: str, goal: str) -> bool:
    if goal in needs.get(start, ()):
        return True
    seen, waiting = {start}, [start]
    while waiting:
        for name in needs.get(waiting.pop(), ()):
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return False


def _made(migration: Migration) -> Iterator[_Key]:
    app = migration.id.partition(".")[0]
    for draft in migration.upgrade or ():
        if isinstance(draft, Draft) and draft.kind in ("CreateModel", "RenameModel"):
            name = draft.get("name" if draft.kind == "CreateModel" else "new_name")
            if isinstance(name, str):
                yield app, name.lower()


def _named(draft: Operation, app: str, project: Project) -> Iterator[_Key]:
    """Yields the models that an operation refers to."""
    if not isinstance(draft, Draft):
        return
    for part in (*draft.parts, *draft.state_parts):
        yield from _named(part, app, project)
    for step in (*draft.forwards, *(draft.backwards or ())):
        if isinstance(step, ModelStep):
            yield step.app, step.model.lower()
    fields = draft.get("fields", ())
    specs: list[Plain] = [draft.get("field")]
    specs += [item[1] for item in fields if isinstance(item, tuple) and len(item) == 2] if fields else []
    for spec in specs:
        for option in ("to", "through") if isinstance(spec, Spec) else ():
            found = model_of(spec.get(option), app, "", project)
            if found is not None:
                yield found
