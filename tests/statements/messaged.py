"""What operations on messages need before they can be run: a conversation of all, in which much was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.conversations import Conversation
from models.mentions import Mention
from models.messages import Message
from models.reactions import Reaction
from models.revisions import Revision
from tests.factories.chat import a_conversation, a_message
from tests.factories.ids import global_id
from tests.factories.mentions import at
from tests.factories.people import NOW
from tests.statements.arranged import Arranged, Company, arranges


async def chatting(company: Company) -> Conversation:
    """A conversation of Ann and her reports."""
    return await a_conversation(company.ann, *company.people)


async def a_thread(company: Company) -> tuple[Conversation, Sequence[Message]]:
    """One in which each report has answered Ann, named a colleague, and was liked, pinned and edited; the messages."""
    conversation = await chatting(company)
    start = await a_message(conversation, "start", author=company.ann)
    said = [start]
    for person, other in zip(company.people, company.people[1:] + company.people[:1], strict=True):
        more = {"reply_to_id": start.id, "pinned_at": NOW, "pinned_by": other.id, "edited_at": NOW}
        message = await a_message(conversation, f"Hello {at(other)}", author=person, **more)
        what: dict[str, Any] = {"subject_id": message.id, "created_at": NOW}
        await Mention.create(conversation_id=conversation.id, person_id=other.id, told=True, **what)
        await Reaction.create(person_id=other.id, emoji="👍", **what)
        said.append(message)
    return conversation, said


@arranges("messages/send_message")
async def a_new_message(company: Company) -> Arranged:
    _, said = await a_thread(company)
    where = {"conversation_id": global_id(await Conversation.get()), "reply_to_id": global_id(said[-1])}
    return Arranged(company.viewer, {**where, "body": "Hello", "client_id": "c1"})


@arranges("messages/mention_in_message")
async def a_call_to_all(company: Company) -> Arranged:
    body = " ".join(["@everyone", *(at(person) for person in company.people)])
    return Arranged(company.viewer, {"conversation_id": global_id(await chatting(company)), "body": body})


@arranges("messages/mention_in_edited_message")
async def a_call_to_all_at_second_thought(company: Company) -> Arranged:
    body = " ".join(["@everyone", *(at(person) for person in company.people)])
    return Arranged(company.viewer, {"message_id": await _own(company), "body": body})


@arranges("messages/edit_message")
async def a_changed_message(company: Company) -> Arranged:
    return Arranged(company.viewer, {"message_id": await _own(company), "body": "New", "expected_version": 1})


@arranges("message_pins/pin_message")
async def a_message_to_keep_at_hand(company: Company) -> Arranged:
    _, said = await a_thread(company)
    return Arranged(company.viewer, {"message_id": global_id(said[0])})


@arranges("messages/delete_message", "message_pins/unpin_message")
async def some_message(company: Company) -> Arranged:
    _, said = await a_thread(company)
    return Arranged(company.viewer, {"message_id": global_id(said[-1])})


@arranges("messages/message")
async def one_message(company: Company) -> Arranged:
    _, said = await a_thread(company)
    return Arranged(company.viewer, {"id": global_id(said[-1])})


@arranges("messages/message_thread")
async def a_start(company: Company) -> Arranged:
    _, said = await a_thread(company)
    return Arranged(company.viewer, {"id": global_id(said[0]), "first": company.size})


@arranges("messages/message_history")
async def a_message_with_a_past(company: Company) -> Arranged:
    _, said = await a_thread(company)
    for version in range(company.size):
        past: dict[str, Any] = {"version": version, "body": "Old", "written_at": NOW, "replaced_at": NOW}
        await Revision.create(subject_id=said[0].id, replaced_by=company.ann.id, **past)
    return Arranged(company.viewer, {"id": global_id(said[0]), "first": company.size})


@arranges("messages/newer_messages")
async def the_beginning(company: Company) -> Arranged:
    conversation, _ = await a_thread(company)
    return Arranged(company.viewer, {"id": global_id(conversation), "first": company.size})


@arranges("messages/chat_history")
async def the_end(company: Company) -> Arranged:
    conversation, _ = await a_thread(company)
    return Arranged(company.viewer, {"id": global_id(conversation), "last": company.size})


@arranges("messages/conversation_snapshot", "message_pins/pinned_messages")
async def all_of_it(company: Company) -> Arranged:
    conversation, _ = await a_thread(company)
    return Arranged(company.viewer, {"id": global_id(conversation)})


async def _own(company: Company) -> str:
    conversation = await chatting(company)
    return global_id(await a_message(conversation, "Hello", author=company.ann))
