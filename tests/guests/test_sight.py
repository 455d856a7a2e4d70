"""A guest sees the groups they are in, who is in them, and what is written there: nothing else, wherever they ask."""

from __future__ import annotations

from typing import Any

from models.groups import Visibility
from models.people import Person
from search import feed as posts_found
from search import people as people_found
from search.indexer import Indexer
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.tags import a_tag, tagged
from tests.guests.hosting import gil, invited


async def names(ask: Ask, who: Person, operation: str, **variables: Any) -> list[str]:
    """The names, or bodies, of the nodes of an operation's one list."""
    [found] = (await ask(who, operation, **{"first": 50} | variables)).values()
    nodes = found["nodes"] if "nodes" in found else [edge["node"] for edge in found["edges"]]
    return [node.get("name") or node["body"] for node in nodes]


async def test_a_guest_sees_their_groups_and_nothing_else_by_any_root_field(ask: Ask) -> None:
    unit = await a_unit("Research")
    ann, bob, eva = await a_person("Ann"), await a_person("Bob"), await a_person("Eva", unit=unit)
    mine, other = await a_group("Mine", owner=ann), await a_group("Known", owner=eva, visibility=Visibility.OPEN)
    await a_member(mine, bob)
    secret = await a_group("Secret", owner=eva, visibility=Visibility.SECRET)
    here = await tagged(await a_post("Launch here", author=ann, audience=mine.id), await a_tag("here"))
    there = await tagged(await a_post("Launch there", author=eva), await a_tag("there"))
    elsewhere = await a_post("Launch elsewhere", author=eva, audience=other.id)
    comment = await a_comment(there, author=eva)
    indexer = Indexer(ask.services.engine)
    await indexer.refresh([here.id, there.id, elsewhere.id], posts_found.posts)
    await indexer.refresh([ann.id, bob.id, eva.id], people_found.documents)
    await invited(ask, ann, mine)
    guest = await gil()

    assert await names(ask, guest, "people/directory") == ["Ann", "Bob", "Gil"]
    assert await names(ask, guest, "groups/groups") == ["Mine"]
    assert await names(ask, guest, "feed/home_feed") == ["Launch here"]
    assert await names(ask, guest, "search/search", text="Launch") == ["Launch here"]
    assert await names(ask, guest, "search/search", text="Eva") == []
    assert await names(ask, guest, "org/org_units") == []
    assert await names(ask, guest, "skills/skills") == []
    assert "there" not in await names(ask, guest, "tags/tags")
    hidden = [eva, unit, other, secret, there, elsewhere, comment]
    nodes = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    answer = await ask.text(guest, nodes, {"ids": [global_id(one) for one in hidden]})
    assert answer.data and answer.data["nodes"] == [None] * len(hidden)
    chart = await ask.answer(guest, "org/org_chart", root_id=global_id(ann), depth=3)
    assert chart.data == {"orgChart": None} or chart.errors


async def test_a_guest_is_in_no_audience_of_the_company(ask: Ask) -> None:
    ann = await a_person("Ann")
    await invited(ask, ann, await a_group(owner=ann))
    guest = await gil()

    assert [await names(ask, guest, "feed/home_feed"), await names(ask, ann, "feed/home_feed")] == [[], []]
    await a_post("To all", author=ann)
    assert [await names(ask, guest, "feed/home_feed"), await names(ask, ann, "feed/home_feed")] == [[], ["To all"]]


async def test_once_removed_a_guest_sees_nothing_more(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    one, other = await a_group("One", owner=ann), await a_group("Other", owner=bob)
    await a_post("In one", author=ann, audience=one.id)
    await invited(ask, ann, one)
    await invited(ask, bob, other)
    viewer = (await ask.context(await gil())).viewer
    assert viewer

    await ask(ann, "guests/remove_guest", person_id=global_id(await gil()))

    assert await names(ask, await gil(), "feed/home_feed") == []
    assert await names(ask, await gil(), "people/directory") == ["Bob", "Gil"]
    assert (await gil()).auth_epoch > viewer.epoch
