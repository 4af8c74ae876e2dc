"""The evaluator: runs `upgrade()` and `downgrade()` as far as values are known, and collects operations."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mrt_lint.errors import MeaningError, MrtError
from mrt_lint.evaluate import branching, choices, headers
from mrt_lint.evaluate.branching import Case
from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.environment import is_setting, origins, spelled_out
from mrt_lint.evaluate.expressions import EXPRESSIONS
from mrt_lint.evaluate.journal import UNSET, Changes, Journal
from mrt_lint.evaluate.limits import HELPER_COST, MAX_IMPORT_STEPS, MAX_STEPS, TooLongError
from mrt_lint.evaluate.modules import Module, Modules, read_helper
from mrt_lint.evaluate.objects import Partial
from mrt_lint.evaluate.paths import without_conditions
from mrt_lint.evaluate.scopes import Ended, Frame, Scope
from mrt_lint.evaluate.statements import STATEMENTS
from mrt_lint.evaluate.values import Choice, FrameworkValue, Function, NotKnown, Value
from mrt_lint.ops.base import Direction, Operation, TransactionFacts
from mrt_lint.ops.control import Opaque, PythonCode, Refuse
from mrt_lint.ops.guard import ALWAYS, NEVER, DialectIs, Guard, Test, Undecided, resolve
from mrt_lint.ops.span import NOWHERE, Span
from mrt_lint.source.source import Source

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Meaning
    from mrt_lint.project import Project
    from mrt_lint.schema.dialects import Dialect

_NO_CODE = ast.parse("None").body[0]


class Evaluator:
    """One migration file under evaluation; implements `EvaluatorServices` for meanings.

    `helpers_read`: (path, digest) of the project's modules read so far. `signs`: databases that the
    code shows. Never raises on any source: only SourceError (no syntax tree) and MeaningError (a
    plugin crashed) leave it.
    """

    def __init__(
        self,
        source: Source,
        project: Project,
        meanings: Mapping[str, Meaning],
        dialects: Sequence[Dialect],
        *,
        reader: Callable[[Path], Source] = read_helper,
    ) -> None:
        self.source = source
        self.project = project
        self.meanings = meanings
        self.reader = reader
        self.helpers_read: list[tuple[str, str]] = []
        self.signs: list[str] = []
        self.modules = Modules(self)
        self.journal = Journal()
        self.main = Module("migration", source, main=True)
        self.scope: Scope = self.main.scope
        self.frame = Frame()
        self.path: Guard = ALWAYS
        self.ended: list[Ended] = []
        self.operations: list[Operation] = []
        self.statement: ast.AST = _NO_CODE
        self.current_statement: ast.AST = _NO_CODE
        self.drawn: ast.Call | None = None
        self.anchor: ast.AST = _NO_CODE
        self.here: ast.AST = _NO_CODE
        self.depth = 0
        self.handling = 0
        self.loading = 0
        self.importing = 0
        self.steps = self.forks = 0
        self.most_steps = MAX_STEPS
        self.poisoned: dict[int, tuple[Any, NotKnown]] = {}
        self.answers: dict[int, tuple[NotKnown, Guard | None]] = {}
        self.names_used: dict[int, list[Value]] = {}
        self.live: list[Scope] = []
        self.loaded: list[Scope] = [self.main.scope]
        self._dialects = tuple(dialects)
        self._direction: Direction = "upgrade"
        self._phase = "module"
        self._blocks: list[dict[str, Any]] = []
        self._ids: dict[str, int] = {}
        self._at_load: list[Operation] = []
        self._ready = False

    def module(self) -> Module:
        """Returns the file with its module level evaluated."""
        if not self._ready:
            self._ready = True
            self.steps = self.forks = 0
            for statement in self.source.ast.body:
                self.run_at_module_level(statement, self.main)
                if self.path == NEVER:
                    self.path = ALWAYS
                    break
        return self.main

    def run(
        self, function_name: str, direction: Direction, extra_args: Sequence[Value] = ()
    ) -> tuple[Operation, ...]:
        """Returns the operations that a function of the file emits, in order.

        `extra_args` are given to as many parameters as the function has (`def upgrade(op): ...`).
        """
        module = self.module()
        return self.run_value(module.get(function_name, self), direction, extra_args, function_name)

    def run_value(
        self, function: Value, direction: Direction, extra_args: Sequence[Value], spelling: str
    ) -> tuple[Operation, ...]:
        """Returns the operations that a function emits which the file hands over under another name."""
        self.module()
        self._direction = self._phase = direction
        self._ids.clear()
        self.answers.clear()
        self.steps = self.forks = 0
        self.path, self.ended = ALWAYS, []
        self.operations = self._loading_effects()
        call = self.new_call(_NO_CODE, spelling, tuple(self._fitting(function, extra_args)), {})
        if isinstance(function, Function):
            call.span = call.statement = self.source.span(function.node) if function.module.main else NOWHERE
        self._guarded(lambda: self._start(function, call), call)
        self.path, self.ended = ALWAYS, []
        found, self.operations = tuple(self.operations), []
        return found

    def _start(self, function: Value, call: Call) -> None:
        """Calls `upgrade` or `downgrade`; one that is no function that can be read is Opaque."""
        if function is UNSET:
            return
        if isinstance(function, (Function, Choice, Partial, FrameworkValue)):
            self.invoke(function, call.args, call.kwargs, call)
        else:
            why = f": {function.reason}" if isinstance(function, NotKnown) else ""
            call.opaque(f"{call.spelling} is no function that can be read{why}")

    def run_at_module_level(self, statement: ast.stmt, module: Module) -> None:
        """Evaluates one statement of a module's top level; operations there are kept as Opaque."""
        state = (self.scope, self.frame, self.path, self.ended, self.operations, self.depth, self.statement)
        journal, self.journal = self.journal, Journal()
        self.scope, self.frame, self.path, self.ended, self.operations = module.scope, Frame(), ALWAYS, [], []
        self.loading += 1
        self.importing += not module.main
        most_steps = self.most_steps
        if not module.main:
            self.most_steps = min(most_steps, self.steps + MAX_IMPORT_STEPS)
        if module.scope not in self.loaded:
            self.loaded.append(module.scope)
        try:
            self._guarded(lambda: self.execute([statement]), self.new_call(statement, "module", (), {}))
            if module.main:
                self._at_load.extend(one for one in self.operations if not isinstance(one, Refuse))
            ended = self.is_over()
        finally:
            self.scope, self.frame, self.path, self.ended, self.operations, self.depth, self.statement = state
            self.journal = journal
            self.loading -= 1
            self.importing -= not module.main
            self.most_steps = most_steps
        if ended and module.main:
            self.path = NEVER

    def _guarded(self, work: Callable[[], object], call: Call) -> None:
        """Does the work; when it takes too long or nests too deeply, what is left of it is Opaque."""
        state = (self.scope, self.frame, self.depth, self.handling, len(self._blocks), len(self.live))
        try:
            work()
        except (TooLongError, RecursionError) as error:
            reason = (
                error.reason if isinstance(error, TooLongError) else "calls or expressions nest too deeply"
            )
            self.path, self.journal = ALWAYS, Journal()
            self.emit(Opaque(**self.facts(call), reason=f"evaluation stopped: {reason}"))
        finally:
            self.scope, self.frame, self.depth, self.handling = state[:4]
            del self._blocks[state[4] :]
            del self.live[state[5] :]

    def _loading_effects(self) -> list[Operation]:
        return [
            Opaque(
                span=one.span,
                statement=one.statement,
                direction=self._direction,
                api=one.api,
                guard=one.guard,
                reason=f"{one.api or 'an operation'} runs whenever the file is loaded",
            )
            for one in self._at_load
            if one.has_effect
        ]

    def _fitting(self, function: Value, args: Sequence[Value]) -> Sequence[Value]:
        if not isinstance(function, Function):
            return args
        given = function.node.args
        return args if given.vararg else args[: len(given.posonlyargs) + len(given.args)]

    def execute(self, statements: Sequence[ast.stmt]) -> None:
        """Runs statements one after the other, as long as there is a path to the next."""
        branching.run_in_turn(self, [partial(self._execute, statement) for statement in statements])

    def _execute(self, statement: ast.stmt) -> None:
        self.step()
        before = (self.statement, self.current_statement)
        self.current_statement = statement
        if self.scope.module.main:
            self.statement = statement
        try:
            handler = STATEMENTS.get(type(statement))
            if handler is not None:
                handler(self, statement)
        finally:
            self.statement, self.current_statement = before

    def eval(self, node: ast.expr) -> Value:
        """Returns the value of an expression."""
        self.step()
        handler = EXPRESSIONS.get(type(node))
        if handler is None:
            return self.unknown(node)
        value = handler(self, node)
        if self.poisoned and id(value) in self.poisoned:
            return self.poisoned[id(value)][1]
        return value

    def is_over(self) -> bool:
        """Returns whether no path leads on from here."""
        return self.path == NEVER

    def step(self) -> None:
        """Counts one step. Raises TooLongError when there were too many."""
        self.steps += 1 if self.scope.module.main else HELPER_COST
        if self.steps > self.most_steps:
            raise TooLongError("the code is too long to be unrolled")

    def fork(self, cases: Sequence[Case]) -> Value:
        """Runs each case on its own part of the path and returns the joined results.

        The guards exclude one another; what the cases wrote is merged under them.
        """
        return choices.join(branching.run_cases(self, cases)[0])

    def each_option(self, options: Sequence[tuple[Guard, Any]], work: Callable[[Any], Value]) -> Value:
        """Does the same work for each option under its guard and returns the joined results."""
        return self.fork([(guard, partial(work, option)) for guard, option in options])

    def fork_written(self, cases: Sequence[Case]) -> list[tuple[dict[Any, Value], Any]]:
        """Runs each case on its own part of the path and returns the bindings that were written."""
        return branching.run_cases(self, cases)[1]

    def merge(self, written: Sequence[tuple[Guard, Changes]]) -> None:
        """Writes what several branches wrote, each under its guard."""
        branching.merge(self, written)

    def poison(self, container: Any, reason: str) -> None:
        """Makes the contents of a list, dict or set unknown, wherever it is held."""
        branching.poison(self, container, reason)

    def bind(self, name: str, value: Value) -> None:
        """Assigns a name in the current scope."""
        value = choices.simplified(value, self.answers)
        if type(value) is NotKnown:
            value = replace(value)
            self.answers[id(value)] = (value, None)
        self.journal.bind(self.scope.home(name).names, name, value)

    def with_truth(self, value: NotKnown, holds: Guard) -> NotKnown:
        """Returns an unknown value of which only the truth is known."""
        copy = replace(value)
        self.answers[id(copy)] = (copy, holds)
        return copy

    def lookup(self, name: str) -> Value:
        """Returns what a name is bound to in the current scope, UNSET if it is not."""
        scope: Scope | None = self.scope
        first = True
        while scope is not None:
            if (
                (first or scope.kind != "class")
                and name in scope.names
                and name not in self.scope.global_names
            ):
                return scope.names[name]
            first = first and scope.kind == "inner"
            scope = scope.parent
        return self.scope.module.get(name, self)

    def attributes(self, value: Value, names: Sequence[str]) -> Value:
        """Returns `value.a.b.c`."""
        from mrt_lint.evaluate.attributes import attribute

        for name in names:
            value = attribute(self, value, name, self.new_call(_NO_CODE, name, (), {}))
        return value

    def note_helper(self, source: Source) -> None:
        """Notes that a module of the project was read."""
        self.helpers_read.append((str(source.path), source.digest))

    def reaches(self, value: Value) -> bool:
        """Returns whether operations could be emitted by code that is handed this value."""
        from mrt_lint.evaluate.effects import reaches

        return reaches(self, value)

    def unknown(self, node: ast.AST, why: str = "is known only at run time", reach: Any = "") -> NotKnown:
        """Returns the value that stands for an expression that cannot be evaluated."""
        return NotKnown(f"`{self.text(node)}` {why}", getattr(node, "lineno", 0), reach)

    def text(self, node: ast.AST, longest: int = 60) -> str:
        """Returns the source of a node on one line, shortened."""
        if node is _NO_CODE:
            return ""
        source = self.scope.module.source
        found = " ".join(source.slice(source.span(node)).split())
        return found if len(found) <= longest else found[: longest - 3] + "..."

    def undecided(self, node: ast.AST, text: str = "") -> Guard:
        """Returns a new test for a condition that is known only when the migration runs."""
        line = getattr(self._in_file(node), "lineno", 0)
        setting = not text and is_setting(self, node)
        if not text and not setting:
            text = spelled_out(self, node)
            setting = bool(text)
        about = "" if text or setting else origins(self, node)
        return Test(Undecided(text or self.text(node), setting, about=about), self._fresh(node), line)

    def new_call(
        self, node: ast.AST, spelling: str, args: tuple[Value, ...], kwargs: dict[str, Value]
    ) -> Call:
        """Returns the Call for a node: a call, or an expression that asks a framework value something."""
        if node is _NO_CODE:
            return Call(self, spelling, args, kwargs, self._span_in_file(node), self._statement_span())
        source = self.scope.module.source
        text = source.slice(source.span(node)) if isinstance(node, ast.expr) else ""
        return Call(self, spelling, args, kwargs, self._span_in_file(node), self._statement_span(), text)

    def facts(self, call: Call) -> dict[str, Any]:
        """Returns the base fields of an operation at this call."""
        blocks: dict[str, Any] = {}
        for block in self._blocks:
            blocks.update(block)
        return {
            "span": call.span,
            "statement": call.statement,
            "direction": self._direction,
            "api": call.spelling,
            "guard": self.path,
            "transaction": TransactionFacts(autocommit=bool(blocks.pop("autocommit", False))),
            "batch": blocks.pop("batch", None),
            **blocks,
        }

    def emit(self, operation: Operation) -> None:
        """Appends an operation to the direction that is evaluated.

        Of code that may have written rows it does not matter which rows made it run.
        """
        if isinstance(operation, PythonCode) or (isinstance(operation, Opaque) and operation.data_only):
            operation = replace(operation, guard=without_conditions(operation.guard))
        if self.path != NEVER:
            self.operations.append(operation)

    def mentions(self, word: str) -> bool:
        """Returns whether the text of the file whose code is evaluated holds a word."""
        return word in self.scope.module.source.text

    def mistaken(self, call: Call, exception: str, message: str) -> bool:
        """Ends a downgrade at a call that raises by mistake; returns whether it does, caught by nothing."""
        from mrt_lint.evaluate.mistakes import raise_by_mistake

        return raise_by_mistake(self, call, exception, message)

    def invoke(self, function: Value, args: tuple[Value, ...], kwargs: dict[str, Value], call: Call) -> Value:
        """Calls a value on behalf of a meaning."""
        from mrt_lint.evaluate.calls import call_value

        inner = Call(self, call.spelling, args, kwargs, call.span, call.statement, call.source)
        return call_value(self, function, inner)

    def dialects(self) -> tuple[Dialect, ...]:
        """Returns the databases under which SQL text at this point must be read."""
        if self.path == ALWAYS:
            return self._dialects
        return tuple(name for name in self._dialects if resolve(self.path, _answers_for(name)) is not False)

    def open_block(self, **facts: Any) -> None:
        """From here on operations carry these facts too (`batch="auto"`, `autocommit=True`)."""
        self._blocks.append(facts)

    def close_block(self) -> None:
        """Ends the innermost block opened by `open_block`."""
        if self._blocks:
            self._blocks.pop()

    def in_own_file(self) -> bool:
        """Returns whether code of the migration itself is evaluated, not of a module it imports."""
        return self.scope.module.main

    def fresh_id(self, call: Call) -> str:
        """Returns an id for a Test evaluated at this call, unique in the file and the same in every run."""
        return self._numbered(f"{self._phase}:{call.span.line}:{call.span.column}")

    def sign(self, dialect: Dialect | Literal["elsewhere"]) -> None:
        """Notes that the file shows signs of being written for this database, or for others than the one."""
        if dialect not in self.signs:
            self.signs.append(dialect)

    def explain(self, path: str, work: Callable[[], Value]) -> Value:
        """Runs code of a plugin. Raises MeaningError, which names `path`, when it crashes."""
        try:
            return work()
        except (TooLongError, RecursionError, MrtError):
            raise
        except Exception as error:
            raise MeaningError(path, error, getattr(self.statement, "lineno", 1)) from error

    def choose(self, choice: Choice) -> Value:
        """Returns a choice without the options that are impossible here."""
        return choices.prune(choice, self.path)

    def _in_file(self, node: ast.AST) -> ast.AST:
        return node if self.scope.module.main else self.anchor

    def _span_in_file(self, node: ast.AST) -> Span:
        place = self._in_file(node)
        return NOWHERE if place is _NO_CODE else self.source.span(place)

    def _statement_span(self) -> Span:
        return NOWHERE if self.statement is _NO_CODE else headers.span_of(self.statement, self.source)

    def _fresh(self, node: ast.AST) -> str:
        span = self._span_in_file(node)
        return self._numbered(f"{self._phase}:{span.line}:{span.column}")

    def _numbered(self, stem: str) -> str:
        number = self._ids.get(stem, 0)
        self._ids[stem] = number + 1
        return f"{stem}:{number}" if number else stem


def _answers_for(name: Dialect) -> Callable[[Test], bool | None]:
    def answer(test: Test) -> bool | None:
        return name in test.predicate.names if isinstance(test.predicate, DialectIs) else None

    return answer


__all__ = ["UNSET", "Evaluator"]
