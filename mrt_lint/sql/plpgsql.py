"""DO blocks: their body is executed, so the statements in it are lowered as far as they can be followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sqlglot.tokenizer_core import Token, TokenType

from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Probe, Refuse
from mrt_lint.ops.guard import ALWAYS, Guard, Test, Undecided, both, negate, tests_of, with_tests
from mrt_lint.sql.catalog import recognised
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.holes import HOLE_PREFIX, has_hole
from mrt_lint.sql.parsing import tokenize
from mrt_lint.sql.split import statements
from mrt_lint.sql.statement import Handlers, Statement
from mrt_lint.sql.tokens import Item, TokenReader, items

MAX_NESTING: Final = 30

_UNFOLLOWED: Final = (
    "LOOP",
    "WHILE",
    "FOR",
    "FOREACH",
    "CASE",
    "GET",
    "OPEN",
    "FETCH",
    "CLOSE",
    "MOVE",
    "RETURN",
)


def do_block(statement: Statement) -> Iterator[Operation]:
    """DO [LANGUAGE plpgsql] $$ ... $$ [LANGUAGE plpgsql]."""
    reader = statement.reader
    if reader.take("LANGUAGE"):
        _plpgsql(reader)
    body = reader.string()
    if reader.take("LANGUAGE"):
        _plpgsql(reader)
    reader.end()
    yield from Block(statement, body).operations()


def _plpgsql(reader: TokenReader) -> None:
    item = reader.next()
    if item.text.lower() != "plpgsql":
        raise NotUnderstoodError(f"a DO block in {item.text}")


class Block:
    """The body of one DO block."""

    def __init__(self, statement: Statement, body: str) -> None:
        self.statement = statement
        self.body = body
        self.dialect = statement.dialect
        self.reader = TokenReader(items(tokenize(body, statement.dialect)), statement.dialect, body)

    def operations(self) -> Iterator[Operation]:
        """Yields what the body does; raises NotUnderstoodError if the whole cannot be followed."""
        found = self._block(ALWAYS, 0)
        self.reader.take(";")
        self.reader.end()
        yield from found

    def _block(self, guard: Guard, depth: int) -> list[Operation]:
        """Reads [DECLARE ..] BEGIN .. [EXCEPTION ..] END."""
        if depth > MAX_NESTING:
            raise NotUnderstoodError("a DO block nested too deeply")
        reader = self.reader
        if reader.take("< <"):
            reader.identifier()
            reader.expect("> >")
        if reader.take("DECLARE"):
            self._declare()
        reader.expect("BEGIN")
        found = self._until(guard, depth, "END", "EXCEPTION")
        if reader.take("EXCEPTION"):
            found = self._handled(found, depth)
        reader.expect("END")
        if not reader.done and not reader.at(";"):
            reader.identifier()
        return found

    def _declare(self) -> None:
        """Turns the declared variables into holes: they are values that are not known."""
        names: set[str] = set()
        while not self.reader.at("BEGIN"):
            names.add(self.reader.identifier())
            self.reader.until(";")
            self.reader.expect(";")
        renamed: list[Item] = []
        for item in self.reader.items:
            if item.kind == "word" and item.text.lower() in names:
                text = HOLE_PREFIX + item.text.lower()
                token = Token(
                    TokenType.VAR, text, item.token.line, item.token.col, item.token.start, item.token.end
                )
                renamed.append(Item("word", text, text.upper(), token, item.first))
            else:
                renamed.append(item)
        self.reader.items = renamed

    def _until(self, guard: Guard, depth: int, *ends: str) -> list[Operation]:
        """Reads statements up to one of the words."""
        found: list[Operation] = []
        while not self.reader.at(*ends):
            if self.reader.done:
                raise NotUnderstoodError("a DO block that does not end")
            if self.reader.take(";"):
                continue
            found += self._statement(guard, depth)
        return found

    def _statement(self, guard: Guard, depth: int) -> list[Operation]:
        reader = self.reader
        if depth > MAX_NESTING:
            raise NotUnderstoodError("a DO block nested too deeply")
        if reader.take("IF"):
            return self._if(guard, depth + 1)
        if reader.at("BEGIN", "DECLARE", "< <"):
            return self._block(guard, depth + 1)
        if reader.at(*_UNFOLLOWED):
            raise NotUnderstoodError(f"{reader.at(*_UNFOLLOWED)} in a DO block")
        part = reader.until(";")
        if part.take("NULL") and part.done:
            return []
        part.position = 0
        if part.take("RAISE"):
            return self._raise(part, guard)
        if part.take("PERFORM"):
            select = Token(TokenType.SELECT, "SELECT")
            return self._lower([Item("word", "SELECT", "SELECT", select), *part.items[1:]], guard)
        if part.take("EXECUTE"):
            return self._execute(part, guard)
        if part.at("ASSERT"):
            raise NotUnderstoodError("ASSERT in a DO block")
        if self._is_assignment(part):
            return self._pure([*part.items], guard)
        if part.at("SELECT", "WITH") and "INTO" in [item.upper for item in part.items]:
            return self._select_into(part, guard)
        return self._lower(list(part.items), guard)

    def _is_assignment(self, part: TokenReader) -> bool:
        first, second = part.peek(), part.peek(1)
        return (
            first is not None and second is not None and second.text in (":=", "=") and has_hole(first.text)
        )

    def _pure(self, content: list[Item], guard: Guard) -> list[Operation]:
        """An assignment to a variable: the value is a query of its own."""
        select = Item("word", "SELECT", "SELECT", Token(TokenType.SELECT, "SELECT"))
        return self._lower([select, *content[2:]], guard)

    def _select_into(self, part: TokenReader, guard: Guard) -> list[Operation]:
        """SELECT .. INTO variable reads; in plpgsql it creates no table."""
        content = list(part.items)
        index = [item.upper for item in content].index("INTO")
        end = index + 1
        if end < len(content) and content[end].upper == "STRICT":
            end += 1
        while end < len(content):
            end += 1
            if end < len(content) and content[end].text in (",", "."):
                end += 1
                continue
            break
        return self._lower(content[:index] + content[end:], guard)

    def _lower(self, content: list[Item], guard: Guard) -> list[Operation]:
        return self.statement.inside([item.token for item in content if item.first], self.body, guard)

    def _execute(self, part: TokenReader, guard: Guard) -> list[Operation]:
        """EXECUTE 'text' runs the text; a text that is put together at run time is not known."""
        item = part.next()
        if item.kind != "string" or not part.done:
            raise NotUnderstoodError("EXECUTE of a text known only at run time")
        found: list[Operation] = []
        for tokens in statements(tokenize(item.text, self.dialect), self.dialect):
            found += self.statement.inside(tokens, item.text, guard)
        return found

    def _raise(self, part: TokenReader, guard: Guard) -> list[Operation]:
        """RAISE EXCEPTION refuses; the milder levels only print."""
        if part.take("NOTICE", "INFO", "WARNING", "LOG", "DEBUG"):
            return []
        part.take("EXCEPTION")
        item = part.peek()
        message = item.text if item is not None and item.kind == "string" else ""
        base = {**self.statement.under(guard), "sql": True}
        return [Refuse(**base, exception="RAISE EXCEPTION", message=message)]

    def _if(self, guard: Guard, depth: int) -> list[Operation]:
        """Reads IF .. THEN .. [ELSIF ..] [ELSE ..] END IF."""
        reader = self.reader
        found: list[Operation] = []
        others = guard
        while True:
            condition = reader.until("THEN")
            reader.expect("THEN")
            probes, test = self._test(condition, others)
            found += probes
            found += self._until(both(others, test), depth, "ELSIF", "ELSEIF", "ELSE", "END IF")
            others = both(others, negate(test))
            if not reader.take("ELSIF", "ELSEIF"):
                break
        if reader.take("ELSE"):
            found += self._until(others, depth, "END IF")
        reader.expect("END IF")
        return found

    def _test(self, condition: TokenReader, guard: Guard) -> tuple[list[Operation], Guard]:
        """Returns the moments of the tests that State can answer, and the guard that they make."""
        start = condition.position
        found = recognised(condition)
        if found is None:
            condition.position = start
            return [], self.statement.test(Undecided(condition.rest().text()))
        base = {**self.statement.under(guard), "sql": True}
        tests = {test: self._numbered(test) for test in dict.fromkeys(tests_of(found))}
        return [Probe(**base, test=test) for test in tests.values()], with_tests(found, tests)

    def _numbered(self, test: Test) -> Test:
        """Returns a test with an id; what is asked of rows has another answer at another place."""
        made = self.statement.test(test.predicate)
        if isinstance(made.predicate, Undecided) and made.predicate.rows_of is not None:
            return replace(made, predicate=replace(made.predicate, about=made.id))
        return made

    def _handled(self, found: list[Operation], depth: int) -> list[Operation]:
        """Reads the handlers of EXCEPTION; those that swallow "already there" make the block conditional."""
        reader = self.reader
        while reader.take("WHEN"):
            conditions = reader.until("THEN")
            reader.expect("THEN")
            handler = self._until(ALWAYS, depth + 1, "WHEN", "END")
            names = [item.text.lower() for item in conditions.items if item.upper != "OR"]
            if any(operation.has_effect for operation in handler):
                raise NotUnderstoodError("an EXCEPTION handler that does something")
            found = self._swallowed(found, names)
        return found

    def _swallowed(self, found: list[Operation], names: list[str]) -> list[Operation]:
        effects = [operation for operation in found if operation.has_effect]
        expected = all(name.startswith(("duplicate_", "undefined_")) for name in names)
        if expected and len(effects) <= 1:
            return [replace(operation, conditional=True) for operation in found]
        test = self.statement.test(Undecided("no " + " or ".join(names)))
        return [replace(operation, guard=both(operation.guard, test)) for operation in found]


HANDLERS: Final[Handlers] = {"DO": do_block}
