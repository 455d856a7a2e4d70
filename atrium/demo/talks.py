"""What is said in the conversations of the demonstration company: a few lines at a time, one conversation at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from atrium.demo.chat_phrases import CHATTER, Chatter, Exchange
from atrium.demo.echoes import draw_emoji
from atrium.demo.feed import mention
from atrium.demo.hours import Hours
from atrium.demo.ids import MINUTE, seeded_uuid7, stream
from atrium.demo.phrases import Phrases
from atrium.demo.rooms import Room
from atrium.demo.roster import Roster
from atrium.demo.texts import Writer, draw_subject, speaker
from models.conversations import ConversationKind

SECOND = 1_000  # ms
_LENGTH = 4.0  # lines of an exchange, about
_PAUSE = 70 * SECOND  # between two lines, on the average
_AROUND = 5  # people in one exchange, at most
_THREADED = 0.35  # of the exchanges of three or more
_SHORT, _LONGER = 0.12, 0.3  # of the lines
_CALLS = 0.02  # of what owners open with
_NAMING = 0.3  # of the names of members
_CALLED = 0.06  # of the answers, by the name of whom they are for
_EDITED, _REMOVED, _CHEERED = 0.025, 0.007, 0.11
_PINNED, _PINS = 0.015, 20  # of what exchanges open with, and at most in a conversation, about
_CHEERS = 4  # at most
_TRIES = 6


@dataclass(frozen=True, slots=True)
class Said:
    """A message of whom sits in `seat`, at a moment (ms). `parent` began its thread.

    `before` is what it said until it was edited; `cheers` are reactions, by seat.
    """

    id: UUID
    seat: int
    at: int
    body: str
    parent: UUID | None = None
    everyone: bool = False
    before: str | None = None
    removed: bool = False
    pinned: bool = False
    cheers: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """All that is said in a room, in order. `unread` is how much of it some have not read; of others chance decides."""

    room: Room
    said: Sequence[Said]
    unread: Mapping[int, int] = field(default_factory=dict[int, int])


class Talks:
    """Talks in rooms: the same rooms in the same order give the same talks."""

    def __init__(self, roster: Roster, seed: int) -> None:
        self._roster, self._rng = roster, stream(seed, "talks")
        self._hours = Hours(roster.span.start, roster.span.end)

    def talk(self, room: Room, count: int) -> Talk:
        """So many messages, in the time of the talk in which the room is open."""
        said: list[Said] = []
        chatter, language = self._chatter(room)
        pinned = min(_PINNED, _PINS / max(1, count))
        while len(said) < count:
            length = min(count - len(said), 1 + int(self._rng.expovariate(1 / _LENGTH)))
            begin = self._begin(room)
            said += _Exchanging(self._roster, self._rng, room, chatter, language, pinned, begin).lines(length)
        return Talk(room, sorted(said, key=lambda one: one.at))

    def _begin(self, room: Room) -> int:
        rng = self._rng
        earliest, latest = max(room.made, self._roster.span.start) + MINUTE, room.closed - 10 * MINUTE
        moment = self._hours.moment(rng, self._roster.people[room.seats[0]])
        return moment if earliest <= moment < latest else int(rng.uniform(earliest, max(latest, earliest + 1)))

    def _chatter(self, room: Room) -> tuple[Chatter, str]:
        """The language that those who have been there from the beginning share, else English."""
        spoken = {self._roster.people[seat].language for seat in room.seats[:6]}
        language = spoken.pop() if len(spoken) == 1 else "en"
        return CHATTER[language], language


class _Exchanging:
    """One exchange: who takes part, and what they say one after the other."""

    def __init__(
        self, roster: Roster, rng: Random, room: Room, chatter: Chatter, language: str, pinned: float, begin: int
    ) -> None:
        self._roster, self._rng, self._room, self._chatter, self._at = roster, rng, room, chatter, begin
        self._pinned = pinned
        self._there = bisect_right(room.joined, begin)
        self._around = self._participants()
        self._opener = self._around[0]
        self._is_direct = room.kind is ConversationKind.DIRECT
        person = roster.people[self._opener]
        circle = roster.circles[room.circle]
        subjects = circle.subjects if language == "en" else ()
        subject = rng.choice(subjects) if subjects else draw_subject(rng, person.kind, language)
        self._exchange: Exchange = rng.choice(chatter.two if self._is_direct else chatter.more)
        self._say = speaker(rng, language, subject, self._writer())

    def lines(self, length: int) -> Iterator[Said]:
        rng, last, used = self._rng, -1, set[str]()
        threaded = len(self._around) > 2 and rng.random() < _THREADED
        first: UUID | None = None
        for place in range(length):
            closing = place == length - 1 and place > 1
            seat = self._opener if place == 0 or (closing and last != self._opener) else self._next(last)
            phrases = self._phrases(place, seat, closing=closing)
            body = self._line(phrases)
            if body in used:
                body = self._line(phrases)
            used.add(body)
            if last not in (-1, seat) and not self._is_direct and rng.random() < _CALLED:
                body = f"{mention(self._roster.people[last])} {body}"
            message = self._said(seat, body, parent=first if threaded else None, opens=place == 0)
            first = first or message.id
            yield message
            last = seat
            self._at = min(self._at + 4 * SECOND + int(rng.expovariate(1 / _PAUSE)), self._room.closed - SECOND)

    def _participants(self) -> list[int]:
        """A few of those who are in it by then: whoever came first has most to say."""
        rng, seats = self._rng, self._room.seats
        drawn = (seats[int(self._there * rng.random() ** 1.8)] for _ in range(_AROUND))
        found = list(dict.fromkeys(drawn))
        if len(found) == 1 and self._there > 1:
            found.append(next(seat for seat in seats[: self._there] if seat != found[0]))
        return found

    def _next(self, last: int) -> int:
        others = [seat for seat in self._around if seat != last]
        return self._rng.choice(others) if others else last

    def _phrases(self, place: int, seat: int, *, closing: bool) -> Phrases:
        rng = self._rng
        if place == 0:
            owns = seat == self._room.seats[0] and not self._is_direct
            return self._chatter.calls if owns and rng.random() < _CALLS else self._exchange.opens
        if closing and seat == self._opener:
            return self._exchange.ends
        return self._chatter.short if rng.random() < _SHORT else self._exchange.answers

    def _line(self, phrases: Phrases) -> str:
        line = self._say(phrases)
        longer = line[-1] in ".!?" and self._rng.random() < _LONGER
        return f"{line} {self._say(self._chatter.tails)}" if longer else line

    def _writer(self) -> Writer:
        """The opener, with a colleague to name: by a mention, where they are in it."""
        rng, own = self._rng, self._roster.people[self._opener]
        other = self._far(own.place.city)
        if not self._is_direct and self._there > len(self._around) and rng.random() < _NAMING:
            named = self._room.seats[rng.randrange(self._there)]
            if named not in self._around:
                return Writer(own.kind, own.place.city, other, mention(self._roster.people[named]))
        near = self._roster.people[self._roster.neighbour(rng, self._opener)]
        return Writer(own.kind, own.place.city, other, near.given_name)

    def _far(self, city: str) -> str:
        """Another city, where somebody else works."""
        people = self._roster.people
        found = (people[self._rng.randrange(len(people))].place.city for _ in range(_TRIES))
        return next((other for other in found if other != city), city)

    def _said(self, seat: int, body: str, *, parent: UUID | None, opens: bool) -> Said:
        rng, key = self._rng, seeded_uuid7(self._rng, self._at)
        dice = rng.random()
        if dice < _REMOVED:
            return Said(key, seat, self._at, "", parent, removed=True)
        return Said(
            *(key, seat, self._at, body, parent),
            everyone=body.startswith(("@everyone", "@here")),
            before=_mistyped(rng, body) if dice > 1 - _EDITED else None,
            pinned=opens and not self._is_direct and rng.random() < self._pinned,
            cheers=tuple(self._cheers(seat)) if rng.random() < _CHEERED else (),
        )

    def _cheers(self, author: int) -> Iterator[tuple[int, str]]:
        rng = self._rng
        count = min(1 + int(rng.expovariate(0.8)), _CHEERS, self._there)
        for place in rng.sample(range(self._there), count):
            if self._room.seats[place] != author:
                yield self._room.seats[place], draw_emoji(rng, "discussion")


def _mistyped(rng: Random, body: str) -> str | None:
    """The text with a slip in it; None where it is too short for one, or begins with a name."""
    if len(body) < 12 or body[0] == "@":
        return None
    place = rng.randrange(1, 10)
    return body[:place] + body[place + 1] + body[place] + body[place + 2 :]
