"""Which model a reference means: `"app.Model"`, `"Model"`, `"self"`, a setting, a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mrt_rules_django.specs import Plain, Ref, Spec

if TYPE_CHECKING:
    from mrt_lint.project import Project

_SETTINGS: Final = "django.conf.settings."
_DEFAULTS: Final = {"AUTH_USER_MODEL": "auth.User"}


def setting_of(value: Plain) -> str:
    """Returns the name of the setting that a value is, "" if it is none."""
    if isinstance(value, Ref) and value.path.startswith(_SETTINGS):
        return value.path.removeprefix(_SETTINGS)
    if isinstance(value, Spec) and value.path.startswith(_SETTINGS):
        return value.path.removeprefix(_SETTINGS)
    if isinstance(value, Spec) and value.name == "SettingsReference" and len(value.args) == 2:
        return str(value.args[1])
    return ""


def swapped_model(setting: str, project: Project | None) -> str | None:
    """Returns the model that a setting names, `app.Model`; None if that is not known."""
    known = dict(project.settings) if project is not None else {}
    value = known.get(setting, _DEFAULTS.get(setting))
    return value if isinstance(value, str) else None


def model_of(value: Plain, app: str, own: str, project: Project | None) -> tuple[str, str] | None:
    """Returns (app, lower-case model) of a reference made in the model `own` of `app`; None if not known."""
    setting = setting_of(value)
    if setting:
        value = swapped_model(setting, project)
    if isinstance(value, Ref):
        parts = value.path.split(".")
        if len(parts) >= 3 and parts[-2] == "models":
            return parts[-3], parts[-1].lower()
        return None
    if not isinstance(value, str):
        return None
    if value == "self":
        return app, own.lower()
    label, _, name = value.rpartition(".")
    return (label or app), name.lower()
