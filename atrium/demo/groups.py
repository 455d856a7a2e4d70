"""The groups of the demonstration company: which there are, who is in them since when, and who leads them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from atrium.demo.accounts import ADMIN, GUEST, HEAD, MEMBER
from atrium.demo.ids import DAY, HOUR, from_ms, stream, to_ms
from atrium.demo.places import places_of
from atrium.demo.records import Group, Member, Person
from atrium.demo.skills import SKILLS
from atrium.demo.subjects import Subject
from atrium.demo.themes import OF_PLACE, OF_SKILL, THEMES, Theme, theme_of
from models.groups import GroupRole, MembershipSource, MembershipStatus

_NEW = 400 * DAY  # of a newcomer
_LEAST = 3  # people, or it is none
_OWNERS, _MODERATORS = 2, 4  # at most
_OLDEST = 900 * DAY  # before the talk begins
_YOUNG = 0.25  # of the groups are made while the talk goes on
_ASKED = 60  # at most, until there are enough
_WAITING = 3  # people who ask to come in, where one has to ask
_CAST = frozenset({ADMIN.email, HEAD.email, MEMBER.email, GUEST.email})

# Who of the four is in which group: the first of them owns it. Elsewhere chance decides.
_FIXED: dict[str, tuple[str, ...]] = {
    "secret": (HEAD.email, MEMBER.email),
    "guests": (HEAD.email, MEMBER.email, ADMIN.email, GUEST.email),
    "moderated": (HEAD.email, MEMBER.email, ADMIN.email),
    "newcomers": (ADMIN.email, MEMBER.email),
    "archived": (MEMBER.email, HEAD.email),
    "board": (HEAD.email,),
    "Photography": (MEMBER.email,),
}
_INVITING = "Books"  # member@ is invited to it


@dataclass(frozen=True, slots=True)
class Span:
    """The time of the talk, in ms: whole days."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A group, what it talks about, and what is special about it (see `themes`)."""

    group: Group
    subjects: tuple[Subject, ...]
    purpose: str


def plan_groups(seed: int, people: Sequence[Person], span: Span) -> list[GroupPlan]:
    """The groups of a company: those of every company first, then those of its places and of what people can do."""
    rng, pool = stream(seed, "groups"), _Pool(people, span)
    plans = [_Founding(rng, theme, pool, span).plan() for theme in _themes(rng, people)]
    return [plan for plan in plans if len(plan.group.members) >= _LEAST]


def _themes(rng: Random, people: Sequence[Person]) -> Iterator[Theme]:
    """As many as a company of that size has: some 20 of 300 people, some 350 of 30,000."""
    yield from THEMES
    left = max(2, int(len(people) ** 0.5 * 2) - len(THEMES))
    cities = [place.city for place in places_of(len(people) - 1)]
    local = [theme_of(line, city=city) for line in OF_PLACE for city in cities]
    skilled = [theme_of(line, skill=skill) for line in OF_SKILL for skill in rng.sample(SKILLS, len(SKILLS))]
    yield from (local[:1] + skilled[:1] + local[1 : left // 2] + skilled[1:])[:left]


class _Pool:
    """Everybody, and those whom some groups are for."""

    def __init__(self, people: Sequence[Person], span: Span) -> None:
        self.everybody = [person for person in people if person.unit_id]
        self.named = {person.email: person for person in people if person.email in _CAST}
        self.since = {person.id: to_ms(person.created_at) for person in people}
        self._heads = [person for person in self.everybody if person.is_head]
        self._new = [person for person in self.everybody if self.since[person.id] > span.end - _NEW]
        self._at = defaultdict[str, list[Person]](list)
        for person in self.everybody:
            self._at[person.place.city].append(person)

    def able(self, theme: Theme) -> Sequence[Person]:
        """Whom a group is for."""
        match theme.purpose:
            case "newcomers":
                return self._new
            case "board":
                return self._heads
            case _:
                return self._at[theme.city] if theme.city else self.everybody


class _Founding:
    """One group, from its theme."""

    def __init__(self, rng: Random, theme: Theme, pool: _Pool, span: Span) -> None:
        self._rng, self._theme, self._pool, self._span = rng, theme, pool, span
        self._named = pool.named
        self._fixed = [self._named[email] for email in _FIXED.get(theme.purpose or theme.name, ())]
        self._made = self._moment(is_young=not self._fixed and rng.random() < _YOUNG)

    def _moment(self, *, is_young: bool) -> int:
        """When it was made: in the first half of the talk, or before, when its owner was there."""
        start, end = self._span.start, self._span.end
        if is_young:
            return int(self._rng.uniform(start, start + (end - start) / 2))
        there = [self._pool.since[person.id] for person in self._fixed if person.unit_id]
        return int(self._rng.uniform(max([start - _OLDEST, *there]) + HOUR, start - HOUR))

    def plan(self) -> GroupPlan:
        theme, rng = self._theme, self._rng
        made = from_ms(self._made)
        archived = self._span.end - (self._span.end - self._span.start) // 3 if theme.purpose == "archived" else None
        group = Group(
            id=UUID(int=rng.getrandbits(128), version=4),
            name=theme.name,
            description=theme.description,
            visibility=theme.visibility,
            join_policy=theme.join_policy,
            is_default=theme.purpose == "newcomers",
            moderated=theme.purpose == "moderated",
            created_at=made,
            archived_at=None if archived is None else from_ms(archived),
            members=tuple(self._members(archived or self._span.end)),
        )
        return GroupPlan(group, theme.subjects, theme.purpose)

    def _members(self, until: int) -> Iterator[Member]:
        """Founders first, who were there at once; then everybody else."""
        rng, inside, everybody = self._rng, self._chosen(), self._pool.everybody
        founders = max(3, len(inside) // 4)
        for rank, person in enumerate(inside):
            is_founder = rank < founders and self._was_there(person)
            joined = self._made if is_founder else self._joining(person, until)
            if joined >= until:
                continue
            yield Member(person.id, self._role(rank, person, len(inside)), _IN, self._source(rank), from_ms(joined))
        asked = self._theme.join_policy.value == "REQUEST"
        taken = {person.id for person in inside}
        others = [person for person in rng.sample(everybody, min(_ASKED, len(everybody))) if person.id not in taken]
        waiting = [p for p in others if p.email not in _CAST and self._pool.since[p.id] < until - DAY]
        for person in waiting[: _WAITING if asked else 0]:
            yield Member(person.id, GroupRole.MEMBER, MembershipStatus.REQUESTED, _JOINED, from_ms(until - 5 * HOUR))
        if self._theme.name == _INVITING:
            member = self._named[MEMBER.email]
            yield Member(member.id, GroupRole.MEMBER, MembershipStatus.INVITED, _JOINED, from_ms(until - 7 * HOUR))

    def _chosen(self) -> list[Person]:
        """Who is in it: those of the four who must be, some who were there when it was made, then others."""
        able, rng = self._pool.able(self._theme), self._rng
        barred = {person.id for person in self._fixed}
        if self._theme.purpose or self._theme.name == _INVITING:
            barred = {person.id for person in self._named.values()}
        wanted = max(4, int(len(able) * self._theme.share * rng.uniform(0.8, 1.25)))
        chosen = [p for p in rng.sample(able, min(wanted + len(barred), len(able))) if p.id not in barred][:wanted]
        missing = _LEAST - sum(map(self._was_there, chosen))
        if missing > 0:
            taken = barred | {person.id for person in chosen} | {person.id for person in self._named.values()}
            everybody = self._pool.everybody
            some = rng.sample(everybody, min(_ASKED, len(everybody)))
            chosen += [person for person in some if person.id not in taken and self._was_there(person)][:missing]
        return self._fixed + sorted(chosen, key=lambda person: not self._was_there(person))  # founders were there

    def _was_there(self, person: Person) -> bool:
        return self._pool.since[person.id] < self._made

    def _joining(self, person: Person, until: int) -> int:
        earliest = max(self._made, self._pool.since[person.id]) + HOUR
        late = until - earliest
        return earliest + int(late * self._rng.random() ** 1.6) if late > 0 else until

    def _role(self, rank: int, person: Person, size: int) -> GroupRole:
        if person.email == GUEST.email:
            return GroupRole.GUEST
        owners = 1 + (size > 12) * (_OWNERS - 1)
        moderators = min(_MODERATORS, size // 40)
        return (
            GroupRole.OWNER
            if rank < owners
            else GroupRole.MODERATOR
            if rank < owners + moderators
            else GroupRole.MEMBER
        )

    def _source(self, rank: int) -> MembershipSource:
        if self._theme.purpose == "newcomers" and rank > _OWNERS:
            return MembershipSource.DEFAULT
        return MembershipSource.ADDED if self._theme.join_policy.value == "INVITE" and rank else _JOINED


_IN, _JOINED = MembershipStatus.MEMBER, MembershipSource.JOINED
