"""The gates after the tests: coverage of the core, fresh documents, light imports."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

# Branch coverage in per cent that each part must keep (its files taken together). tests/truth, which
# drives every operation on real databases, is run without the tracer and does not count here.
CORE = {
    "mrt_lint/ops": 83,
    "mrt_lint/schema": 90,
    "mrt_lint/replay": 90,
    "mrt_lint/evaluate": 85,
    "mrt_lint/sql": 85,
}


def covered() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "coverage.json"
        command = [sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(target)]
        subprocess.run(command, check=True, cwd=ROOT)
        files = json.loads(target.read_text(encoding="utf-8"))["files"]
    failures = []
    for part, bound in CORE.items():
        totals = [data["summary"] for name, data in files.items() if name.replace("\\", "/").startswith(part)]
        done = sum(t["covered_lines"] + t["covered_branches"] for t in totals)
        share = 100 * done / sum(t["num_statements"] + t["num_branches"] for t in totals)
        print(f"coverage of {part}: {share:.1f} % (bound {bound} %)")
        if share < bound:
            failures.append(f"coverage of {part} is {share:.1f} %, below {bound} %")
    return failures


def light() -> list[str]:
    """The commands that read no migration import nothing heavy."""
    failures = []
    for arguments in (["version"], ["--help"]):
        code = f"import sys; sys.argv = ['mrt-lint', *{arguments!r}]\nfrom mrt_lint.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\nprint(sorted({{'libcst', 'sqlglot', 'rich'}} & set(sys.modules)), file=sys.stderr)"
        found = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        )
        if found.stderr.strip() != "[]":
            failures.append(f"mrt-lint {' '.join(arguments)} imports {found.stderr.strip()}")
    return failures


def fresh() -> list[str]:
    found = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    return [found.stderr.strip()] if found.returncode else []


def main() -> None:
    failures = [*covered(), *light(), *fresh()]
    print("\n".join(failures) or "all gates passed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
