"""`examples/mobile.md`, request by request as a phone would send them, to a server with the demonstration company."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest_asyncio

from atrium.demo.accounts import ADMIN
from atrium.demo.company import Company
from atrium.demo.load import load
from atrium.worker import Kept, trim
from auth.passwords import Hasher
from models import db
from models.people import Person
from tests.engine import settled
from tests.factories.session import PASSWORD
from tests.test_docs import LINK, ROOT, UNKNOWN, Example, anchors, examples, prose, unheard, with_values
from tests.web.dialling import connected, publish
from tests.web.server import Served, serving

PAGE = ROOT / "examples" / "mobile.md"
LATER = re.compile(r"^# two weeks later$", re.MULTILINE)
FORTNIGHT = timedelta(days=14)
WEEK = Kept(timedelta(days=7), 1_000_000)


@dataclass
class Phone:
    """The requests of the page. A name behind `…` stands for the same thing wherever it is named."""

    served: Served
    known: dict[str, Any] = field(default_factory=dict[str, Any])

    async def hold(self, example: Example) -> None:
        """Send a request and compare its answer; of a subscription, the events that it begins with."""
        if LATER.search(example.text):
            await self._wait()
        await settled()  # else a cursor that is asked for stands before what the page has already done
        token = await self.served.token(await Person.get(email=example.asks))
        values = with_values(example.variables, self.known)
        if example.kind == "subscription":
            given = await self._events(token, example, values)
        else:
            given = (await self.served.post(example.text, token=token, variables=values)).json()
        assert filled(example.promised, given, self.known) == given, example.text

    async def _events(self, token: str, example: Example, values: dict[str, Any]) -> list[Any]:
        async with connected(self.served, token) as socket:
            await socket.subscribe("1", example.text, **values)
            return [(await socket.hear())["payload"] for _ in example.promised]

    async def _wait(self) -> None:
        """Time goes by, and the server forgets what it does not keep."""
        await db.execute("UPDATE event SET occurred_at = occurred_at - $1::interval", FORTNIGHT)
        somebody = await self.served.token(await Person.get(email=ADMIN.email))
        await publish(self.served, somebody, "Meanwhile, elsewhere.")
        await settled()
        await trim(WEEK, self.served.clock.now())


def filled(promised: Any, given: Any, known: dict[str, Any]) -> Any:
    """The promise with what it leaves open put in: what is known by its name, and else what was given."""
    match promised, given:
        case str(), _ if promised == UNKNOWN:
            return given
        case str(), _ if promised.startswith(UNKNOWN):
            return known.setdefault(promised, given)
        case dict(), dict():
            told, got = cast("dict[str, Any]", promised), cast("dict[str, Any]", given)
            return {name: filled(value, got.get(name), known) for name, value in told.items()}
        case list(), list() if len(cast("list[Any]", promised)) == len(cast("list[Any]", given)):
            pairs = zip(cast("list[Any]", promised), cast("list[Any]", given), strict=True)
            return [filled(told, got, known) for told, got in pairs]
        case _:
            return promised


@pytest_asyncio.fixture
async def phone(database: None, hasher: Hasher) -> AsyncGenerator[Phone]:
    """A phone beside a server with the company of `make run`."""
    async with serving(hasher) as served:
        now = served.clock.now()
        await load(Company.generate(300, 1, 30, now), password=PASSWORD, hasher=hasher, now=now, progress=unheard)
        await settled()
        yield Phone(served)


async def test_every_request_of_the_page_gives_the_answer_that_it_shows(phone: Phone) -> None:
    shown = examples(PAGE)

    assert len(shown) >= 12
    for example in shown:
        assert example.promised is not None, f"this operation has no answer:\n{example.text}"
        await phone.hold(example)


def test_its_links_lead_somewhere() -> None:
    for link in LINK.findall(prose(PAGE)):
        name, _, anchor = link.partition("#")
        assert not anchor or anchor in anchors(PAGE.parent / name), link
        assert (PAGE.parent / name).exists(), link
