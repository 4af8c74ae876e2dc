"""docker-compose.yml: its services hang together, and name only what the project has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.backends import DATABASES

yaml = pytest.importorskip("yaml", reason="PyYAML, which pre-commit brings, is not installed")

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("check", "test-postgres", "test-mysql")
KEYS = {
    "image",
    "working_dir",
    "volumes",
    "environment",
    "command",
    "network_mode",
    "depends_on",
    "tmpfs",
    "healthcheck",
}


def test_the_services_are_those_that_are_promised() -> None:
    assert set(OURS) <= SERVICES.keys()
    for name, service in SERVICES.items():
        assert service.keys() <= KEYS, name
        assert re.fullmatch(r"[a-z]+:[0-9.]+", service["image"]), name
        for value in service.get("environment", {}).values():
            assert isinstance(value, str), name


@pytest.mark.parametrize("name", OURS)
def test_what_a_service_refers_to_is_there(name: str) -> None:
    service = SERVICES[name]
    servers = service.get("depends_on", {})
    for server, wanted in servers.items():
        assert wanted == {"condition": "service_healthy"}
        assert SERVICES[server]["healthcheck"]["test"][0] == "CMD"
    assert service.get("network_mode") in (None, *(f"service:{server}" for server in servers))
    for volume in service["volumes"]:
        source = volume.partition(":")[0]
        assert source == "." or source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", OURS)
def test_its_command_names_tools_and_folders_that_exist(name: str) -> None:
    command = SERVICES[name]["command"]
    assert re.match(r"sh -c '[^']+'\Z", command.strip())
    steps = [step.split() for step in re.split(r"&&", command.strip().removeprefix("sh -c '").rstrip("'"))]
    assert {step[0] for step in steps} <= {"pip", "ruff", "mypy", "pytest"}
    for word in command.replace("'", "").split():
        if word.startswith("tests/"):
            assert (ROOT / word).is_dir(), word


def test_each_server_is_asked_for_by_its_tests() -> None:
    asked = {name: SERVICES[name]["environment"].get("MRT_REQUIRE_BACKENDS", "") for name in OURS}
    assert asked == {"check": "", "test-postgres": "sqlite,postgresql", "test-mysql": "sqlite,mariadb"}
    assert {each for names in asked.values() for each in names.split(",") if each} == set(DATABASES)
