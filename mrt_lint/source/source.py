"""Source: one Python file; everything made from its text is made once, when it is first asked for."""

from __future__ import annotations

import ast
import hashlib
import io
import sys
import tokenize
import warnings
from ast import AST
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mrt_lint.errors import SourceError
from mrt_lint.lowered import Suppression
from mrt_lint.ops.span import Span
from mrt_lint.source.encoding import decode
from mrt_lint.source.gate import check_text
from mrt_lint.source.suppress import Comment, mentions, suppressions_in

if TYPE_CHECKING:
    import libcst

    from mrt_lint.source.cst import CstIndex

_REFUSALS = (SyntaxError, ValueError, RecursionError, MemoryError)


class Source:
    r"""One file. `data`: its bytes; `text`: decoded, without byte order mark, lines ending in `\n`.

    `ast`, `tree` and `index` raise SourceError when the file is no Python that can be read.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.data = data
        self.text = decode(data)

    @classmethod
    def read(cls, path: Path) -> Source:
        """Returns the file. Raises SourceError, one line, when it cannot be read as text."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror or error}") from None
        return cls(path, data)

    @cached_property
    def digest(self) -> str:
        """Returns the SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def lines(self) -> list[str]:
        r"""Returns the lines as Python counts them (a form feed or `\x85` ends none)."""
        return self.text.split("\n")

    @cached_property
    def ast(self) -> ast.Module:
        """Returns the syntax tree. Raises SourceError with the place when there is none."""
        check_text(self.text)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.text)
        except _REFUSALS as error:
            raise self._refusal(error) from None

    @cached_property
    def tree(self) -> libcst.Module:
        """Returns the concrete tree. Raises SourceError when libcst does not accept the file."""
        check_text(self.text)
        import libcst

        try:
            return libcst.parse_module(self.data)
        except libcst.ParserSyntaxError as error:
            raise SourceError(error.message, max(error.raw_line, 1), max(error.raw_column, 0) + 1) from None
        except (*_REFUSALS, LookupError, libcst.CSTLogicError) as error:
            raise SourceError(f"cannot be parsed: {error or type(error).__name__}") from None

    @cached_property
    def index(self) -> CstIndex:
        """Returns places and qualified names of the nodes of `tree`."""
        from mrt_lint.source.cst import CstIndex

        return CstIndex(self.tree)

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """Returns the comments, up to the first thing that is no Python token."""
        found = []
        try:
            for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
                if token.type == tokenize.COMMENT:
                    found.append(Comment(token.start[0], token.start[1] + 1, token.string))
        except (tokenize.TokenError, *_REFUSALS):
            pass
        return tuple(found)

    @cached_property
    def suppressions(self) -> tuple[Suppression, ...]:
        """Returns the suppression comments."""
        if "#" not in self.text or not mentions(self.text):
            return ()
        return suppressions_in(self.comments)

    @cached_property
    def _ascii(self) -> bool:
        return self.text.isascii()

    def span(self, node: AST) -> Span:
        """Returns where a node stands (`ast` counts columns in UTF-8 bytes, a Span in characters)."""
        line: int = getattr(node, "lineno", 1)
        end_line: int = getattr(node, "end_lineno", None) or line
        column: int = getattr(node, "col_offset", 0)
        end_column: int = getattr(node, "end_col_offset", None) or column
        if self._ascii:
            return Span(line, column + 1, end_line, end_column + 1)
        return Span(line, self._characters(line, column), end_line, self._characters(end_line, end_column))

    def slice(self, span: Span) -> str:
        """Returns the text of a span."""
        lines = self.lines[span.line - 1 : span.end_line]
        if not lines:
            return ""
        lines[-1] = lines[-1][: span.end_column - 1]
        lines[0] = lines[0][span.column - 1 :]
        return "\n".join(lines)

    def _characters(self, line: int, offset: int) -> int:
        text = self.lines[line - 1]
        if text.isascii():
            return offset + 1
        return len(text.encode("utf-8", "replace")[:offset].decode("utf-8", "replace")) + 1

    def _refusal(self, error: BaseException) -> SourceError:
        """Returns what to say when `ast` refuses; asks libcst whether a newer Python would not."""
        line, column = 1, 1
        reason = "is nested too deeply to be parsed"
        if isinstance(error, SyntaxError):
            reason = f"syntax error: {error.msg}"
            line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        elif isinstance(error, ValueError):
            reason = f"cannot be parsed: {error}"
        if isinstance(error, SyntaxError) and self._newer_python_reads_it():
            running = ".".join(map(str, sys.version_info[:2]))
            reason = f"needs a newer Python than the {running} that runs mrt-lint ({error.msg})"
        return SourceError(reason, line, column)

    def _newer_python_reads_it(self) -> bool:
        """Returns whether libcst, which knows the newest grammar, accepts the file.

        It knows nothing of what the compiler refuses later, so a few refusals of `ast` that every
        Python shares must not be blamed on the version.
        """
        try:
            return bool(self.tree.code.strip()) and sys.version_info < _NEWEST_GRAMMAR
        except SourceError:
            return False


_NEWEST_GRAMMAR = (3, 14)
"""The newest grammar that libcst knows; what a Python of at least this version refuses is wrong."""


def read_source(path: Path) -> Source:
    """Returns the file. Raises SourceError, one line, when it cannot be read as text."""
    return Source.read(path)
