"""Passwords are masked in everything that is shown: URLs, texts of exceptions, settings of drivers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

MASK: Final = "***"

_WORDS: Final = r"password|passwd|pwd|passphrase"
_USERINFO: Final = re.compile(
    r"(?P<head>\b[A-Za-z][\w.+-]*://[^\s:/?#@'\"]*:)(?P<secret>[^\s'\"]*)(?P<tail>@)"
)
_SETTING: Final = re.compile(
    rf"(?P<head>\b\w*(?:{_WORDS})(?:['\"]\s*:|\s*=|%3[Dd])\s*)"
    r"(?P<secret>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\{[^}]*\}|[^\s&;,'\")}]+)",
    re.IGNORECASE,
)
_SECRET_KEY: Final = re.compile(rf"{_WORDS}|secret|token", re.IGNORECASE)
_SHORTEST: Final = 4

_secrets: set[str] = set()


def remember(url: URL) -> None:
    """Notes the passwords of a URL, so that `masked` finds them wherever they appear.

    Not those that the URL shows elsewhere anyway (a password that is also the user's name), nor very
    short ones, which every other word would contain; such are masked where they are said to be passwords.
    """
    found = [str(url.password)] if url.password is not None else []
    for key, value in url.query.items():
        if _SECRET_KEY.search(key):
            found.extend([value] if isinstance(value, str) else value)
    shown = {url.username, url.host, url.database}
    for secret in found:
        if len(secret) >= _SHORTEST and secret not in shown:
            _secrets.update({secret, quote(secret, safe=""), quote(secret), quote_plus(secret)})


def masked(text: object) -> str:
    """Returns the text with every password replaced: in URLs, in settings, and those of known URLs.

    >>> masked("postgresql://me:s3cr%40t@db/app?sslpassword=x&a=1")
    'postgresql://me:***@db/app?sslpassword=***&a=1'
    >>> masked("host=db password='it is' user=me")
    'host=db password=*** user=me'
    """
    shown = _USERINFO.sub(rf"\g<head>{MASK}\g<tail>", str(text))
    shown = _SETTING.sub(rf"\g<head>{MASK}", shown)
    for secret in sorted(_secrets, key=len, reverse=True):
        if secret in shown:
            shown = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", MASK, shown)
    return shown
