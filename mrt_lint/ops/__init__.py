"""Every operation a migration can hold: one family a module, all of them importable from here."""

from mrt_lint.ops.alter import (
    AlterColumnType,
    SetColumnComment,
    SetDefault,
    SetGenerated,
    SetIdentity,
    SetNullable,
)
from mrt_lint.ops.base import Direction, Operation, TransactionFacts
from mrt_lint.ops.columns import AddColumn, DropColumn, RedefineColumn, RenameColumn
from mrt_lint.ops.constraints import (
    AddConstraint,
    AlterConstraint,
    DropConstraint,
    RenameConstraint,
    ValidateConstraint,
)
from mrt_lint.ops.control import (
    Opaque,
    Probe,
    PythonCode,
    Refuse,
    SetVariable,
    Several,
    TransactionControl,
)
from mrt_lint.ops.data import ColumnTest, Delete, Expression, Insert, Merge, Query, Truncate, Update
from mrt_lint.ops.enums import AddEnumValue, CreateType, DropType, RenameEnumValue, ReplaceEnumValues
from mrt_lint.ops.functions import CreateFunction, DropFunction
from mrt_lint.ops.indexes import CreateIndex, DropIndex, RenameIndex
from mrt_lint.ops.objects import AlterObject, CreateObject, DropObject, Maintain, RenameObject
from mrt_lint.ops.partitions import AttachPartition, DetachPartition
from mrt_lint.ops.rebuild import BeginRebuild, EndRebuild
from mrt_lint.ops.sequences import AlterSequence, CreateSequence, DropSequence
from mrt_lint.ops.tables import (
    CreateTable,
    CreateTableAs,
    DropTable,
    RenameTable,
    SetTableComment,
    SetTableOption,
)
from mrt_lint.ops.triggers import CreateTrigger, DropTrigger
from mrt_lint.ops.views import ColumnRead, CreateView, DropView

__all__ = [
    "AddColumn",
    "AddConstraint",
    "AddEnumValue",
    "AlterColumnType",
    "AlterConstraint",
    "AlterObject",
    "AlterSequence",
    "AttachPartition",
    "BeginRebuild",
    "ColumnRead",
    "ColumnTest",
    "CreateFunction",
    "CreateIndex",
    "CreateObject",
    "CreateSequence",
    "CreateTable",
    "CreateTableAs",
    "CreateTrigger",
    "CreateType",
    "CreateView",
    "Delete",
    "DetachPartition",
    "Direction",
    "DropColumn",
    "DropConstraint",
    "DropFunction",
    "DropIndex",
    "DropObject",
    "DropSequence",
    "DropTable",
    "DropTrigger",
    "DropType",
    "DropView",
    "EndRebuild",
    "Expression",
    "Insert",
    "Maintain",
    "Merge",
    "Opaque",
    "Operation",
    "Probe",
    "PythonCode",
    "Query",
    "RedefineColumn",
    "Refuse",
    "RenameColumn",
    "RenameConstraint",
    "RenameEnumValue",
    "RenameIndex",
    "RenameObject",
    "RenameTable",
    "ReplaceEnumValues",
    "SetColumnComment",
    "SetDefault",
    "SetGenerated",
    "SetIdentity",
    "SetNullable",
    "SetTableComment",
    "SetTableOption",
    "SetVariable",
    "Several",
    "TransactionControl",
    "TransactionFacts",
    "Truncate",
    "Update",
    "ValidateConstraint",
]
