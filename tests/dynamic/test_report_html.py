"""The page: it loads and runs nothing, tells everything, and whatever a name holds stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from mrt_dynamic.report import html
from mrt_dynamic.results import Verification
from tests.dynamic.test_report import EVIDENCE, HOSTILE, NASTY, VERIFICATION

VOID = {"meta", "br"}


class Page(HTMLParser):
    """What a browser would make of a page: its elements with their attributes, and its text."""

    def __init__(self, verification: Verification) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.parts: list[str] = []
        self.open: list[str] = []
        self.feed(html.render(verification, evidence=EVIDENCE))
        self.close()
        self.text = " ".join("".join(self.parts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.parts.append(data)

    @property
    def tags(self) -> set[str]:
        """Returns the names of all elements."""
        return {tag for tag, _ in self.elements}


def test_it_tells_everything_of_a_revision_that_fails() -> None:
    page = Page(VERIFICATION)
    for said in (
        "2 revisions fail",
        "5 revisions on SQLite 3.45.1: 2 passed, 2 failed and 1 skipped.",
        "1 lossy rows are lost, changed or left over",
        "No URL was given: SQLite is used.",
        "b2 is lossy",
        "rows-changed users.phone: 4 of 5 rows came back as NULL",
        'upgrade, line 7: drop column users.phone op.drop_column("users", "phone")',
        "Help: Copy it aside.",
        "mrt-lint check says so too: MRT201 users.phone is dropped (versions/b2.py:7)",
        "skipped: exported by hand",
        "declares that it cannot be taken back",
        "note: a note",
        "Help: Give it rows: shapes = []",
    ):
        assert said in page.text
    assert page.open == []


def test_every_failing_revision_is_linked_from_the_table() -> None:
    page = Page(VERIFICATION)
    targets = {attributes["href"] for tag, attributes in page.elements if tag == "a"}
    articles = {f"#{attributes['id']}" for tag, attributes in page.elements if tag == "article"}
    assert targets == articles
    assert len(articles) == 2


def test_a_line_that_stands_with_a_failure_is_not_shown_again_with_the_finding() -> None:
    assert Page(VERIFICATION).text.count('op.drop_column("users", "phone")') == 1


def test_seeds_of_tables_that_no_failure_is_about_can_be_pasted() -> None:
    page = Page(replace(VERIFICATION, revisions=VERIFICATION.revisions[:2]))
    assert "Tables without rows" in page.text
    assert "shapes no value for type geometry is known [tool.mrt-lint.verify.custom-seeds] shapes = []" in (
        page.text
    )
    assert "Tables without rows" not in Page(VERIFICATION).text


def test_nothing_is_loaded_and_nothing_runs() -> None:
    for verification in (VERIFICATION, HOSTILE):
        page = Page(verification)
        assert not page.tags & {"script", "img", "link", "iframe", "object", "form", "svg", "base"}
        for _, attributes in page.elements:
            assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
            assert (attributes.get("href") or "#").startswith("#")
        text = html.render(verification)
        assert "default-src 'none'" in text
        assert "url(" not in text
        assert "@import" not in text


def test_whatever_a_name_holds_stays_text() -> None:
    page = Page(HOSTILE)
    assert page.tags == Page(VERIFICATION).tags
    assert html.render(HOSTILE, evidence=EVIDENCE).isascii()
    assert '<script>alert("1")</script>' in page.text
    assert r"\x1b[31m" in page.text
    assert r"\u202e" in page.text
    assert NASTY not in page.text


def test_light_dark_narrow_and_paper() -> None:
    text = html.render(VERIFICATION)
    for said in ("prefers-color-scheme: dark", "max-width: 44rem", "@media print", "width=device-width"):
        assert said in text


def test_every_colour_can_be_read_on_its_ground() -> None:
    """WCAG 2 asks for a contrast of 4.5 between text and ground."""
    css = html.render(VERIFICATION).partition("<style>")[2]
    light, dark = css.split("prefers-color-scheme: dark")
    for palette in (light, dark):
        found = dict(re.findall(r"(--\w+): (#[0-9a-f]{6});", palette))
        for name in ("--text", "--soft", "--good", "--bad", "--warn", "--link"):
            assert contrast(found[name], found["--page"]) >= 4.5, name
        assert contrast(found["--text"], found["--code"]) >= 4.5


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Returns the relative luminance of `#rrggbb`, as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_nothing_to_verify_says_so() -> None:
    assert "Nothing to verify" in Page(Verification("SQLite 3.45.1", (), 0.1)).text
