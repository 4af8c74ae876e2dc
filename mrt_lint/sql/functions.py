"""Which functions a SELECT may call without changing anything."""

from __future__ import annotations

from functools import cache
from typing import Final

from sqlglot import exp

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.sql.parsing import language

_POSTGRESQL: Final = """
    abs acos age all any array_append array_cat array_dims array_fill array_length array_lower
    array_ndims array_position array_positions array_prepend array_remove array_replace array_to_json
    array_to_string array_upper ascii asin atan atan2 bit_length btrim cardinality cbrt ceil ceiling
    char_length character_length chr clock_timestamp coalesce col_description concat concat_ws convert
    convert_from convert_to cos cot crc32 crypt current_database current_query current_schema
    current_schemas current_setting currval date_bin date_part date_trunc decode degrees digest div
    encode enum_first enum_last enum_range every exp factorial floor format format_type gcd
    gen_random_bytes gen_random_uuid gen_salt generate_series generate_subscripts get_bit get_byte
    greatest has_any_column_privilege has_column_privilege has_database_privilege has_function_privilege
    has_schema_privilege has_sequence_privilege has_table_privilege has_type_privilege hashtext hmac
    initcap isfinite json_agg json_array_elements json_array_elements_text json_array_length
    json_build_array json_build_object json_each json_each_text json_extract_path json_extract_path_text
    json_object json_object_agg json_object_keys json_populate_record json_populate_recordset
    json_strip_nulls json_to_record json_to_recordset json_typeof jsonb_agg jsonb_array_elements
    jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each
    jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object
    jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_match jsonb_path_query
    jsonb_path_query_array jsonb_path_query_first jsonb_populate_record jsonb_populate_recordset
    jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset
    jsonb_typeof justify_days justify_hours justify_interval lag lastval lcm lead least left length ln
    log log10 lower lpad ltrim make_date make_interval make_time make_timestamp make_timestamptz masklen
    max md5 min mod now nullif num_nonnulls num_nulls obj_description octet_length overlay parse_ident
    percent_rank pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all
    pg_advisory_xact_lock pg_backend_pid pg_client_encoding pg_column_size pg_database_size
    pg_encoding_to_char pg_get_constraintdef pg_get_expr pg_get_function_arguments
    pg_get_function_identity_arguments pg_get_functiondef pg_get_indexdef pg_get_keywords pg_get_ruledef
    pg_get_serial_sequence pg_get_triggerdef pg_get_userbyid pg_get_viewdef pg_indexes_size
    pg_is_in_recovery pg_is_other_temp_schema pg_my_temp_schema pg_notify pg_postmaster_start_time
    pg_relation_filepath pg_relation_size pg_size_pretty pg_sleep pg_table_is_visible pg_table_size
    pg_tablespace_location pg_total_relation_size pg_try_advisory_lock pg_try_advisory_xact_lock
    pg_type_is_visible pg_typeof phraseto_tsquery pi plainto_tsquery position power quote_ident
    quote_literal quote_nullable radians random regexp_count regexp_instr regexp_like regexp_match
    regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat
    replace reverse right round row row_number row_to_json rpad rtrim scale session_user set_bit
    set_byte setseed sha224 sha256 sha384 sha512 shobj_description sign similarity sin some split_part
    sqrt starts_with statement_timestamp string_agg string_to_array string_to_table strpos substr
    substring sum tan timeofday timezone to_ascii to_char to_date to_hex to_json to_jsonb to_number
    to_regclass to_regnamespace to_regproc to_regrole to_regtype to_timestamp to_tsquery to_tsvector
    transaction_timestamp translate trim trim_array trunc ts_headline ts_rank ts_rank_cd txid_current
    txid_current_snapshot unistr unnest upper uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3
    uuid_generate_v4 uuid_generate_v5 uuid_nil version websearch_to_tsquery width_bucket word_similarity
    xmlagg
"""
"""PostgreSQL, manual chapter 9 and usual extensions; locking, waiting and notifying keep nothing."""

_MYSQL: Final = """
    adddate addtime aes_decrypt aes_encrypt benchmark bin bin_to_uuid bit_count char charset
    coercibility collation compress connection_id conv convert_tz cos curdate curtime database date_add
    date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear default elt export_set
    extractvalue field find_in_set found_rows from_base64 from_days from_unixtime get_format get_lock
    group_concat grouping hex hour if ifnull inet6_aton inet6_ntoa inet_aton inet_ntoa instr
    is_free_lock is_used_lock is_uuid isnull json_array json_array_append json_array_insert
    json_contains json_contains_path json_depth json_extract json_insert json_keys json_length
    json_merge json_merge_patch json_merge_preserve json_overlaps json_quote json_remove json_replace
    json_schema_valid json_search json_set json_storage_size json_table json_type json_unquote
    json_valid json_value last_day last_insert_id lcase load_file localtime localtimestamp locate log2
    make_set makedate maketime microsecond mid minute month monthname name_const oct ord period_add
    period_diff quarter rand random_bytes release_all_locks release_lock row_count schema sec_to_time
    second session_user sha sha1 sha2 sleep soundex space std str_to_date strcmp subdate substring_index
    subtime sysdate system_user time time_format time_to_sec timediff timestamp timestampadd
    timestampdiff to_base64 to_days to_seconds truncate ucase uncompress unhex unix_timestamp updatexml
    user utc_date utc_time utc_timestamp uuid uuid_short uuid_to_bin validate_password_strength values
    week weekday weekofyear weight_string year yearweek
"""
"""MySQL and MariaDB, manual chapter "Functions and Operators"."""

_SQLITE: Final = """
    changes date datetime glob hex iif instr json json_each json_group_array json_group_object
    json_patch json_tree julianday last_insert_rowid likelihood likely printf quote randomblob
    sqlite_source_id sqlite_version strftime time total total_changes typeof unicode unixepoch unlikely
    zeroblob
"""
"""SQLite: core, aggregate, date and JSON functions."""

_OTHERS: Final = """
    add_months charindex choose col_length col_name columnproperty convert datalength dateadd
    datediff_big datefromparts datename datepart db_id db_name empty_blob empty_clob eomonth getdate
    getutcdate hextoraw host_name ident_current index_col indexproperty instr isdate isjson isnumeric
    json_query len months_between nchar newid newsequentialid nvl nvl2 object_definition object_id
    object_name objectproperty parsename patindex quotename rawtohex replicate schema_id schema_name
    scope_identity serverproperty stuff suser_name suser_sname sys_context sys_guid sysdatetime
    sysdatetimeoffset sysutcdatetime to_clob to_timestamp_tz try_cast try_convert type_id type_name
    user_id user_name userenv
"""
"""SQL Server and Oracle: the usual ones."""

_BUILT_IN: Final = frozenset(f"{_POSTGRESQL} {_MYSQL} {_SQLITE} {_OTHERS}".split())

_IMPURE: Final = frozenset({"nextval", "setval", "set_config", "next_value_for", "nextvaluefor"})

NUMBERING: Final = frozenset({"nextval", "next value for"})
"""What gives the next number of a sequence, as the default of a column does."""


@cache
def _known_to_sqlglot(dialect: Dialect) -> frozenset[str]:
    names = language(dialect).reader.parser_class.FUNCTIONS
    return frozenset(name.lower() for name in names) - _IMPURE


def is_pure(name: str, dialect: Dialect) -> bool:
    """Returns whether a function of this name (lower case) is built in and changes nothing."""
    return name in _BUILT_IN or name in _known_to_sqlglot(dialect)


def unknown_call(tree: exp.Expr, dialect: Dialect) -> str | None:
    """Returns the name of a function in the tree that may do anything, None if every call is harmless."""
    return next(iter(unknown_calls(tree, dialect)), None)


def unknown_calls(tree: exp.Expr, dialect: Dialect) -> tuple[str, ...]:
    """Returns the names of the functions in a tree that may do anything, in lower case."""
    found: dict[str, None] = {}
    for node in tree.walk():
        if isinstance(node, exp.Anonymous):
            name = str(node.this).lower()
            schema = _schema(node)
            if schema not in (None, "pg_catalog", "sys") or not is_pure(name, dialect):
                found[f"{schema}.{name}" if schema else name] = None
        elif isinstance(node, exp.NextValueFor):
            found["next value for"] = None
        elif isinstance(node, exp.Func) and _schema(node) not in (None, "pg_catalog", "sys"):
            found[f"{_schema(node)}.{node.sql_name().lower()}"] = None
    return tuple(found)


def own_calls(tree: exp.Expr, dialect: Dialect) -> tuple[Name, ...]:
    """Returns the functions that a statement calls and that are not built in; a sequence may be moved on."""
    found = [name for name in unknown_calls(tree, dialect) if name not in NUMBERING]
    return tuple(Name(name.rpartition(".")[2], name.rpartition(".")[0] or None) for name in found)


def _schema(node: exp.Expr) -> str | None:
    """Returns the schema written before a function."""
    parent = node.parent
    if isinstance(parent, exp.Dot) and node.arg_key == "expression":
        return parent.this.name.lower() if isinstance(parent.this, exp.Expr) else ""
    if isinstance(parent, exp.Table) and parent.args.get("db") is not None:
        return str(parent.args["db"].name).lower()
    return None
