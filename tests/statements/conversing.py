"""What the operations of conversations need before they can be run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from auth.viewer import Viewer
from models.conversations import Conversation, ConversationKind
from models.people import Person
from tests.factories.chat import a_conversation, a_message
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import as_viewer
from tests.statements.arranged import Arranged, Company, arranges


@arranges("conversations/start_conversation")
async def a_group_to_talk_in(company: Company) -> Arranged:
    people = [global_id(one) for one in company.people]
    return Arranged(company.viewer, {"kind": "GROUP", "person_ids": people, "client_id": "c1"})


@arranges("conversations/conversations", "conversations/conversation_list")
async def many_conversations(company: Company) -> Arranged:
    for _ in range(company.size):
        await _group(company)
    return Arranged(company.viewer, {"first": company.size})


@arranges("conversations/channels")
async def many_channels(company: Company) -> Arranged:
    for _ in range(company.size):
        await a_conversation(company.ann, *company.people, kind=ConversationKind.CHANNEL)
    return Arranged(company.viewer, {"first": company.size, "filter_by": {"text": "lobby", "isMine": True}})


@arranges("conversations/conversation_page", "conversation_people/conversation_members")
async def a_large_group(company: Company) -> Arranged:
    return Arranged(company.viewer, {"id": global_id(await _group(company)), "first": company.size})


@arranges("receipts/message_readers")
async def messages_that_all_have_read(company: Company) -> Arranged:
    group = await _group(company)
    for _ in range(company.size):
        await a_message(group, author=company.ann)
    for person in company.people:
        await a_message(group, author=person)
    given = {"id": global_id(group), "last": 2 * company.size, "first": company.size}
    return Arranged(company.viewer, given)


@arranges("conversations/update_conversation")
async def a_group_to_change(company: Company) -> Arranged:
    return await _one(company, await _group(company), title="New", retention_days=30, expected_version=1)


@arranges("conversations/archive_conversation")
async def a_group_to_close(company: Company) -> Arranged:
    return await _one(company, await _group(company))


@arranges("conversations/wake_conversation")
async def a_group_to_wake(company: Company) -> Arranged:
    return await _one(company, await a_conversation(company.ann, *company.people, archived=True))


@arranges("conversation_people/add_conversation_members")
async def people_to_talk_with(company: Company) -> Arranged:
    others = [global_id(await a_person(f"Eva {i:02}")) for i in range(company.size)]
    return await _one(company, await _group(company), person_ids=others, history="ALL")


@arranges("conversation_people/join_conversation")
async def a_channel_to_join(company: Company) -> Arranged:
    channel = await a_conversation(*company.people, kind=ConversationKind.CHANNEL)
    return await _one(company, channel)


@arranges("conversation_people/leave_conversation")
async def a_group_that_is_left_to_others(company: Company) -> Arranged:
    return await _one(company, await _group(company))


@arranges("conversation_people/remove_conversation_member")
async def a_partner_too_many(company: Company) -> Arranged:
    return await _one(company, await _group(company), person_id=global_id(company.people[0]))


@arranges("conversation_reading/mark_conversation_read")
async def much_to_read(company: Company) -> Arranged:
    return await _reader(company, up_to_sequence=company.size)


@arranges("conversation_reading/mark_conversation_unread")
async def something_to_come_back_to(company: Company) -> Arranged:
    return await _one(company, await _group(company), from_sequence=1)


@arranges("conversation_reading/mute_conversation")
async def a_loud_group(company: Company) -> Arranged:
    until = company.services.clock.now() + timedelta(hours=8)
    return await _reader(company, until=until.isoformat())


@arranges("conversation_reading/conversation_badge")
async def much_that_waits(company: Company) -> Arranged:
    for _ in range(company.size):
        await _group(company)
    return Arranged(await _viewer(company, company.people[0]), {})


@arranges("conversation_reading/update_chat_settings")
async def other_settings(company: Company) -> Arranged:
    return Arranged(company.viewer, {"shows_reading": False, "shows_presence": False})


async def _group(company: Company) -> Conversation:
    """Ann's group, in which all her reports are, and in which she has said as much."""
    group = await a_conversation(company.ann, *company.people)
    for _ in range(company.size):
        await a_message(group, author=company.ann)
    return group


async def _one(company: Company, conversation: Conversation, **more: Any) -> Arranged:
    return Arranged(company.viewer, {"conversation_id": global_id(conversation), **more})


async def _reader(company: Company, **more: Any) -> Arranged:
    """The same of somebody who has read nothing yet."""
    asked = await _one(company, await _group(company), **more)
    return Arranged(await _viewer(company, company.people[0]), asked.variables)


async def _viewer(company: Company, person: Person) -> Viewer:
    return await as_viewer(person, company.services.clock.now())


@arranges("presence/start_typing")
async def a_group_to_write_in(company: Company) -> Arranged:
    return await _one(company, await _group(company))


@arranges("presence/who_is_here")
async def a_group_of_people_who_are_here(company: Company) -> Arranged:
    for person in company.people:
        company.services.presence.arrive(person.id)
    return Arranged(company.viewer, {"id": global_id(await _group(company))})
