"""Values, their origins, and one clear line for everything that is wrong in a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint.config.file import find, load
from mrt_lint.config.keys import KEYS, PROMISED
from mrt_lint.config.load import load_settings
from mrt_lint.config.option import Option, boolean, number, one_of, text, texts
from mrt_lint.config.toml import line_of, parse
from mrt_lint.config.verify import VERIFY
from mrt_lint.errors import ConfigError, MrtError, UsageError
from tests.lint.making import configured


def test_defaults_apply_without_a_file(tmp_path: Path) -> None:
    found = load_settings(None, tmp_path, {}, ())
    assert found.values == {option.name: option.default for option in (*KEYS, *PROMISED)}
    assert found.where("select") == "default"


def test_command_line_wins_over_file_and_file_over_default() -> None:
    found = configured('strict = true\ndatabase = "mysql"', {"database": "pg", "strict": None})
    assert (found["database"], found.where("database")) == ("postgresql", "command line")
    assert (found["strict"], found.where("strict")) == (True, "mrt-lint.toml:1")
    assert (found["paths"], found.where("paths")) == ((), "default")


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ('database = "postgresql+psycopg"', "database", "postgresql"),
        ('database = "MariaDB"', "database", "mariadb"),
        ('database-version = "15"', "database-version", (15,)),
        ("database-version = 15", "database-version", (15,)),
        ('database-version = "10.11.6-MariaDB"', "database-version", (10, 11, 6)),
        ('select = ["MRT2"]', "select", ("MRT2",)),
        ('severity = {"MRT407" = "error"}', "severity", (("MRT407", "error"),)),
        ('[per-file-ignores]\n"a/*" = ["MRT1"]', "per-file-ignores", (("a/*", ("MRT1",)),)),
        (
            '[naming-convention]\nfk = "fk_%(table_name)s"',
            "naming-convention",
            (("fk", "fk_%(table_name)s"),),
        ),
        ("transaction-per-migration = false", "transaction-per-migration", False),
        ('exclude = ["old/*"]', "exclude", ("old/*",)),
        ('fail-on = ["unknown", "Lossy", "lossy"]', "fail-on", ("lossy", "unknown")),
        ('skip = {"a1" = "why"}', "skip", (("a1", "why"),)),
        ('custom-checks = ["a.b:c", "d/e.py:f"]', "custom-checks", ("a.b:c", "d/e.py:f")),
        ('cascade-in-new-tables = "allow"', "cascade-in-new-tables", "allow"),
        ('runpython-noop = "warning"', "runpython-noop", "warning"),
        ("check-compat = true", "check-compat", True),
        ('min-revision = "a1"', "min-revision", "a1"),
        (
            '[verify]\nseed-rows = 5\ncustom-seeds = {users = [{id = 1}], t = "pkg.mod:fn"}',
            "verify",
            (("seed-rows", 5), ("custom-seeds", (("users", ({"id": 1},)), ("t", "pkg.mod:fn")))),
        ),
    ],
)
def test_values(text: str, key: str, value: object) -> None:
    assert configured(text)[key] == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("selct = []", "mrt-lint.toml:1: unknown key 'selct'; did you mean 'select'?"),
        ("\n\nbaselin = 'x'", "mrt-lint.toml:3: unknown key 'baselin'; did you mean 'baseline'?"),
        ('strict = "yes"', "mrt-lint.toml:1: 'strict' must be true or false, not 'yes'"),
        ('select = "MRT1"', "mrt-lint.toml:1: 'select' must be a list of strings, not 'MRT1'"),
        ("select = [1]", "mrt-lint.toml:1: 'select' must be a list of strings, not [1]"),
        ('database = "postgrse"', "'database' must be one of postgresql, mysql"),
        ('database = "postgrse"', "not 'postgrse'; did you mean 'postgres'?"),
        ("database-version = 8.1", "'database-version' must be in quotes: \"8.1\""),
        ('database-version = "new"', "'database-version' must be a version such as"),
        ("database-version = true", "'database-version' must be a version such as"),
        (
            'severity = {MRT1 = "fatal"}',
            "'severity' at 'MRT1' must be one of 'error', 'warning', 'info', not 'fatal'",
        ),
        ('severity = "error"', "'severity' must be a table, not 'error'"),
        ('severity = {MRT1 = "eror"}', "not 'eror'; did you mean 'error'?"),
        ('fail-on = ["losy"]', "not 'losy'; did you mean 'lossy'?"),
        ('fail-on = "lossy"', "'fail-on' must be a list of strings"),
        ('skip = ["a1"]', "'skip' must be a table"),
        ('skip = {"a1" = ""}', "'skip' at 'a1' must be a string, not ''"),
        (
            'custom-checks = ["pkg.mod.fn"]',
            "'package.module:function' or 'file.py:function', not 'pkg.mod.fn'",
        ),
        ('cascade-in-new-tables = "alow"', "not 'alow'; did you mean 'allow'?"),
        (
            "[verify]\nalembic-ini = 'x'\nseed-row = 3",
            "mrt-lint.toml:3: 'verify': unknown key 'seed-row'; did you mean 'seed-rows'?",
        ),
        ("[verify]\nseed-rows = -1", "mrt-lint.toml:2: 'verify': 'seed-rows' must be a number of at least 0"),
        ("[verify]\nseed-rows = true", "'seed-rows' must be a number of at least 0, not True"),
        ("[verify]\ncustom-seeds = {users = 3}", "'custom-seeds' at 'users' must be a list of rows"),
        ("verify = 3", "'verify' must be a table, not 3"),
        ('[naming-convention]\nxx = "y"', "mrt-lint.toml:1: 'naming-convention' holds 'xx'"),
    ],
)
def test_wrong_values_are_one_line_with_the_place(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_wrong_value_on_the_command_line_names_the_option() -> None:
    with pytest.raises(UsageError, match=r"--database must be one of .*, not 'orcle'; did you mean 'oracle'"):
        configured("", {"database": "orcle"})


@pytest.mark.parametrize("option", [*KEYS, *PROMISED, *VERIFY], ids=lambda option: option.name)
def test_examples_and_defaults_are_values(option: Option) -> None:
    assert option.doc[-1] in ".?"
    if option.example:
        option.parse(parse(f"x = {option.example}", "x")["x"])
    if option.default is not None and option.parse in (texts, text, boolean, number):
        assert option.parse(option.default) == option.default


def test_what_config_shows_can_be_read_again() -> None:
    """Every key at once, written by `toml`, gives the same values."""
    from mrt_lint.commands.config import toml

    written = "\n".join(f"{option.name} = {option.example}" for option in (*KEYS, *PROMISED))
    found = configured(written)
    again = configured(
        "\n".join(
            f"{option.name} = {toml(found[option.name], option.example.startswith('{'))}"
            for option in (*KEYS, *PROMISED)
        )
    )
    assert again.values == found.values
    assert toml((), table=True) == "{}"


def test_a_rule_replaces_the_key_it_was_promised() -> None:
    from mrt_lint.config.settings import settings

    mine = Option("cascade-in-new-tables", one_of("a", "b"), "Mine.", "a")
    found = settings(None, {}, [mine])
    assert found["cascade-in-new-tables"] == "a"
    assert [option for option in found.options if option.name == mine.name] == [mine]


CASCADE = Option("cascade", one_of("allow", "report"), "What to do.", "report")


def test_rules_bring_their_own_keys() -> None:
    file = configured()
    assert "cascade" not in file.values
    from mrt_lint.config.settings import settings

    assert settings(None, {}, [CASCADE])["cascade"] == "report"
    assert settings(None, {"cascade": "allow"}, [CASCADE])["cascade"] == "allow"


def test_a_plugin_cannot_redeclare_a_key_of_ours() -> None:
    from mrt_lint.config.settings import settings

    with pytest.raises(ConfigError, match="declares the option 'strict'"):
        settings(None, {}, [Option("strict", boolean, "Mine.")])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"strict = tru", "pyproject.toml:1:"),
        (b"[tool.mrt-lint]\nselect = [\n", "pyproject.toml:"),
        (b"[tool.mrt-lint]\nstrict = true\nstrict = true\n", "pyproject.toml:3:"),
        (b"a = '\xff'\n", "pyproject.toml:1: not UTF-8"),
        (b"[tool]\nmrt-lint = 3\n", "pyproject.toml:2: [tool.mrt-lint] must be a table"),
        (b"a = " + b"[" * 2000, "pyproject.toml"),
    ],
)
def test_broken_files_are_one_line_with_file_and_line(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        find(tmp_path, tmp_path)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_nearest_file_upwards_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.mrt-lint]\nstrict = true\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    found = find(inner / "missing.py")
    assert found is not None
    assert found.path == tmp_path / "pyproject.toml"
    (inner / "mrt-lint.toml").write_text("strict = false\n")
    found = find(inner)
    assert found is not None
    assert found.path == inner / "mrt-lint.toml"


def test_own_file_comes_before_pyproject_in_one_folder(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.mrt-lint]\nstrict = true\n")
    (tmp_path / "mrt-lint.toml").write_text("")
    assert load_settings(None, tmp_path, {}, ())["strict"] is False


def test_byte_order_mark_and_crlf(tmp_path: Path) -> None:
    (tmp_path / "mrt-lint.toml").write_bytes(b"\xef\xbb\xbfstrict = true\r\nselect = [\r\n'MRT1']\r\n")
    found = load_settings(None, tmp_path, {}, ())
    assert found["select"] == ("MRT1",)
    assert found.where("select").endswith("mrt-lint.toml:2")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("other.toml", None, "no configuration file at"),
        ("pyproject.toml", "[tool.x]\n", "no table [tool.mrt-lint]"),
    ],
)
def test_named_file_must_be_one(tmp_path: Path, name: str, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(MrtError) as caught:
        load(tmp_path / name)
    assert said in str(caught.value)


def test_named_file_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "lint.toml"
    path.write_text("strict = true\n")
    assert load(path).table == {"strict": True}
    path.write_text("[tool.mrt-lint]\nstrict = false\n")
    assert load(path).table == {"strict": False}


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ("a = 1\nb = 2\n", ("b",), 2),
        ("# b = 1\nb = 2\n", ("b",), 2),
        ('a = """\nb = 1\n"""\nb = 2\n', ("b",), 4),
        ("[t]\nx = [\n 1,\n]\ny = 1\n", ("t", "x"), 2),
        ("[t]\nx = 1\n[t.b]\nc = 1\n", ("t", "b"), 3),
        ("[u]\nb = 1\n[t]\nb = 1\n", ("t", "b"), 4),
        ("t.b = 1\n", ("t", "b"), 1),
        ('"\\u0062" = 1\n', ("b",), 1),
    ],
)
def test_line_of_a_key(text: str, keys: tuple[str, ...], line: int) -> None:
    assert line_of(text, keys) == line
