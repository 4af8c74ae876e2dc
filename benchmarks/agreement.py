"""Compares what `mrt-lint verify` found of a history with what `mrt-lint check` says, revision by revision.

    mrt-lint verify --db-url URL --format json -o verify.json
    mrt-lint check --database postgresql --format json > check.json
    python -m benchmarks.agreement verify.json check.json

Prints how often each pair of verdicts occurs, then the revisions on which the two disagree, with what the
database showed. Exit status 1: a revision that is `reversible` statically fails on the database.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

HARM = {"broken", "lossy", "fragile", "irreversible"}
"""Verdicts that say that the way back does not work, or not for every row."""
GROUPS = {
    "contradicted": "reversible statically, fails on the database",
    "missed": "harm statically, none seen on the database",
    "doubted": "plausible or unknown statically",
    "untested": "not tested on the database",
    "other": "harm on both sides, of different kinds",
    "agreed": "the same verdict",
    "alone": "known to one side only",
}


def group(static: str | None, dynamic: str | None) -> str:
    """Returns the key of GROUPS under which a pair of verdicts falls; None: the side does not know it."""
    if static is None or dynamic is None:
        return "alone"
    if static == dynamic:
        return "agreed"
    if dynamic in ("unverified", "timeout", "skipped"):
        return "untested"
    if static == "reversible":
        return "contradicted"
    if static not in HARM:
        return "doubted"
    return "other" if dynamic in HARM else "missed"


def main() -> None:
    """Prints the comparison of two reports."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    tested, checked = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:])
    dynamic: dict[str, Any] = {each["revision"]: each for each in tested["revisions"]}
    static: dict[str, Any] = {each["revision"]: each for each in checked["migrations"]}
    pairs: Counter[tuple[str, str]] = Counter()
    found: dict[str, list[str]] = defaultdict(list)
    for revision in dict.fromkeys([*dynamic, *static]):
        theirs = static.get(revision, {}).get("verdict")
        ours = dynamic[revision]["verdict"] or "skipped" if revision in dynamic else None
        pairs[theirs or "-", ours or "-"] += 1
        found[group(theirs, ours)].append(revision)
    print(f"{tested['database']}: {len(dynamic)} revisions tested, {len(static)} checked\n")
    for (theirs, ours), count in sorted(pairs.items(), key=lambda pair: -pair[1]):
        print(f"{count:5}  static {theirs:12} dynamic {ours}")
    print()
    for key, meaning in GROUPS.items():
        print(f"{len(found[key]):5}  {meaning}")
    for key in ("contradicted", "missed", "doubted", "untested", "other"):
        for revision in found[key]:
            _show(GROUPS[key], static[revision], dynamic[revision])
    sys.exit(1 if found["contradicted"] else 0)


def _show(why: str, static: Any, dynamic: Any) -> None:
    print(f"\n{static['revision']}: {static['verdict']}, {dynamic['verdict']} ({why}) {dynamic['file']}")
    for each in static.get("unknown") or ():
        print(f"    static: {each['reason']}")
    for each in dynamic["failures"]:
        print(f"    {each['kind']}: {each['message']}")


if __name__ == "__main__":
    main()
