"""Times the built-in tests on a chain of 200 revisions with one pytest-xdist worker and with two.

The two run in turn, in pairs, on the same files and on a compiled copy of our packages, as pip leaves them;
what counts is the median of the pairs' ratios. Printed too is the processor time of the busiest worker, which
says more than the clock where others use the machine.
The results must be the same, test by test.

    python -m benchmarks.xdist [sqlite] [postgresql] [--pairs N] [--revisions N]

PostgreSQL: MRT_TEST_POSTGRES_URL, else the local server.
"""

from __future__ import annotations

import sys
from xml.etree import ElementTree

from benchmarks.pairs import Project, Run, arguments, compared, timed

FASTER = 1.4
"""How many times faster two workers must at least be than one."""

_OTHERS = ("cacheprovider", "randomly", "hypothesispytest", "pytest_cov", "django", "asyncio", "anyio")


def run(project: Project, workers: int) -> Run:
    """Runs the built-in tests with so many workers, and without the plugins that our own tests use.

    pytest-randomly would let each take them in another order; Hypothesis is imported anew by each process.
    """
    table = f'[tool.pytest.ini_options]\n\n[tool.mrt-lint.verify]\ndb-url = "{project.url}"\n'
    (project.folder / "pyproject.toml").write_text(table, encoding="utf-8")
    for name in ("test_rollback.py", "conftest.py"):  # of pytest-mrt
        (project.folder / name).unlink(missing_ok=True)
    report = project.folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", *(f"-pno:{name}" for name in _OTHERS)]
    _, seconds, busiest = timed(project, [*command, "-n", str(workers), f"--junitxml={report}"])
    outcomes = {
        str(case.get("name")): ",".join(sorted(child.tag for child in case)) or "passed"
        for case in ElementTree.parse(report).iter("testcase")
    }
    return Run(seconds, busiest, outcomes)


def main() -> None:
    """Prints a line for each pair and each database, and whether the bound is kept."""
    given = arguments()
    outcomes = [compared(database, given, run) for database in given.databases]
    sys.exit(0 if all(same and ratio >= FASTER for ratio, same in outcomes) else 1)


if __name__ == "__main__":
    main()
