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
from mrt_lint.ops.columns import AddColumn, RedefineColumn, RenameColumn
from mrt_lint.ops.constraints import (
    AddConstraint,
    AlterConstraint,
    DropConstraint,
    RenameConstraint,
    ValidateConstraint,
)
from mrt_lint.ops.contents import ColumnTest, Expression, Lookup
from mrt_lint.ops.control import (
    NeverRuns,
    Opaque,
    Probe,
    PythonCode,
    Refuse,
    SetVariable,
    Several,
    TransactionControl,
    WrongCall,
)
from mrt_lint.ops.copied_tables import CreateTableAs
from mrt_lint.ops.data import Insert, Merge, Query
from mrt_lint.ops.deletes import Delete, Truncate
from mrt_lint.ops.dropped_columns import DropColumn
from mrt_lint.ops.enums import AddEnumValue, CreateType, DropType, RenameEnumValue, ReplaceEnumValues
from mrt_lint.ops.functions import CallFunction, CreateFunction, DropFunction
from mrt_lint.ops.indexes import CreateIndex, DropIndex, RenameIndex
from mrt_lint.ops.listed import DropListed
from mrt_lint.ops.objects import AlterObject, CreateObject, DropObject, Maintain, RenameObject
from mrt_lint.ops.partitions import AttachPartition, DetachPartition
from mrt_lint.ops.reading import ColumnRead
from mrt_lint.ops.rebuild import BeginRebuild, EndRebuild
from mrt_lint.ops.sequences import AlterSequence, CreateSequence, DropSequence
from mrt_lint.ops.tables import (
    CreateTable,
    DropTable,
    RenameTable,
    SetTableComment,
    SetTableOption,
)
from mrt_lint.ops.triggers import CreateTrigger, DropTrigger
from mrt_lint.ops.updates import Update
from mrt_lint.ops.views import CreateView, DropView

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
    "CallFunction",
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
    "DropListed",
    "DropObject",
    "DropSequence",
    "DropTable",
    "DropTrigger",
    "DropType",
    "DropView",
    "EndRebuild",
    "Expression",
    "Insert",
    "Lookup",
    "Maintain",
    "Merge",
    "NeverRuns",
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
    "WrongCall",
]
