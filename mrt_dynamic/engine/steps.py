"""Single revisions run on a migration context, as Alembic's own commands run them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.runtime.migration import HeadMaintainer, MigrationStep

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.engine.failures import step_error
from mrt_dynamic.engine.forgetting import begin_command, forget_plans
from mrt_dynamic.engine.transactions import settle, settle_first, step_transaction
from mrt_lint.errors import MrtError

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from alembic.script import Script
    from sqlalchemy.engine import Connection

    from mrt_dynamic.engine.process import Output
    from mrt_dynamic.engine.project import AlembicProject


class Steps:
    """Steps revisions on the context that env.py configured; each is committed when it returns.

    `arguments`: what env.py gives to every migration. The context must be on the scratch database.
    """

    def __init__(
        self, project: AlembicProject, context: MigrationContext, arguments: Mapping[str, Any], output: Output
    ) -> None:
        self._project = project
        self._context = context
        self._arguments = arguments
        self._output = output
        settle_first(context)
        context._ensure_version_table()
        settle(context)
        self._maintainer: HeadMaintainer | None = None
        self._went_up: bool | None = None

    @property
    def connection(self) -> Connection:
        """Returns the connection that the migrations run on."""
        connection = self._context.connection
        assert connection is not None, "offline"
        return connection

    @property
    def options(self) -> Mapping[str, Any]:
        """Returns what env.py told `context.configure`."""
        return self._context.opts

    def heads(self) -> tuple[str, ...]:
        """Returns what the version table holds, sorted."""
        heads = self._context.get_current_heads()
        settle(self._context)
        return tuple(sorted(heads))

    def run(self, revision: str, is_upgrade: bool) -> None:
        """Runs one revision and records it. Raises StepError."""
        script = self._project.scripts[revision]
        step = _step(self._project, script, is_upgrade)
        # Steps in one direction are one command; so is `upgrade head` on an empty database.
        if is_upgrade != self._went_up:
            begin_command(self._context)
        self._went_up = is_upgrade
        forget_plans(self._context)
        maintainer = self._maintainer or HeadMaintainer(self._context, self.heads())
        # After a failure nobody knows what the version table holds: it is read again.
        self._maintainer = None
        try:
            with self._output.kept(), step_transaction(self._context):
                step.migration_fn(**self._arguments)
                _record(maintainer, step, script)
                for callback in self._context.on_version_apply_callbacks:
                    callback(
                        ctx=self._context,
                        step=step.info,
                        heads=set(maintainer.heads),
                        run_args=dict(self._arguments),
                    )
        except MrtError:
            raise
        except (Exception, SystemExit) as error:
            refused = _refused(error)
            if refused is not None:
                raise refused from error
            raise step_error(error, Path(script.path), self._output.last_line) from error
        self._maintainer = maintainer


def _step(project: AlembicProject, script: Script, is_upgrade: bool) -> RevisionStep:
    name = "upgrade" if is_upgrade else "downgrade"
    if not callable(getattr(script.module, name, None)):
        raise StepError(f"the migration has no {name} function")
    make = MigrationStep.upgrade_from_script if is_upgrade else MigrationStep.downgrade_from_script
    return make(project.script.revision_map, script)


def _record(maintainer: HeadMaintainer, step: RevisionStep, script: Script) -> None:
    """Writes the version table as `HeadMaintainer.update_to_step` does.

    For a downgrade that looks at every revision before it: in the plain case, one head that has one
    parent, its answer is known, and a long history stays linear.
    """
    parents = script._normalized_down_revisions
    if step.is_downgrade and len(parents) == 1 and maintainer.heads == {script.revision}:
        maintainer._update_version(script.revision, parents[0])
    else:
        maintainer.update_to_step(step)


def _refused(error: BaseException) -> MrtError | None:
    """Returns the refusal of our own guard that a migration wrapped in an error of its own."""
    from mrt_dynamic.engine.environment import chain

    return next((each for each in chain(error) if isinstance(each, MrtError)), None)
