"""The container files hold together: commands that exist, settings that are known, files that are there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
import typer
import yaml
from starlette.routing import Route

from atrium.app import create_app
from atrium.commands import app as commands
from atrium.services import services
from atrium.settings import Settings, unsafe

ROOT = Path(__file__).parents[1]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")

FILE: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("build") == "."}
SECRETS = ("PASSWORD", "KEY")
VARIABLE = re.compile(r"\$\{(\w+)(:[?-][^}]*)?\}")

every_one_of_ours = pytest.mark.parametrize("name", OURS)


def test_the_api_the_worker_and_their_engines_are_there() -> None:
    assert set(SERVICES) == {"api", "worker", "postgres", "valkey", "meilisearch"}
    assert set(OURS) == {"api", "worker"}
    assert SERVICES["postgres"]["image"] == "postgres:18"


@every_one_of_ours
def test_its_command_runs(name: str) -> None:
    command = [sys.executable, "-m", "atrium", *OURS[name]["command"], "--help"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr


@every_one_of_ours
def test_its_command_is_understood(name: str) -> None:
    group = cast(Any, typer.main.get_command(commands))
    outer = group.make_context("atrium", list(OURS[name]["command"]), resilient_parsing=False)
    word, command, arguments = group.resolve_command(outer, list(OURS[name]["command"]))

    inner = command.make_context(word, arguments, parent=outer)

    assert inner.args == []
    if name == "api":
        assert (inner.params["host"], inner.params["port"], inner.params["no_worker"]) == ("0.0.0.0", 8000, True)


@every_one_of_ours
def test_its_variables_are_settings_that_production_takes(name: str) -> None:
    environment = {key: filled(str(value)) for key, value in OURS[name]["environment"].items()}
    known = {f"ATRIUM_{field.upper()}" for field in Settings.model_fields}

    assert set(environment) <= known
    made = Settings.model_validate({key.removeprefix("ATRIUM_").lower(): value for key, value in environment.items()})
    assert not made.is_development
    assert unsafe(made) == []


def filled(value: str) -> str:
    """A value as Compose would hand it over, with what an operator might set."""

    def given(found: re.Match[str]) -> str:
        default = found[2] or ""
        if default.startswith(":-"):
            return default[2:]
        return "https://social.company.example" if found[1].endswith("URL") else "0123456789abcdef" * 3

    return VARIABLE.sub(given, value)


def test_no_secret_has_a_default() -> None:
    found = VARIABLE.findall(COMPOSE.read_text(encoding="utf-8"))
    secret = [(name, default) for name, default in found if name.endswith(SECRETS)]

    assert {name for name, _ in secret} == {"POSTGRES_PASSWORD", "ATRIUM_MEILISEARCH_KEY", "ATRIUM_SECRET_KEY"}
    assert all(default.startswith(":?") and len(default) > 2 for _, default in secret)
    for service in SERVICES.values():
        for key, value in service.get("environment", {}).items():
            assert not key.endswith(SECRETS) or VARIABLE.fullmatch(str(value)), key


def test_engines_are_reached_by_the_names_of_their_services() -> None:
    environment = {key: filled(str(value)) for key, value in OURS["api"]["environment"].items()}
    hosts = {
        urlsplit(environment[key]).hostname
        for key in ("ATRIUM_DATABASE_URL", "ATRIUM_REDIS_URL", "ATRIUM_MEILISEARCH_URL")
    }

    assert hosts == {"postgres", "valkey", "meilisearch"}
    assert set(OURS["api"]["depends_on"]) == hosts


def test_only_the_api_is_reached_from_outside_and_only_on_this_machine() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"api"}
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES["api"]["ports"])
    assert FILE["networks"]["inside"] == {"internal": True}
    assert all("inside" in service["networks"] for service in SERVICES.values())


def test_what_must_last_is_in_a_named_volume() -> None:
    mounted = {mount.partition(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}

    assert mounted == set(FILE["volumes"])
    # The image of PostgreSQL 18 keeps each major version in a folder of its own below this one.
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


async def test_health_checks_ask_what_the_application_answers(tmp_path: Path) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path})
    async with services(settings) as made:
        routes = {route.path for route in create_app(settings, made).routes if isinstance(route, Route)}

    checks = [str(SERVICES["api"]["healthcheck"]["test"]), DOCKERFILE]
    asked = [path for check in checks for path in re.findall(r"http://127\.0\.0\.1:8000(/\w+)", check)]
    assert len(asked) == len(checks)
    assert set(asked) <= routes


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_says_how_its_health_is_told(name: str) -> None:
    check = SERVICES[name]["healthcheck"]

    assert check.get("disable") or check["test"][0] == "CMD"


def test_what_the_image_copies_is_there_and_gets_through() -> None:
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"
    }
    copied = re.findall(r"^COPY (?!--from)(\S+) \S+$", DOCKERFILE, re.MULTILINE)

    assert all((ROOT / path).exists() for path in copied)
    assert set(copied) == let_through


def test_the_image_has_every_folder_that_is_imported() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(\S+) \S+$", DOCKERFILE, re.MULTILINE))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert packages - {"bench", "tests"} <= copied
    assert {"pyproject.toml", "requirements.txt", "graphql"} <= copied


def test_the_image_pins_by_hash_and_runs_without_rights() -> None:
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE) == ["atrium"]
    assert DOCKERFILE.rindex("\nUSER ") < DOCKERFILE.index("\nENTRYPOINT ")


def test_the_image_sets_only_known_variables() -> None:
    known = {f"ATRIUM_{field.upper()}" for field in Settings.model_fields}

    assert set(re.findall(r"\b(ATRIUM_\w+)=", DOCKERFILE)) <= known
