"""The walk over a plan: every revision up, down and up again, from inside one run of env.py.

A step that fails leaves the database in a state that nothing more can be learned from: then `go`
returns early, the caller puts the database back and runs env.py again, and the walk catches up by
repeating what it did before.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.newrows.trial import NewRows
from mrt_dynamic.results import Failure, Kind, Seeding, Verified
from mrt_dynamic.verify.cycle import Outcome, cycle
from mrt_dynamic.verify.ground import Ground, Overrun
from mrt_dynamic.verify.judging import passes, unseeded, verdict_of
from mrt_dynamic.verify.messages import not_applied, overran, step_failed
from mrt_dynamic.verify.trials import Trial
from mrt_dynamic.verify.whole import Whole
from mrt_lint.verdict import Verdict

if TYPE_CHECKING:
    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.verify.plan import Plan, Step
    from mrt_dynamic.verify.settings import VerifySettings

SAVE_AFTER = 20
"""Steps repeated on the way back to a place after which a copy of the database is worth keeping."""

Progress = Callable[[str, str, int, int, int], None]
"""Told the revision, the phase, how many are done, how many there are, and the rows compared so far."""


@dataclass(slots=True)
class Walk:
    """One walk. `results`: by revision. `goal`: how many steps the database is to stand behind."""

    plan: Plan
    ground: Ground
    settings: VerifySettings
    progress: Progress
    results: dict[str, Verified] = field(default_factory=dict)
    goal: int = 0
    rows: int = 0
    trial: Trial | None = None
    news: NewRows | None = None
    whole: Whole | None = None
    _save_due: bool = False

    @property
    def finished(self) -> bool:
        """Returns whether there is nothing left to do."""
        done = self.goal >= len(self.plan.steps)
        return done and self.whole is not None and self.whole.done

    def back(self) -> None:
        """Puts the database to where the walk can go on; to be called outside of any run of env.py."""
        if self._save_due:
            self._save_due = False
            self.ground.save()
        elif not self.ground.clean:
            self.ground.reset(self.goal)

    def go(self, driver: Driver) -> None:
        """Goes on as far as one database lasts."""
        self.ground.begin(driver)
        if not self._caught_up(driver):
            return
        while self.goal < len(self.plan.steps):
            if self.news is not None:
                if not self._new_rows(driver, self.news):
                    return
                continue
            step = self.plan.steps[self.goal]
            self._tell(step, "testing" if step.tested else "applying")
            if not self._one(driver, step):
                return
        if self.whole is None:
            self.whole = Whole(self.plan, self.ground, self._clean)
        self._tell(self.plan.steps[-1] if self.plan.steps else None, "whole way down and up")
        for revision, failure in self.whole.go(driver):
            self._add(revision, failure)

    def _caught_up(self, driver: Driver) -> bool:
        """Repeats the steps up to the goal; False where env.py must be left for it."""
        start = self.ground.position
        while self.ground.position < self.goal:
            step = self.plan.steps[self.ground.position]
            self._tell(step, "repeating")
            try:
                self.ground.advance(driver, step)
            except (StepError, Overrun) as error:
                self._cannot_apply(self.ground.position, error)
                return False
        self._save_due = self.ground.position - start >= SAVE_AFTER
        return not self._save_due

    def _one(self, driver: Driver, step: Step) -> bool:
        """Takes one step; False if the database must be put back."""
        began = time.monotonic()
        seeding = self.ground.seeding
        try:
            if self.trial is not None and self.trial.probing:
                self.trial.probe(driver, step, self.ground)
                self.ground.clean = False
                return False
            if step.tested:
                outcome = cycle(driver, step, self.ground)
            else:
                self.ground.advance(driver, step)
                outcome = Outcome()
        except Overrun as error:
            self._cannot_apply(self.goal, error)
            return False
        except StepError as error:
            self._upgrade_failed(error)
            return False
        self._record(step, outcome, began, seeding)
        self.trial = None
        if outcome.before is not None:
            if self.settings.post_upgrade_rows and not self.ground.filling.never:
                self.news = NewRows.of(step, outcome.before, self.ground.moment.schema)
            if self.news is not None:
                return True
            self.ground.fill_new(driver, outcome.before)
        self.goal += 1
        self.ground.clean &= outcome.sound
        return outcome.sound

    def _new_rows(self, driver: Driver, news: NewRows) -> bool:
        """Tries the downgrade of the step on new rows; False if the database must be put back.

        What the step made is filled afterwards only: its downgrade need not understand our values in
        the place of those that the step itself wrote.
        """
        self._tell(news.step, "new rows")
        if self.ground.position == self.goal:
            try:
                self.ground.apply(driver, news.step)
            except (StepError, Overrun) as error:
                self.news = None
                self._cannot_apply(self.goal, error)
                return False
        if not news.go(driver, self.ground):
            return False
        self.ground.fill_new(driver, news.before)
        for failure in news.failures:
            self._add(news.step.revision.id, failure)
        tested = self.results[news.step.revision.id]
        self.results[news.step.revision.id] = replace(tested, notes=(*tested.notes, *news.notes))
        self.news = None
        self.goal += 1
        return True

    def _upgrade_failed(self, error: StepError) -> None:
        """Tries with other rows; once there is no other way, the revision cannot be applied."""
        if self.trial is None:
            self.trial = Trial(error, self.goal, self.ground.filling)
        following = self.trial.following()
        if following is None:
            self.ground.filling = self.trial.filling
            self._cannot_apply(self.goal, error)
            self.trial = None
        else:
            self.ground.filling = following

    def _cannot_apply(self, position: int, error: StepError | Overrun) -> None:
        """Records a revision whose upgrade fails, leaves it out, and with it all that need it."""
        step = self.plan.steps[position]
        if isinstance(error, StepError):
            failure = step_failed(Kind.UPGRADE_FAILED, "upgrade", error)
        else:
            failure = overran("upgrade", self.ground.timeout)
        self._put(step, failure.kind.verdict, (failure,))
        self.plan, needing = self.plan.without(step.revision.id)
        for each in needing:
            if each.revision.id not in self.results:
                self._put(each, Verdict.UNVERIFIED, (not_applied(step.revision.id),))
        self.goal = min(self.goal, len(self.plan.steps))

    def _put(self, step: Step, verdict: Verdict, failures: tuple[Failure, ...]) -> None:
        """Records a revision that could not be tested."""
        passed = passes(verdict, self.settings)
        self.results[step.revision.id] = Verified(
            step.revision.id, step.revision.file, verdict, passed, failures
        )

    def _record(self, step: Step, outcome: Outcome, began: float, seeding: Seeding) -> None:
        revision = step.revision
        duration = time.monotonic() - began
        if not step.tested:
            self.results[revision.id] = Verified(
                revision.id, revision.file, None, True, duration=duration, skip_reason=step.skip_reason
            )
            return
        failures, notes = unseeded(outcome, seeding, self.settings)
        failures = (*outcome.failures, *failures)
        if self.trial is not None:
            notes = (self.trial.note, *notes)
        verdict = verdict_of(failures, outcome.declared)
        self.rows += outcome.rows
        self.results[revision.id] = Verified(
            revision.id,
            revision.file,
            verdict,
            passes(verdict, self.settings),
            failures,
            seeding,
            outcome.rows,
            duration,
            notes=notes,
        )

    def _add(self, revision: str, failure: Failure) -> None:
        """Adds what the whole way down showed to a revision's result."""
        tested = self.results[revision]
        failures = (*tested.failures, failure)
        verdict = verdict_of(failures)
        self.results[revision] = replace(
            tested, failures=failures, verdict=verdict, passed=passes(verdict, self.settings)
        )

    def _clean(self, revision: str) -> bool:
        """Returns whether a revision was tested and came back whole."""
        found = self.results.get(revision)
        return found is not None and found.verdict in (Verdict.REVERSIBLE, Verdict.UNVERIFIED)

    def _tell(self, step: Step | None, phase: str) -> None:
        revision = step.revision.id if step is not None else ""
        self.progress(revision, phase, self.goal, len(self.plan.steps), self.rows)
