"""Removes what a worker left that was killed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mrt_dynamic.verify.settings import VerifySettings


def clean(settings: VerifySettings, legacy: Any) -> None:
    """Removes it. `legacy`: what the worker said of its database. Raises MrtError."""
    from mrt_dynamic.scratch.choose import choose
    from mrt_dynamic.scratch.folder import own_folder, remove_stale
    from mrt_dynamic.scratch.urls import from_environment

    remove_stale(own_folder())
    if settings.db_url or from_environment(os.environ):
        # Whoever makes a scratch database on a server removes those of dead processes first.
        choose(
            settings.db_url,
            None,
            environ=os.environ,
            allow_hosts=settings.allow_hosts,
            in_place=settings.isolation == "in-place",
            legacy=legacy,
        ).make().drop()
