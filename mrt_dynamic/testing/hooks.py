"""The hooks that bring in the built-in tests of a configured project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mrt_dynamic.extras import missing
from mrt_dynamic.testing.settings import is_configured, only_read, overriding, said_early, settings_of
from mrt_lint.errors import MrtError, nearest

_FOLDERS = pytest.StashKey[dict[Path, pytest.Directory]]()
"""The folders that pytest collects."""

_LONG = "test_mrt_downgrade_base"
"""The one that takes the most time, but for the revisions one by one."""

_READING = "test_mrt_static_no_errors"
"""The only built-in test that needs no database."""


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Ends a run whose configuration is wrong with one message instead of one for each test (exit 4)."""
    config = session.config
    try:
        if missing() or not is_configured(config):
            return
        from mrt_dynamic.engine.project import load
        from mrt_dynamic.testing.static import unknown_severities

        said = said_early(config)
        if not only_read(config, said):
            load(settings_of(config, said).alembic_ini)
        if not hasattr(config, "workerinput"):
            for sentence in unknown_severities(config, said):
                config.issue_config_time_warning(pytest.PytestConfigWarning(f"mrt-lint: {sentence}"), 2)
    except MrtError as error:
        raise pytest.UsageError(f"mrt-lint: {error}{_not_known_yet(config)}") from error


def _not_known_yet(config: pytest.Config) -> str:
    """Returns a hint for a fixture `mrt_config` that cannot be asked before tests run."""
    if said_early(config) is not None or not any(True for _ in overriding(config)):
        return ""
    return (
        " (the fixture mrt_config needs other fixtures, or yields: what is needed before tests run,"
        " such as alembic-ini, belongs into [tool.mrt-lint.verify])"
    )


def pytest_report_header(config: pytest.Config) -> str | None:
    """Says why the built-in tests do not run where they should."""
    try:
        reason = (missing() or only_read(config, said_early(config))) if is_configured(config) else ""
    except MrtError:
        return None
    return f"mrt-lint: no migrations are run: {reason}" if reason else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Puts the built-in tests first, unless the user names files or tests, or has turned them off."""
    if not config.getini("mrt_default_tests") or _names_tests(config) or missing():
        return
    if not is_configured(config):
        return
    from mrt_dynamic.testing import builtin

    known = [name for name in vars(builtin) if name.startswith("test_")]
    left_out = _left_out(config, known)
    if _only_read(config):
        left_out |= set(known) - {_READING}
    else:
        _revisions(config)  # what is wrong with them ends the run here, with one message
    file = Path(builtin.__file__)
    module = pytest.Module.from_parent(_place(session), path=file, nodeid="mrt-lint")
    report = module.ihook.pytest_make_collect_report(collector=module)
    module.ihook.pytest_collectreport(report=report)  # so that pytest counts them
    found = [each for each in report.result or () if isinstance(each, pytest.Item)]
    found = [each for each in found if each.name.partition("[")[0] not in left_out]
    items[:0] = _spread(found) if hasattr(config, "workerinput") else found


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


def _place(session: pytest.Session) -> pytest.Collector:
    """Returns below what the built-in tests belong: the folder whose conftest.py overrides `mrt_config`.

    Elsewhere pytest would not let them have that fixture. Since pytest 9.1 it is bound to the very object
    that was collected.
    """
    known = session.config.stash.get(_FOLDERS, {})
    for file, _ in overriding(session.config):
        if file is not None and file.name == "conftest.py" and file.parent in known:
            return known[file.parent]
    return session


def _names_tests(config: pytest.Config) -> bool:
    """Returns whether the command line asks for single files or tests."""
    folder = config.invocation_params.dir
    return any("::" in word or (folder / word).is_file() for word in config.option.file_or_dir or ())


def _left_out(config: pytest.Config, known: list[str]) -> frozenset[str]:
    """Returns the built-in tests that the configuration leaves out. Raises UsageError for another name."""
    from mrt_dynamic.testing.settings import left_out

    names = frozenset(left_out(config))
    for name in sorted(names.difference(known)):
        raise pytest.UsageError(
            f"mrt-lint: skip-default-tests: no built-in test is called {name!r}{nearest(name, known)}"
        )
    return names


def _only_read(config: pytest.Config) -> bool:
    try:
        return bool(only_read(config, said_early(config)))
    except MrtError as error:
        raise pytest.UsageError(f"mrt-lint: {error}") from error


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes one item for each revision."""
    if "mrt_revision" not in metafunc.fixturenames:
        return
    found = [] if _only_read(metafunc.config) else _revisions(metafunc.config)
    metafunc.parametrize("mrt_revision", found, ids=found)


def _revisions(config: pytest.Config) -> list[str]:
    """Returns the revisions. Raises UsageError when they cannot be loaded."""
    from mrt_dynamic.testing.revisions import revisions

    try:
        return revisions(config)
    except MrtError as error:
        raise pytest.UsageError(f"mrt-lint: {error}") from error


def pytest_collection_finish(session: pytest.Session) -> None:
    """Notes which revisions will be asked for."""
    from mrt_dynamic.testing.session import note_asked

    note_asked(session)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a pytest-xdist worker where the workers of this run share what they find out."""
    from mrt_dynamic.testing.sharing import announce

    try:
        if not missing() and is_configured(node.config):
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
