"""A page of the home feed costs the same few statements, whatever hangs on its posts and however many there are."""

from __future__ import annotations

import pytest

from models import audiences
from models.audiences import COMPANY
from models.mentions import Mention
from models.org import OrgUnit
from models.reactions import Reaction
from models.session import Role
from tests.conftest import Ask
from tests.factories.circles import a_circle
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_person, a_unit
from tests.factories.session import a_role, as_viewer
from tests.factories.tags import a_tag, tagged

STATEMENTS_MAX = 11


@pytest.mark.parametrize("posts", [1, 50])
async def test_a_page_of_all_there_is_takes_eleven_statements(ask: Ask, statements: list[str], posts: int) -> None:
    unit = await a_unit()
    ann = await a_person("Ann", unit=unit, location="Bern")
    await OrgUnit.filter(id=unit.id).update(head_id=ann.id)
    await a_role(ann, Role.MODERATOR, unit)
    writers = [ann, *[await a_person(f"Dan {i}") for i in range(3)]]
    readers = [await a_person(f"Eve {i}") for i in range(4)]
    places = [
        COMPANY,
        unit.id,
        (await a_circle(writers[1], ann, *readers)).id,
        await audiences.of_location("Bern"),
        await audiences.of_people([ann.id, writers[1].id]),
    ]
    tag = await a_tag()
    for i in range(posts):
        body = f"Hello @[{global_id(readers[i % 4])}]"
        post = await a_post(body, author=writers[i % 4], audience=places[-1 - i % 5])
        await tagged(post, tag)
        await Mention.create(subject_id=post.id, post_id=post.id, person_id=readers[i % 4].id, created_at=NOW)
        await Reaction.create(subject_id=post.id, person_id=readers[0].id, emoji="👍", created_at=NOW)
        for reader in readers:
            await a_comment(post, author=reader)
    viewer = await as_viewer(ann, ask.services.clock.now())

    statements.clear()
    data = await ask(viewer, "feed/home_feed", first=50)

    assert len(data["feed"]["edges"]) == posts
    assert len(statements) <= STATEMENTS_MAX, "\n".join(statements)
