"""The command line: finds the command, runs it, and turns every error into one line and an exit code."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from mrt_lint.commands import COMMANDS, NOT_BUILT
from mrt_lint.commands.flags import Flags, note_debug
from mrt_lint.errors import MrtError, PluginError, UsageError, nearest
from mrt_lint.version import __version__

BROKEN_PIPE = 141
"""What a shell reports for a program whose reader has gone away."""
INTERRUPTED = 130
"""What a shell reports for a program stopped by Ctrl-C."""


class Commands(click.Group):
    """Our commands, those of plugins, and those that are still to come; each is imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns the names for `--help`; broken plugins are told on stderr and left out."""
        try:
            added = list(self._added(ctx))
        except PluginError as error:
            click.echo(f"mrt-lint: {error}", err=True)
            added = []
        return [*COMMANDS, *sorted(set(added) - set(COMMANDS))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Returns a command by name; ours are found without loading plugins."""
        if cmd_name in COMMANDS:
            module, _, attribute = COMMANDS[cmd_name].partition(":")
            command: click.Command = getattr(import_module(module), attribute)
        elif (found := self._added(ctx).get(cmd_name)) is not None:
            command = found
        elif cmd_name in NOT_BUILT:
            return _not_built(cmd_name)
        else:
            return None
        if not any(parameter.name == DEBUG.name for parameter in command.params):
            command.params.append(DEBUG)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Returns the command that the arguments name. Raises UsageError with the nearest."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            known = [*COMMANDS, *NOT_BUILT, *self._added(ctx)]
            raise UsageError(f"no command {name!r}{nearest(name, known)} (see mrt-lint --help)")
        return super().resolve_command(ctx, args)

    def _added(self, ctx: click.Context) -> dict[str, click.Command]:
        key = "mrt_lint.commands"
        if key not in ctx.meta:
            from mrt_lint.lint.added_commands import commands
            from mrt_lint.lint.plugins import installed

            ctx.meta[key] = commands(installed())
        found: dict[str, click.Command] = ctx.meta[key]
        return found


def _not_built(name: str) -> click.Command:
    def run() -> None:
        raise UsageError(f"{name}: not built yet ({NOT_BUILT[name]})")

    anything = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
    return click.Command(name, callback=run, context_settings=anything, hidden=True)


DEBUG = click.Option(
    ["--debug"],
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=note_debug,
    help="Show tracebacks (also MRT_DEBUG=1).",
)


@click.group(
    cls=Commands,
    params=[DEBUG],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="mrt-lint", message="%(prog)s %(version)s")
def cli() -> None:
    """Tells whether a database migration can be rolled back without losing data."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit code: 0 fine, 1 findings that fail, 2 a wrong run.

    Never raises: a wrong run is one line on stderr.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    # One short run that frees little: collecting at the usual pace costs 15 % of a cold check of 300 files,
    # and after every 50,000 objects still 4 % of one of 1,000 (0.14 s of 3.2 s of processor time, for 9 MB).
    gc.set_threshold(500_000, 50, 50)
    before = sys.stdout
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        if arguments is None:
            # The process ends now: what is left need not be searched for cycles (0.2 s of these 3.2 s).
            gc.freeze()
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        return BROKEN_PIPE
    except SystemExit:
        if sys.stdout is not before:  # click answers a broken pipe by putting another stream there
            sys.stdout = before
            _discard_output()
            return BROKEN_PIPE
        raise
    return code


def _run(arguments: list[str]) -> int:
    flags = Flags()
    try:
        Path.cwd()
    except OSError:
        return _wrong("the current folder does not exist any more", 2)
    try:
        outcome: Any = cli.main(args=arguments, prog_name="mrt-lint", standalone_mode=False, obj=flags)
    except BrokenPipeError:
        raise
    except MrtError as error:
        return _wrong(str(error), error.exit_code, error.__cause__ if flags.debug else None)
    except click.ClickException as error:
        return _wrong(_help_hint(error), 2)
    except (click.Abort, KeyboardInterrupt):
        return _wrong("interrupted", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - told in one line, with the way to see it whole
        text = " ".join(str(error).split())
        line = f"internal error: {type(error).__name__}: {text}; please report it (--debug shows where)"
        return _wrong(line, 2, error if flags.debug else None)
    return outcome if isinstance(outcome, int) else 0


def _help_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "mrt-lint"
    return f"{' '.join(error.format_message().split())} (see {path} --help)"


def _wrong(line: str, code: int, error: BaseException | None = None) -> int:
    if error is not None:
        click.echo("".join(traceback.format_exception(error)), err=True)
    click.echo(f"mrt-lint: {' '.join(line.split())}", err=True)
    return code


def _discard_output() -> None:
    """Points stdout at nothing, so that the interpreter's last flush does not fail again."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
