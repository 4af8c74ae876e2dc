"""A run over one project: shows every subject to the rules that ask for it and collects the findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from mrt_lint.classes import dataclass
from mrt_lint.errors import SourceError
from mrt_lint.lint.context import Context, ProjectContext
from mrt_lint.lint.cst import check_names, nodes_named
from mrt_lint.lint.dispatch import Found, Runner, Table
from mrt_lint.lint.files import Files, Progress
from mrt_lint.lint.policy import Policy
from mrt_lint.lint.rule import Rule, Turn
from mrt_lint.lint.steps import steps
from mrt_lint.lint.subjects import Crash, UnusedSuppression
from mrt_lint.lowered import Lowered, Migration
from mrt_lint.replay import Judgement


@dataclass(slots=True)
class Run:
    """The rules over one project. `shown`: paths of the files that are reported on.

    Every turn is a pass of its own: its rules see everything after those of the earlier turns.
    """

    shared: ProjectContext
    policy: Policy
    files: Files
    shown: set[str]
    progress: Progress
    runner: Runner = field(default_factory=Runner)

    def findings(self) -> list[Found]:
        """Returns what all rules find in files that are shown, and in the history."""
        check_names({name for rule in self.policy.rules for name in rule.on if isinstance(name, str)})
        framework = self.shared.project.framework
        rules = [rule for rule in self.policy.rules if not rule.frameworks or framework in rule.frameworks]
        turns = [Table([rule for rule in rules if rule.turn is turn]) for turn in Turn]
        return [found for table in turns if table.rules for found in self._pass(table)]

    def crashed(self) -> list[Found]:
        """Returns the findings about crashes of frontends and of rules that are selected."""
        table = Table(self.policy.rules)
        crashes = [
            crash
            for crash in (*self.files.crashes, *self.runner.crashes)
            if not crash.rule or crash.rule in self.policy.selected
        ]
        return [found for crash in crashes for found in self._about(crash, table)]

    def unused(self, subjects: list[UnusedSuppression]) -> list[Found]:
        """Returns the findings about suppressions that did nothing."""
        table = Table(self.policy.rules)
        return [found for subject in subjects for found in self._about(subject, table)]

    def _about(self, subject: Crash | UnusedSuppression, table: Table) -> Iterator[Found]:
        lowered = next((each for each in self.shared.files if each.path == subject.path), None)
        migration = lowered.migration if lowered else None
        rules = table.of(subject)
        yield from self.runner.run(rules, subject, self._context(subject.path, lowered, migration))

    def _pass(self, table: Table) -> Iterator[Found]:
        shown = [each for each in self.shared.files if each.path in self.shown]
        for number, lowered in enumerate(shown, 1):
            self.progress("checking", number, len(shown))
            yield from self._file(lowered, table)
        for subject in (self.shared.project, self.shared.history):
            path = str(self.shared.project.config_file or self.shared.project.root)
            yield from self.runner.run(table.of(subject), subject, self._context(path))

    def _file(self, lowered: Lowered, table: Table) -> Iterator[Found]:
        migration = lowered.migration
        context = self._context(lowered.path, lowered, migration)
        yield from self.runner.run(table.of(lowered), lowered, context)
        if migration is None:
            return
        yield from self.runner.run(table.of(migration), migration, context)
        judgement = self.shared.judgements.get(migration.id)
        if judgement is not None and self.shared.history.by_id[migration.id] is migration:
            yield from self._judged(judgement, context, table)
        if table.nodes:
            yield from self._nodes(context, table)

    def _judged(self, judgement: Judgement, context: Context, table: Table) -> Iterator[Found]:
        yield from self.runner.run(table.of(judgement), judgement, context)
        among = tuple(judgement.roundtrips)
        for dialect, trip in judgement.roundtrips.items():
            here = Context(
                shared=self.shared,
                rule=context.rule,
                path=context.path,
                lowered=context.lowered,
                of=context.of,
                dialect=dialect,
                trip=trip,
            )
            for before, operation in steps(trip):
                if rules := table.of(operation):
                    here.operation, here.state = operation, before
                    yield from self.runner.run(rules, operation, here, among)
            here.operation = here.state = None
            yield from self.runner.run(table.of(trip), trip, here, among)

    def _nodes(self, context: Context, table: Table) -> Iterator[Found]:
        try:
            tree = context.source.tree
        except SourceError as error:
            self.runner.crashes.append(
                Crash(context.path, "the parser for rules on syntax trees", str(error))
            )
            return
        for name, node in nodes_named(tree, table.nodes):
            yield from self.runner.run(table.nodes[name], node, context)

    def _context(
        self, path: str, lowered: Lowered | None = None, migration: Migration | None = None
    ) -> Context:
        nobody = self.policy.rules[0] if self.policy.rules else Rule()
        return Context(shared=self.shared, rule=nobody, path=path, lowered=lowered, of=migration)
