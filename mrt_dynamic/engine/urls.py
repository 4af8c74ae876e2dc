"""The URLs in a project's configuration, replaced by that of the scratch database."""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from mrt_dynamic.scratch.urls import asynchronous, synchronous

if TYPE_CHECKING:
    from alembic.config import Config

_MAIN: Final = "sqlalchemy.url"
_ASYNC: Final = re.compile(r"\b(create_async_engine|async_engine_from_config|AsyncEngine)\b")


@dataclass(frozen=True, slots=True)
class Urls:
    """The options of a configuration that are database URLs: (section, option, value).

    `is_async`: env.py makes an asynchronous engine.
    """

    main: str
    options: tuple[tuple[str, str, str], ...]
    is_async: bool

    @classmethod
    def of(cls, config: Config, env: Path) -> Urls:
        """Returns those of a configuration, as they stand before the first `point`."""
        main = config.config_ini_section
        found = {(main, _MAIN): ""}
        for section in config.file_config.sections():
            for option in config.file_config.options(section):
                value = _value(config.file_config, section, option)
                if option.endswith("url") and "://" in value:
                    found[section, option] = value
        text = env.read_text("utf-8", "replace")
        options = tuple((section, option, value) for (section, option), value in found.items())
        return cls(main, options, _ASYNC.search(text) is not None)

    def point(self, config: Config, url: URL) -> None:
        """Sets every one of them to the scratch database, with a driver of the kind that env.py takes."""
        for section, option, value in self.options:
            text = self._spoken(url, value).render_as_string(hide_password=False)
            config.set_section_option(section, option, text.replace("%", "%%"))

    def _spoken(self, url: URL, value: str) -> URL:
        """Returns the scratch database's URL with a driver that env.py can use.

        That of the URL that stood there if it fits; else one that is asynchronous where that one was, or
        where env.py makes an asynchronous engine.
        """
        wanted = self.is_async
        try:
            theirs = make_url(value)
            dialect = theirs.get_dialect()
            wanted = wanted or dialect.is_async
            fits = _family(theirs) == _family(url) and "+" in theirs.drivername and not url.query
            if fits and (dialect.is_async or not self.is_async):
                dialect.import_dbapi()
                return url.set(drivername=theirs.drivername)
        except (ArgumentError, NoSuchModuleError, ValueError, ImportError):
            pass  # a placeholder, or a driver that is not installed
        return asynchronous(url) if wanted else synchronous(url)


def _family(url: URL) -> str:
    return {"mariadb": "mysql"}.get(url.get_backend_name(), url.get_backend_name())


def _value(parser: configparser.ConfigParser, section: str, option: str) -> str:
    try:
        return parser.get(section, option)
    except (configparser.Error, ValueError, TypeError):
        return parser.get(section, option, raw=True)
