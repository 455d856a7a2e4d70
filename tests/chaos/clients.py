"""Clients over HTTP: people of an installation, who ask until they are answered."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.chaos.stack import Stack
from tests.conftest import OPERATIONS
from tests.engine import ROOT

ANSWER_WAIT = 4.0  # seconds, after which one asks again, elsewhere perhaps
AGAIN = 0.1  # seconds
PASSING = {"UNAVAILABLE", "TIMEOUT", "RATE_LIMITED"}
"""Refusals after which the same may be asked again."""


@dataclass(frozen=True)
class Caller:
    """Somebody with a token."""

    id: str
    token: str

    @property
    def header(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


class Refused(AssertionError):
    """An answer that asking again does not make better."""


@dataclass
class Clients:
    """The HTTP clients of all callers; each question goes to either of the API processes."""

    stack: Stack
    http: httpx.AsyncClient
    repeats: Counter[str] = field(default_factory=Counter[str])
    chance: random.Random = field(default_factory=lambda: random.Random(5))

    async def ask(
        self, who: Caller, operation: str, values: dict[str, Any], *, at: int | None = None
    ) -> dict[str, Any]:
        """The data of a committed operation, however often it must be asked for; of process `at` alone if given."""
        return await self.ask_text(who, text_of(operation), values, at=at)

    async def change(
        self, who: Caller, operation: str, values: dict[str, Any], *, at: int | None = None
    ) -> dict[str, Any]:
        """The payload of a mutation that has no user errors. Raises `Refused`."""
        [payload] = (await self.ask(who, operation, {"input": values}, at=at)).values()
        if payload["errors"]:
            raise Refused(f"{operation}: {payload['errors']}")
        return payload

    async def ask_text(
        self, who: Caller, text: str, values: dict[str, Any], *, at: int | None = None
    ) -> dict[str, Any]:
        """The data of an operation. Raises `Refused`."""
        body = {"query": text, "variables": values}
        while True:
            address = self.stack.addresses[self.chance.randrange(2) if at is None else at]
            try:
                answer = await self.http.post(f"http://{address}/graphql", json=body, headers=who.header)
                told = answer.json()
            except (httpx.TransportError, json.JSONDecodeError) as error:
                self.repeats[type(error).__name__] += 1
                await asyncio.sleep(AGAIN)
                continue
            if not (errors := told.get("errors")):
                return told["data"]
            codes = {error["extensions"]["code"] for error in errors}
            if not codes <= PASSING:
                raise Refused(f"{answer.status_code}: {errors}")
            self.repeats.update(codes)
            await asyncio.sleep(AGAIN)


def clients(stack: Stack) -> Clients:
    """Close their `http` in the end."""
    return Clients(stack, httpx.AsyncClient(timeout=ANSWER_WAIT, limits=httpx.Limits(max_connections=200)))


def text_of(operation: str) -> str:
    """A committed document."""
    return (OPERATIONS / f"{operation}.graphql").read_text()


async def people(stack: Stack, count: int) -> list[Caller]:
    """New people of the installation."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos.arranging", stack.dsn, str(count)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return [Caller(id, token) for id, token in json.loads(said)]


async def conversation(all_clients: Clients, people: Sequence[Caller], title: str) -> str:
    """The id of a new conversation of these people, the first of whom owns it."""
    values = {"kind": "GROUP", "personIds": [one.id for one in people[1:]], "title": title}
    return (await all_clients.change(people[0], "conversations/start_conversation", values))["conversation"]["id"]
