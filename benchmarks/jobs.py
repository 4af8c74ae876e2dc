"""Times `mrt-lint verify` on a chain of 200 revisions with one process and with two.

The two run in turn, on the same files, in pairs; what counts is the median of the pairs' ratios. Printed too
is the processor time of the busiest process, which says more than the clock where others use the machine.
The verdicts must be the same, revision by revision.

    python -m benchmarks.jobs [sqlite] [postgresql] [--pairs N] [--revisions N]

PostgreSQL: MRT_TEST_POSTGRES_URL, else the local server.
"""

from __future__ import annotations

import json
import sys

from benchmarks.pairs import Project, Run, arguments, compared, timed


def run(project: Project, jobs: int) -> Run:
    """Verifies the chain with so many processes."""
    command = [sys.executable, "-m", "mrt_lint", "verify", "-f", "json", "--db-url", project.url]
    printed, seconds, busiest = timed(project, [*command, "--jobs", str(jobs)])
    verdicts = {each["revision"]: each["verdict"] for each in json.loads(printed)["revisions"]}
    return Run(seconds, busiest, verdicts)


def main() -> None:
    """Prints a line for each pair and each database; fails where the verdicts differ."""
    given = arguments()
    outcomes = [compared(database, given, run) for database in given.databases]
    sys.exit(0 if all(same for _, same in outcomes) else 1)


if __name__ == "__main__":
    main()
