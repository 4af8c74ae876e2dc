"""What a worker is told to do: plain values, sent to it through a pipe since a URL may hold a password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mrt_dynamic.verify.request import Request
from mrt_dynamic.verify.standing import Standing


@dataclass(frozen=True, slots=True)
class Order:
    """`given`: the command line by key of the configuration; `config`: the file that `--config` names.

    `part` of `parts`, from 0: which part of the plan. `standing`: how far a worker before came, with
    `filling` apart, as it was sent. `legacy`: of its scratch database. `argues`: tell besides what the
    static half knows of revisions that fail. `clean`: only remove what was left.
    """

    request: Request
    given: Mapping[str, Any] = field(default_factory=dict)
    config: Path | None = None
    part: int = 0
    parts: int = 1
    standing: Standing | None = None
    filling: bytes | None = None
    legacy: Any = None
    argues: bool = False
    clean: bool = False
