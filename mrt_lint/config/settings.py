"""Settings: what applies in a run, key by key, and where each value comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from mrt_lint.classes import dataclass
from mrt_lint.config.file import ConfigFile
from mrt_lint.config.keys import KEYS, PROMISED
from mrt_lint.config.option import InnerError, Option
from mrt_lint.errors import ConfigError, UsageError, nearest

DEFAULT = "default"
COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True)
class Layer:
    """The values that one place gives, parsed; `where` by key for messages (`pyproject.toml:12`)."""

    values: Mapping[str, Any]
    where: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Settings:
    """Every key with its value. `settings["strict"]`.

    `layers`: default, file, command line; later ones win. `root`: the folder to which paths and
    globs are relative. `file`: the configuration file, None when there is none.
    """

    layers: tuple[Layer, ...]
    options: tuple[Option, ...] = (*KEYS, *PROMISED)
    root: Path = field(default_factory=Path.cwd)
    file: Path | None = None

    def __getitem__(self, key: str) -> Any:
        """Returns the value that applies."""
        for layer in reversed(self.layers):
            if key in layer.values:
                return layer.values[key]
        raise KeyError(key)

    def where(self, key: str) -> str:
        """Returns where the value comes from: `default`, `pyproject.toml:12`, `command line`."""
        for layer in reversed(self.layers):
            if key in layer.values:
                return layer.where[key]
        raise KeyError(key)

    def path(self, key: str, cwd: Path) -> Path | None:
        """Returns the file that a key names: relative to `cwd` on the command line, else to `root`."""
        value: str | None = self[key]
        if value is None:
            return None
        return (cwd if self.where(key) == COMMAND_LINE else self.root) / value

    def fault(self, key: str, text: str) -> UsageError | ConfigError:
        """Returns the error that says what is wrong with the value of a key, and where it stands."""
        where = self.where(key)
        if where == COMMAND_LINE:
            return UsageError(f"--{key}: {text}")
        return ConfigError(f"{where}: {key!r}: {text}")

    @property
    def values(self) -> dict[str, Any]:
        """Returns the value of every key."""
        return {option.name: self[option.name] for option in self.options}


def settings(
    file: ConfigFile | None = None,
    given: Mapping[str, Any] | None = None,
    declared: Iterable[Option] = (),
    cwd: Path | None = None,
) -> Settings:
    """Returns the settings from a configuration file and from the command line.

    `given`: raw values by key; keys whose value is None were not given. `declared`: the options of
    rules. Raises ConfigError for the file, UsageError for the command line.
    """
    options = _options(tuple(declared))
    by_name = {option.name: option for option in options}
    defaults = {option.name: option.default for option in options}
    layers = [Layer(defaults, dict.fromkeys(defaults, DEFAULT))]
    if file is not None:
        layers.append(_from_file(file, by_name))
    layers.append(_from_command_line(given or {}, by_name))
    root = file.path.parent if file is not None else cwd or Path.cwd()
    return Settings(tuple(layers), options, root, file.path if file else None)


def _options(declared: tuple[Option, ...]) -> tuple[Option, ...]:
    names = {option.name for option in declared}
    if taken := [key.name for key in KEYS if key.name in names]:
        raise ConfigError(f"a plugin declares the option {taken[0]!r}, which is a key of mrt-lint itself")
    return (*KEYS, *(key for key in PROMISED if key.name not in names), *declared)


def _from_file(file: ConfigFile, options: Mapping[str, Option]) -> Layer:
    values, where = {}, {}
    for key, value in file.table.items():
        if key not in options:
            raise ConfigError(f"{file.place(key)}: unknown key {key!r}{nearest(key, options)}")
        try:
            values[key] = options[key].parse(value)
        except InnerError as error:
            raise ConfigError(f"{file.place(key, error.key)}: {key!r}: {error}") from error
        except ValueError as error:
            raise ConfigError(f"{file.place(key)}: {key!r} {error}") from error
        where[key] = file.place(key)
    return Layer(values, where)


def _from_command_line(given: Mapping[str, Any], options: Mapping[str, Option]) -> Layer:
    values = {}
    for key, value in given.items():
        if value is None:
            continue
        try:
            values[key] = options[key].parse(value)
        except ValueError as error:
            raise UsageError(f"--{key} {error}") from error
    return Layer(values, dict.fromkeys(values, COMMAND_LINE))
