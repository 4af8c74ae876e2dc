"""Bytes of a Python file to text, as the language reference (and PEP 263) says."""

from __future__ import annotations

import codecs
import re
from typing import Final

from mrt_lint.errors import SourceError

_COOKIE: Final = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK: Final = re.compile(rb"^[ \t\f]*(?:#.*)?$")


def decode(data: bytes) -> str:
    r"""Returns the text, without a byte order mark and with every line ending as `\n`.

    Raises SourceError for binary content and for bytes that the declared encoding does not allow.
    """
    marked = data.startswith(codecs.BOM_UTF8)
    if marked:
        data = data[len(codecs.BOM_UTF8) :]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SourceError("is UTF-16 text, which Python does not read; save it as UTF-8")
    zero = data.find(b"\0")
    if zero >= 0:
        raise SourceError("is binary (it has NUL bytes)", *_position(data, zero))
    encoding, line = _declared(data)
    if marked and codecs.lookup(encoding).name != "utf-8":
        raise SourceError(f"has a UTF-8 byte order mark but declares the encoding {encoding}", line)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise SourceError(
            f"is not {encoding} text: byte 0x{byte:02x}; declare its encoding or save it as UTF-8",
            *_position(data, error.start),
        ) from None
    except (UnicodeError, ValueError) as error:
        raise SourceError(f"is not {encoding} text: {error}", line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _declared(data: bytes) -> tuple[str, int]:
    """Returns the encoding and the line that declares it; only the first two lines may."""
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", data[:4096], maxsplit=2)[:2], 1):
        found = _COOKIE.match(line)
        if found:
            name = found.group(1).decode("ascii", "replace")
            try:
                info = codecs.lookup(name)
            except LookupError:
                raise SourceError(f"declares the unknown encoding {name}", number) from None
            if not getattr(info, "_is_text_encoding", True):
                raise SourceError(f"declares {name}, which is no text encoding", number)
            return name, number
        if not _BLANK.match(line):
            break
    return "utf-8", 1


def _position(data: bytes, offset: int) -> tuple[int, int]:
    before = data[:offset]
    return before.count(b"\n") + 1, offset - before.rfind(b"\n")
