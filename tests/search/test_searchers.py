"""Who searches, and whom they find: tokens, guests, those who have left, blocks."""

from __future__ import annotations

import pytest

from models.conversations import Conversation
from tests.conftest import Ask
from tests.factories.chat import a_message
from tests.factories.circles import a_circle
from tests.factories.feed import a_post
from tests.factories.follows import a_block
from tests.factories.people import a_guest, a_person
from tests.factories.tags import tagged
from tests.search.asking import a_token, facet, indexed, refusals, results, said, searched
from tests.search.kitchen import KINDS, SCOPES, Kitchen


@pytest.mark.parametrize("lacking", sorted(set(SCOPES.values())))
async def test_a_token_finds_only_the_kinds_that_it_reads(ask: Ask, kitchen: Kitchen, lacking: str) -> None:
    token = await a_token(ask, kitchen.ann, "search:read", *(set(SCOPES.values()) - {lacking}))

    page = await results(ask, token, "marmalade")
    refused = await results(ask, token, "marmalade", kinds=[kind for kind in KINDS if SCOPES[kind] == lacking])

    expected = {kind: 1 for kind in KINDS if SCOPES[kind] != lacking}
    assert facet(page, "KIND") == expected and page["totalCount"] == len(expected) == len(page["edges"])
    assert (refused["totalCount"], refused["facets"], refused["totalCountIsExact"]) == (0, [], True)
    if lacking == "people:read":
        assert facet(page, "AUTHOR").keys() <= {"Ann"}
    if lacking == "groups:read":
        assert "Marmalade makers" not in facet(page, "PLACE")


@pytest.mark.parametrize("lacking", sorted(set(SCOPES.values())))
async def test_a_token_names_nothing_that_it_does_not_read(ask: Ask, kitchen: Kitchen, lacking: str) -> None:
    await a_post("Toast", author=kitchen.bob, audience=kitchen.group.id)
    await a_message(kitchen.talk, "Toast", author=kitchen.bob)
    await Conversation.filter(id=kitchen.talk.id).update(title="Breakfast")
    await tagged(await a_post("Toast", author=kitchen.ann), kitchen.tag)
    await indexed(ask)
    named = {
        "people:read": "toast from:bob",
        "groups:read": "toast in:makers",
        "chat:read": "toast in:breakfast",
        "feed:read": "toast tag:jam",
    }
    token = await a_token(ask, kitchen.ann, "search:read", *(set(SCOPES.values()) - {lacking}))

    assert await searched(ask, kitchen.ann, named[lacking]) != []
    assert await searched(ask, token, named[lacking]) == []


async def test_who_may_not_search_is_refused(ask: Ask, kitchen: Kitchen) -> None:
    assert await refusals(ask, await a_token(ask, kitchen.ann, *SCOPES.values()), "marmalade") == ["FORBIDDEN"]
    assert await refusals(ask, None, "marmalade") == ["UNAUTHENTICATED"]


async def test_a_guest_finds_what_is_in_their_groups_and_who(ask: Ask, kitchen: Kitchen) -> None:
    gil = await a_guest("Gil")
    group = await a_circle(kitchen.bob, gil, name="Marmalade tasting")
    await a_post("Tasting marmalade", author=kitchen.bob, audience=group.id)
    await indexed(ask)

    page = await results(ask, gil, "marmalade")

    assert sorted(said(page)) == ["Bob", "Marmalade tasting", "Tasting marmalade"]
    assert facet(page, "KIND") == {"PERSON": 1, "POST": 1, "GROUP": 1} and page["totalCount"] == 3
    assert facet(page, "PLACE") == {"Marmalade tasting": 1}


async def test_who_has_left_is_found_where_that_is_asked(ask: Ask) -> None:
    ann = await a_person("Ann")
    await a_person("Pam Left", active=False)
    await a_person("Pam Planned", active=False, planned=True)
    await a_person("Pam Here")
    await indexed(ask)

    assert await searched(ask, ann, "pam") == ["Pam Here"]
    assert await searched(ask, ann, "pam", filter_by={"includeDeactivated": False}) == ["Pam Here"]
    page = await results(ask, ann, "pam", filter_by={"includeDeactivated": True})
    assert sorted(said(page)) == ["Pam Here", "Pam Left"] and page["totalCount"] == 2


async def test_what_somebody_wrote_who_has_left_is_found(ask: Ask) -> None:
    ann, pam = await a_person("Ann"), await a_person("Pam", active=False)
    await a_post("Good bye", author=pam)
    await indexed(ask)

    assert await searched(ask, ann, "bye") == ["Good bye"]
    assert await searched(ask, ann, "from:pam") == ["Good bye"]


@pytest.mark.parametrize("blocker", ["ann", "pam"])
async def test_a_block_hides_nobody_from_a_search_as_it_hides_nobody_from_the_directory(ask: Ask, blocker: str) -> None:
    ann, pam = await a_person("Ann"), await a_person("Pam")
    await a_post("Good morning", author=pam)
    await a_block(*((ann, pam) if blocker == "ann" else (pam, ann)))
    await indexed(ask)

    assert await searched(ask, ann, "pam") == ["Pam"]
    assert await searched(ask, ann, "morning from:pam") == ["Good morning"]
