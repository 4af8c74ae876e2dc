"""The built-in tests. They appear by themselves in a configured project; they can also be imported:

from mrt_dynamic.testing.builtin import test_mrt_upgrade, test_mrt_up_down_consistency
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mrt_dynamic.revision_result import RevisionResult

if TYPE_CHECKING:
    from mrt_dynamic.config import MRTConfig
    from mrt_dynamic.testing.fixture import MRT

pytestmark = pytest.mark.mrt


def _steps(take: Callable[[], None]) -> None:
    """Fails the test in one line for a step that fails; a downgrade that refuses on purpose skips it."""
    from mrt_dynamic.engine.base import StepError
    from mrt_dynamic.verify.messages import raised

    wrong, declared = "", False
    try:
        take()
    except StepError as error:
        wrong, declared = raised(error), error.declared
    except TimeoutError as error:
        wrong = str(error)
    # Outside of the handlers: pytest would show what the step was raised from as well.
    if declared:
        pytest.skip(f"declared irreversible: {wrong}")
    if wrong:
        pytest.fail(wrong, pytrace=False)


def test_mrt_single_head(mrt: MRT) -> None:
    """The history has one head: no branches that nobody merged."""
    heads = mrt.heads()
    if len(heads) != 1:
        pytest.fail(
            f"there are {len(heads)} heads ({', '.join(heads)}): run `alembic merge heads`", pytrace=False
        )


def test_mrt_upgrade(mrt: MRT) -> None:
    """Everything can be applied to an empty database."""
    _steps(lambda: mrt.upgrade("heads"))


def test_mrt_downgrade_base(mrt: MRT) -> None:
    """Everything can be taken back to base (or to the floor), and be applied again."""

    def take() -> None:
        mrt.upgrade("heads")
        mrt.downgrade(mrt.floor or "base")
        mrt.upgrade("heads")

    _steps(take)


def test_mrt_up_down_consistency(
    mrt_revision: str, mrt_config: MRTConfig | None, request: pytest.FixtureRequest
) -> None:
    """One revision goes up, down and up again, and what was there before is there again."""
    from mrt_dynamic.testing.session import Verifications, asking
    from mrt_dynamic.testing.telling import told

    shared = Verifications.of(request.config, mrt_config)
    verified = told(lambda: shared.result(mrt_revision, asking(request.node)))
    result = RevisionResult.of(verified)
    if result.skipped:
        pytest.skip(str(result.skip_reason))
    if not result.passed:
        pytest.fail(shared.story(verified), pytrace=False)


def test_mrt_static_no_errors(mrt_config: MRTConfig | None, request: pytest.FixtureRequest) -> None:
    """`mrt-lint check` finds no errors. Needs no database."""
    from mrt_dynamic.testing.fixture import MRT
    from mrt_dynamic.testing.session import Verifications
    from mrt_dynamic.testing.telling import told

    told(MRT(Verifications.of(request.config, mrt_config)).assert_no_static_errors)


def test_mrt_schema_matches_models(mrt: MRT) -> None:
    """The migrated schema is what the models say."""
    if mrt.metadata is None:
        pytest.skip("no models: set target-metadata = 'package.module:Base' in [tool.mrt-lint.verify]")
    mrt.assert_schema_matches()
