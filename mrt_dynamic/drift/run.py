"""Compares models with a migrated database, through Alembic's own comparison."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.drift.wanted import Wanted, schemas_of
from mrt_dynamic.drift.words import Drift, drifts
from mrt_dynamic.errors import ConnectError, LateError, ProjectError
from mrt_lint.errors import UsageError, nearest
from mrt_lint.schema.names import Name

if TYPE_CHECKING:
    from sqlalchemy import MetaData
    from sqlalchemy.engine import URL, Connection

    from mrt_dynamic.engine.base import Driver
    from mrt_dynamic.engine.project import AlembicProject
    from mrt_dynamic.scratch.base import Scratch
    from mrt_dynamic.verify.run import Verifier
    from mrt_lint.schema.state import State

_TAKEN_OVER = (
    "include_object",
    "include_name",
    "include_schemas",
    "compare_type",
    "compare_server_default",
    "version_table",
    "version_table_schema",
)
"""What env.py tells `context.configure` that counts for a comparison too."""


_OTHER_WORDS: Final = ("mysql", "mariadb")
"""Databases that keep a server default in other words (`true` as 1), which Alembic takes for another."""


def metadata_of(
    named: Any, project: AlembicProject | None = None, scratch: Scratch | None = None
) -> MetaData:
    """Returns the models: a MetaData, a declarative base, or what `package.module:name` names.

    `project`: modules are looked for where env.py would find them too. `scratch`: the database that they
    get to see while they are imported, instead of the user's. Raises UsageError.
    """
    if isinstance(named, str):
        named = _imported(named, project, scratch)
    found = getattr(named, "metadata", named)
    from sqlalchemy import MetaData

    if not isinstance(found, MetaData):
        raise UsageError(f"{named!r} is neither a MetaData nor a declarative base")
    return found


def _imported(path: str, project: AlembicProject | None, scratch: Scratch | None) -> Any:
    from mrt_dynamic.guard.environment import redirected
    from mrt_dynamic.guard.statements import guarded

    module, _, name = path.partition(":")
    if not module or not name:
        raise UsageError(f"{path!r}: name the models as package.module:Base")
    try:
        with ExitStack() as stack:
            if scratch is not None:
                stack.enter_context(redirected(scratch, os.environ))
                stack.enter_context(guarded(scratch))
            if project is not None:
                stack.enter_context(_importable(project))
            found = importlib.import_module(module)
    except (Exception, SystemExit) as error:
        reason = str(error) if isinstance(error, ImportError) else f"{type(error).__name__}: {error}"
        raise UsageError(f"{path!r} cannot be imported: {reason}") from error
    try:
        for part in name.split("."):
            found = getattr(found, part)
    except AttributeError:
        raise UsageError(
            f"{path!r}: the module {module} has no {name!r}{nearest(name, dir(found))}"
        ) from None
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences, and sentences on what could not be compared."""

    found: list[Drift]
    notes: tuple[str, ...] = ()


@contextmanager
def _importable(project: AlembicProject) -> Iterator[None]:
    """Makes the modules of a project importable as env.py finds them, and those beside alembic.ini."""
    project.revisions  # noqa: B018 -- reading them puts prepend_sys_path in place
    with project.imports.present():
        beside = str(project.folder)
        sys.path.append(beside)
        try:
            yield
        finally:
            sys.path.remove(beside)


def migrated(verifier: Verifier, metadata: MetaData, back: bool = False) -> Compared:
    """Returns the differences between models and what the migrations make of an empty database.

    What Alembic does not compare is compared with what the models make in the place of the migrated
    tables. `back`: leave the database migrated to the heads. Raises ProjectError when a migration fails.
    """
    from mrt_dynamic.drift.catalogues import Catalogues
    from mrt_dynamic.drift.modelled import modelled
    from mrt_dynamic.drift.structure import structural

    def work(driver: Driver) -> tuple[list[Drift], State, Mapping[str, Any]]:
        _upgrade(verifier, driver)
        found = compared(driver.connection, metadata, driver.options)
        driver.connection.rollback()
        return found, verifier.ground.lookout.schema(driver.connection), driver.options

    verifier.ground.reset(0)
    verifier.ground.clean = False
    found, schema, options = verifier.run(work)
    kept = back and verifier.scratch.save("drift")
    models = modelled(verifier, metadata)
    if kept:
        verifier.scratch.restore("drift")
    elif back:
        verifier.ground.reset(0)
        verifier.ground.clean = False
        verifier.run(lambda driver: _upgrade(verifier, driver))
    catalogues = Catalogues(schema, models.schema)
    made = {schema.key("table", Name(table.name, table.schema)) for table in models.tables}
    # Alembic compares defaults word by word, so that now() is another one than CURRENT_TIMESTAMP().
    found = [
        each
        for each in found
        if catalogues.place(each) not in made
        or each.name in models.missing
        or (each.kind != "modify_default" and catalogues.confirmed(each))
    ]
    wanted = Wanted.of(metadata, options)
    names = [Name(table.name, table.schema) for table in wanted.tables() if table in models.tables]
    more = structural(schema, models.schema, names)
    return Compared([*found, *more, *catalogues.unseen(names, found, wanted.part)], models.notes)


def _upgrade(verifier: Verifier, driver: Driver) -> None:
    """Applies everything. Raises ProjectError when a migration fails."""
    from mrt_dynamic.engine.base import StepError
    from mrt_dynamic.engine.paths import way
    from mrt_dynamic.verify.ground import Overrun, Running
    from mrt_dynamic.verify.messages import overran

    for revision in way(verifier.project, driver.heads(), "heads", up=True):
        try:
            verifier.ground.timed(Running(revision, "upgrade"), partial(driver.upgrade, revision))
        except StepError as error:
            raise ProjectError(f"the upgrade of {revision} fails: {error.message}") from error
        except Overrun as error:
            late = overran(f"upgrade of {revision}", verifier.ground.timeout)
            raise LateError(late.message) from error


def compared(connection: Connection, metadata: MetaData, options: Mapping[str, Any]) -> list[Drift]:
    """Returns the differences between models and a database. `options`: those of env.py."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    taken = {key: value for key, value in options.items() if key in _TAKEN_OVER and value is not None}
    if not taken.get("compare_server_default"):  # off is Alembic's default, no wish of the project's
        taken["compare_server_default"] = connection.dialect.name not in _OTHER_WORDS
    taken |= schemas_of(metadata, taken)
    context = MigrationContext.configure(connection, opts={"compare_type": True, **taken})
    return list(drifts(compare_metadata(context, metadata), connection.dialect))


def live(url: str, metadata: MetaData, version_table: str = "alembic_version") -> list[Drift]:
    """Returns the differences between models and a database as it is, which is only read.

    Raises ConnectError.
    """
    import sqlalchemy as sa

    from mrt_dynamic.scratch import urls
    from mrt_dynamic.scratch.trouble import cannot_connect

    parsed = urls.synchronous(urls.parse(urls.expand(url, os.environ)))
    _exists(parsed)
    engine = sa.create_engine(parsed, poolclass=sa.pool.NullPool)
    try:
        with engine.connect() as connection:
            _only_read(connection)
            return compared(connection, metadata, {"version_table": version_table})
    except sa.exc.DBAPIError as error:
        raise cannot_connect(parsed, error) from error
    finally:
        engine.dispose()


def _only_read(connection: Connection) -> None:
    """Makes the database refuse every write of this connection."""
    statement = _READ_ONLY.get(connection.dialect.name)
    if statement is not None:
        connection.exec_driver_sql(statement)
        connection.commit()


def _exists(url: URL) -> None:
    """Raises ConnectError for a SQLite file that does not exist: connecting would make an empty one."""
    name = url.database or ""
    if url.get_backend_name() == "sqlite" and not name.startswith("file:") and not Path(name).is_file():
        raise ConnectError(
            f"there is no SQLite database at {name or '(memory)'}: --live compares what is there"
        )


_READ_ONLY: Final = {
    "postgresql": "SET default_transaction_read_only = on",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "sqlite": "PRAGMA query_only = ON",
}
"""Statements after which every new transaction of the session refuses writes."""
