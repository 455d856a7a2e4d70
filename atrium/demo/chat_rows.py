"""The rows that a conversation leaves in the tables: itself, its people, how far they have read, and what was said."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from atrium.demo.accounts import EMAILS
from atrium.demo.ids import DAY, HOUR, MINUTE, from_ms, seeded_uuid7, stream
from atrium.demo.roster import Roster
from atrium.demo.talks import SECOND, Said, Talk
from execution.ids import decode_id
from models.audiences import AudienceKind
from models.conversations import RECEIPTS_UP_TO, ConversationKind, ConversationRole, ReceiptPolicy

Row = tuple[object, ...]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "audience": ("id", "kind", "open", "read_only"),
    "conversation": (
        *("id", "kind", "title", "purpose", "pair", "home_id", "sequence", "receipts", "retention_days", "version"),
        *("created_by", "created_at", "moved_at", "archived_at"),
    ),
    "conversation_member": (
        *("conversation_id", "person_id", "role", "since", "read_up_to", "seen_up_to", "muted_until", "added_by"),
        "joined_at",
    ),
    "audience_member": ("person_id", "audience_id", "listed"),
    "message": (
        *("id", "conversation_id", "sequence", "author_id", "body", "reply_to_id", "everyone", "removed", "version"),
        *("created_at", "edited_at", "pinned_at", "pinned_by"),
    ),
    "revision": ("id", "subject_id", "version", "title", "body", "written_at", "replaced_by", "replaced_at"),
    "mention": ("subject_id", "conversation_id", "person_id", "told", "created_at"),
    "reaction": ("subject_id", "person_id", "emoji", "created_at"),
}
"""The tables in the order in which they are filled, with the columns of their rows."""

_BEHIND, _FAR = 0.3, 0.15  # who has not read all, and how much of it they have not, about
_MUTED = 0.05  # of the members of channels
_NEWS = 0.4  # of those who come into a group later: they read only what comes then
_UNREAD = 16 * HOUR  # what is younger the four accounts have not read
_MENTION = re.compile(r"@\[([A-Za-z0-9_-]{23,120})\]")


class ChatRows:
    """The rows of talks, one after the other: the same talks in the same order give the same rows."""

    def __init__(self, roster: Roster, seed: int) -> None:
        self._roster, self._rng = roster, stream(seed, "chat rows")
        self._cast = {seat for seat, person in enumerate(roster.people) if person.email in EMAILS}

    def rows(self, talk: Talk) -> Iterator[tuple[str, Row]]:
        """The rows of a talk, with the names of their tables."""
        room, moved = talk.room, talk.said[-1].at if talk.said else talk.room.made
        people = [self._roster.people[seat].id for seat in room.seats]
        is_direct = room.kind is ConversationKind.DIRECT
        pair = ":".join(map(str, sorted([people[0], people[-1]]))) if is_direct else None
        receipts = ReceiptPolicy.OFF if len(people) > RECEIPTS_UP_TO else room.receipts
        archived = from_ms(room.closed) if room.archived else None
        yield "audience", (room.id, AudienceKind.CONVERSATION.value, False, room.archived)
        named = (room.id, room.kind.value, room.title, room.purpose, pair, room.home)
        kept = (len(talk.said), receipts.value, room.retention_days, 1, people[0])
        yield "conversation", (*named, *kept, from_ms(room.made), from_ms(moved), archived)
        yield from self._members(talk)
        for sequence, said in enumerate(talk.said, 1):
            yield from self._message(talk, sequence, said)

    def _members(self, talk: Talk) -> Iterator[tuple[str, Row]]:
        room, rng = talk.room, self._rng
        moments, last = [said.at for said in talk.said], {said.seat: n for n, said in enumerate(talk.said, 1)}
        owner = self._roster.people[room.seats[0]].id
        for seat, joined in zip(room.seats, room.joined, strict=True):
            person = self._roster.people[seat].id
            owns = person == owner and room.kind is not ConversationKind.DIRECT
            role = ConversationRole.OWNER if owns else ConversationRole.MEMBER
            came_later = room.kind is ConversationKind.GROUP and joined > room.made and rng.random() < _NEWS
            since = bisect_left(moments, joined) if came_later else 0
            read = max(since, last.get(seat, 0), self._read(talk, seat))
            mutes = room.kind is ConversationKind.CHANNEL and seat not in self._cast and rng.random() < _MUTED
            muted = from_ms(room.closed + 300 * DAY) if mutes else None
            by = owner if room.kind is ConversationKind.GROUP and not owns else None
            yield "conversation_member", (room.id, person, role.value, since, read, 0, muted, by, from_ms(joined))
            yield "audience_member", (person, room.id, True)

    def _read(self, talk: Talk, seat: int) -> int:
        """Up to which message somebody has read, if they have not written since."""
        said, rng = talk.said, self._rng
        if seat in talk.unread:
            return _before(talk, seat, talk.unread[seat])
        if seat in self._cast and talk.said:
            new = self._roster.span.end - _UNREAD
            return len(said) if talk.room.archived else bisect_left(said, new, key=lambda one: one.at)
        if rng.random() > _BEHIND:
            return len(said)
        return max(0, len(said) - int(rng.expovariate(1 / (len(said) * _FAR + 1))))

    def _message(self, talk: Talk, sequence: int, said: Said) -> Iterator[tuple[str, Row]]:
        room, author, at = talk.room, self._roster.people[said.seat].id, from_ms(said.at)
        edited = self._later(talk, said, 3 * MINUTE) if said.before else None
        pinned = self._later(talk, said, 5 * MINUTE) if said.pinned else None
        pinner = self._roster.people[room.seats[0]].id if said.pinned else None
        placed = (said.id, room.id, sequence, author, said.body, said.parent, said.everyone, said.removed)
        yield "message", (*placed, 2 if edited or said.removed else 1, at, edited, pinned, pinner)
        if edited:
            key = seeded_uuid7(self._rng, said.at + 3 * MINUTE)
            yield "revision", (key, said.id, 1, None, said.before, at, author, edited)
        for person in _named(said.body):
            yield "mention", (said.id, room.id, person, True, at)
        for seat, emoji in said.cheers:
            moment = self._later(talk, said, int(self._rng.expovariate(1 / (20 * MINUTE))) + 5 * SECOND)
            yield "reaction", (said.id, self._roster.people[seat].id, emoji, moment)

    def _later(self, talk: Talk, said: Said, ms: int) -> datetime:
        return from_ms(min(said.at + ms, talk.room.closed - 1))


def _before(talk: Talk, seat: int, unread: int) -> int:
    """The sequence of the message before the last so many of others."""
    for sequence in range(len(talk.said), 0, -1):
        if not unread:
            return sequence
        said = talk.said[sequence - 1]
        unread -= said.seat != seat and not said.removed
    return 0


def _named(body: str) -> list[UUID]:
    return [decode_id(id)[1] for id in dict.fromkeys(_MENTION.findall(body))] if "@[" in body else []
