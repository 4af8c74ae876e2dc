"""The verifier against the catalogue: every bug is found on its own revision, and nothing else is blamed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_dynamic.results import Verification, Verified
from mrt_dynamic.verify.request import Request
from mrt_dynamic.verify.run import verify
from mrt_dynamic.verify.settings import VerifySettings
from tests.backends import need, server_url
from tests.dynamic.catalogue.case import Case, Wrong
from tests.dynamic.catalogue.every import runs
from tests.dynamic.catalogue.project import write_project


@pytest.mark.parametrize(("case", "database"), [pytest.param(c, d, id=name) for name, c, d in runs()])
def test_what_the_verifier_says(case: Case, database: str, tmp_path: Path) -> None:
    need(database)
    verification = _verified(case, database, tmp_path / "project")
    found = {tested.revision: tested for tested in verification.revisions}
    assert set(found) == {rev.id for rev in case.history}
    wrong = case.wrong_on(database)
    said = _words(verification)
    for name, tested in found.items():
        if name not in wrong:
            assert tested.passed, f"{name} is right\n{said}"
            assert tested.verdict is not None, f"{name} was not tested\n{said}"
            assert tested.verdict.value == "reversible", f"{name} is right\n{said}"
        else:
            _agrees(wrong[name], tested, case, database, said)
    fails = any(not _lets_pass(each, case, database) for each in wrong.values())
    assert verification.passed is not fails, said


def _agrees(wrong: Wrong, tested: Verified, case: Case, database: str, said: str) -> None:
    verdict = wrong.verdict_on(database)
    assert ("skipped" if tested.verdict is None else tested.verdict.value) == verdict, said
    assert tested.passed is _lets_pass(wrong, case, database), said
    assert bool(tested.skip_reason) is (verdict == "skipped"), said
    kinds = wrong.kinds_on(database)
    assert all(group & {failure.kind.value for failure in tested.failures} for group in kinds), said
    named = [each for each in tested.failures if any(each.kind.value in group for group in kinds)]
    if wrong.table is not None:
        assert any(wrong.table == _bare(failure.table) for failure in named), said
    if wrong.column is not None:
        assert any(wrong.column == failure.column for failure in named), said


def _bare(table: str | None) -> str | None:
    return table.rpartition(".")[2] if table is not None else None


def _lets_pass(wrong: Wrong, case: Case, database: str) -> bool:
    verdict = wrong.verdict_on(database)
    if verdict == "irreversible":
        return not case.settings.get("fail_on_irreversible", False)
    if verdict == "unverified":
        return bool(case.settings.get("allow_unverified", False))
    return verdict == "skipped"


def _verified(case: Case, database: str, folder: Path) -> Verification:
    if database == "sqlite":
        url = f"sqlite:///{folder.parent / 'app.db'}"
    else:
        url = server_url(database).set(database="mrt_catalogue_app").render_as_string(hide_password=False)
    ini = write_project(case, folder, url)
    settings = VerifySettings(ini.absolute(), folder, db_url=url, **case.settings)  # type: ignore[arg-type]
    return verify(settings, Request(cwd=folder))


def _words(verification: Verification) -> str:
    lines = []
    for tested in verification.revisions:
        lines.append(
            f"{tested.revision}: {tested.verdict and tested.verdict.value} {tested.skip_reason or ''}"
        )
        lines += [
            f"  {each.kind.value} {each.table}.{each.column}: {each.message}" for each in tested.failures
        ]
        lines += [f"  note: {note}" for note in tested.notes]
        lines += [f"  unseeded {each.table}: {each.reason}" for each in tested.seeding.unseeded]
    return "\n".join([*lines, *verification.notes])
