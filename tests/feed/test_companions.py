"""What a post or a comment names comes with it, as far as its reader may see it."""

from __future__ import annotations

import os
from typing import Any

import pytest

from auth.viewer import Viewer
from models.audiences import COMPANY
from models.people import Person
from tests.conftest import Ask
from tests.factories.circles import a_circle
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import as_viewer

PAGE = """{
    feed(first: 10) { nodes {
        body author { id name } group { name } comments(last: 3) { nodes { body author { id name } } }
    } }
}"""
NEEDED = 2  # a page, and what was said last below its posts


async def shown(ask: Ask, who: Person | Viewer, text: str) -> list[Any]:
    """The posts of an answer."""
    answer = await ask.text(who, text)
    assert answer.data and not answer.errors
    return answer.data["feed"]["nodes"]


@pytest.mark.skipif(os.environ.get("ATRIUM_EXECUTOR") == "reference", reason="loads what a row names by itself")
async def test_they_need_no_statement_of_their_own(ask: Ask, statements: list[str]) -> None:
    ann = await a_person("Ann")
    group = await a_circle(ann)
    for place in (COMPANY, group.id):
        await a_comment(await a_post(author=ann, audience=place), author=await a_person())
    viewer = await as_viewer(ann, ask.services.clock.now())

    statements.clear()
    found = await shown(ask, viewer, PAGE)

    assert [bool(one["group"]) for one in found] == [True, False]
    assert all(one["author"] and one["comments"]["nodes"][0]["author"] for one in found)
    assert len(statements) == NEEDED, "\n".join(statements)


async def test_nobody_is_shown_whom_the_reader_may_not_see(ask: Ask) -> None:
    ann, bob, planned = [await a_person(name) for name in ("Ann", "Bob", "Planned")]
    await Person.filter(id=planned.id).update(planned=True, active=False)
    for author in (bob, planned):
        post = await a_post(f"By {author.name}", author=author)
        await a_comment(post, author=planned)
        await a_comment(post, author=bob)

    found = await shown(ask, ann, PAGE)

    seen = {"id": global_id(bob), "name": "Bob"}
    assert [one["author"] for one in found] == [None, seen]
    assert [[said["author"] for said in one["comments"]["nodes"]] for one in found] == [[None, seen]] * 2


async def test_the_same_may_be_asked_twice_and_in_several_ways(ask: Ask) -> None:
    ann = await a_person("Ann", title="Engineer")
    await a_post(author=ann)

    found = await shown(
        ask,
        ann,
        """{ feed(first: 1) { edges { node { a: author { id } b: author { name title } } }
        nodes { author { title isActive } c: author { id reports(first: 1) { totalCount } } } } }""",
    )

    assert found == [
        {"author": {"title": "Engineer", "isActive": True}, "c": {"id": global_id(ann), "reports": {"totalCount": 0}}}
    ]
