"""What is told of a history: `--since`, `--min-revision`, `skip`; the whole of it is read in every case."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from mrt_lint.render.json import schema
from tests.cli.conftest import Run, drop_table

CONCISE = ("check", "-f", "concise", "--select", "MRT20,MRT9")


def found(text: str) -> list[str]:
    """Returns the files of the findings in a concise report, without folders."""
    return [
        line.partition(":")[0].rpartition("/")[2].partition("_")[0]
        for line in text.splitlines()
        if ".py:" in line
    ]


@pytest.mark.parametrize(
    ("rev", "files"),
    [
        ("base", ["b2", "c3c3", "d4d4"]),
        ("a1", ["b2", "c3c3", "d4d4"]),
        ("b2", ["c3c3", "d4d4"]),
        ("c3c3", ["d4d4"]),
        ("c3", ["d4d4"]),
        ("d4d4", []),
        ("head", []),
        ("heads", []),
    ],
)
def test_since_reports_only_what_comes_after(inside: Run, longer: Path, rev: str, files: list[str]) -> None:
    result = inside(*CONCISE, "--since", rev, cwd=longer)
    assert found(result.stdout) == files
    assert result.returncode == (1 if files else 0)
    if files:
        assert f"Only what comes after {rev} is reported on: {len(files) + (rev == 'base')} of 4 migr" in (
            result.stdout
        )
    else:
        assert result.stdout == f"No migration to report on comes after {rev}.\n"


@pytest.mark.parametrize(
    ("rev", "files"),
    [
        ("base", ["b2", "c3c3", "d4d4"]),
        ("a1", ["b2", "c3c3", "d4d4"]),
        ("b2", ["c3c3", "d4d4"]),
        ("c3", ["d4d4"]),
        ("head", []),
    ],
)
def test_min_revision_silences_it_and_what_is_below(
    inside: Run, longer: Path, rev: str, files: list[str]
) -> None:
    result = inside(*CONCISE, "--min-revision", rev, cwd=longer)
    assert found(result.stdout) == files
    assert result.returncode == (1 if files else 0)
    if not files:
        assert result.stdout == f"No migration to report on comes after {rev}, the min-revision.\n"


def test_both_are_the_intersection(inside: Run, longer: Path) -> None:
    for since, floor in (("a1", "c3"), ("c3", "a1")):
        result = inside(*CONCISE, "--since", since, "--min-revision", floor, cwd=longer)
        assert found(result.stdout) == ["d4d4"]


@pytest.mark.parametrize("option", ["--since", "--min-revision"])
@pytest.mark.parametrize(
    ("rev", "said"),
    [
        ("c3c4", "no migration is called 'c3c4'; did you mean 'c3c3'?"),
        ("hed", "no migration is called 'hed'; did you mean 'head'?"),
        ("zzz", "no migration is called 'zzz'"),
        ("", "no migration is called ''"),
    ],
)
def test_an_unknown_revision_is_one_line(inside: Run, longer: Path, option: str, rev: str, said: str) -> None:
    if not rev and option == "--min-revision":
        said = "must be a string"
    result = inside("check", option, rev, cwd=longer)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"mrt-lint: {option}")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def branched(longer: Path, label: str = "shop") -> Path:
    """Adds a second branch after b2; two heads are wrong only if neither has a label of its own."""
    text = drop_table("c3xx", "b2", "carts")
    if label:
        text = text.replace("\n\n", f'\nbranch_labels = ("{label}",)\n\n', 1)
    (longer / "migrations/versions/c3xx_drop.py").write_text(text)
    return longer


@pytest.mark.parametrize(
    ("rev", "files"),
    [
        ("b2", ["c3c3", "c3xx", "d4d4"]),
        ("c3c3", ["d4d4"]),
        ("shop", []),
        ("shop@head", []),
        ("shop@b2", ["c3c3", "c3xx", "d4d4"]),
        ("heads", []),
    ],
)
def test_branches(inside: Run, longer: Path, rev: str, files: list[str]) -> None:
    result = inside(*CONCISE, "--since", rev, "--ignore", "MRT901", cwd=branched(longer))
    assert sorted(found(result.stdout)) == files


@pytest.mark.parametrize(
    ("rev", "said"),
    [
        ("head", "there are several heads, c3xx, d4d4; name one, or say 'heads'"),
        ("c3", "'c3' could be any of c3c3, c3xx; give more of it"),
        ("shpo@head", "no migration is called 'shpo@head'"),
        ("shop@d4d4", "no migration is called 'shop@d4d4'"),
    ],
)
def test_what_could_be_several_is_one_line(inside: Run, longer: Path, rev: str, said: str) -> None:
    result = inside("check", "--since", rev, cwd=branched(longer))
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr


def test_alembic_means_the_same_by_these_names(longer: Path) -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from mrt_lint.history import History
    from mrt_lint.lint.revisions import place
    from mrt_lint.lowered import Migration
    from mrt_lint.project import Project

    script = ScriptDirectory.from_config(Config(branched(longer) / "alembic.ini"))
    history = History(
        [
            Migration(
                each.revision,
                each.path,
                "alembic",
                parents=(str(each.down_revision),) if each.down_revision else (),
                branch_labels=("shop",) if each.revision == "c3xx" else (),
            )
            for each in script.walk_revisions()
        ],
        Project("alembic", longer),
    )
    for word in ("a1", "c3c", "d4d4", "d4", "shop", "shop@head", "heads", "shop@b2", "base"):
        expected = {each.revision for each in script.get_revisions(word) if each is not None}
        found = place(history, word)
        assert found is not None
        assert found.ids == expected, word


def test_findings_about_the_history_stay_when_a_reported_file_is_involved(inside: Run, longer: Path) -> None:
    result = inside("check", "-f", "concise", "--since", "c3c3", cwd=branched(longer, label=""))
    assert "MRT901" in result.stdout
    assert "c3xx" in result.stdout
    quiet = inside("check", "-f", "concise", "--since", "d4d4", "--select", "MRT901", cwd=longer)
    assert quiet.returncode == 0


def test_the_output_says_so_when_a_finding_stands_elsewhere(inside: Run, project: Path) -> None:
    text = drop_table("c3c3", "b2", "x").replace(
        'op.drop_table("x")', 'op.add_column("users", sa.Column("phone", sa.Text))'
    )
    (project / "migrations/versions/c3c3_add.py").write_text("import sqlalchemy as sa\n" + text)
    result = inside("check", "-f", "concise", "--since", "b2", "--select", "MRT903", cwd=project)
    assert found(result.stdout) in (["b2"], ["c3c3"])
    assert ("1 finding stands in other migrations, about the history" in result.stdout) is (
        found(result.stdout) == ["b2"]
    )


def test_rules_about_the_history_stay_below_the_min_revision(inside: Run, longer: Path) -> None:
    result = inside("check", "-f", "concise", "--min-revision", "heads", cwd=branched(longer, label=""))
    assert result.returncode == 1
    assert "MRT901" in result.stdout
    assert "MRT202" not in result.stdout


def test_what_cannot_be_placed_may_come_after_and_is_reported(inside: Run, longer: Path) -> None:
    (longer / "migrations/versions/e5_lost.py").write_text(drop_table("e5", "nowhere", "x"))
    (longer / "migrations/versions/f6_broken.py").write_text("revision = 'f6'\ndef (\n")
    text = inside("check", "-f", "concise", "--since", "d4d4", cwd=longer).stdout
    assert "e5_lost.py" in text
    assert "MRT907" in text
    assert "f6_broken.py:2:" in text
    assert "d4d4" not in found(text)


def test_min_revision_of_the_configuration(inside: Run, longer: Path) -> None:
    (longer / "mrt-lint.toml").write_text('\nmin-revision = "c3c3"\n')
    assert found(inside(*CONCISE, cwd=longer).stdout) == ["d4d4"]
    (longer / "mrt-lint.toml").write_text('\nmin-revision = "c3c4"\n')
    result = inside(*CONCISE, cwd=longer)
    assert result.returncode == 2
    assert result.stderr == (
        "mrt-lint: mrt-lint.toml:2: 'min-revision': no migration is called 'c3c4'; did you mean 'c3c3'?\n"
    )
    assert inside("check", "alembic.ini", "--min-revision", "a1", cwd=longer).returncode == 1


def test_no_history_at_all_asks_no_questions(inside: Run, project: Path) -> None:
    (project / "mrt-lint.toml").write_text('min-revision = "zzz"\nskip = {"zzz" = "x"}\n')
    (project / "app.py").write_text("x = 1\n")
    assert inside("check", "app.py", cwd=project).returncode == 0


def test_a_revision_of_a_history_that_was_not_read(inside: Run, tmp_path: Path, project: Path) -> None:
    other = tmp_path / "other"
    (other / "migrations/versions").mkdir(parents=True)
    (other / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (other / "migrations/versions/x9_drop.py").write_text(
        drop_table("x9x9", "None", "t").replace('"None"', "None")
    )
    (tmp_path / "mrt-lint.toml").write_text('skip = {"x9x9" = "gone"}\n')
    assert inside("check", "migrations", cwd=project).returncode == 1
    assert "(skipped: gone)" in inside("check", "-f", "concise", cwd=tmp_path).stdout
    (tmp_path / "mrt-lint.toml").write_text('skip = {"x9xx" = "gone"}\n')
    result = inside("check", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert "'skip': no migration is called 'x9xx'; did you mean 'x9x9'?" in result.stderr


def test_skipped_revisions_are_listed_and_do_not_fail(inside: Run, longer: Path) -> None:
    (longer / "mrt-lint.toml").write_text(
        '[skip]\nb2 = "the numbers were exported"\nc3c3 = "empty table"\nd4d4 = "also empty"\n'
    )
    result = inside("check", "--fail-on", "lossy", cwd=longer)
    assert result.returncode == 0
    assert "skipped[MRT201] drop-column  migrations/versions/b2_drop.py:10:5" in result.stdout
    assert "skipped: the numbers were exported" in result.stdout
    document = json.loads(inside("check", "-f", "json", cwd=longer).stdout)
    assert document["findings"] == []
    assert {(each["revision"], each["reason"]) for each in document["skipped"]} >= {
        ("b2", "the numbers were exported"),
        ("d4d4", "also empty"),
    }
    assert document["summary"]["total_issues"] == 0
    jsonschema.Draft202012Validator(schema()).validate(document)


def test_since_in_one_of_several_histories(inside: Run, tmp_path: Path, longer: Path) -> None:
    other = tmp_path / "other"
    (other / "migrations/versions").mkdir(parents=True)
    (other / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    text = drop_table("x9x9", "None", "t").replace('"None"', "None")
    (other / "migrations/versions/x9x9_drop.py").write_text(text)
    assert "x9x9" in found(inside(*CONCISE, cwd=tmp_path).stdout)
    assert found(inside(*CONCISE, "--since", "b2", cwd=tmp_path).stdout) == ["c3c3", "d4d4"]
    assert "x9x9" in found(inside(*CONCISE, "--min-revision", "b2", cwd=tmp_path).stdout)


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [("lossy", 1), ("broken", 0), ("broken,lossy", 1), ("unknown,irreversible", 0), ("Lossy", 1)],
)
def test_fail_on_gates_by_verdict(inside: Run, project: Path, verdicts: str, code: int) -> None:
    result = inside("check", "--ignore", "MRT2", "--fail-on", verdicts, cwd=project)
    assert result.returncode == code
    assert ("Verdicts that fail the run: b2 (lossy)." in result.stdout) is bool(code)


def test_fail_on_of_the_configuration(inside: Run, project: Path) -> None:
    (project / "mrt-lint.toml").write_text('ignore = ["MRT2"]\nfail-on = ["lossy"]\n')
    assert inside("check", cwd=project).returncode == 1
    assert inside("check", "--fail-on", "broken", cwd=project).returncode == 0
    assert inside("check", "--exit-zero", cwd=project).returncode == 0


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("losy", "--fail-on must hold verdicts of broken, lossy"),
        ("losy", "not 'losy'; did you mean 'lossy'?"),
        ("reversible", "not 'reversible'"),
    ],
)
def test_unknown_verdicts_are_one_line(inside: Run, project: Path, word: str, said: str) -> None:
    result = inside("check", "--fail-on", word, cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
