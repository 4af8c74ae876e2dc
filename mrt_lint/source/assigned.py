"""Reads what names are set to from the tokens of a file that cannot be parsed as a whole."""

from __future__ import annotations

import ast
import io
import tokenize


def assigned(data: bytes, name: str) -> ast.expr | None:
    """Returns the value that a name is set to first, None where that cannot be told."""
    text: list[str] = []
    depth, seen = 0, False
    try:
        for token in tokenize.tokenize(io.BytesIO(data).readline):
            if not text:
                if seen and token.string == "=":
                    text.append("")
                seen = token.type == tokenize.NAME and token.string == name
                continue
            if token.type in (tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT):
                if token.type == tokenize.NEWLINE and depth == 0:
                    break
                continue
            depth += (token.string in "([{") - (token.string in ")]}") if token.type == tokenize.OP else 0
            text.append(token.string)
        return ast.parse(" ".join(text).strip(), mode="eval").body if text else None
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
