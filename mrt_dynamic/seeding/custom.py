"""The user's own rows: from the configuration, or from functions."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mrt_dynamic.seeding.running import Guarded, reason_of
from mrt_dynamic.seeding.target import Target
from mrt_dynamic.seeding.values_documents import Json
from mrt_dynamic.seeding.values_groups import Array
from mrt_dynamic.seeding.writing import insertion
from mrt_lint.errors import MrtError
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.objects import Table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class CustomSeedError(MrtError):
    """A custom seed is no list of rows, or its function raised."""


def seed_of(seeds: Mapping[str, Any], table: Table) -> Any:
    """Returns the user's seed of a table (`schema.table` or `table`), None without one."""
    for name in (str(table.name), table.name.name):
        if name in seeds:
            return seeds[name]
    return None


def rows_of_seed(seed: Any, table: Table, connection: Connection) -> list[Mapping[str, Any]] | None:
    """Returns the rows; None if a function wrote them itself. Raises CustomSeedError."""
    if callable(seed):
        try:
            seed = seed(connection) if _wants_connection(seed) else seed()
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise CustomSeedError(
                f"the custom seed of '{table.name}' raised {reason}; correct the function"
            ) from error
        if seed is None:
            return None
    if isinstance(seed, str | bytes | Mapping) or not hasattr(seed, "__iter__"):
        raise CustomSeedError(
            f"the custom seed of '{table.name}' must give a list of rows (dicts), not {type(seed).__name__}"
        )
    rows = list(seed)
    for row in rows:
        if not isinstance(row, Mapping):
            raise CustomSeedError(f"a row of the custom seed of '{table.name}' must be a dict, not {row!r}")
    return rows


def _wants_connection(function: Any) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(
        parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        for parameter in parameters
    )


def write_rows(
    connection: Connection, dialect: Dialect, target: Target, rows: Sequence[Mapping[str, Any]]
) -> tuple[int, list[str], list[str]]:
    """Returns how many rows went in, why others did not, and notes on columns that are not there."""
    known = {column.name: name for name, column in target.table.columns.items()}
    written, errors = 0, []
    absent: dict[str, None] = {}
    for number, row in enumerate(rows, 1):
        given = {known[name]: value for name, value in row.items() if name in known}
        absent.update(dict.fromkeys(name for name in row if name not in known))
        if row and not given:
            errors.append(f"custom row {number} has none of the table's columns ({', '.join(known)})")
            continue
        values = [_adapted(target, name, value) for name, value in given.items()]
        with Guarded(connection, dialect) as attempt:
            attempt.run(insertion(target.table, dialect, list(given), [values]))
        if attempt.error is None:
            written += 1
        else:
            errors.append(f"custom row {number} was refused: {reason_of(attempt.error)}")
    notes = [
        f"custom seed of {target.table.name}: there is no column {name}, it is left out" for name in absent
    ]
    return written, errors, notes


def _adapted(target: Target, name: str, value: Any) -> Any:
    """Returns a value as its column takes it: lists as arrays or, like tables, as JSON."""
    slot = target.slots.get(name)
    maker = slot.maker if slot is not None else None
    if isinstance(maker, Array) and isinstance(value, list):
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    if isinstance(value, dict | list) or (
        isinstance(maker, Json) and not isinstance(value, str | type(None))
    ):
        return json.dumps(value, default=str)
    return value
