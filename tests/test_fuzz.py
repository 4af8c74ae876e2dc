"""Mutated migrations through the whole path: whatever the text, there is a verdict or one clear problem."""

from __future__ import annotations

import random
import re
from keyword import iskeyword
from pathlib import Path

import pytest

from mrt_lint.config.settings import settings
from mrt_lint.lint.engine import check
from mrt_lint.lint.plugins import installed
from mrt_lint.lint.registry import build
from tests.truth.catalogue import catalogue

REGISTRY = build([plugin for plugin in installed() if plugin.distribution.startswith("mrt-lint ")])
SHOP = Path(__file__).parents[1] / "examples" / "shop" / "migrations" / "versions"
TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
HEAD = 'from alembic import op\nimport sqlalchemy as sa\n\nrevision = "{0}"\ndown_revision = None\n\n\n'
EACH, BATCHES = 100, 20


def seeds() -> list[str]:
    """Texts to mutate: the shop's migrations, every rule's examples, the catalogue of small migrations."""
    texts = [path.read_text() for path in sorted(SHOP.glob("*.py"))]
    for rule in REGISTRY.rules:
        texts += [text for example in (*rule.BAD, *rule.GOOD) for _, text in example.files]
    for case in (case for cases in catalogue().values() for case in cases):
        up, down = (
            ("\n" + str(body or "pass")).replace("\n", "\n    ") for body in (case.upgrade, case.downgrade)
        )
        texts.append(f"{HEAD.format('x')}def upgrade():{up}\n\n\ndef downgrade():{down}\n")
    return texts


def mutated(texts: list[str], rng: random.Random) -> str:
    """One text with a few of its tokens dropped, doubled, swapped or replaced by those of another."""
    tokens = TOKENS.findall(rng.choice(texts))
    other = TOKENS.findall(rng.choice(texts))
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(tokens)) if tokens else 0
        kind = rng.randrange(6)
        if kind == 0:
            del tokens[place : place + rng.randint(1, 4)]
        elif kind == 1:
            tokens[place:place] = tokens[place : place + rng.randint(1, 20)]
        elif kind == 2 and other:
            start = rng.randrange(len(other))
            tokens[place : place + 1] = other[start : start + rng.randint(1, 8)]
        elif kind == 3 and tokens:
            end = rng.randrange(len(tokens))
            tokens[place], tokens[end] = tokens[end], tokens[place]
        elif kind == 4:
            tokens.insert(
                place,
                rng.choice(
                    ["(", ")", "'", '"""', "\\", "\x00", "é", "lambda", "*", "**", "\t", "{", "$$", ";"]
                ),
            )
        elif tokens:
            tokens[place] = rng.choice(
                ["None", "op", "sa", "-1", "''", "upgrade", "[]", "{}", "SELECT", "x" * 200]
            )
    return "".join(tokens)


def reworded(texts: list[str], rng: random.Random) -> str:
    """One text with a few lines dropped, doubled or exchanged, and words replaced: most still parse."""
    lines = rng.choice(texts).splitlines()
    words = [
        token for token in TOKENS.findall(rng.choice(texts)) if token[0].isalnum() and not iskeyword(token)
    ]
    for _ in range(rng.randint(1, 4)):
        places = [number for number, line in enumerate(lines) if line.startswith("    ") and line.strip()]
        if not places:
            break
        one, two = rng.choice(places), rng.choice(places)
        kind = rng.randrange(5)
        if kind == 0:
            lines[one] = "    pass" if lines[one][4] != " " else lines[one]
        elif kind == 1:
            lines.insert(one, lines[two])
        elif kind == 2:
            lines[one], lines[two] = lines[two], lines[one]
        else:
            tokens = TOKENS.findall(lines[one])
            own = [n for n, token in enumerate(tokens) if token[0].isalnum() and not iskeyword(token)]
            if own and words:
                tokens[rng.choice(own)] = rng.choice(words)
            lines[one] = "".join(tokens)
    return "\n".join(lines) + "\n"


REVISION = re.compile(r"^revision = .*$", re.MULTILINE)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_mutation_raises(batch: int, tmp_path: Path) -> None:
    rng = random.Random(batch)
    texts = seeds()
    for number in range(EACH):
        text = (mutated if number % 3 == 0 else reworded)(texts, rng)
        text = REVISION.sub(f'revision = "r{number}"', text)
        (tmp_path / f"{number:03}.py").write_text(text, encoding="utf-8")
    found = settings(None, {}, REGISTRY.options, tmp_path)
    report = check([tmp_path], found, REGISTRY, cwd=tmp_path)
    crashes = [f"{crash.path}: {crash.what}: {crash.error}\n{crash.traceback}" for crash in report.crashes]
    assert crashes == []
    assert len(report.migrations) > EACH / 4
