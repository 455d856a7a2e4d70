"""What a file of another system may hold of chat: conversations, who is in them, and what they say."""

from __future__ import annotations

from random import Random
from typing import Any

from models import db
from models.audiences import COMPANY, Audience
from models.conversation_reading import unread
from models.conversations import Conversation, ConversationMember
from models.messages import Message
from models.people import Person
from models.reactions import Reaction
from tests.exports.bringing import ANN, BOB, KITCHEN, Bring, counts, problems

CY = ("person 3", {"name": "Cy"})
PEOPLE = (ANN, BOB, CY)
GROUP = ("conversation g", {"kind": "GROUP", "title": "Launch", "created_by": "1"})
DIRECT = ("conversation d", {"kind": "DIRECT", "people": ["2", "1"]})
IN_GROUP = tuple(
    (f"conversation_member {n}", {"conversation": "g", "person": n, "role": role})
    for n, role in (("1", "OWNER"), ("2", "MEMBER"))
)
TYPES = ("conversation", "conversation_member", "message")


def said(id: str, body: str, *, at: int, to: str = "g", **more: Any) -> tuple[str, dict[str, Any]]:
    """A message of the second `at`."""
    created = f"2026-01-05T08:00:{at:02}Z"
    return f"message {id}", {"conversation": to, "author": "1", "body": body, "created_at": created, **more}


TALK = (
    said("a", "Who comes?", at=1),
    said("b", "I do", at=2, author="2", reply_to="a"),
    said("c", "Me too", at=3, reply_to="b"),
    said("d", "Hello", at=4, to="d"),
)
ALL = (*PEOPLE, GROUP, DIRECT, *IN_GROUP, *TALK)


async def stored() -> list[tuple[Any, ...]]:
    """Everything of chat but its keys."""
    rows = await db.rows(
        """SELECT c.kind, c.title, c.sequence, m.sequence, m.body, p.name, t.sequence, m.removed, (
               SELECT array_agg(x.name ORDER BY x.name) FROM conversation_member w JOIN person x ON x.id = w.person_id
               WHERE w.conversation_id = c.id)
           FROM conversation c LEFT JOIN message m ON m.conversation_id = c.id LEFT JOIN person p ON p.id = m.author_id
           LEFT JOIN message t ON t.id = m.reply_to_id ORDER BY c.kind, m.sequence"""
    )
    return [tuple(row) for row in rows]


WANTED = [
    ("DIRECT", None, 1, 1, "Hello", "Ann", None, False, ["Ann", "Bob"]),
    ("GROUP", "Launch", 3, 1, "Who comes?", "Ann", None, False, ["Ann", "Bob"]),
    ("GROUP", "Launch", 3, 2, "I do", "Bob", 1, False, ["Ann", "Bob"]),
    ("GROUP", "Launch", 3, 3, "Me too", "Ann", 1, False, ["Ann", "Bob"]),
]


async def test_what_was_said_comes_in_order_whatever_the_order_of_the_rows(bring: Bring) -> None:
    shuffled = list(ALL)
    Random(7).shuffle(shuffled)

    report = await bring(*shuffled)

    assert problems(report) == []
    assert await stored() == WANTED
    newest = await Message.get(body="Me too")
    assert (await Conversation.get(kind="GROUP")).moved_at == newest.created_at


async def test_again_nothing_changes(bring: Bring) -> None:
    await bring(*ALL)
    before = await db.rows("SELECT * FROM message ORDER BY id"), await db.rows("SELECT * FROM conversation ORDER BY id")

    again = await bring(*ALL[::-1])

    assert [counts(again, type) for type in TYPES] == [(0, 0, 2, 0), (0, 0, 2, 0), (0, 0, 4, 0)]
    assert before == (
        await db.rows("SELECT * FROM message ORDER BY id"),
        await db.rows("SELECT * FROM conversation ORDER BY id"),
    )


async def test_a_dry_run_of_chat_tells_what_the_real_one_does(bring: Bring) -> None:
    told = (
        *ALL,
        ("conversation_member x", {"conversation": "d", "person": "3"}),
        ("conversation e", {"kind": "CHANNEL"}),
    )

    dry = await bring(*told, dry_run=True)

    assert await Conversation.all().count() == 0
    assert dry.problems == (real := await bring(*told)).problems
    assert dry.summary() == real.summary()


async def test_later_messages_come_behind_and_the_earlier_stay(bring: Bring) -> None:
    await bring(*ALL)

    await bring(said("e", "And I", at=0), said("a", "Who comes along?", at=1))

    rows = await Message.filter(conversation_id=(await Conversation.get(kind="GROUP")).id).order_by("sequence")
    assert [row.body for row in rows] == ["Who comes along?", "I do", "Me too", "And I"]
    assert [row.sequence for row in rows] == [1, 2, 3, 4]


async def test_nobody_has_a_heap_of_what_is_unread(bring: Bring) -> None:
    await bring(*ALL)
    bob = await Person.get(name="Bob")
    rooms = [room.id for room in await Conversation.all()]
    first = [row[1] for row in await unread(bob.id, rooms)]
    await db.execute("UPDATE conversation_member SET read_up_to = 1 WHERE person_id = $1", bob.id)

    await bring(said("e", "One more", at=9), said("f", "Another", at=9, to="d"))

    assert first == [0, 0]
    assert sorted([row[1] for row in await unread(bob.id, rooms)]) == [0, 2]


async def test_whoever_is_in_it_hears_it_and_nobody_else(bring: Bring) -> None:
    await bring(*ALL)

    group = await Conversation.get(kind="GROUP")
    audience = await Audience.get(id=group.id)
    hears = (
        "SELECT p.name, m.listed FROM audience_member m JOIN person p ON p.id = m.person_id WHERE m.audience_id = $1"
    )
    assert (audience.kind, audience.read_only) == ("CONVERSATION", False)
    assert sorted(map(tuple, await db.rows(hears, group.id))) == [("Ann", True), ("Bob", True)]

    await bring(("conversation_member 2", {}), gone=["conversation_member 2"])

    assert [row[0] for row in await db.rows(hears, group.id)] == ["Ann"]
    left = await db.rows("SELECT kind, quiet FROM event WHERE kind LIKE 'Conversation%' AND NOT quiet")
    assert [tuple(row) for row in left] == [("ConversationLeft", False)]


async def test_two_people_have_one_conversation(bring: Bring) -> None:
    await bring(*ALL)

    report = await bring(("conversation 5", {"kind": "DIRECT", "people": ["acme:1", "acme:2"]}), source="other")

    assert counts(report, "conversation") == (0, 1, 0, 0)
    assert await Conversation.filter(kind="DIRECT").count() == 1


async def test_a_third_does_not_come_between_two(bring: Bring) -> None:
    third = ("conversation_member x", {"conversation": "d", "person": "3"})

    at_once, later = await bring(*ALL, third), await bring(third)

    assert (problems(at_once), problems(later)) == (
        [(len(ALL) + 2, "bad_value", "person")],
        [(2, "bad_value", "person")],
    )
    assert await ConversationMember.filter(person_id=(await Person.get(name="Cy")).id).count() == 0


async def test_a_channel_has_a_home(bring: Bring) -> None:
    await bring(
        KITCHEN,
        ("conversation a", {"kind": "CHANNEL", "title": "general"}),
        ("conversation b", {"kind": "CHANNEL", "title": "cooks", "org_unit": "K"}),
        ("conversation c", {"kind": "CHANNEL", "title": "nowhere", "org_unit": "gone"}),
        ("conversation g", {"kind": "GROUP", "title": " ", "org_unit": "K"}),
    )

    kitchen = await db.value("SELECT id FROM org_unit WHERE name = 'Kitchen'")
    assert {(c.title, c.home_id, str(c.receipts)) for c in await Conversation.all()} == {
        ("general", COMPANY, "OFF"),
        ("cooks", kitchen, "OFF"),
        (None, None, "NAMES"),
    }


async def test_bad_records_of_chat_are_left_out_and_told(bring: Bring) -> None:
    report = await bring(
        *(ANN, BOB, GROUP),
        ("conversation h", {"kind": "ROOM"}),
        ("conversation i", {"kind": "CHANNEL", "title": " "}),
        ("conversation j", {"kind": "DIRECT", "people": ["1", "nobody"]}),
        ("conversation k", {"kind": "DIRECT", "people": "1"}),
        ("conversation l", {"kind": "GROUP", "retention_days": 0}),
        ("conversation_member m", {"conversation": "g", "person": "nobody"}),
        ("conversation_member n", {"conversation": "i", "person": "1"}),
        said("o", "x" * 10_001, at=1),
        said("p", "Nowhere", at=1, to="i"),
    )

    assert sorted(problems(report)) == [
        (5, "bad_value", "kind"),
        (6, "missing_field", "title"),
        (7, "missing_field", "people"),
        (8, "missing_field", "people"),
        (9, "bad_value", "retention_days"),
        (10, "unknown_ref", "person"),
        (11, "unknown_ref", "conversation"),
        (12, "bad_value", "body"),
        (13, "unknown_ref", "conversation"),
    ]
    assert await Message.all().count() == 0


async def test_what_cannot_be_stops_nothing(bring: Bring) -> None:
    """Rings of replies, numbers of another system, the same client's id twice, pins of what is removed, new kinds."""
    twice = {"client_id": "1", "created_by": "1"}

    report = await bring(
        *(ANN, BOB, GROUP, DIRECT),
        said("a", "I", at=1, reply_to="b", sequence=9, client_id="7"),
        said("b", "You", at=1, reply_to="a", sequence=9),
        said("c", "Elsewhere", at=2, to="d", reply_to="a", sequence=-1),
        said("e", "Gone", at=3, removed=True, pinned_at="2026-01-05T08:00:09Z", pinned_by="2", everyone=True),
        ("conversation h", {"kind": "GROUP", **twice}),
        ("conversation i", {"kind": "GROUP", **twice}),
        ("conversation_member m", {"conversation": "g", "person": "1", "since": -5, "read_up_to": 10**12}),
        ("reaction r", {"target": "a", "person": "2", "emoji": "👍"}),
    )
    changed = await bring(
        ("conversation d", {"kind": "CHANNEL", "title": "Ours", "people": ["1"]}),
        ("conversation g", {"kind": "DIRECT", "people": ["1", "2"], "title": None}),
        said("a", "I", at=1, to="d", author="2", client_id="8"),
        said("e", "Back", at=1, pinned_at="2026-01-05T08:00:09Z"),
    )

    assert (problems(report), problems(changed)) == ([], [])
    rows = {row.body: row for row in await Message.all()}
    assert sorted((row.sequence, row.reply_to_id is None) for row in rows.values()) == [
        *((1, True), (1, True)),
        *((2, False), (3, True)),
    ]
    assert (rows[""].pinned_at, rows[""].pinned_by, rows[""].everyone) == (None, None, False)
    assert await Conversation.filter(client_id="1").count() == 1
    assert (await ConversationMember.get(role="MEMBER", conversation_id=rows["I"].conversation_id)).since == 0
    assert sorted(str(room.kind) for room in await Conversation.all()) == ["DIRECT", *["GROUP"] * 3]
    assert (await Reaction.get()).subject_id == rows["I"].id


async def test_what_is_gone_is_archived_or_emptied(bring: Bring) -> None:
    await bring(*ALL, ("reaction r", {"target": "a", "person": "2", "emoji": "👍"}))

    report = await bring(("conversation g", {}), ("message a", {}), gone=["conversation g", "message a"])

    assert [counts(report, type)[3] for type in ("conversation", "message")] == [1, 1]
    group, message = await Conversation.get(kind="GROUP"), await Message.get(body="")
    assert (group.archived_at is not None, (await Audience.get(id=group.id)).read_only) == (True, True)
    assert (message.removed, message.sequence) == (True, 1)
    assert not await Reaction.exists()


async def test_who_may_keep_how_much_is_deleted_in_time(bring: Bring) -> None:
    await bring(ANN, ("conversation g", {"kind": "GROUP", "retention_days": 30}))

    assert await db.value("SELECT count(*) FROM timer WHERE kind = 'expire_messages'") == 1
