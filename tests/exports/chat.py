"""Conversations and what is said in them, for a company in which everything is that an export can hold."""

from __future__ import annotations

from datetime import timedelta

from models import audiences, db
from models.conversations import Conversation, ConversationKind, ReceiptPolicy
from models.groups import Group
from models.mentions import Mention
from models.org import OrgUnit
from models.people import Person
from models.reactions import Reaction
from models.revisions import Revision
from tests.factories.chat import a_conversation, a_message, a_partner
from tests.factories.people import NOW

BEFORE = NOW - timedelta(days=9)


async def a_chat(kitchen: OrgUnit, ann: Person, bob: Person, leo: Person, gil: Person) -> None:
    """Conversations of each kind, at each home, and messages to which everything has happened."""
    bob.shows_reading = leo.shows_presence = bob.suggested = False
    for person in (bob, leo):
        await person.save(update_fields=["shows_reading", "shows_presence", "suggested"])
    await _rooms(kitchen, ann, bob, leo)
    group = await a_conversation(ann, bob, receipts=ReceiptPolicy.COUNTS, retention_days=90, created_by=ann.id)
    await a_partner(group, gil, since=1, read_up_to=3, seen_up_to=4, muted_until=NOW, added_by=bob.id)
    await _talk(group, ann, bob, gil)


async def _rooms(kitchen: OrgUnit, ann: Person, bob: Person, leo: Person) -> None:
    """Direct ones, one of them with somebody who has left and one with oneself, and a channel of each home."""
    direct = await a_conversation(ann, bob, kind=ConversationKind.DIRECT, client_id="1", created_by=bob.id)
    await a_message(direct, "Only for you", author=ann, client_id="“7”")
    await a_conversation(ann, leo, kind=ConversationKind.DIRECT)
    await a_conversation(bob, kind=ConversationKind.DIRECT)
    club = await Group.get(name="Club “Ω”")
    for home in (audiences.COMPANY, kitchen.id, club.id, None):
        await a_conversation(ann, kind=ConversationKind.CHANNEL, home_id=home, purpose="Line\none")
    await a_conversation(bob, title="Old", archived=True, version=4)


async def _talk(room: Conversation, ann: Person, bob: Person, gil: Person) -> None:
    """A thread, of which the beginning was edited and pinned and the end removed; the first messages are gone."""
    await db.execute("UPDATE conversation SET sequence = 2 WHERE id = $1", room.id)
    first = await a_message(
        room,
        f"@everyone, see @[{gil.name}]",
        author=ann,
        everyone=True,
        version=2,
        edited_at=NOW,
        pinned_at=NOW,
        pinned_by=bob.id,
    )
    await a_message(room, "I see", author=bob, reply_to_id=first.id)
    await a_message(room, "", author=gil, reply_to_id=first.id, removed=True, version=2)
    await Revision.create(
        subject_id=first.id, version=1, body="See", written_at=BEFORE, replaced_by=ann.id, replaced_at=NOW
    )
    for person, told in ((gil, True), (bob, False)):
        await Mention.create(
            subject_id=first.id, conversation_id=room.id, person_id=person.id, told=told, created_at=BEFORE
        )
    for person, emoji in ((bob, "👍"), (gil, "👍"), (gil, "🎉")):
        await Reaction.create(subject_id=first.id, person_id=person.id, emoji=emoji, created_at=NOW)
