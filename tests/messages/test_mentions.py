"""Messages name people, by name or all at once: told once, and nobody who does not read them."""

from __future__ import annotations

from typing import Any

from models import follows
from models.conversations import ConversationKind, ConversationMember
from models.log import LoggedEvent
from models.mentions import Mention
from models.people import Person
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_partner
from tests.factories.ids import global_id
from tests.factories.mentions import at
from tests.factories.people import a_guest, a_person
from tests.mentions.acting import told
from tests.messages.acting import DELETE, EDIT, Payload, act, codes, named, paths, said, say, seen, sentence

IN_MESSAGE, IN_EDITED = "messages/mention_in_message", "messages/mention_in_edited_message"


async def mention(ask: Ask, who: Any, conversation: Any, body: str) -> dict[str, Any]:
    return (await ask(who, IN_MESSAGE, conversation_id=global_id(conversation), body=body))["sendMessage"]


async def crowd(*first: Person, size: int) -> list[Person]:
    return [*first, *[await a_person(f"P{i}") for i in range(size - len(first))]]


async def test_whom_a_message_names_is_told_and_finds_it(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    conversation = await a_conversation(ann, bob, cem)

    message = await said(ask, ann, conversation, f"Ask {at(bob)}, {at(ann)}, or {at(bob)}")

    assert await named(message) == ["Bob"]
    [found] = (await ask(bob, "mentions/my_mentions", first=10))["viewer"]["mentions"]["nodes"]
    assert found["subject"] == {"__typename": "Message", "id": global_id(message), "body": message.body}
    node = await seen(ask, cem, message)
    assert node is not None
    assert [person["name"] for person in node["mentions"]] == ["Bob", "Ann"]
    assert f'<a class="mention" href="/people/{global_id(bob)}">@Bob</a>' in node["bodyHtml"]


async def test_the_contract_says_what_becomes_of_each_mention(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    dan, eva, gil = await a_person("Dan"), await a_person("Eva"), await a_guest("Gil")
    conversation = await a_conversation(ann, bob, dan, eva)
    await Person.filter(id=dan.id).update(active=False)
    await follows.block(ann.id, eva.id, ask.services.clock.now())

    payload = await mention(ask, ann, conversation, " ".join(at(one) for one in (ann, bob, cem, dan, eva, gil)))

    assert told(payload) == [
        ("Ann", True, False, "SELF"),
        ("Bob", True, True, "NONE"),
        ("Cem", False, False, "CANNOT_SEE"),
        ("Dan", False, False, "DEACTIVATED"),
        ("Eva", True, False, "BLOCKED"),
        ("Gil", False, False, "GUEST_OUTSIDE"),
    ]
    [event] = await LoggedEvent.filter(kind="NamedInMessage")
    assert event.refs["person"] == str(bob.id)


async def test_who_may_not_read_so_far_back_is_not_told(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann)
    message = await said(ask, ann, conversation, "before Bob")
    await a_partner(conversation, bob, since=1)

    data = await ask(ann, IN_EDITED, message_id=global_id(message), body=f"now with {at(bob)}")

    assert told(data["editMessage"]) == [("Bob", False, False, "CANNOT_SEE")]
    assert await named(message) == []
    assert (await ask(bob, "mentions/my_mentions", first=10))["viewer"]["mentions"]["totalCount"] == 0


async def test_an_edit_tells_those_who_are_new_and_forgets_those_who_are_not(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    conversation = await a_conversation(ann, bob, cem)
    message = await said(ask, ann, conversation, f"Ask {at(bob)}")

    await act(ask, ann, EDIT, message, body=f"Ask {at(bob)} or {at(cem)}")
    await act(ask, ann, EDIT, message, body=f"Ask {at(cem)}, really")

    assert await named(message) == ["Bob", "Cem"]
    assert [one.person_id for one in await Mention.all()] == [cem.id]


async def test_a_mention_lets_nobody_in(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    message = await said(ask, ann, await a_conversation(ann), f"about {at(bob)}")

    assert await seen(ask, bob, message) is None
    assert await named(message) == []


async def test_who_has_left_the_conversation_no_longer_finds_where_they_were_named(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    await said(ask, ann, conversation, f"Ask {at(bob)}")

    await ConversationMember.filter(conversation_id=conversation.id, person_id=bob.id).delete()

    assert (await ask(bob, "mentions/my_mentions", first=10))["viewer"]["mentions"]["totalCount"] == 0


async def test_everyone_is_told_once_and_whoever_blocks_is_left_in_peace(ask: Ask) -> None:
    ann, bob, cem, dan = [await a_person(name) for name in ("Ann", "Bob", "Cem", "Dan")]
    conversation = await a_conversation(ann, bob, cem, dan)
    await follows.block(dan.id, ann.id, ask.services.clock.now())

    message = await said(ask, ann, conversation, f"@everyone, and {at(bob)} first: lunch")

    assert sorted(await named(message)) == ["Bob", "Cem"]
    assert message.everyone
    node = await seen(ask, cem, message)
    assert node is not None
    assert (node["namesEveryone"], "@everyone" in node["bodyHtml"]) == (True, True)
    assert [person["name"] for person in node["mentions"]] == ["Bob"]


async def test_only_the_words_themselves_name_everyone(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)

    for body in ("@here", "Hi @Everyone!", "**@everyone**", "now (@here).", "@everyone: lunch", "- @here"):
        assert (await said(ask, ann, conversation, body)).everyone, body
    for body in ("`@everyone`", "me@everyone.example", "@everyone.example", "@hereby", "\\@here", "everyone", "@@here"):
        assert not (await said(ask, ann, conversation, body)).everyone, body


async def test_naming_all_members_is_limited_and_confirmed(ask: Ask) -> None:
    ann = await a_person("Ann")
    fifty, more = await crowd(ann, size=50), await crowd(ann, size=51)
    small, large = await a_conversation(*fifty), await a_conversation(*more)

    assert codes(await say(ask, ann, small, "@everyone")) == []
    refused = await say(ask, ann, large, "@everyone", client_id="c1")
    quiet = await say(ask, ann, large, "nobody at all")
    confirmed = await say(ask, ann, large, "@everyone", client_id="c1", confirm_everyone=True)

    assert (codes(refused), paths(refused)) == (["CONFIRMATION_REQUIRED"], [["input", "confirmEveryone"]])
    assert "51" in sentence(refused)
    assert (codes(quiet), codes(confirmed)) == ([], [])
    assert await LoggedEvent.filter(kind="NamedInMessage").count() == 49 + 50


async def test_an_edit_that_comes_to_name_all_is_confirmed_as_well(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(*await crowd(ann, size=51))
    message = await said(ask, ann, conversation, "lunch")

    refused = await act(ask, ann, EDIT, message, body="@here lunch")
    taken = await act(ask, ann, EDIT, message, body="@here lunch", confirm_everyone=True)
    again = await act(ask, ann, EDIT, message, body="@here lunch at noon")

    assert (codes(refused), codes(taken), codes(again)) == (["CONFIRMATION_REQUIRED"], [], [])
    assert len(await named(message)) == 50, "told once"


async def test_what_is_removed_names_nobody(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    message = await said(ask, ann, conversation, f"@here {at(bob)}")

    await act(ask, ann, DELETE, message)

    node = await seen(ask, bob, message)
    assert node is not None
    assert (node["namesEveryone"], node["mentions"]) == (False, [])
    assert await Mention.all().count() == 0


async def test_whom_one_cannot_see_is_nobody(ask: Ask) -> None:
    gil, ann, bob = await a_guest("Gil"), await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, gil, kind=ConversationKind.DIRECT)

    payload: Payload = await mention(ask, gil, conversation, f"Ask {at(bob)}")

    assert told({**payload}) == [(None, False, False, "UNKNOWN")]
    assert await Mention.all().count() == 0
