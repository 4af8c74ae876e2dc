"""What a migration raised, in short words: message, statement, line, and whether it was meant."""

from __future__ import annotations

import ast
import re
import traceback
from collections.abc import Iterator
from dis import opname
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final, TypeVar

from sqlalchemy.exc import StatementError

from mrt_dynamic.engine.base import StepError
from mrt_dynamic.scratch.masking import masked
from mrt_dynamic.scratch.trouble import first_line
from mrt_dynamic.scratch.varying import steady

_IRREVERSIBLE: Final = re.compile(
    r"irreversible|(not|non|un)_?reversible|(cannot|cant|un|not)_?_?(be_?)?(downgrad|revers|revert)"
    r"|downgrade_?(is_?)?(not|un)_?(supported|possible|allowed|implemented)",
    re.IGNORECASE,
)
"""Names of exception classes that say that there is no way back."""

_LIBRARIES: Final = ("alembic", "sqlalchemy")
_LIBRARY_FOLDERS: Final = {"site-packages", "dist-packages"}
_N = TypeVar("_N", ast.Assert, ast.ExceptHandler)

_ADAPTED: Final = re.compile(r"^<class '[\w.]+'>: ")
"""What SQLAlchemy puts before the message of an asynchronous driver."""
_BACKGROUND: Final = re.compile(r" \(Background on this error at: \S+\)$")


def step_error(error: BaseException, file: Path, printed: str = "") -> StepError:
    """Returns the error for what the migration in `file` raised. `printed`: its last line of output."""
    raised = _database_error(error)
    return StepError(
        _message(error, raised, printed),
        masked(raised.statement) if raised is not None and raised.statement else None,
        next((line for _, line in reversed(list(_frames(error, file)))), None),
        is_declared(error, file),
    )


def one_line(error: BaseException, name: bool = True) -> str:
    """Returns the type of an error (unless not wanted) and the first line of its text, passwords masked."""
    kind, text = type(error).__name__, _BACKGROUND.sub("", steady(first_line(error)))
    return f"{kind}: {text}" if name and text != kind else text


def _message(error: BaseException, raised: StatementError | None, printed: str) -> str:
    if raised is not None and raised is error and raised.orig is not None:
        return database_message(raised.orig)
    if isinstance(error, SystemExit) and not isinstance(error.code, str):
        return f"it exits with {error.code!r}" + (f": {masked(printed)}" if printed else "")
    if not str(error).strip():
        place = traceback.extract_tb(error.__traceback__)
        return f"{type(error).__name__} in {place[-1].name}()" if place else type(error).__name__
    return one_line(error)


def database_message(error: BaseException) -> str:
    """Returns what the database said, without the driver's wrapping.

    >>> database_message(Exception(1054, "Unknown column 'x' in 'field list'"))
    "Unknown column 'x' in 'field list'"
    """
    return _BACKGROUND.sub("", _ADAPTED.sub("", steady(first_line(error))))


def _database_error(error: BaseException | None) -> StatementError | None:
    """Returns the error that carries a statement: this one, or what it was raised from."""
    while error is not None and not isinstance(error, StatementError):
        error = error.__cause__
    return error


def is_declared(error: BaseException, file: Path) -> bool:
    """Returns whether the migration refused on purpose.

    As the static half judges it: a `raise` that names its exception (or `assert False`), written in the
    migration itself and not while another error is handled. From elsewhere (a helper of the project)
    only exceptions that can mean nothing else; never what Alembic or SQLAlchemy raise, whose
    NotImplementedError means that the database cannot do it.
    """
    trace = error.__traceback__
    own = [line for _, line in _frames(error, file)]
    if trace is None or not own or any(_is_handling(file, line) for line in own):
        return False
    while trace.tb_next is not None:
        trace = trace.tb_next
    place = Path(trace.tb_frame.f_code.co_filename)
    if not _is_raise(trace) or _is_check(place, trace.tb_lineno) or _is_handling(place, trace.tb_lineno):
        return False
    if place == file:
        return True
    if trace.tb_frame.f_globals.get("__name__", "").partition(".")[0] in _LIBRARIES:
        return False
    says_so = _IRREVERSIBLE.search(type(error).__name__) is not None
    return says_so or (isinstance(error, NotImplementedError) and not _LIBRARY_FOLDERS & set(place.parts))


def _frames(error: BaseException, file: Path) -> Iterator[tuple[FrameType, int]]:
    """Yields the frames of a file with the line that was being executed, outermost first."""
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename) == file:
            yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _is_raise(trace: TracebackType) -> bool:
    """Returns whether a `raise` with an exception ran there, not an expression that failed on its line."""
    code = trace.tb_frame.f_code.co_code[trace.tb_lasti : trace.tb_lasti + 2]
    return opname[code[0]] == "RAISE_VARARGS" and code[1] > 0


def _is_check(file: Path, line: int) -> bool:
    """Returns whether a line belongs to an assertion that can also hold (`assert False` refuses)."""
    return any(
        node.lineno <= line <= (node.end_lineno or line)
        and not (isinstance(node.test, ast.Constant) and not node.test.value)
        for node in _nodes(file, ast.Assert)
    )


def _is_handling(file: Path, line: int) -> bool:
    """Returns whether a line belongs to a handler of exceptions."""
    return any(node.lineno <= line <= (node.end_lineno or line) for node in _nodes(file, ast.ExceptHandler))


def _nodes(file: Path, kind: type[_N]) -> Iterator[_N]:
    tree = _tree(file)
    return (node for node in ast.walk(tree) if isinstance(node, kind)) if tree is not None else iter(())


def _tree(file: Path) -> ast.Module | None:
    try:
        return ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
