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

    # Without a pool a connection is closed when it is given back, so no reset is due; that of one whose
    # server is gone would only be logged, with a traceback.
    engine = create_engine(synchronous(url), poolclass=NullPool, pool_reset_on_return=None)

    def adopt(raw: Any, record: Any) -> None:
        scratch.adopt(raw, record)

    event.listen(engine, "connect", adopt)
    return engine
