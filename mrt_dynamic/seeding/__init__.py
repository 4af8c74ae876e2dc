"""Rows for every table: deterministic, valid, and at the edges of what the schema allows."""

from __future__ import annotations

from mrt_dynamic.seeding.literals import Literals, mined
from mrt_dynamic.seeding.report import Filled, FilledTable
from mrt_dynamic.seeding.seeder import Seeder

__all__ = ["Filled", "FilledTable", "Literals", "Seeder", "mined"]
