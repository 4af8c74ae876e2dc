"""The walk over a plan: every revision up, down and up again, from inside one run of env.py.

A step that fails leaves the database in a state that nothing more can be learned from: then `go`
returns early, the caller puts the database back and runs env.py again, and the walk catches up by
repeating what it did before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.newrows.trial import NewRows
from mrt_dynamic.results import Failure, Kind, Seeding, Verified
from mrt_dynamic.verify.cycle import Outcome, cycle
from mrt_dynamic.verify.ground import Filling, Ground, Overrun
from mrt_dynamic.verify.judging import passes, unseeded, verdict_of
from mrt_dynamic.verify.listener import Listener
from mrt_dynamic.verify.messages import not_applied, overran, step_failed
from mrt_dynamic.verify.trials import Trial
from mrt_dynamic.verify.whole import Whole
from mrt_lint.verdict import Verdict

if TYPE_CHECKING:
    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.verify.plan import Plan, Step
    from mrt_dynamic.verify.settings import VerifySettings
    from mrt_dynamic.verify.standing import Standing, Stuck

SAVE_AFTER = 20
"""Steps repeated on the way back to a place after which a copy of the database is worth keeping."""

NEW_ROWS = "new rows"
WHOLE_WAY = "whole way down and up"
"""Phases that are told, and that say what a step is for that does not come back."""


_NOT_LOOKED_AT = Seeding()


def nowhere_else() -> Mapping[str, Verified]:
    """Returns what other walks found out about revisions of the plan: there are none."""
    return {}


def never() -> bool:
    """Returns that a walk does not pause: it goes to its end."""
    return False


@dataclass(slots=True)
class Walk:
    """One walk. `results`: by revision. `goal`: how many steps the database is to stand behind.

    `elsewhere`: asked before the whole way what other walks found out about revisions of the plan.
    `pauses`: asked between two revisions whether the walk has gone as far as it is to go for now.
    """

    plan: Plan
    ground: Ground
    settings: VerifySettings
    listener: Listener
    elsewhere: Callable[[], Mapping[str, Verified]] = nowhere_else
    results: dict[str, Verified] = field(default_factory=dict)
    goal: int = 0
    rows: int = 0
    trial: Trial | None = None
    news: NewRows | None = None
    whole: Whole | None = None
    phase: str = ""
    pauses: Callable[[], bool] = never
    _save_due: bool = False

    @property
    def finished(self) -> bool:
        """Returns whether there is nothing left to do."""
        done = self.goal >= len(self.plan.steps)
        return done and self.whole is not None and self.whole.done

    @property
    def paused(self) -> bool:
        """Returns whether it has gone as far as it is to go for now."""
        return self.pauses()

    def is_settled(self, revision: str) -> bool:
        """Returns whether it is known what comes of a revision: only the whole way can change it."""
        ahead = self.plan.steps[self.goal :]
        return revision in self.results and all(step.revision.id != revision for step in ahead)

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
            self._stand()
            if self.paused:
                return
            if self.news is not None:
                if not self._new_rows(driver, self.news):
                    return
                continue
            step = self.plan.steps[self.goal]
            self._tell(step, "testing" if step.tested else "applying")
            if not self._one(driver, step):
                return
        self._stand()
        if self.whole is None:
            self.results |= self.elsewhere() if self.plan.whole else {}
            self.whole = Whole(self.plan, self.ground, self._clean)
        self._tell(self.plan.steps[-1] if self.plan.steps else None, WHOLE_WAY)
        for revision, failure in self.whole.go(driver):
            self._add(revision, failure)

    def resume(self, standing: Standing) -> None:
        """Goes on where another process came to an end; to be called before `back`."""
        for revision in standing.lost:
            self.plan, _ = self.plan.without(revision)
        self.results = dict(standing.results)
        self.goal, self.rows = standing.goal, standing.rows
        if standing.filling is not None:
            self.ground.filling = standing.filling
        if standing.stuck is not None:
            self.give_up(standing.stuck)

    def give_up(self, stuck: Stuck) -> None:
        """Records a step that did not come back, and leaves it out from here on."""
        self.ground.clean = False
        self.news = None
        self._end_trial()
        names = [step.revision.id for step in self.plan.steps]
        if stuck.revision not in names:
            return
        position = names.index(stuck.revision)
        if stuck.phase == WHOLE_WAY:
            self.whole = Whole(self.plan, self.ground, self._clean)
            if self.whole.failed():
                self._add(stuck.revision, stuck.failure)
        elif stuck.phase == NEW_ROWS:
            message = f"{stuck.failure.message}, on rows that only the new schema allows"
            self._add(stuck.revision, replace(stuck.failure, message=message))
            self.goal = position + 1
        elif stuck.what == "upgrade" or position != self.goal:
            self._leave_out(position, stuck.failure)
        else:
            self._put(self.plan.steps[position], stuck.failure.kind.verdict, (stuck.failure,))
            self.goal = position + 1

    def _stand(self) -> None:
        """Tells from where another process could go on."""
        filling = self.trial.filling if self.trial is not None else self.ground.filling
        self.listener.stands(self.goal, self.rows, filling)

    def _caught_up(self, driver: Driver) -> bool:
        """Repeats the steps up to the goal; False where env.py must be left for it."""
        start = self.ground.position
        while self.ground.position < self.goal:
            step = self.plan.steps[self.ground.position]
            self._tell(step, "repeating")
            try:
                self.ground.advance(driver, step)
            except (StepError, Overrun) as error:
                if not self._filled_later():
                    self._cannot_apply(self.ground.position, error)
                return False
        self._save_due = self.ground.position - start >= SAVE_AFTER
        return not self._save_due

    def _filled_later(self) -> bool:
        """Lets rows begin where the walk goes on, if they began before: the step could be applied once."""
        filling = self.ground.filling
        if self.news or self.trial or filling.never or filling.since >= self.goal:
            return False
        self.ground.filling = Filling(self.goal)
        self.ground.clean = False
        return True

    def _one(self, driver: Driver, step: Step) -> bool:
        """Takes one step; False if the database must be put back."""
        began = time.monotonic()
        seeding = self.ground.seeding if step.tested else _NOT_LOOKED_AT
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
            self._end_trial()
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
        self._tell(news.step, NEW_ROWS)
        if self.ground.position == self.goal:
            try:
                # Rows that migrations write with the time of day are others in each database.
                news.before = self.ground.apply(driver, news.step)
            except (StepError, Overrun):
                self._without_new_rows(news)
                return False
        if not news.go(driver, self.ground):
            return False
        self.ground.fill_new(driver, news.before)
        for failure in news.failures:
            self._add(news.step.revision.id, failure)
        tested = self.results[news.step.revision.id]
        self._keep(replace(tested, notes=(*tested.notes, *news.notes)))
        self.news = None
        self.goal += 1
        return True

    def _without_new_rows(self, news: NewRows) -> None:
        """Leaves new rows out for a revision that came back whole and fails when it is repeated."""
        self.news = None
        tested = self.results[news.step.revision.id]
        note = "not tested with rows that only the new schema allows: the upgrade failed when it was repeated"
        self._keep(replace(tested, notes=(*tested.notes, note)))
        self.goal += 1
        self.ground.filling = Filling(self.goal)
        self.ground.clean = False

    def _upgrade_failed(self, error: StepError) -> None:
        """Tries with other rows; once there is no other way, the revision cannot be applied."""
        if self.trial is None:
            self.trial = Trial(error, self.goal, self.ground.filling)
        following = self.trial.following(error)
        if following is None:
            self._end_trial()
            self._cannot_apply(self.goal, error)
        else:
            self.ground.filling = following

    def _end_trial(self) -> None:
        """Gives up trying with other rows: the database is filled again as it was before."""
        if self.trial is not None:
            self.ground.filling, self.trial = self.trial.filling, None

    def _cannot_apply(self, position: int, error: StepError | Overrun) -> None:
        """Records a revision whose upgrade fails, and leaves it out."""
        if isinstance(error, StepError):
            failure = step_failed(Kind.UPGRADE_FAILED, "upgrade", error)
        else:
            failure = overran("upgrade", self.ground.timeout)
        self._leave_out(position, failure)

    def _leave_out(self, position: int, failure: Failure) -> None:
        """Records a revision that cannot be applied, leaves it out, and with it all that need it."""
        step = self.plan.steps[position]
        self._put(step, failure.kind.verdict, (failure,))
        self.listener.lost(step.revision.id)
        reached = {each.revision.id for each in self.plan.steps[: self.goal]}
        self.plan, needing = self.plan.without(step.revision.id)
        for each in needing:
            if each.revision.id not in self.results:
                self._put(each, Verdict.UNVERIFIED, (not_applied(step.revision.id),))
        self.goal = sum(each.revision.id in reached for each in self.plan.steps)

    def _put(self, step: Step, verdict: Verdict, failures: tuple[Failure, ...]) -> None:
        """Records a revision that could not be tested."""
        passed = passes(verdict, self.settings)
        self._keep(Verified(step.revision.id, step.revision.file, verdict, passed, failures))

    def _record(self, step: Step, outcome: Outcome, began: float, seeding: Seeding) -> None:
        revision = step.revision
        duration = time.monotonic() - began
        if not step.tested:
            skipped = step.skip_reason
            self._keep(
                Verified(revision.id, revision.file, None, True, duration=duration, skip_reason=skipped)
            )
            return
        failures, notes = unseeded(outcome, seeding, self.settings, self.trial)
        failures = (*outcome.failures, *failures)
        if self.trial is not None:
            notes = (self.trial.note, *notes)
        verdict = verdict_of(failures, outcome.declared)
        self.rows += outcome.rows
        self._keep(
            Verified(
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
        )

    def _add(self, revision: str, failure: Failure) -> None:
        """Adds what the whole way down showed to a revision's result."""
        tested = self.results[revision]
        failures = (*tested.failures, failure)
        verdict = verdict_of(failures)
        passed = passes(verdict, self.settings)
        self._keep(replace(tested, failures=failures, verdict=verdict, passed=passed))

    def _keep(self, verified: Verified) -> None:
        self.results[verified.revision] = verified
        self.listener.result(verified)

    def _clean(self, revision: str) -> bool:
        """Returns whether a revision was tested and came back whole."""
        found = self.results.get(revision)
        return found is not None and found.verdict in (Verdict.REVERSIBLE, Verdict.UNVERIFIED)

    def _tell(self, step: Step | None, phase: str) -> None:
        self.phase = phase
        revision = step.revision.id if step is not None else ""
        self.listener.progress(revision, phase, self.goal, len(self.plan.steps), self.rows)
