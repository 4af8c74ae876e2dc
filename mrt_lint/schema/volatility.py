"""Volatility of defaults: does the database compute one for every row, or once for all of them?

PostgreSQL manual, "Function Volatility Categories" and ALTER TABLE ("a non-constant, volatile default
requires the entire table to be rewritten"). The tables of functions are checked against
`pg_proc.provolatile` of a real server (tests/truth/test_hazards.py).
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.expressions import calls, identifiers
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import SchemaObject
from mrt_lint.schema.state import State


class Volatility(Enum):
    """When an expression gives another value."""

    FIXED = "fixed"
    """Not within one statement: a literal, an immutable or a stable function."""
    VOLATILE = "volatile"
    """With every call."""
    UNKNOWN = "unknown"
    """A function that nothing is known of; PostgreSQL takes one for volatile that does not say otherwise."""


_VOLATILE = """
    array_sample array_shuffle clock_timestamp currval gen_random_bytes gen_random_uuid gen_salt lastval
    nextval pg_sleep rand random random_bytes random_normal set_config setval sysdate timeofday uuid
    uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuid_short uuidv4 uuidv7
"""
VOLATILE: Final = frozenset(_VOLATILE.split())
"""Functions that give another value with every call, of PostgreSQL (with uuid-ossp and pgcrypto) and MySQL.

Where a database lacks one, it is not meant for that database.
"""

ONCE: Final[dict[Dialect, frozenset[str]]] = {"mariadb": frozenset({"rand"})}
"""Those of which a database takes one value for all rows when it adds a column (MariaDB 10.11, measured)."""

_FIXED = """
    abs age array_append array_cat array_fill array_length array_prepend array_remove array_replace
    array_to_string ascii bit_length btrim cardinality ceil ceiling char_length character_length chr concat
    concat_ws convert_from convert_to current_catalog current_database current_date current_role
    current_schema current_setting current_time current_timestamp current_user date date_bin date_part
    date_trunc daterange decode div encode exp extract floor format host hstore inet_client_addr initcap
    int4range int8range json_array_length json_build_array json_build_object json_object jsonb_array_length
    jsonb_build_array jsonb_build_object jsonb_object jsonb_set justify_days justify_hours justify_interval
    left length ln localtime localtimestamp log lower lpad ltrim make_date make_interval make_time
    make_timestamp make_timestamptz md5 mod now numrange octet_length overlay pg_backend_pid
    pg_current_xact_id pg_typeof pi position power quote_ident quote_literal regexp_replace repeat replace
    reverse right round row_to_json rpad rtrim session_user sha224 sha256 sha384 sha512 sign split_part sqrt
    statement_timestamp string_to_array strpos substr substring text timezone to_char to_date to_hex to_json
    to_jsonb to_number to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim trunc
    tsrange tstzrange txid_current upper user uuid_generate_v3 uuid_generate_v5 uuid_nil version
"""
FIXED: Final = frozenset(_FIXED.split())
"""PostgreSQL's stable and immutable functions that defaults are made of."""

_SYNTAX = """
    all and any array as between bigint bit box bpchar bytea cast case char character cidr circle coalesce
    collate decimal distinct double else exists false float float4 float8 from greatest in inet int int2
    int4 int8 integer interval is json jsonb least like ilike line lseg macaddr money not null nullif numeric
    oid or path point polygon precision real regclass row similar smallint text then time timestamp
    timestamptz timetz true tsquery tsvector varbit varchar when xml
"""
SYNTAX: Final = frozenset(_SYNTAX.split())
"""Words before a bracket that call nothing volatile: grammar and type names."""


_ELSEWHERE = """
    curdate curtime datetime getdate getutcdate julianday strftime sysdatetime unix_timestamp utc_date
    utc_timestamp
"""
ELSEWHERE: Final = frozenset(_ELSEWHERE.split())
"""Functions of other databases: what has one of them as default is not meant for PostgreSQL."""


def default_volatility(default: str, state: State) -> tuple[Volatility, str]:
    """Returns the volatility of a default in canonical SQL, and the function that it is due to.

    Functions that the history created count as they are declared. On other databases than
    PostgreSQL only what is surely volatile is.
    """
    found = {name: _function(name, state) for name in sorted(calls(default))}
    for kind in (Volatility.VOLATILE, Volatility.UNKNOWN):
        name = next((name for name, volatility in found.items() if volatility is kind), None)
        if name is not None:
            return kind, name
    return Volatility.FIXED, ""


def _function(name: str, state: State) -> Volatility:
    if name in VOLATILE:
        return Volatility.FIXED if name in ONCE.get(state.dialect, ()) else Volatility.VOLATILE
    if state.dialect != "postgresql" or name in SYNTAX:
        return Volatility.FIXED
    declared = _declared(name, state)
    if declared is not None:
        return declared
    return Volatility.FIXED if name in FIXED or name in ELSEWHERE else Volatility.UNKNOWN


def _declared(name: str, state: State) -> Volatility | None:
    """Returns the volatility of a function that the history created, by its own words (else VOLATILE)."""
    for item in state.all("function"):
        if item.name.name.partition("(")[0].lower() != name or not isinstance(item, SchemaObject):
            continue
        definition = item.definition
        if isinstance(definition, Unknown):
            return Volatility.UNKNOWN
        words = {word.lower() for word in identifiers(definition)}
        return Volatility.FIXED if words & {"stable", "immutable"} else Volatility.VOLATILE
    return None
