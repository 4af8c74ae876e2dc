"""Modules whose functions leave the database alone unless they are handed a way to it."""

from __future__ import annotations

from typing import Final

from mrt_lint.evaluate.names import names

_MODULES: Final = names(
    "__future__ _collections_abc abc argparse array ast base64 binascii bisect bz2 calendar cmath codecs "
    "collections colorsys configparser contextlib contextvars copy csv dataclasses datetime decimal "
    "difflib dis email enum errno filecmp fnmatch fractions functools gc getpass gettext glob gzip "
    "hashlib heapq hmac html inspect io ipaddress itertools json keyword linecache locale logging lzma "
    "math mimetypes numbers operator os.environ os.getenv os.getcwd os.getpid os.linesep os.listdir "
    "os.path os.sep os.walk pathlib pkgutil platform pprint queue random re reprlib secrets shlex stat "
    "statistics string struct sys sysconfig tempfile textwrap time timeit token tokenize tomllib pickle "
    "traceback types typing unicodedata urllib.parse uuid warnings weakref xml zipfile zlib zoneinfo "
    "builtins sqlalchemy sqlalchemy_utils geoalchemy2 pgvector citext typing_extensions dateutil pytz "
    "tzdata six attr attrs pydantic click.echo click.secho rich structlog loguru tqdm colorama termcolor "
    "yaml toml tomli orjson ujson simplejson packaging bcrypt passlib cryptography nanoid ulid shortuuid "
    "slugify humanize inflection babel pendulum arrow numpy pandas.DataFrame alembic.util oslo_log"
)
"""By qualified name; everything below a name counts. Third-party ones only build values or write logs."""

_INERT: Final = names(
    "base64 binascii calendar datetime decimal hashlib hmac html json locale logging math pickle platform "
    "pprint random re secrets string struct textwrap time traceback unicodedata urllib.parse uuid warnings "
    "zlib simplejson orjson ujson yaml toml tomli structlog loguru click.echo click.secho rich.print "
    "dateutil pytz arrow pendulum oslo_log"
)
"""Modules that read what they are handed as plain values: of it they call nothing but functions."""

_EXCEPT: Final = names(
    "sqlalchemy.create_engine sqlalchemy.engine.create_engine sqlalchemy.engine_from_config "
    "sqlalchemy.create_mock_engine sqlalchemy.create_pool_from_url sqlalchemy.event "
    "sqlalchemy.engine.engine_from_config sqlalchemy.ext.asyncio sqlalchemy.orm.Session "
    "sqlalchemy.orm.sessionmaker sqlalchemy.orm.scoped_session sqlalchemy_utils.create_database "
    "sqlalchemy_utils.drop_database sqlalchemy_utils.functions"
)
"""Names below these modules that open a connection of their own or run code later."""


def is_harmless(path: str) -> bool:
    """Returns whether a call of this qualified name has no effect on the database by itself."""
    if _below(path, _EXCEPT):
        return False
    return _below(path, _MODULES)


def is_inert(path: str) -> bool:
    """Returns whether a call of this qualified name runs nothing of what it is handed but functions."""
    return _below(path, _INERT)


def _below(path: str, names: frozenset[str]) -> bool:
    if path in names:
        return True
    while "." in path:
        path = path.rpartition(".")[0]
        if path in names:
            return True
    return False
