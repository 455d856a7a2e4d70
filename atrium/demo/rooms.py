"""The conversations of the demonstration company: which there are, who is in them since when, and how much is said."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from atrium.demo.circles import Circle
from atrium.demo.feed import split
from atrium.demo.groups import GroupPlan
from atrium.demo.ids import DAY, HOUR, stream
from atrium.demo.roster import COMPANY, Roster
from atrium.demo.texts import draw_subject
from models.audiences import COMPANY as COMPANY_KEY
from models.conversations import MEMBERS_MAX, ConversationKind, ReceiptPolicy
from models.groups import Visibility

_DIRECT, _GROUP = 1.45, 0.5  # conversations a person, on the average
_LEAST = 3  # people in a group or channel
_MOST = 12  # in a group
_TITLED = 0.6  # of the groups
_OLD = 0.8  # of the conversations that may have begun before the talk
_OLDEST = 700 * DAY
_LATE = 0.12  # of the members come in later
_NEAR, _KNOWN = 0.65, 0.85  # of those whom one writes to: from one's unit, and up to there from one's groups
_OF_GROUPS = 0.35  # groups that have a channel
_IN_UNIT = 0.6  # of the people of a unit that has units below are in its channel
_LIVELY = 4  # the channels of the whole company, at least; 1.5 is usual
_TRIES = 8

# What there is in every company: how many are in it, and what it is for. One finds all of them.
_CHANNELS: tuple[tuple[str, float, str], ...] = (
    ("general", 0.9, "What concerns all of us. For everything else there is a channel of its own."),
    ("it-help", 0.4, "Something does not work? Ask here; the service desk reads along."),
    ("small-talk", 0.35, "Everything but work."),
    ("canteen", 0.25, "What there is today, and what there should be."),
    ("lost-and-found", 0.12, "Keys, umbrellas, single gloves."),
    ("learning", 0.12, "Courses, books, and who can teach what."),
    ("new-here", 0.1, "Your first months: no question is too small."),
    ("cycling", 0.07, "Tours after work, and who has a pump."),
    ("parents", 0.06, "Between school and shift."),
    ("running", 0.05, "Slow ones are welcome."),
    ("photos", 0.04, "What our days look like."),
    ("chess", 0.02, "One move a day."),
)
_CAST: dict[str, tuple[str, ...]] = {
    **{"general": ("admin", "head", "member"), "it-help": ("admin", "member"), "small-talk": ("member", "head")},
    "canteen": ("member",),
}


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation that may be filled. Its people are seats, by `joined` (ms); of groups and channels the first owns.

    `closed` is when it was archived, else the end of the talk.
    """

    id: UUID
    kind: ConversationKind
    seats: tuple[int, ...]
    joined: tuple[int, ...]
    made: int
    closed: int
    title: str | None = None
    purpose: str = ""
    home: UUID | None = None
    circle: int = COMPANY  # what its talk is about: the circle of its home
    receipts: ReceiptPolicy = ReceiptPolicy.NAMES
    retention_days: int | None = None
    archived: bool = False


class Rooms:
    """All conversations but those of the scenes, and how many messages each has."""

    def __init__(
        self,
        roster: Roster,
        seed: int,
        groups: Sequence[GroupPlan],
        parts: Mapping[str, int],
        taken: set[tuple[int, int]],
        messages: int,
    ) -> None:
        """`parts` are the seats of the fixed accounts; pairs that have `taken` their conversation get no other."""
        self._roster, self._span, self._rng = roster, roster.span, stream(seed, "rooms")
        self._parts, self._taken = parts, taken
        self.rooms = [*self._channels(groups), *self._gatherings(), *self._pairs()]
        self.counts = array("l", self._counts(messages))

    def _counts(self, messages: int) -> Iterator[int]:
        """How much is said in each: very much in a few, and something in nearly all."""
        weights = [self._weight(room) for room in self.rooms]
        first = 1 if messages > 2 * len(self.rooms) else 0
        for count in split(messages - first * len(self.rooms), weights):
            yield first + count

    def _weight(self, room: Room) -> float:
        many = len(room.seats)
        size = many**0.8 if room.kind is ConversationKind.CHANNEL else many**0.5
        open_for = (room.closed - max(room.made, self._span.start)) / (self._span.end - self._span.start)
        liveliness = min(self._rng.paretovariate(1.15) - 0.7, 40)
        return size * open_for * (max(liveliness, _LIVELY) if room.home == COMPANY_KEY else liveliness)

    def _channels(self, groups: Sequence[GroupPlan]) -> Iterator[Room]:
        """Those of the company, of its units and of some groups."""
        company = range(len(self._roster.people) - 1)
        for title, share, purpose in _CHANNELS:
            first = [self._parts[part] for part in _CAST.get(title, ())]
            some = self._some(company, share, first)
            yield from self._channel([*first, *some], title, purpose, COMPANY_KEY, COMPANY)
        start = len(self._roster.circles) - len(groups)
        for number in range(2, len(self._roster.circles)):
            if number < start:
                yield from self._of_unit(number)
            elif self._rng.random() < _OF_GROUPS:
                yield from self._of_group(number, groups[number - start])

    def _of_unit(self, number: int) -> Iterator[Room]:
        circle = self._roster.circles[number]
        name, is_team = self._roster.unit(number)
        head, others = circle.first, range(circle.first + 1, circle.end)
        chosen = list(others) if is_team else self._some(others, _IN_UNIT, [])
        yield from self._channel([head, *chosen], _slug(name), f"All of {name}.", circle.unit_id, number)

    def _of_group(self, number: int, plan: GroupPlan) -> Iterator[Room]:
        circle, group = self._roster.circles[number], plan.group
        if group.visibility is Visibility.SECRET or group.archived_at:
            return
        people = self._roster.people
        owners = [self._roster.seats[m.person_id] for m in group.members[:1]]
        others = [seat for seat in circle.crowd.seats if people[seat].unit_id and seat not in owners]
        purpose = "Besides the group: what need not be found again."
        yield from self._channel([*owners, *others][:MEMBERS_MAX], _slug(group.name), purpose, group.id, number)

    def _channel(
        self, seats: Sequence[int], title: str, purpose: str, home: UUID | None, circle: int
    ) -> Iterator[Room]:
        if room := self._room(ConversationKind.CHANNEL, list(dict.fromkeys(seats))[:MEMBERS_MAX], circle):
            yield replace(room, title=title, purpose=purpose, home=home, receipts=ReceiptPolicy.OFF)

    def _gatherings(self) -> Iterator[Room]:
        rng, company = self._rng, self._roster.circles[COMPANY]
        for _ in range(int(len(company) * _GROUP)):
            seat = company.someone(rng, self._span.end)
            size = min(_LEAST + int(rng.expovariate(0.45)), _MOST)
            others = [self._other(seat) for _ in range(size)]
            person, titled = self._roster.people[seat], rng.random() < _TITLED
            subject = draw_subject(rng, person.kind, person.language) if titled else None
            if room := self._room(ConversationKind.GROUP, [seat, *others][:size], self._near(seat)):
                yield replace(room, title=_title(subject.name) if subject else None)

    def _pairs(self) -> Iterator[Room]:
        company, most = self._roster.circles[COMPANY], int(len(self._roster.circles[COMPANY]) * _DIRECT)
        fixed = [self._parts[part] for part in ("admin", "head", "member")] * 6
        for number in range(most):
            for _ in range(_TRIES):
                seat = fixed[number] if number < len(fixed) else company.someone(self._rng, self._span.end)
                other = self._other(seat)
                pair = (min(seat, other), max(seat, other))
                if pair not in self._taken and seat != other:
                    self._taken.add(pair)
                    if room := self._room(ConversationKind.DIRECT, pair, self._near(seat)):
                        yield room
                    break

    def _other(self, seat: int) -> int:
        """Somebody whom they write to: near them, from a group of theirs, or anybody."""
        rng, dice = self._rng, self._rng.random()
        if dice < _NEAR:
            return self._roster.neighbour(rng, seat)
        circle: Circle = self._roster.circles[COMPANY]
        if dice < _KNOWN and (groups := self._roster.groups_of(seat, self._span.end, self._span.start)):
            circle = self._roster.circles[rng.choice(groups)]
        return (
            circle.someone(rng, self._span.end, but=seat) if circle.readers > 1 else self._roster.neighbour(rng, seat)
        )

    def _some(self, seats: Sequence[int], share: float, but: Sequence[int]) -> list[int]:
        count = min(MEMBERS_MAX, len(seats), max(_LEAST, int(len(seats) * share)))
        return [seat for seat in self._rng.sample(seats, count) if seat not in but]

    def _near(self, seat: int) -> int:
        """The circle of somebody's unit."""
        return next(iter(self._roster.units_of(seat)), COMPANY)

    def _room(self, kind: ConversationKind, seats: Sequence[int], circle: int) -> Room | None:
        """A room of those whose time has come, founders first; None where they are too few."""
        rng, since, span = self._rng, self._roster.since, self._span
        people = list(dict.fromkeys(seats))
        made = self._made(since[people[0]])
        if kind is ConversationKind.DIRECT:
            made = max(made, *(since[seat] + HOUR for seat in people))
        joined: list[tuple[int, int]] = [(made, people[0])]
        for seat in people[1:]:
            late = rng.random() < _LATE and kind is not ConversationKind.DIRECT
            earliest = max(made, since[seat] + HOUR)
            at = int(rng.uniform(earliest, span.end)) if late else earliest
            if at < span.end - HOUR:
                joined.append((at, seat))
        least = 2 if kind is ConversationKind.DIRECT else _LEAST
        if len(joined) < least or made > span.end - HOUR:
            return None
        joined[1:] = sorted(joined[1:])
        moments, inside = zip(*joined, strict=True)
        id = UUID(int=rng.getrandbits(128), version=4)
        return Room(id, kind, inside, moments, made, span.end, circle=circle)

    def _made(self, since: int) -> int:
        """Before the talk began, or in the first half of it."""
        start, end, rng = self._span.start, self._span.end, self._rng
        earliest = since + HOUR
        if earliest < start and rng.random() < _OLD:
            return int(rng.uniform(max(earliest, start - _OLDEST), start))
        late = max(earliest, start)
        return late + int(rng.random() * (end - late) / 2)


def _slug(name: str) -> str:
    """A unit's or group's name as that of a channel: `night-shift-lisbon`."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())[:80]


def _title(name: str) -> str:
    bare = name.removeprefix("the ").removeprefix("The ")
    return bare[0].upper() + bare[1:]
