"""The servers that are compared, each a process of its own over the same database, and how each is asked."""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from bench.beside.asked import Operation
from bench.beside.load import request
from bench.kept import Place
from bench.limits.statements import STATEMENTS
from bench.serving import ready, started
from execution.ids import encode_id

ROOT = Path(__file__).parents[2]
PYTHON = (sys.executable, "-m")
OURS, REFERENCE, FLAT, WHOLE, BESIDE = "ours", "reference", "flat", "whole", "beside"
KINDS = {
    "viewer": "Person",
    "person": "Person",
    "unit": "OrgUnit",
    "post": "Post",
    "conversation": "Conversation",
}

Wish = Mapping[str, Any]


@dataclass(frozen=True)
class Server:
    """One of those that are compared: `pid` is None where it is none of our processes and nothing of it was told."""

    name: str
    url: str
    pid: int | None

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "127.0.0.1", parts.port or 80

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def answers(self, operation: Operation) -> bool:
        """Whether it knows the operation."""
        raise NotImplementedError

    def request(self, operation: Operation, wish: Wish) -> bytes:
        """The operation, asked for this."""
        raise NotImplementedError


@dataclass(frozen=True)
class Atrium(Server):
    """A server of ours; `tokens` let each viewer in."""

    tokens: Mapping[uuid.UUID, str]

    def answers(self, operation: Operation) -> bool:
        return True

    def request(self, operation: Operation, wish: Wish) -> bytes:
        body = {"query": operation.text, "variables": operation.variables(wish)}
        return request(
            "/graphql", self.host, orjson.dumps(body), {"authorization": f"Bearer {self.tokens[wish['viewer']]}"}
        )


@dataclass(frozen=True)
class Limit(Server):
    """One of `bench.limits`."""

    def answers(self, operation: Operation) -> bool:
        return self.name != WHOLE or operation.has_whole

    def request(self, operation: Operation, wish: Wish) -> bytes:
        return request(f"/{operation.name}", self.host, orjson.dumps(dict(wish), default=str), {})


@dataclass(frozen=True)
class Peer(Server):
    """Any other server: `mapping` says by the operation's name what to send, with places for what it is about."""

    mapping: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def answers(self, operation: Operation) -> bool:
        return operation.name in self.mapping

    def request(self, operation: Operation, wish: Wish) -> bytes:
        said = self.mapping[operation.name]
        values = _values(wish)
        body = {"query": said["query"], "variables": _filled(said.get("variables", {}), values)}
        headers: dict[str, str] = _filled(said.get("headers", {}), values)
        return request(urlsplit(self.url).path or "/", self.host, orjson.dumps(body), headers)


def peer(url: str, mapping: Path, pid: int | None) -> Peer:
    """A server that runs already."""
    return Peer(BESIDE, url, pid, json.loads(mapping.read_text()))


@contextmanager
def peer_of(folder: Path, place: Place) -> Generator[Peer]:
    """A server that `folder` has everything for, in its `peer.json`: the `command`, and its `operations`.

    It finds the company by PostgreSQL's own variables, the flat statements in the file that STATEMENTS names, and
    prints its address.
    """
    said = json.loads((folder / "peer.json").read_text())
    statements = place.folder / "statements.json"
    statements.write_text(json.dumps(STATEMENTS))
    environment = {**place.environment(), "STATEMENTS": str(statements)}
    with started(said["command"], environment, folder) as (pid, url):
        yield Peer(folder.resolve().name, url, pid, said["operations"])


@contextmanager
def ours(place: Place, tokens: Mapping[uuid.UUID, str], executor: str) -> Generator[Server]:
    """A server of ours with this executor, and all of its limits."""
    environment = {
        "ATRIUM_DATABASE_URL": place.dsn,
        "ATRIUM_DATA_DIR": str(place.folder),
        "ATRIUM_REDIS_URL": "",
        "ATRIUM_MEILISEARCH_URL": "",
        "ATRIUM_EXECUTOR": executor,
    }
    with started([*PYTHON, "atrium", "serve", "--port", "0", "--no-worker"], environment) as (pid, url):
        while not ready(url):
            time.sleep(0.1)
        yield Atrium(OURS if executor == "compiled" else REFERENCE, url, pid, tokens)


@contextmanager
def limit(place: Place, kind: str) -> Generator[Server]:
    """One of the limits."""
    with started([*PYTHON, "bench.limits", kind, place.dsn], {}) as (pid, url):
        yield Limit(kind, url, pid)


def _values(wish: Wish) -> dict[str, str]:
    """Every key by its name, and as our global id by its name and `Id`; texts as they are."""
    ids = {f"{name}Id": encode_id(kind, wish[name]) for name, kind in KINDS.items() if wish[name]}
    return {name: str(value) for name, value in wish.items()} | ids


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    """A template with `{post}` and its like filled in."""
    match template:
        case dict():
            return {key: _filled(each, values) for key, each in template.items()}  # pyright: ignore[reportUnknownVariableType]
        case list():
            return [_filled(each, values) for each in template]  # pyright: ignore[reportUnknownVariableType]
        case str():
            for name, value in values.items():
                template = template.replace(f"{{{name}}}", value)
            return template
        case _:
            return template
