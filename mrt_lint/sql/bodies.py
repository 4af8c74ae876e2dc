"""The bodies of functions: which of them surely change nothing when they are called."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.functions import is_pure
from mrt_lint.sql.parsing import tokenize
from mrt_lint.sql.tokens import Item, items
from mrt_lint.sql.words import words

_WRITING: Final = words(
    """
    INSERT UPDATE DELETE MERGE TRUNCATE CREATE DROP ALTER EXECUTE CALL COPY GRANT REVOKE DO LOCK COMMENT
    REINDEX REFRESH RENAME LOAD IMPORT PREPARE NOTIFY OUTFILE DUMPFILE COMMIT ROLLBACK DEALLOCATE NEXT
    """
)
_NOT_CALLED: Final = words(
    """
    SELECT FROM WHERE IN AND OR NOT ON AS USING VALUES EXISTS ANY ALL SOME OVER FILTER BY HAVING
    UNION EXCEPT INTERSECT JOIN LATERAL WITH THEN WHEN ELSE CASE BETWEEN LIKE IS LIMIT OFFSET DISTINCT
    IF ELSIF RETURN RETURNS WHILE LOOP TABLE DECLARE BEGIN DEFAULT ARRAY ROW ELSEIF FUNCTION
    VARCHAR CHAR CHARACTER VARYING NUMERIC DECIMAL INT INTEGER BIGINT SMALLINT TINYINT BIT FLOAT DOUBLE
    TIMESTAMP TIME TIMESTAMPTZ INTERVAL VARBINARY BINARY TEXT
    """
)


def is_harmless(definition: Sequence[Item], dialect: Dialect) -> bool:
    """Returns whether a function surely changes nothing: no writing word in it, and only built-in calls.

    `definition`: all that follows its name. PostgreSQL forbids writing in STABLE and IMMUTABLE ones
    (manual, CREATE FUNCTION).
    """
    outside = {item.upper for item in definition if item.kind == "word"}
    if dialect == "postgresql":
        language = [after.text.lower() for item, after in pairwise(definition) if item.upper == "LANGUAGE"]
        if language and language[0] not in ("sql", "plpgsql"):
            return False
        if outside & {"STABLE", "IMMUTABLE"}:
            return True
    content = list(definition)
    for item in definition:
        if item.kind == "string":
            try:
                content += items(tokenize(item.text, dialect))
            except NotUnderstoodError:
                return False
    if any(item.upper in _WRITING for item in content):
        return False
    return all(
        item.upper in _NOT_CALLED
        or (item.kind == "word" and before.text != "." and is_pure(item.text.lower(), dialect))
        for before, item, after in zip(content, content[1:], content[2:], strict=False)
        if after.text == "(" and item.kind in ("word", "name")
    )
