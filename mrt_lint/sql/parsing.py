"""The door to sqlglot: tokens, expressions and queries; everything that it can throw ends here."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect as Reader
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.words import words

READERS: Final[dict[Dialect, str]] = {
    "postgresql": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
    "oracle": "oracle",
    "mssql": "tsql",
}
"""sqlglot's name for the language of each database."""

MAX_DEPTH: Final = 200
"""Brackets nested deeper than this are not given to sqlglot, whose parser is recursive."""
MAX_CHAIN: Final = 800
"""So are expressions with more than this many operators in one list item (trees as deep as they are long)."""
MAX_TEXT: Final = 1_000_000
"""Characters of one text."""

STRINGS: Final = frozenset(
    {
        TokenType.STRING,
        TokenType.NATIONAL_STRING,
        TokenType.RAW_STRING,
        TokenType.HEREDOC_STRING,
        TokenType.UNICODE_STRING,
        TokenType.BYTE_STRING,
        TokenType.NATIONAL_RAW_STRING,
    }
)
QUOTED: Final = STRINGS | {TokenType.IDENTIFIER}
OPENING: Final = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
CLOSING: Final = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})

_MASK: Final = "mrtfn_"
_OWN_SYNTAX: Final = words(
    """
    CAST TRY_CAST CONVERT TRY_CONVERT EXTRACT TRIM SUBSTRING POSITION OVERLAY GROUP_CONCAT STRING_AGG
    LISTAGG JSON_OBJECT JSON_ARRAYAGG JSON_OBJECTAGG JSON_TABLE JSON_VALUE JSON_QUERY JSON_EXISTS
    XMLTABLE XMLELEMENT OPENJSON CEIL FLOOR MATCH NORMALIZE DECODE ARRAY STRUCT MAP PREDICT COLUMNS
    UNNEST NEXT
    """
)
"""Functions whose arguments have a grammar of their own; all others are read as plain calls."""

_FAILURES: Final = (
    SqlglotError,
    RecursionError,
    MemoryError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    OverflowError,
)
"""What sqlglot is seen to raise on odd input: its own errors, and slips of its parser and generator."""

_log = logging.getLogger("sqlglot")


@dataclass(frozen=True)
class Language:
    """One database's language: sqlglot's dialect and a tokenizer without its catch-all commands."""

    name: Dialect
    reader: Reader
    tokenizer: Any


@cache
def language(dialect: Dialect) -> Language:
    """Returns how `dialect` is read.

    sqlglot's tokenizers swallow the rest of statements that it does not parse (VACUUM, DO, CALL, ...)
    as one string; ours give their tokens too.
    """
    reader = Reader.get_or_raise(READERS[dialect])
    tokenizer = type("Tokenizer", (reader.tokenizer_class,), {"COMMANDS": set[TokenType]()})
    return Language(dialect, reader, tokenizer)


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Turns every failure of sqlglot into NotUnderstoodError and silences its log meanwhile."""
    disabled = _log.disabled
    _log.disabled = True
    try:
        yield
    except _FAILURES as error:
        raise NotUnderstoodError(f"{what} cannot be read ({_short(error)})") from error
    finally:
        _log.disabled = disabled


def _short(error: BaseException) -> str:
    """Returns an error in a few words, without sqlglot's copy of the statement and its terminal codes."""
    details = getattr(error, "errors", None)
    if details:
        return str(details[0].get("description") or type(error).__name__).rstrip(".").partition(" <Token")[0]
    return type(error).__name__


def tokenize(text: str, dialect: Dialect) -> list[Token]:
    """Returns the tokens of `text`; comments are attached to them. Raises NotUnderstoodError."""
    if len(text) > MAX_TEXT:
        raise NotUnderstoodError(f"a text of {len(text):,} characters is not read")
    found = language(dialect)
    with guarded("the text"):
        tokens: list[Token] = found.tokenizer(dialect=found.reader).tokenize(text)
        return tokens


def check_depth(tokens: Iterable[Token]) -> None:
    """Raises NotUnderstoodError for what would exhaust the stack of a recursive parser.

    sqlglot's parser may be compiled code, which dies instead of raising RecursionError.
    """
    depth = 0
    chain = [0]
    for token in tokens:
        kind = token.token_type
        if kind in OPENING:
            depth += 1
            if depth > MAX_DEPTH:
                raise NotUnderstoodError(f"brackets nested deeper than {MAX_DEPTH}")
            chain.append(0)
        elif kind in CLOSING:
            depth = max(0, depth - 1)
            if len(chain) > 1:
                chain.pop()
        elif kind is TokenType.COMMA or kind is TokenType.SEMICOLON:
            chain[-1] = 0
        else:
            chain[-1] += 1
            if chain[-1] > MAX_CHAIN * 2:
                raise NotUnderstoodError("an expression too long to be read")


def _masked(tokens: Sequence[Token], dialect: Dialect) -> list[Token]:
    """Returns the tokens with function names hidden from sqlglot, and driver placeholders made whole.

    sqlglot rewrites the functions it knows (`now()`, `to_char` formats, `ifnull`); a name that it does
    not know passes through unchanged. What follows a dot or a bind's colon is a name, never a keyword.
    """
    known = language(dialect).reader.parser_class.FUNCTIONS
    result: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        upper = token.text.upper()
        before = tokens[index - 1].token_type if index else None
        after = tokens[index + 1].token_type if index + 1 < len(tokens) else None
        size = _placeholder(tokens, index) if token.text == "%" else 0
        if size:
            result.append(Token.var(_bind(tokens[index : index + size])))
            index += size
            continue
        if after is TokenType.L_PAREN and _is_function(token, upper, before, known):
            token = _as_word(token, _MASK + token.text)
        elif before in _BEFORE_NAMES and upper.isidentifier() and token.token_type not in QUOTED:
            token = _as_word(token, token.text)
        opening, closing = Token(TokenType.L_PAREN, "("), Token(TokenType.R_PAREN, ")")
        if after is TokenType.ARROW and before in _BEFORE_ARGUMENTS:
            # In an argument list sqlglot would read `doc -> 'x'` and `(doc) -> 'x'` as lambdas.
            result += [opening, opening, token, closing, closing]
        elif before in _ARROWS and (token.token_type in STRINGS or token.token_type is TokenType.NUMBER):
            # It would read the key as a path and write it out as another one, or not at all.
            result += [opening, token, closing]
        else:
            result.append(token)
        index += 1
    return result


_ARROWS: Final = frozenset({TokenType.ARROW, TokenType.DARROW})
_BEFORE_ARGUMENTS: Final = frozenset({TokenType.L_PAREN, TokenType.COMMA})
_BEFORE_NAMES: Final = frozenset({TokenType.DOT, TokenType.COLON})


def _is_function(token: Token, upper: str, before: TokenType | None, known: Container[str]) -> bool:
    if token.token_type is TokenType.VAR:
        return upper in known and upper not in _OWN_SYNTAX
    if token.token_type in QUOTED or before in _AFTER_OPERAND or before is TokenType.VAR:
        return False  # Behind a value it is an operator: `a MOD (b)`.
    return token.token_type in _TIMES or upper in _KEYWORD_FUNCTIONS


def _as_word(token: Token, text: str) -> Token:
    return Token(TokenType.VAR, text, token.line, token.col, token.start, token.end)


_KEYWORD_FUNCTIONS: Final = frozenset(
    {"DATABASE", "SCHEMA", "LEFT", "RIGHT", "REPLACE", "FORMAT", "TRUNCATE", "MOD"}
)
"""Functions that are keywords elsewhere."""

_TIMES: Final = frozenset(
    {
        TokenType.CURRENT_TIMESTAMP,
        TokenType.CURRENT_TIME,
        TokenType.LOCALTIME,
        TokenType.LOCALTIMESTAMP,
    }
)
"""Functions without brackets, whose precision sqlglot drops for some databases."""

_AFTER_OPERAND: Final = STRINGS | frozenset(
    {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.NUMBER, TokenType.IDENTIFIER}
)


def _placeholder(tokens: Sequence[Token], index: int) -> int:
    """Returns how many tokens the placeholder (`%s`, `%(name)s`) at `index` has, 0 if it is modulo."""

    def adjacent(left: int) -> bool:
        return left + 1 < len(tokens) and tokens[left].end + 1 == tokens[left + 1].start

    before = tokens[index - 1].token_type if index else None
    if before in _AFTER_OPERAND or before is TokenType.VAR:
        return 0
    if not adjacent(index):
        return 0
    if tokens[index + 1].text == "s":
        return 2
    rest = tokens[index + 1 : index + 5]
    if (
        len(rest) >= 4
        and rest[0].text == "("
        and rest[2].text == ")"
        and rest[3].text == "s"
        and adjacent(index + 3)
    ):
        return 5
    return 0


BIND_PREFIX: Final = "mrt_bind_"
"""A driver's placeholder, which no SQL parser knows, is read as a column of this name."""


def _bind(tokens: Sequence[Token]) -> str:
    return BIND_PREFIX + (tokens[2].text if len(tokens) == 5 else "value")


def _unmask(tree: exp.Expr) -> exp.Expr:
    """Returns the tree with function names as written and driver placeholders as parameters."""
    for node in list(tree.walk()):
        text = node.args.get("this")
        if isinstance(text, str) and text.startswith(_MASK):
            node.set("this", text[len(_MASK) :])
        if isinstance(node, exp.Column) and not node.table and node.name.startswith(BIND_PREFIX):
            bind = exp.Placeholder(this=node.name[len(BIND_PREFIX) :])
            if node is tree:
                return bind
            node.replace(bind)
        elif _names_a_value(node):
            raise NotUnderstoodError("a value that stands where only a name can")
    return tree


def _names_a_value(node: exp.Expr) -> bool:
    """Returns whether a bind stands where SQL has none: as an alias or a table."""
    if isinstance(node, (exp.Alias, exp.TableAlias)):
        name = node.args.get("alias") if isinstance(node, exp.Alias) else node.this
        return isinstance(name, exp.Placeholder)
    if not isinstance(node, exp.Identifier) or isinstance(node.parent, exp.Column):
        return False
    return node.name.startswith(BIND_PREFIX)


def parse_expression(tokens: Sequence[Token], dialect: Dialect, what: str = "an expression") -> exp.Expr:
    """Returns the tree of one scalar expression; raises NotUnderstoodError, also for what sqlglot drops."""
    return _parse(tokens, dialect, exp.Condition, what)


def read_expression(text: str, dialect: Dialect) -> exp.Expr | None:
    """Returns the tree of one scalar expression, None for what is not understood."""
    try:
        return parse_expression(tokenize(text, dialect), dialect)
    except NotUnderstoodError:
        return None


def parse_query(tokens: Sequence[Token], dialect: Dialect, what: str = "the statement") -> exp.Expr:
    """Returns the tree of one SELECT, INSERT, UPDATE, ...; raises NotUnderstoodError likewise."""
    return _parse(tokens, dialect, None, what)


def _parse(tokens: Sequence[Token], dialect: Dialect, into: Any, what: str) -> exp.Expr:
    if not tokens:
        raise NotUnderstoodError(f"{what} is missing")
    check_depth(tokens)
    given = _masked(tokens, dialect)
    reader = language(dialect).reader
    with guarded(what):
        parser = reader.parser(error_level=ErrorLevel.IMMEDIATE)
        trees = parser.parse_into(into, given) if into else parser.parse(given, "")
        if len(trees) != 1 or trees[0] is None:
            raise NotUnderstoodError(f"{what} cannot be read")
        tree = trees[0]
        if isinstance(tree, exp.Command):
            raise NotUnderstoodError(f"{what} cannot be read")
        lost = _lost(given, tree, dialect)
        if lost:
            raise NotUnderstoodError(f"{what} cannot be read as a whole ({lost} is not understood)")
        return _unmask(tree)


def generate(tree: exp.Expr, dialect: Dialect) -> str:
    """Returns the tree as SQL of `dialect`, functions in lower case; raises NotUnderstoodError."""
    with guarded("the statement"):
        return tree.sql(
            dialect=language(dialect).reader,
            comments=False,
            normalize_functions="lower",
            unsupported_level=ErrorLevel.IGNORE,
        )


_NOISE: Final = words(
    """
    AS INNER OUTER ASC CAST CONVERT ROW ROWS ONLY BOTH FROM INTO TABLE IS ISNULL NOTNULL UNKNOWN
    ALL DISTINCT BY EXCLUDE NEXT FIRST INTERVAL WITH WITHOUT TIME ZONE VARYING PRECISION ANY
    SOME IN USING REGEXP RLIKE MOD TRUE FALSE LIMIT
    """
)
"""Words that one meaning may be written with or without (and `x::t` for CAST(x AS t))."""


def _lost(tokens: Sequence[Token], tree: exp.Expr, dialect: Dialect) -> str:
    """Returns a word, name or literal of the text that is not in the tree any more, empty if there is none.

    sqlglot drops some clauses without a word; the check is that what it writes has all tokens it read.
    Names of types are left out: they have several spellings.
    """
    found = language(dialect)
    types = found.reader.parser_class.TYPE_TOKENS
    written = found.tokenizer(dialect=found.reader).tokenize(generate(tree, dialect))
    have = Counter(key for token in written for key in _keys(token))
    noise = _NOISE if dialect in ("postgresql", "sqlite") else _NOISE | _ARROW_SIGNS
    for token in tokens:
        if token.token_type in types and token.token_type is not TokenType.IDENTIFIER:
            continue
        for key in _keys(token):
            if key in noise:
                continue
            if have[key] <= 0:
                return repr(token.text.removeprefix(_MASK))
            have[key] -= 1
    return ""


_ARROW_SIGNS: Final = frozenset({"->", "->>"})
"""MySQL's are written out as calls of json_extract()."""
_COUNTED: Final = frozenset({"-", "*", "/", "<", ">", "<=", ">=", "->", "->>", "@>", "<@"})
"""Operators with one spelling, of which none may get lost."""


def _keys(token: Token) -> Iterator[str]:
    """Yields what must survive of one token: its words in upper case, its digits, an operator."""
    kind = token.token_type
    if kind in STRINGS:
        yield from token.text.upper().split()
    elif kind is TokenType.NUMBER:
        for digits in token.text.upper().split("."):
            if digits.strip("0"):
                yield digits.strip("0")
    elif kind is TokenType.IDENTIFIER or token.text[:1].isalpha() or token.text[:1] == "_":
        for word in token.text.upper().split():
            yield word.removeprefix(_MASK.upper())
    elif token.text in _COUNTED:
        yield token.text
