"""What the documents say: the commands, options, keys, formats and files they name exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest

from docs.generate import own
from mrt_dynamic.report.formats import FORMATS as VERIFIED
from mrt_dynamic.testing.fixture import MRT
from mrt_lint.cli import cli
from mrt_lint.config.keys import KEYS, PROMISED
from mrt_lint.config.option import keyed
from mrt_lint.config.toml import parse
from mrt_lint.config.verify import VERIFY
from mrt_lint.render.formats import FORMATS
from mrt_lint.verdict import Verdict

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", *(
    f"docs/{name}.md" for name in ("usage", "configuration", "verify", "dynamic-testing", "architecture")
))  # fmt: skip
PACKAGES = ("mrt_lint", "mrt_rules_alembic", "mrt_rules_django", "mrt_dynamic")
OTHERS = {"--collect-only", "--lf", "--rm"}
"""Options of other tools that the documents name."""


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def blocks(page: str, *languages: str) -> Iterator[str]:
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```", text(page), re.DOTALL | re.MULTILINE):
        if language in languages:
            yield block


def commands() -> dict[str, click.Command]:
    """Returns the commands of mrt-lint, ours and those that the dynamic half adds."""
    context = click.Context(cli)
    found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


COMMANDS = commands()


def options(command: click.Command) -> set[str]:
    named = [param for param in command.params if isinstance(param, click.Option)]
    found = {name for param in named for name in (*param.opts, *param.secondary_opts)}
    return found | {"--help", "-h", "--debug"}


def calls(page: str) -> Iterator[tuple[str, list[str]]]:
    """Yields each call of mrt-lint on a page: the command, and its words."""
    page_text = text(page)
    code = [*blocks(page, "", "sh", "yaml", "console"), *re.findall(r"`(mrt-lint [^`]*)`", page_text)]
    for line in "\n".join(code).splitlines():
        found = re.search(r"(?:^|[\s;&:])mrt-lint ([a-z][\w-]*)([^#]*)", " " + line)
        if found and not re.search(r"\b(id|repo|name): mrt-lint", line):
            yield found[1], found[2].split()


@pytest.mark.parametrize("page", PAGES)
def test_every_call_is_of_a_command_with_these_options(page: str) -> None:
    for name, words in calls(page):
        assert name in COMMANDS, f"mrt-lint {name}"
        given = [word.partition("=")[0].rstrip(",.;:)") for word in words if re.match(r"--?[a-z]", word)]
        assert set(given) <= options(COMMANDS[name]), (name, given)
        for option, value in pairwise(words):
            if option in ("--format", "-f"):
                known = FORMATS if name == "check" else VERIFIED
                assert set(re.split(r"[|,]", value)) <= known.keys(), (name, value)


@pytest.mark.parametrize("page", PAGES)
def test_every_option_that_is_named_is_one(page: str) -> None:
    known = {option for command in COMMANDS.values() for option in options(command)} | OTHERS
    prose = re.sub(r"^```.*?^```", "", text(page), flags=re.DOTALL | re.MULTILINE)
    named = {
        word
        for span in re.findall(r"`([^`]+)`", prose)
        for word in re.findall(r"(?<![\w-])--[a-z][\w-]*", span)
    }
    assert named <= known


@pytest.mark.parametrize("page", PAGES)
def test_every_table_of_the_configuration_is_accepted(page: str) -> None:
    declared = own().options
    names = {option.name for option in declared}
    known = keyed((*KEYS, *declared, *(key for key in PROMISED if key.name not in names)))
    for block in blocks(page, "toml"):
        tables = parse(block, page)
        if tables.keys() == {"skip"}:  # a key of the table that stands above it
            tables = {"tool": {"mrt-lint": {"verify": tables}}}
        table = tables.get("tool", {}).get("mrt-lint")
        if table is None:
            continue
        read = dict(known(table))
        keyed(VERIFY)(dict(table.get("verify", {})))
        assert read.keys() == table.keys()


@pytest.mark.parametrize("page", PAGES)
def test_every_hyphenated_word_in_code_that_looks_like_a_key_is_one(page: str) -> None:
    """`minimum-downgrade-revision` and the like: verify's keys, those of `check`, names of rules."""
    rules = own().rules
    known = {option.name for option in (*VERIFY, *KEYS, *PROMISED, *own().options)}
    known |= {name for rule in rules for name in (rule.name, rule.group)} | KNOWN_WORDS
    found = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", text(page)))
    assert found <= known


KNOWN_WORDS = {
    "mrt-lint", "mrt-check", "pytest-mrt", "pytest-alembic", "django-migration-linter", "test-postgres", "test-mysql",
    "in-place", "no-drop-table", "rolling-deploy", "post-upgrade-rows", "pre-commit",
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text(page)):
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), target
        if anchor and file.suffix == ".md":
            heads = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
            assert anchor in slugs, target


def test_the_verdicts_of_the_verifier_are_told() -> None:
    static_only = {Verdict.UNKNOWN, Verdict.PLAUSIBLE}
    rows = set(re.findall(r"^\| `(\w+)` \| ", text("docs/verify.md"), re.MULTILINE))
    assert {verdict.value for verdict in Verdict if verdict not in static_only} <= rows


def test_the_methods_of_the_fixture_exist() -> None:
    table = text("docs/dynamic-testing.md").partition("| method | what it does |")[2].partition("\n\n")[0]
    named = {
        name
        for cell in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
        for name in re.findall(r"`(\w+)", cell)
    }
    assert named
    assert {name for name in named if not hasattr(MRT, name)} == set()
    aliases = text("docs/dynamic-testing.md").partition("## Coming from pytest-alembic")[2]
    for name in re.findall(r"`((?:migrate|insert)_\w+)`", aliases):
        assert hasattr(MRT, name), name


NETWORK = {
    "http",
    "urllib.request",
    "urllib3",
    "requests",
    "httpx",
    "aiohttp",
    "smtplib",
    "ftplib",
    "socket",
    "ssl",
    "webbrowser",
}
"""Modules that could send something somewhere."""


def imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_nothing_is_sent_anywhere() -> None:
    """As SECURITY.md says; a free port for a server of our own is all that sockets are for."""
    found = {
        (file.relative_to(ROOT).as_posix(), name)
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for name in imported(file) & NETWORK
    }
    assert found == {("mrt_dynamic/scratch/local.py", "socket")}
