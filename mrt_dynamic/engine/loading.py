"""Alembic's configuration: the file that holds it, its section, and the folder its names are relative to."""

from __future__ import annotations

import inspect
import os
from argparse import Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.config import CommandLine, Config

from mrt_dynamic.errors import ProjectError
from mrt_lint.errors import nearest
from mrt_rules_alembic.ini import Section, in_effect, read_pyproject, read_sections
from mrt_rules_alembic.packages import package_folders

if TYPE_CHECKING:
    from mrt_lint.schema.dialects import Dialect

TOML_SECTION = "tool.alembic"


def load_config(
    file: Path, section: str, x_arguments: Sequence[str] = ()
) -> tuple[Config, Path, Path, Dialect | None]:
    """Returns the configuration, the working directory, the script directory, and the database it names.

    `file`: alembic.ini or pyproject.toml; for an alembic.ini that does not exist the pyproject.toml
    beside it counts if it has `[tool.alembic]` (Alembic 1.16 and later). Raises ProjectError.
    """
    file = in_effect(Path(os.path.normpath(file.absolute())))
    if not file.is_file():
        raise ProjectError(
            f"{file} does not exist: name the project's alembic.ini with --alembic-ini FILE"
            " or the key alembic-ini"
        )
    written = _section(file, section)
    config = _config(file, section, x_arguments)
    folder, place = _places(file.parent, written)
    # Absolute: for a folder in a package Alembic would import the package.
    config.set_main_option("script_location", str(place).replace("%", "%%"))
    return config, folder, place, written.dialect


def _section(file: Path, name: str) -> Section:
    """Returns the section with a name. Raises ProjectError."""
    found, trouble = read_pyproject(file) if file.suffix == ".toml" else read_sections(file)
    if trouble:
        _, line, reason = trouble[0]
        raise ProjectError(f"{file}:{line}: {reason}")
    for section in found:
        if section.name in (name, TOML_SECTION):
            return section
    known = [section.name for section in found]
    if file.suffix == ".toml":
        raise ProjectError(f"{file} has no script_location in [tool.alembic]")
    raise ProjectError(f"{file} has no section [{name}] with a script_location{nearest(name, known)}")


def _config(file: Path, section: str, x_arguments: Sequence[str]) -> Config:
    """Returns Alembic's own object, with the command line options of `alembic upgrade heads`."""
    options: dict[str, Any] = {"ini_section": section, "cmd_opts": _options(section, x_arguments)}
    knows_toml = "toml_file" in inspect.signature(Config).parameters
    if file.suffix == ".toml":
        if not knows_toml:
            raise ProjectError(f"{file}: [tool.alembic] needs alembic 1.16 or later")
        return Config(toml_file=file, **options)
    beside = file.parent / "pyproject.toml"
    if knows_toml and section == "alembic" and beside.is_file():
        options["toml_file"] = beside
    return Config(file, **options)


def _options(section: str, x_arguments: Iterable[str]) -> Namespace:
    """Returns what env.py finds in `context.config.cmd_opts`."""
    words = [word for value in x_arguments for word in ("-x", value)]
    return CommandLine("alembic").parser.parse_args([*words, "-n", section, "upgrade", "heads"])


def _places(here: Path, section: Section) -> tuple[Path, Path]:
    """Returns the folder where `alembic` would be started, and the script directory. Raises ProjectError.

    Alembic takes relative names from the working directory: usually the folder of alembic.ini, or one
    above it (`alembic -c backend/alembic.ini`). `package:folder` is looked for where Python would.
    """
    location = section.script_location
    if ":" in location and not Path(location).is_absolute():
        package, *rest = location.split(":")
        roots = [*(here / root for root in section.prepend_sys_path), here, here / "src", Path.cwd()]
        for place in [*(root / Path(*package.split(".")) for root in roots), *package_folders(package)]:
            if place.joinpath(*rest).is_dir():
                return here, place.joinpath(*rest)
        raise ProjectError(f"script_location = {location} of {section.file} names no folder of a package")
    for start in [here, Path.cwd(), *here.parents]:
        place = Path(os.path.normpath(start / location))
        if place.is_dir():
            return start, place
    raise ProjectError(f"{here / location} does not exist: script_location = {location} of {section.file}")
