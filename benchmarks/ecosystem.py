"""Lints real histories and says what is understood of them: `make ecosystem`.

Downloads the packages named in `PROJECTS`, checks every history in them with the installed command,
prints one row a history and the reasons for `unknown` verdicts, most frequent first, and the difference
from the last recorded run (`benchmarks/ecosystem.json`; `--record` writes a new one).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.packages import unpacked, version_of

PROJECTS = {
    "airflow": ("apache-airflow-core", "airflow/migrations"),
    "mlflow": ("mlflow-skinny", "mlflow/store/db_migrations"),
    "mlflow auth": ("mlflow-skinny", "mlflow/server/auth/db/migrations"),
    "prefect postgresql": ("prefect", "prefect/server/database/_migrations/versions/postgresql"),
    "prefect sqlite": ("prefect", "prefect/server/database/_migrations/versions/sqlite"),
    "jupyterhub": ("jupyterhub", "jupyterhub/alembic"),
    "django contrib": ("django", "django/contrib"),
    "wagtail": ("wagtail", "wagtail"),
    "django-oscar": ("django-oscar", "oscar"),
    "label-studio": ("label-studio", "label_studio"),
}
RECORD = Path(__file__).parent / "ecosystem.json"
_VARYING = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"|\d+")


@dataclass(frozen=True)
class Row:
    """What one history gave. `reasons`: unknown verdicts by their first reason, names taken out."""

    name: str
    version: str
    seconds: float
    revisions: int
    verdicts: dict[str, int]
    rules: dict[str, int]
    reasons: dict[str, int]

    @property
    def known(self) -> float:
        """Returns the share of revisions whose verdict is not `unknown`, 0 to 1."""
        return 1 - self.verdicts.get("unknown", 0) / self.revisions if self.revisions else 0.0


def check(name: str) -> Row:
    """Returns the row of one history; raises when the command crashes or a file gets no verdict."""
    package, folder = PROJECTS[name]
    root = unpacked(package)
    started = time.perf_counter()
    command = [sys.executable, "-m", "mrt_lint", "check", str(root / folder), "--format", "json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if result.returncode not in (0, 1) or result.stderr.strip():
        raise SystemExit(f"{name}: exit {result.returncode}\n{result.stderr}")
    report = json.loads(result.stdout)
    crashed = [finding for finding in report["findings"] if finding["rule"] == "MRT900"]
    if crashed:
        first = f"{crashed[0]['file']}: {crashed[0]['message']}"
        raise SystemExit(f"{name}: {len(crashed)} crashes, first: {first}")
    return Row(
        name,
        version_of(root),
        seconds,
        len(report["migrations"]),
        dict(Counter(migration["verdict"] for migration in report["migrations"])),
        dict(Counter(finding["rule"] for finding in report["findings"])),
        dict(Counter(_reasons(report["migrations"]))),
    )


def _reasons(migrations: list[dict[str, Any]]) -> list[str]:
    unknown = [migration for migration in migrations if migration["verdict"] == "unknown"]
    return [_VARYING.sub("_", m["unknown"][0]["reason"]) if m["unknown"] else "(no reason)" for m in unknown]


def main() -> None:
    """Prints the table, the ranked reasons and the difference from the last record."""
    rows = [check(name) for name in PROJECTS]
    print(f"{'history':20} {'version':>9} {'s':>6} {'revisions':>9} {'known':>6}  verdicts")
    for row in rows:
        verdicts = ", ".join(f"{count} {name}" for name, count in sorted(row.verdicts.items()))
        facts = f"{row.version:>9} {row.seconds:6.2f} {row.revisions:9} {row.known:6.1%}"
        print(f"{row.name:20} {facts}  {verdicts}")
    reasons: Counter[str] = Counter()
    for row in rows:
        reasons.update(row.reasons)
    print("\nwhy unknown:")
    for reason, count in reasons.most_common(25):
        print(f"{count:5}  {reason}")
    _compare(rows)


def _compare(rows: list[Row]) -> None:
    now = {row.name: {"version": row.version, "verdicts": row.verdicts, "rules": row.rules} for row in rows}
    if RECORD.exists():
        print("\nchanged since the last record:")
        then = json.loads(RECORD.read_text(encoding="utf-8"))
        changes = list(_changes(then, now))
        print("\n".join(changes) if changes else "  nothing")
    if "--record" in sys.argv:
        RECORD.write_text(json.dumps(now, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        print(f"recorded in {RECORD.name}")


def _changes(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    found = []
    for name, row in now.items():
        old = then.get(name, {"version": "-", "verdicts": {}, "rules": {}})
        if old["version"] != row["version"]:
            found.append(f"  {name}: version {old['version']} -> {row['version']}")
        for kind in ("verdicts", "rules"):
            for key in sorted({*old[kind], *row[kind]}):
                before, after = old[kind].get(key, 0), row[kind].get(key, 0)
                if before != after:
                    found.append(f"  {name}: {key} {before} -> {after}")
    return found


if __name__ == "__main__":
    main()
