"""What a model's Meta says of indexes and constraints, as the database has them."""

from __future__ import annotations

from typing import Any, Final

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.objects import Constraint, Index
from mrt_rules_django.conditions import column_text, condition_text, expression_text
from mrt_rules_django.models import Models
from mrt_rules_django.naming import part_name
from mrt_rules_django.specs import Model, Plain, Spec

_METHODS: Final[dict[str, str | None]] = {
    "BTreeIndex": None,
    "BrinIndex": "brin",
    "GinIndex": "gin",
    "GistIndex": "gist",
    "HashIndex": "hash",
    "SpGistIndex": "spgist",
    "BloomIndex": "bloom",
}


@dataclass(frozen=True, slots=True)
class MetaParts:
    """Constraints and indexes of the whole table. `unclear`: why some of them are not known."""

    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    unclear: tuple[str, ...] = ()


def meta_parts(models: Models, model: Model) -> MetaParts:
    """Returns everything that the Meta of a model asks for."""
    found = [
        together(models, model, "unique_together"),
        together(models, model, "index_together"),
    ]
    for option in ("indexes", "constraints"):
        value = model.option(option, ())
        for item in value if isinstance(value, tuple) else (value,):
            found.append(part_of(models, model, item))
    return joined(*found)


def joined(*parts: MetaParts) -> MetaParts:
    """Returns several parts as one."""
    return MetaParts(
        tuple(one for part in parts for one in part.constraints),
        tuple(one for part in parts for one in part.indexes),
        tuple(one for part in parts for one in part.unclear),
    )


def sets_of(value: Plain) -> list[tuple[str, ...]] | None:
    """Returns `unique_together` in one form: sets of field names, sorted; None if not known."""
    if not value:
        return []
    if isinstance(value, str) or not isinstance(value, tuple):
        return None
    if all(isinstance(item, str) for item in value):
        return [value]
    sets = [item for item in value if isinstance(item, tuple) and all(isinstance(one, str) for one in item)]
    return sorted(sets) if len(sets) == len(value) else None


def together(models: Models, model: Model, option: str) -> MetaParts:
    """Returns what `unique_together` or `index_together` makes."""
    sets = sets_of(model.option(option))
    if sets is None:
        return MetaParts(unclear=(f"the {option} of {model.name} is known only at run time",))
    return joined(*(together_part(models, model, option, fields) for fields in sets))


def together_part(models: Models, model: Model, option: str, fields: tuple[str, ...]) -> MetaParts:
    """Returns what one set of fields makes."""
    table = models.table(model)
    columns = tuple(column_text(name, models, model) for name in fields)
    if option == "index_together":
        return MetaParts(
            indexes=(Index(part_name(table, columns, "_idx", models.dialect), columns, automatic=True),)
        )
    name = part_name(table, columns, "_uniq", models.dialect)
    if models.dialect == "sqlite":
        return MetaParts(indexes=(Index(name, columns, unique=True, automatic=True),))
    return MetaParts((Constraint("unique", name, columns, automatic=True),))


def name_of(item: Plain) -> str | None:
    """Returns the name of an index or constraint, None if it is not known."""
    if not isinstance(item, Spec):
        return None
    name = item.get("name")
    return name if isinstance(name, str) else None


def part_of(models: Models, model: Model, item: Plain) -> MetaParts:
    """Returns what one Index or Constraint of a Meta makes on this database."""
    if not isinstance(item, Spec):
        return MetaParts(unclear=(f"an index or constraint of {model.name} is known only at run time",))
    kind = item.name
    if kind == "Index" or kind in _METHODS:
        return _index(models, model, item, unique=False)
    if kind == "UniqueConstraint":
        return _unique(models, model, item)
    if kind == "CheckConstraint":
        condition = item.get("condition", item.get("check", item.args[0] if item.args else None))
        text = condition_text(condition, models, model)
        return MetaParts((Constraint("check", name_of(item), _named_in(text, models, model), text),))
    if kind == "ExclusionConstraint":
        if models.dialect != "postgresql":
            return MetaParts()
        return MetaParts((exclusion(models, model, item),))
    return MetaParts(unclear=(f"{kind} is an index or constraint of its own kind",))


def exclusion(models: Models, model: Model, item: Spec) -> Constraint:
    """Returns an ExclusionConstraint in the words that its SQL is read in."""
    parts: list[str] = []
    expressions = item.get("expressions", ())
    for pair in expressions if isinstance(expressions, tuple) else ():
        if not (isinstance(pair, tuple) and len(pair) == 2):
            parts = []
            break
        operator = RANGE_OPERATORS.get(getattr(pair[1], "path", "").rpartition(".")[2], pair[1])
        parts.append(f"{expression_text(pair[0], models, model)} WITH {operator}")
    method = item.get("index_type", "gist") or "gist"
    text = f"USING {str(method).lower()} ({', '.join(parts)})"
    condition = item.get("condition")
    if condition is not None:
        text += f" WHERE ({condition_text(condition, models, model)})"
    if not parts or "<" in text.replace("<@", "").replace("<<", "").replace("&<", ""):
        text = f"<{' '.join(item.source.split())}>"
    return Constraint("exclude", name_of(item), (), text, **_deferred(item))


RANGE_OPERATORS: Final = {
    "EQUAL": "=",
    "NOT_EQUAL": "<>",
    "CONTAINS": "@>",
    "CONTAINED_BY": "<@",
    "OVERLAPS": "&&",
    "FULLY_LT": "<<",
    "FULLY_GT": ">>",
    "NOT_LT": "&>",
    "NOT_GT": "&<",
    "ADJACENT_TO": "-|-",
}
"""`RangeOperators` of django.contrib.postgres."""


def _deferred(item: Spec) -> dict[str, Any]:
    deferrable = item.get("deferrable")
    late = getattr(deferrable, "path", "").endswith("DEFERRED")
    return {"deferrable": deferrable is not None, "initially": "DEFERRED" if late else None}


def _named_in(text: str, models: Models, model: Model) -> tuple[str, ...]:
    """Returns the columns that a condition names when it is not written as SQL."""
    if not text.startswith("<"):
        return ()
    from mrt_lint.schema.expressions import identifiers

    words = set(identifiers(text)) | {word.partition("__")[0] for word in identifiers(text)}
    return tuple(models.column_name(name, spec) for name, spec in model.fields if name in words)


def _columns(models: Models, model: Model, item: Spec) -> tuple[str, ...] | None:
    fields = item.get("fields", ())
    if not isinstance(fields, tuple) or not all(isinstance(name, str) for name in fields):
        return None
    classes = item.get("opclasses", ())
    found = []
    for number, name in enumerate(fields):
        text = column_text(name.lstrip("-"), models, model)
        if isinstance(classes, tuple) and number < len(classes) and models.dialect == "postgresql":
            text += f" {classes[number]}"
        found.append(f"{text} DESC" if name.startswith("-") else text)
    for value in item.args:
        found.append(expression_text(value, models, model))
    return tuple(found)


def _index(models: Models, model: Model, item: Spec, *, unique: bool) -> MetaParts:
    condition = item.get("condition")
    if models.dialect in MYSQL and condition is not None:
        return MetaParts()
    if item.name in _METHODS and models.dialect != "postgresql":
        return MetaParts()
    columns = _columns(models, model, item)
    if columns is None:
        return MetaParts(unclear=(f"the fields of an index of {model.name} are known only at run time",))
    include = item.get("include", ())
    kept = include if isinstance(include, tuple) and models.dialect == "postgresql" else ()
    options = tuple(
        (key, str(item.get(key)).lower()) for key in ("fillfactor", "fastupdate") if item.get(key) is not None
    )
    index = Index(
        name_of(item),
        columns,
        unique,
        _METHODS.get(item.name),
        None if condition is None else condition_text(condition, models, model),
        tuple(column_text(str(name), models, model) for name in kept),
        options if models.dialect == "postgresql" else (),
    )
    if include and models.dialect != "postgresql" and unique:
        return MetaParts()
    return MetaParts(indexes=(index,))


def _unique(models: Models, model: Model, item: Spec) -> MetaParts:
    deferrable = item.get("deferrable")
    if deferrable is not None and models.dialect != "postgresql":
        return MetaParts()
    as_index = any(item.get(key) for key in ("condition", "include", "opclasses")) or bool(item.args)
    if as_index:
        return _index(models, model, item, unique=True)
    columns = _columns(models, model, item)
    if columns is None:
        return MetaParts(unclear=(f"the fields of a constraint of {model.name} are known only at run time",))
    constraint = Constraint(
        "unique",
        name_of(item),
        columns,
        **_deferred(item),
        nulls_not_distinct=item.get("nulls_distinct") is False,
    )
    return MetaParts((constraint,))
