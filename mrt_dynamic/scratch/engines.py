"""Our own engines on a scratch database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mrt_dynamic.scratch.urls import synchronous

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Engine

    from mrt_dynamic.scratch.base import Scratch


def engine_on(url: URL, scratch: Scratch) -> Engine:
    """Returns a synchronous engine without a pool, whose connections the scratch database adopts."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    engine = create_engine(synchronous(url), poolclass=NullPool)

    def adopt(raw: Any, record: Any) -> None:
        scratch.adopt(raw, record)

    event.listen(engine, "connect", adopt)
    return engine
