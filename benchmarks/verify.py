"""Times `mrt-lint verify` on generated chains against pytest-mrt 1.9.1, in one run: `make benchmark-verify`.

Each chain is of n revisions, one create_table each, with Alembic's own generic env.py. The two run in
turn, one after the other, on the same files; pytest-mrt has an environment of its own, and of our packages a
compiled copy is run, as pip leaves both. Printed are seconds, the ratio, and the exponent with which our
time grows from chain to chain.

    python -m benchmarks.verify [sqlite] [postgresql]

PostgreSQL: MRT_TEST_POSTGRES_URL, else the local server.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks import installed
from benchmarks.chains import write
from benchmarks.packages import environment
from tests.backends import server_url

CHAINS = {"sqlite": (10, 50, 100, 200, 500), "postgresql": (50, 100, 200)}
FASTER = {("sqlite", 50): 20.0, ("postgresql", 50): 40.0}
"""How many times faster we must at least be."""
WITHIN = {("sqlite", 500): 30.0}
"""Seconds in which we must be done."""
GROWTH = 1.3
PATIENCE = 60.0
"""Seconds that pytest-mrt has for a chain; ten times as many where a bound hangs on it."""
REPEAT = 3
"""Our runs of one chain; the median counts. pytest-mrt runs once: it takes a hundred times as long."""


def seconds(
    command: list[str], where: Path, limit: float | None = None, env: Mapping[str, str] | None = None
) -> float | None:
    """Runs a command and returns its wall time, None if it was not done in time."""
    started = time.perf_counter()
    nothing = subprocess.DEVNULL
    try:
        done = subprocess.run(
            command, cwd=where, env=env, stdout=nothing, stderr=nothing, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
    return time.perf_counter() - started


def urls(database: str, where: Path) -> tuple[str, str]:
    """Returns the URL to give to us and the one for pytest-mrt, which needs an empty database of its own."""
    if database == "sqlite":
        return f"sqlite:///{where / 'ours.db'}", f"sqlite:///{where / 'theirs.db'}"
    url = server_url(database).render_as_string(hide_password=False)
    return url, _fresh(url)


def _fresh(url: str) -> str:
    import sqlalchemy as sa

    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql('DROP DATABASE IF EXISTS "mrt_benchmark" WITH (FORCE)')
        connection.exec_driver_sql('CREATE DATABASE "mrt_benchmark"')
    engine.dispose()
    return sa.make_url(url).set(database="mrt_benchmark").render_as_string(hide_password=False)


def measured(
    database: str, count: int, ours: Mapping[str, str], python: Path, patience: float
) -> tuple[float, float | None]:
    """Returns our median seconds for a chain, and those of pytest-mrt (None: not done in time).

    `ours`: the environment of our runs; `python`: that of pytest-mrt.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        ours_url, theirs_url = urls(database, root)
        write(root, count, theirs_url)
        command = [sys.executable, "-m", "mrt_lint", "verify", "--db-url", ours_url]
        runs = sorted(seconds(command, root, env=ours) or 0.0 for _ in range(REPEAT))
        theirs = None
        if patience:
            theirs = seconds([str(python), "-m", "pytest", "-q", "test_rollback.py"], root, patience)
    return runs[len(runs) // 2], theirs


def main() -> None:
    """Prints a line for each chain and whether the bounds are kept."""
    databases = [name for name in sys.argv[1:] if name in CHAINS] or list(CHAINS)
    others = ("pytest-mrt==1.9.1", "alembic", "sqlalchemy", "pytest", "psycopg[binary]")
    python = environment("pytest-mrt-dynamic", *others) / "python"
    kept = True
    with tempfile.TemporaryDirectory() as copy:
        env = installed.environment(Path(copy))
        for database in databases:
            before: tuple[int, float] | None = None
            patience = PATIENCE
            for count in CHAINS[database]:
                bound = FASTER.get((database, count), 0.0)
                ours, theirs = measured(database, count, env, python, patience * 10 if bound else patience)
                words = [f"{database:<10} {count:>4} revisions: {ours:6.2f} s"]
                if theirs is not None:
                    words.append(f"pytest-mrt {theirs:6.1f} s, {theirs / ours:.0f} times")
                    kept &= theirs / ours >= bound
                else:
                    words.append("pytest-mrt not done in time")
                if theirs is None or theirs > PATIENCE:
                    patience = 0.0
                if before is not None:
                    growth = math.log(ours / before[1]) / math.log(count / before[0])
                    words.append(f"growth {growth:.2f}")
                    kept &= growth <= GROWTH
                kept &= ours <= WITHIN.get((database, count), math.inf)
                before = (count, ours)
                print(", ".join(words), flush=True)
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
