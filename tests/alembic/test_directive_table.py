"""The table of directives holds every directive of the installed Alembic."""

from __future__ import annotations

import inspect

import pytest
from alembic.operations import BatchOperations, Operations, ops

from mrt_rules_alembic.directives.operation_objects import OPERATION_CLASSES
from mrt_rules_alembic.directives.step import NEEDED
from mrt_rules_alembic.directives.table import DIRECTIVES, directive_meanings
from mrt_rules_alembic.directives.third_party import DIRECTIVES as THIRD_PARTY
from mrt_rules_alembic.sqlalchemy.ddl_elements import DDL_ELEMENTS

NOT_DIRECTIVES = {"context", "create_module_class_proxy"}
"""Names of the classes that set up the proxy, which no migration calls."""


def public(cls: type) -> set[str]:
    """Returns the public methods of a class."""
    return {
        name for name, value in inspect.getmembers(cls, callable) if not name.startswith("_")
    } - NOT_DIRECTIVES


def positional(cls: type, name: str) -> list[str]:
    """Returns the positional parameters of a method, without self."""
    found = inspect.signature(getattr(cls, name)).parameters.values()
    names = [parameter.name for parameter in found if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    return names[1:] if names[:1] == ["self"] else names


def test_every_directive_of_op_has_a_meaning() -> None:
    missing = public(Operations) - set(DIRECTIVES)
    assert missing == set()
    assert all(f"alembic.op.{name}" in directive_meanings() for name in public(Operations))


def test_every_directive_of_a_batch_has_a_meaning() -> None:
    inherited = {"batch_alter_table"}
    with_batch = {name for name, directive in DIRECTIVES.items() if directive.in_batch is not None}
    assert public(BatchOperations) - inherited - with_batch == set()


def test_no_directive_is_invented() -> None:
    ours = {name for name in DIRECTIVES if name not in {directive.name for directive in THIRD_PARTY}}
    assert ours - public(Operations) == set()


@pytest.mark.parametrize("name", sorted(public(Operations) & set(DIRECTIVES)))
def test_arguments_are_in_alembics_order(name: str) -> None:
    """The positional parameters come first in ours; more may follow (older releases took them so)."""
    real = positional(Operations, name)
    assert list(DIRECTIVES[name].parameters[: len(real)]) == real


@pytest.mark.parametrize("name", sorted(public(BatchOperations) & set(DIRECTIVES) - {"batch_alter_table"}))
def test_arguments_in_a_batch_are_in_alembics_order(name: str) -> None:
    real = positional(BatchOperations, name)
    assert list((DIRECTIVES[name].in_batch or ())[: len(real)]) == real


def test_keyword_arguments_are_read() -> None:
    """Every keyword of a directive is one that its meaning may ask for (they come by name)."""
    for name in sorted(public(Operations) & set(DIRECTIVES)):
        legacy = DIRECTIVES[name].legacy
        real = set(inspect.signature(getattr(Operations, name)).parameters)
        for old, new in legacy.items():
            assert old not in real or old == new, (name, old)


def test_every_operation_object_has_a_directive() -> None:
    containers = {
        "OpContainer",
        "ModifyTableOps",
        "UpgradeOps",
        "DowngradeOps",
        "MigrationScript",
        "MigrateOperation",
        "AddConstraintOp",
        "AlterTableOp",
    }
    real = {
        name
        for name, value in vars(ops).items()
        if inspect.isclass(value)
        and value.__module__ == ops.__name__
        and issubclass(value, ops.MigrateOperation)
    }
    assert real - containers - set(OPERATION_CLASSES) == set()


def test_every_ddl_element_of_sqlalchemy_is_known() -> None:
    import sqlalchemy.schema as schema

    names = {name for name in vars(schema) if name.startswith(("Create", "Drop"))}
    elsewhere = {"CreateColumn", "DropConstraintComment"}
    assert names - elsewhere - set(DDL_ELEMENTS) == set()


def needed(cls: type, name: str) -> list[str]:
    """Returns the parameters of a method without a default, without self."""
    found = inspect.signature(getattr(cls, name)).parameters.values()
    plain = [one for one in found if one.kind is one.POSITIONAL_OR_KEYWORD and one.name != "self"]
    return [parameter.name for parameter in plain if parameter.default is parameter.empty]


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_what_a_directive_cannot_do_without(name: str) -> None:
    assert list(NEEDED[name]) == needed(Operations, name)
    if (taken := DIRECTIVES[name].in_batch) is not None:
        assert [each for each in NEEDED[name] if each in taken] == needed(BatchOperations, name)
