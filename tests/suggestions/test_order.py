"""Who and what comes first: those near to the viewer, people before groups before tags, all having their share."""

from __future__ import annotations

import pytest

from models import mentions
from models.conversations import ConversationKind
from models.groups import MembershipStatus, Visibility
from resolvers.suggestions import mixed
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message
from tests.factories.circles import a_circle
from tests.factories.feed import a_post
from tests.factories.follows import a_follow
from tests.factories.groups import a_group, a_standing
from tests.factories.mentions import a_mention
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.tags import a_tag, a_tag_follow
from tests.suggestions.acting import index, suggested, suggestions


async def test_people_of_ones_circles_come_before_others(ask: Ask) -> None:
    unit = await a_unit()
    boss = await a_person("Anna Boss")
    eve = await a_person("Anna Eve", unit=unit, manager=boss)
    peer = await a_person("Anna Peer", manager=boss)
    mate = await a_person("Anna Mate", unit=unit)
    friend, partner = await a_person("Anna Friend"), await a_person("Anna Partner")
    named = await a_person("Anna Named")
    await a_person("Anna Report", manager=eve)
    for i in range(5):
        await a_person(f"Anna Aaa{i}")
    await a_follow(eve, friend)
    await a_conversation(eve, partner, kind=ConversationKind.DIRECT)
    await a_mention(await a_post(author=eve), named)
    await index()

    found = await suggested(ask, eve, "anna", 20)

    close = ["Anna Boss", "Anna Friend", "Anna Partner", "Anna Report"]
    assert found == [*close, named.name, peer.name, mate.name, *(f"Anna Aaa{i}" for i in range(5)), eve.name]


async def test_a_colleague_is_found_among_many_of_the_same_name(ask: Ask) -> None:
    eve, zoe = await a_person("Eve"), await a_person("Anna Zzz")
    for i in range(300):
        await a_person(f"Anna {i:03}")
    await a_follow(eve, zoe)
    await index()

    assert (await suggested(ask, eve, "a"))[:2] == ["Anna Zzz", "Anna 000"]
    assert await suggested(ask, eve, "ann 299") == ["Anna 299"]


async def test_only_small_conversations_make_people_close(ask: Ask) -> None:
    eve = await a_person("Eve")
    crowd = [await a_person(f"Carl A{i:02}") for i in range(13)]
    await a_conversation(eve, *crowd)
    dee = await a_person("Carl Zzz")
    await a_conversation(eve, dee, crowd[5])
    await index()

    assert (await suggested(ask, eve, "carl"))[:3] == ["Carl A05", "Carl Zzz", "Carl A00"]


async def test_those_named_in_messages_are_closer(ask: Ask) -> None:
    eve, far, named = await a_person("Eve"), await a_person("Carl A"), await a_person("Carl Z")
    talk = await a_conversation(eve, *[await a_person(f"P{i}") for i in range(12)], named)
    message = await a_message(talk, author=eve)
    await mentions.add(message.id, [named.id], message.created_at, conversation=talk.id)
    await index()

    assert await suggested(ask, eve, "carl") == [named.name, far.name]


async def test_what_begins_so_comes_before_what_holds_it_later_and_shorter_words_before_longer(ask: Ask) -> None:
    eve = await a_person("Eve")
    for name in ("Zoe Max", "Maximilian Abel", "Max Weber"):
        await a_person(name)
    await index()

    assert await suggested(ask, eve, "max") == ["Max Weber", "Maximilian Abel", "Zoe Max"]


async def test_groups_that_one_has_joined_come_first_and_archived_ones_last(ask: Ask) -> None:
    eve = await a_person("Eve")
    await a_group("Data A", visibility=Visibility.OPEN)
    await a_group("Data B", archived=True, owner=eve)
    await a_circle(eve, name="Data Z")
    invited = await a_group("Data Y", visibility=Visibility.SECRET)
    await a_standing(invited, eve, MembershipStatus.INVITED)
    await index()

    assert await suggested(ask, eve, "data") == ["Data Z", "Data Y", "Data A", "Data B"]


async def test_tags_that_one_follows_come_first_and_synonyms_count(ask: Ask) -> None:
    eve = await a_person("Eve")
    await a_tag("machine", kept=True)
    followed = await a_tag("learning", "ml", "machine learning")
    await a_tag_follow(eve, followed)
    await index()

    assert await suggested(ask, eve, "mach") == ["learning", "machine"]
    assert await suggested(ask, eve, "ml") == ["learning"]


async def test_people_groups_and_tags_have_their_share(ask: Ask) -> None:
    eve = await a_person("Eve")
    for i in range(9):
        await a_person(f"Data {i}")
        await a_group(f"Data {i}", visibility=Visibility.OPEN)
        await a_tag(f"data {i}", kept=True)
    await index()

    found = [one["__typename"] for one in await suggestions(ask, eve, "data")]

    assert found == ["Person"] * 5 + ["Group"] * 2 + ["Tag"]


@pytest.mark.parametrize(
    ("found", "first", "places"),
    [
        ((9, 9, 9), 8, (5, 2, 1)),
        ((9, 0, 0), 8, (8, 0, 0)),
        ((9, 1, 0), 8, (7, 1, 0)),
        ((2, 9, 9), 8, (2, 5, 1)),
        ((0, 0, 9), 8, (0, 0, 8)),
        ((9, 9, 9), 1, (1, 0, 0)),
        ((20, 20, 20), 20, (13, 5, 2)),
        ((1, 1, 1), 20, (1, 1, 1)),
    ],
)
def test_what_one_kind_leaves_goes_to_the_others(
    found: tuple[int, int, int], first: int, places: tuple[int, int, int]
) -> None:
    kinds = [[f"{kind}{i}" for i in range(count)] for kind, count in zip("pgt", found, strict=True)]

    assert mixed(kinds, first) == [row for rows, most in zip(kinds, places, strict=True) for row in rows[:most]]


async def test_a_guest_finds_those_beside_them(ask: Ask) -> None:
    gil, pam, carl = await a_guest("Gil"), await a_person("Pam"), await a_person("Pamela Partner")
    await a_person("Pam Elsewhere")
    await a_circle(pam, gil, name="Pamphlets")
    await a_conversation(carl, gil)
    await index()

    assert await suggested(ask, gil, "pam") == ["Pamela Partner", "Pam", "Pamphlets"]
