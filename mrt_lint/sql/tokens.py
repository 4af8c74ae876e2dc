"""TokenReader: reads a statement word by word, by the grammars of the databases' manuals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import MYSQL, Dialect
from mrt_lint.schema.names import Name
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.identifiers import fold, is_reserved, needs_quotes, quoted
from mrt_lint.sql.parsing import STRINGS, language, parse_expression, parse_query

ItemKind = Literal["word", "name", "string", "number", "sign"]


@dataclass(frozen=True)
class Item:
    """One word of a statement: `word` unquoted, `name` a quoted identifier, `sign` everything else.

    `upper` is the text in upper case for unquoted words and signs, empty for what is quoted.
    sqlglot's tokens of two words (PRIMARY KEY) are two items; only the first carries the token.
    """

    kind: ItemKind
    text: str
    upper: str
    token: Token
    first: bool = True


_OPEN: Final = frozenset("([{")
_CLOSE: Final = frozenset(")]}")


def items(tokens: Sequence[Token]) -> list[Item]:
    """Returns sqlglot's tokens as single words."""
    result: list[Item] = []
    for token in tokens:
        kind = token.token_type
        if kind in STRINGS:
            result.append(Item("string", token.text, "", token))
        elif kind is TokenType.IDENTIFIER:
            result.append(Item("name", token.text, "", token))
        elif kind is TokenType.NUMBER:
            result.append(Item("number", token.text, "", token))
        elif token.text[:1].isalpha() or token.text[:1] == "_":
            for index, word in enumerate(token.text.split()):
                result.append(Item("word", word, word.upper(), token, index == 0))
        else:
            result.append(Item("sign", token.text, token.text, token))
    return result


class TokenReader:
    """A place in a list of items, with the few moves that reading SQL statements takes."""

    def __init__(self, content: Sequence[Item], dialect: Dialect, source: str = "") -> None:
        self.items = content
        self.dialect = dialect
        self.source = source
        self.position = 0

    # Looking

    def peek(self, ahead: int = 0) -> Item | None:
        """Returns the item `ahead` of the place, None past the end."""
        index = self.position + ahead
        return self.items[index] if index < len(self.items) else None

    @property
    def done(self) -> bool:
        """Returns whether everything was read."""
        return self.position >= len(self.items)

    def at(self, *phrases: str) -> str | None:
        """Returns the first of the phrases (words with spaces between) that stands here, else None."""
        for phrase in phrases:
            words = phrase.split()
            if all(
                (item := self.peek(index)) is not None and item.upper == word
                for index, word in enumerate(words)
            ):
                return phrase
        return None

    # Moving

    def take(self, *phrases: str) -> str | None:
        """Moves past the first of the phrases that stands here and returns it, else None."""
        phrase = self.at(*phrases)
        if phrase is not None:
            self.position += len(phrase.split())
        return phrase

    def expect(self, *phrases: str) -> str:
        """Moves past one of the phrases; raises NotUnderstoodError when none stands here."""
        phrase = self.take(*phrases)
        if phrase is None:
            raise self.trouble(f"{' or '.join(phrases)} expected")
        return phrase

    def next(self) -> Item:
        """Moves past one item and returns it."""
        item = self.peek()
        if item is None:
            raise self.trouble("the statement ends too early")
        self.position += 1
        return item

    def trouble(self, why: str = "") -> NotUnderstoodError:
        """Returns the error that names the place."""
        item = self.peek()
        where = f"at {item.text[:40]!r}" if item is not None else "at its end"
        return NotUnderstoodError(f"{why} {where}".strip())

    def end(self) -> None:
        """Raises NotUnderstoodError unless everything was read."""
        if not self.done:
            raise self.trouble("not understood")

    # Reading parts

    def identifier(self) -> str:
        """Reads one identifier, folded as the database folds unquoted ones.

        PostgreSQL folds to lower case and Oracle to upper case; for the others State compares
        without regard to case and the spelling is kept.
        """
        item = self.next()
        if item.kind == "name":
            return item.text
        if item.kind == "word":
            return fold(item.text, self.dialect)
        if item.text == "#" and self.dialect == "mssql" and self.peek() is not None:
            return "#" + self.identifier()
        self.position -= 1
        raise self.trouble("a name expected")

    def path(self) -> tuple[str, ...]:
        """Reads a dotted name."""
        parts = [self.identifier()]
        while self.take("."):
            parts.append(self.identifier())
        return tuple(parts)

    def name(self) -> Name:
        """Reads a name with at most schema and catalog before it; the catalog is not kept."""
        return as_name(self.path())

    def string(self) -> str:
        """Reads a string literal and returns its content.

        PostgreSQL makes one of two that stand on lines of their own (manual 4.1.2.1), MySQL of any two.
        """
        item = self.next()
        if item.kind != "string":
            self.position -= 1
            raise self.trouble("a string expected")
        text, last = item.text, item
        while (after := self.peek()) is not None and after.kind == "string":
            apart = self.dialect == "postgresql" and after.token.line > last.token.line
            if not apart and self.dialect not in MYSQL:
                break
            last = self.next()
            text += last.text
        return text

    def word(self) -> str:
        """Reads one unquoted word, in upper case."""
        item = self.next()
        if item.kind != "word":
            self.position -= 1
            raise self.trouble("a keyword expected")
        return item.upper

    def conditional(self) -> bool:
        """Reads IF EXISTS or IF NOT EXISTS if it stands here."""
        return self.take("IF EXISTS", "IF NOT EXISTS") is not None

    def sub(self, start: int, end: int) -> TokenReader:
        """Returns a reader of a part of this one's items."""
        return TokenReader(self.items[start:end], self.dialect, self.source)

    def parens(self) -> TokenReader:
        """Moves past a bracketed group and returns a reader of what is inside."""
        if not self.at("(", "["):
            raise self.trouble("( expected")
        start = self.position
        depth = 0
        while (item := self.peek()) is not None:
            self.position += 1
            if item.kind == "sign" and item.text in _OPEN:
                depth += 1
            elif item.kind == "sign" and item.text in _CLOSE:
                depth -= 1
                if depth == 0:
                    return self.sub(start + 1, self.position - 1)
        self.position = start
        raise self.trouble("a bracket is not closed")

    def until(self, *phrases: str, at_least: int = 0) -> TokenReader:
        """Moves to the first of the phrases outside brackets or the end; returns a reader of what it passed.

        `at_least`: so many items are passed without looking.
        """
        start = self.position
        while not self.done:
            if self.position - start >= at_least and self.at(*phrases):
                break
            if self.at("(", "["):
                self.parens()
            else:
                self.position += 1
        return self.sub(start, self.position)

    def rest(self) -> TokenReader:
        """Moves to the end and returns a reader of what was passed."""
        start = self.position
        self.position = len(self.items)
        return self.sub(start, self.position)

    def split(self, sign: str = ",") -> list[TokenReader]:
        """Moves to the end and returns readers of the parts between separators outside brackets."""
        parts: list[TokenReader] = []
        if self.done:
            return parts
        while True:
            parts.append(self.until(sign))
            if not self.take(sign):
                return parts

    def listed(self, read: Callable[[TokenReader], str] | None = None) -> tuple[str, ...]:
        """Reads a bracketed list of identifiers (or of what `read` reads)."""
        result = []
        for part in self.parens().split():
            result.append(read(part) if read else part.identifier())
            part.end()
        return tuple(result)

    # Text and trees

    @property
    def tokens(self) -> list[Token]:
        """Returns sqlglot's tokens from the place to the end."""
        return [item.token for item in self.items[self.position :] if item.first]

    def original(self) -> str:
        """Returns the source text from the place to the end."""
        tokens = self.tokens
        return self.source[tokens[0].start : tokens[-1].end + 1] if tokens else ""

    def text(self) -> str:
        """Moves to the end; returns what was passed in a normal spelling: every token, single spaces.

        For what has no expression grammar (the definition of a trigger, options). Unquoted words are
        folded as identifiers are; keywords go to upper case where the database keeps spelling.
        """
        words: list[str] = []
        while (item := self.peek()) is not None:
            self.position += 1
            words.append(spelled(item, self.dialect))
        return joined(words)

    def expression(self, what: str = "an expression") -> exp.Expr:
        """Moves to the end; returns the tree of the expression that was passed."""
        tokens = self.tokens
        self.position = len(self.items)
        return parse_expression(tokens, self.dialect, what)

    def query(self, what: str = "the statement") -> exp.Expr:
        """Moves to the end; returns the tree of the query that was passed."""
        tokens = self.tokens
        self.position = len(self.items)
        return parse_query(tokens, self.dialect, what)


def as_name(parts: Sequence[str]) -> Name:
    """Returns a dotted name; SQL Server's and PostgreSQL's catalog in front is dropped."""
    if len(parts) > 3:
        raise NotUnderstoodError(f"a name of {len(parts)} parts")
    return Name(parts[-1], parts[-2] if len(parts) > 1 and parts[-2] else None)


def spelled(item: Item, dialect: Dialect) -> str:
    """Returns one item in its normal spelling."""
    if item.kind == "string":
        text = item.text.replace("\\", "\\\\") if dialect in MYSQL else item.text
        return "'" + text.replace("'", "''") + "'"
    if item.kind == "name":
        keyword = item.text.upper() in language(dialect).tokenizer.KEYWORDS
        bare = not keyword and not is_reserved(item.text, dialect) and not needs_quotes(item.text, dialect)
        return item.text if bare else quoted(item.text, dialect)
    if item.kind == "word" and item.token.token_type is not TokenType.VAR and dialect != "postgresql":
        return item.upper
    return fold(item.text, dialect) if item.kind == "word" else item.text


_TIGHT_BEFORE: Final = frozenset({",", "[", ")", "]", ".", ";", "::"})
_TIGHT_AFTER: Final = frozenset({"(", "[", ".", "::", "@"})


def joined(words: Sequence[str]) -> str:
    """Returns words with single spaces between, none around dots and inside brackets."""
    result = ""
    previous = ""
    for word in words:
        if result and word not in _TIGHT_BEFORE and previous not in _TIGHT_AFTER:
            result += " "
        result += word
        previous = word
    return result
