"""The demonstration company in a real database, and its colleagues at work."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from atrium.demo.accounts import EMAILS
from atrium.demo.company import Company
from atrium.demo.live import act
from atrium.demo.load import NotEmpty, load
from auth.passwords import Hasher
from models import db
from models.feed import Comment, Post
from models.people import Person
from models.session import AccessKind
from resolvers import session
from resolvers.context import Context, Request, Services
from search.indexer import Indexer
from subscriptions.readers import Run
from tests.conftest import Ask
from tests.engine import settled

TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "made for this test alone"


async def loaded(hasher: Hasher, people: int = 40) -> Company:
    company = Company.generate(people, 1, 30, TODAY)
    await load(company, password=PASSWORD, hasher=hasher, now=TODAY, progress=lambda count, what: None)
    return company


async def test_all_of_it_is_there(services: Services, hasher: Hasher) -> None:
    company = await loaded(hasher)

    assert await Person.all().count() == 40
    assert await Post.all().count() == len(list(company.posts()))
    assert await Comment.all().count() == len(list(company.comments()))
    told = {row["kind"]: row["count"] for row in await db.rows("SELECT kind, count(*) FROM event GROUP BY 1")}
    assert told == {"PersonJoined": 40, "PostPublished": len(list(company.posts()))}


async def test_the_four_sign_in(services: Services, hasher: Hasher) -> None:
    await loaded(hasher)

    for email in EMAILS:
        ctx = Context(services, None, Request())
        signed_in = await session.sign_in(ctx, email, PASSWORD, AccessKind.TOKEN)
        assert signed_in.viewer.is_guest == email.startswith("guest@")


async def test_it_is_found_once_the_index_has_read_the_log(services: Services, hasher: Hasher, ask: Ask) -> None:
    company = await loaded(hasher)
    run = Run(Indexer(services.engine), holder="test", clock=services.clock, bus=services.bus)
    await settled()
    while await run.once():
        pass

    member = await Person.get(email="member@atrium.example")
    data = await ask(member, "search/search", text=company.people[4].name, kinds=["PERSON"], first=5)

    assert company.people[4].name in [edge["node"]["name"] for edge in data["search"]["edges"]]


async def test_a_second_company_is_refused(services: Services, hasher: Hasher) -> None:
    await loaded(hasher)

    with pytest.raises(NotEmpty):
        await loaded(hasher)


async def test_colleagues_act_and_the_four_do_not(services: Services, hasher: Hasher) -> None:
    await loaded(hasher)
    before = await Post.all().count() + await Comment.all().count()

    acts = [await act(services, Random(n)) for n in range(12)]

    four = {person.id for person in await Person.filter(email__in=list(EMAILS))}
    assert all(done is not None and done.author_id not in four for done in acts)
    assert await Post.all().count() + await Comment.all().count() == before + len(acts)
