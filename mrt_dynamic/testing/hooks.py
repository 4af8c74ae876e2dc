"""The hooks that bring in the built-in tests of a configured project."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_dynamic.extras import missing
from mrt_dynamic.testing.settings import is_configured, said_early, settings_of
from mrt_lint.errors import MrtError, nearest


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Ends a run whose configuration is wrong with one message instead of one for each test (exit 4)."""
    config = session.config
    try:
        if missing() or not is_configured(config):
            return
        from mrt_dynamic.engine.loading import load_config

        load_config(settings_of(config, said_early(config)).alembic_ini, "alembic")
    except MrtError as error:
        raise pytest.UsageError(f"mrt-lint: {error}") from error


def pytest_report_header(config: pytest.Config) -> str | None:
    """Says why the built-in tests do not run where they should."""
    try:
        reason = missing() if is_configured(config) else ""
    except MrtError:
        return None
    return f"mrt-lint: no migrations are tested, {reason}" if reason else None


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

    _revisions(config)  # what is wrong with them ends the run here, with one message
    left_out = _left_out(config, [name for name in vars(builtin) if name.startswith("test_")])
    module = pytest.Module.from_parent(session, path=Path(builtin.__file__), nodeid="mrt-lint")
    report = module.ihook.pytest_make_collect_report(collector=module)
    module.ihook.pytest_collectreport(report=report)  # so that pytest counts them
    found = [each for each in report.result or () if isinstance(each, pytest.Item)]
    items[:0] = [each for each in found if each.name.partition("[")[0] not in left_out]


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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes one item for each revision."""
    if "mrt_revision" not in metafunc.fixturenames:
        return
    found = _revisions(metafunc.config)
    metafunc.parametrize("mrt_revision", found, ids=found)


def _revisions(config: pytest.Config) -> list[str]:
    """Returns the revisions. Raises UsageError when they cannot be loaded."""
    from mrt_dynamic.testing.revisions import revisions

    try:
        return revisions(config)
    except MrtError as error:
        raise pytest.UsageError(f"mrt-lint: {error}") from error
