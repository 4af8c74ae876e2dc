"""One case: a revision that relaxes something, rows that only its schema allows, and their fate."""

from __future__ import annotations

from dataclasses import dataclass

from tests.dynamic.catalogue.case import ALL, Case, Given, Rev

FATES = ("fails", "old rows", "new rows", "handled", "refuses")


@dataclass(frozen=True)
class NewRowCase:
    """A case. `news`: what the new code writes, as SQL. `fate`: what the downgrade makes of that.

    `fails`: it raises; `old rows`: it goes through and rows from before are lost or changed; `new rows`:
    it goes through and harms the new rows without a word; `handled`: it goes through, as its author
    means it to; `refuses`: it raises NotImplementedError. `look`: a query for what became of the new
    rows, `becomes`: its result. `says`: what the verifier's message holds, by hand. `failures`: how many there are.
    """

    name: str
    given: Given
    upgrade: str
    downgrade: str
    news: tuple[str, ...]
    fate: str = "fails"
    databases: tuple[str, ...] = ALL
    table: str = "codes"
    column: str | None = None
    says: tuple[str, ...] = ()
    look: str = ""
    becomes: tuple[tuple[object, ...], ...] = ()
    failures: int = 1

    @property
    def fragile(self) -> bool:
        """Returns whether the verifier must blame the revision."""
        return self.fate in ("fails", "old rows", "new rows")

    @property
    def history(self) -> Case:
        """Returns it as a case of the catalogue, without anything said of the verdict."""
        case = Rev("case", self.upgrade, self.downgrade)
        return Case(self.name, (*self.given.revisions, case, *self.given.after), databases=self.databases)
