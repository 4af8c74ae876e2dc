"""The hooks that bring in the built-in tests of a configured project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from mrt_dynamic.extras import missing
from mrt_dynamic.testing.configured import Configured, configurations, nearest
from mrt_dynamic.testing.settings import left_out, only_read, settings_of
from mrt_lint.errors import MrtError
from mrt_lint.errors import nearest as nearest_name

if TYPE_CHECKING:
    from mrt_dynamic.config import MRTConfig

T = TypeVar("T")

_FOLDERS = pytest.StashKey[dict[Path, pytest.Directory]]()
"""The folders that pytest collects."""

_CONFIGURED = pytest.StashKey[Configured]()
"""Which configuration the built-in tests of a module are for."""

_LONG = "test_mrt_downgrade_base"
"""The one that takes the most time, but for the revisions one by one."""

_READING = "test_mrt_static_no_errors"
"""The only built-in test that needs no database."""


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Ends a run whose configuration is wrong with one message instead of one for each test (exit 4)."""
    config = session.config
    if missing():
        return
    for configured in _configurations(config):
        try:
            _look(config, configured.said)
        except MrtError as error:
            raise pytest.UsageError(f"mrt-lint: {error}{configured.hint}") from error


def _look(config: pytest.Config, said: MRTConfig | None) -> None:
    """Looks at a configuration and its project before anything is run. Raises MrtError."""
    from mrt_dynamic.engine.project import load
    from mrt_dynamic.testing.static import unknown_severities

    if not only_read(config, said):
        load(settings_of(config, said).alembic_ini)
    if not hasattr(config, "workerinput"):
        for sentence in unknown_severities(config, said):
            config.issue_config_time_warning(pytest.PytestConfigWarning(f"mrt-lint: {sentence}"), 2)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Says why the built-in tests do not run where they should."""
    try:
        known = configurations(config)
        reasons = [missing() or only_read(config, each.said) for each in known]
    except MrtError:
        return []
    return [f"mrt-lint: no migrations are run: {reason}" for reason in dict.fromkeys(filter(None, reasons))]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Puts the built-in tests first, unless the user names files or tests, or has turned them off."""
    if not config.getini("mrt_default_tests") or _names_tests(config) or missing():
        return
    found = _configurations(config)
    collected = config.stash.get(_FOLDERS, {})
    placed = [each for each in found if each.folder is None or each.folder in collected]
    for configured in reversed(placed or found[:1]):
        items[:0] = _built_in(session, configured)


def _built_in(session: pytest.Session, configured: Configured) -> list[pytest.Item]:
    """Returns the built-in tests for one configuration.

    They belong below the folder whose conftest.py overrides `mrt_config`: elsewhere pytest would not let
    them have that fixture. Since pytest 9.1 it is bound to the very object that was collected.
    """
    from mrt_dynamic.testing import builtin

    config = session.config
    known = [name for name in vars(builtin) if name.startswith("test_")]
    left_out = _left_out(config, configured, known)
    if _only_read(config, configured):
        left_out |= set(known) - {_READING}
    else:
        _revisions(config, configured)  # what is wrong with them ends the run here, with one message
    place: pytest.Collector = session
    if configured.folder is not None:
        place = config.stash.get(_FOLDERS, {}).get(configured.folder, session)
    inside = "" if place.nodeid in ("", ".") else f"{place.nodeid}/"
    module = pytest.Module.from_parent(place, path=Path(builtin.__file__), nodeid=f"{inside}mrt-lint")
    module.stash[_CONFIGURED] = configured
    report = module.ihook.pytest_make_collect_report(collector=module)
    module.ihook.pytest_collectreport(report=report)  # so that pytest counts them
    found = [each for each in report.result or () if isinstance(each, pytest.Item)]
    found = [each for each in found if each.name.partition("[")[0] not in left_out]
    return _spread(found) if hasattr(config, "workerinput") else found


def _spread(found: list[pytest.Item]) -> list[pytest.Item]:
    """Returns the built-in tests in an order that divides well among pytest-xdist's workers.

    Each worker gets a stretch of the list at the beginning. The longest of the single tests begins the first,
    the one that needs no database stands in the second: neither disturbs the walk over the revisions.
    """
    rest = [each for each in found if each.name not in (_LONG, _READING)]
    rest.sort(key=lambda each: not hasattr(each, "callspec"))
    reading = [each for each in found if each.name == _READING]
    middle = len(rest) // 6
    return [*(each for each in found if each.name == _LONG), *rest[:middle], *reading, *rest[middle:]]


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Remembers the folders that are collected."""
    if isinstance(collector, pytest.Directory):
        collector.config.stash.setdefault(_FOLDERS, {})[collector.path] = collector


def _names_tests(config: pytest.Config) -> bool:
    """Returns whether the command line asks for single files or tests."""
    folder = config.invocation_params.dir
    return any("::" in word or (folder / word).is_file() for word in config.option.file_or_dir or ())


def _left_out(config: pytest.Config, configured: Configured, known: list[str]) -> frozenset[str]:
    """Returns the built-in tests that the configuration leaves out. Raises UsageError for another name."""
    names = frozenset(_told(configured, lambda: left_out(config, configured.said)))
    for name in sorted(names.difference(known)):
        raise pytest.UsageError(
            f"mrt-lint: skip-default-tests: no built-in test is called {name!r}{nearest_name(name, known)}"
        )
    return names


def _only_read(config: pytest.Config, configured: Configured) -> bool:
    return bool(_told(configured, lambda: only_read(config, configured.said)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes one item for each revision."""
    if "mrt_revision" not in metafunc.fixturenames:
        return
    config, module = metafunc.config, metafunc.definition.getparent(pytest.Module)
    assert module is not None
    configured = module.stash.get(_CONFIGURED, None) or nearest(config, module.path)
    found = [] if _only_read(config, configured) else _revisions(config, configured)
    metafunc.parametrize("mrt_revision", found, ids=found)


def _revisions(config: pytest.Config, configured: Configured) -> list[str]:
    """Returns the revisions. Raises UsageError when they cannot be loaded."""
    from mrt_dynamic.testing.revisions import revisions

    return _told(configured, lambda: revisions(config, configured.said))


def _configurations(config: pytest.Config) -> list[Configured]:
    """Returns the configurations. Raises UsageError for a wrong file."""
    return _told(Configured(), lambda: configurations(config))


def _told(configured: Configured, work: Callable[[], T]) -> T:
    """Returns what `work` returns. Raises UsageError for what is wrong with the run itself."""
    try:
        return work()
    except MrtError as error:
        raise pytest.UsageError(f"mrt-lint: {error}{configured.hint}") from error


def pytest_collection_finish(session: pytest.Session) -> None:
    """Notes which revisions will be asked for."""
    from mrt_dynamic.testing.session import note_asked

    note_asked(session)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a pytest-xdist worker where the workers of this run share what they find out."""
    from mrt_dynamic.testing.sharing import announce

    try:
        if not missing() and configurations(node.config):
            announce(node)
    except (MrtError, OSError):  # told by the worker; without a place to share each works alone
        return


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Lets a pytest-xdist worker finish what others wait for before it ends."""
    if nextitem is None and hasattr(item.config, "workerinput"):
        from mrt_dynamic.testing.session import Verifications

        try:
            for each in Verifications.all_of(item.config):
                each.finish()
        except MrtError:  # the worker that waits gets the same error itself
            return
