"""How far a walk has come, as values: enough for another process to go on with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mrt_dynamic.results import Failure, Verified
    from mrt_dynamic.verify.ground import Filling


@dataclass(frozen=True, slots=True)
class Stuck:
    """A step that did not come back. `what`: "upgrade", "downgrade", "second upgrade"; `phase`: of the walk.

    `what` may be empty: then the database could not be read behind the revision.
    `failure`: what the revision gets for it.
    """

    revision: str
    what: str
    phase: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class Standing:
    """`results`: by revision. `lost`: those that could not be applied, in this order.

    `goal`: how many steps the database is to stand behind; `filling`: how it is filled, None: as usual.
    `stuck`: how the process ended that came so far.
    """

    results: dict[str, Verified] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    goal: int = 0
    rows: int = 0
    filling: Filling | None = None
    stuck: Stuck | None = None
