"""The commands of `mrt-lint`: one module each; this table is all that is loaded before one is used."""

from __future__ import annotations

from typing import Final

COMMANDS: Final[dict[str, str]] = {
    "check": "mrt_lint.commands.check:check",
    "rule": "mrt_lint.commands.rule:rule",
    "rules": "mrt_lint.commands.rules:rules",
    "config": "mrt_lint.commands.config:config",
    "version": "mrt_lint.commands.version:version",
}
"""Every command and where it is."""

NOT_BUILT: Final[dict[str, str]] = {
    "explain": "it will show what a migration does, step by step",
    "fix": "it will print patches",
    "report": "it will write an overview of a whole history",
    "server": "it will serve editors",
    "new-rule": "it will lay out a new rule",
    "cache": "it will show and clear the cache",
}
"""Commands that are planned, and what for."""
