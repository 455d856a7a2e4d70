"""The demonstration company: a whole made-up company from a number of people, a seed and a day."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from uuid import UUID

from atrium.demo.chat import Chat
from atrium.demo.echoes import Echoes
from atrium.demo.feed import Feed
from atrium.demo.groups import Span, plan_groups
from atrium.demo.ids import DAY, from_ms, seeded_uuid7, stream, to_ms
from atrium.demo.records import Comment, Group, Person, Post, Thread, Unit
from atrium.demo.roster import Roster
from atrium.demo.staff import COMPANY_AGE, Staff, the_guest
from atrium.demo.stage import Stage
from atrium.demo.tags import TagRows, plan_tags
from atrium.demo.units import UnitPlan, plan_seats, plan_units

PEOPLE_MIN, PEOPLE_MAX = 10, 200_000
DAYS_MAX = 3_650
COMMENTS_PER_POST = 3
REACTIONS_PER_POST = 5
MESSAGES_PER_POST, MESSAGES_MAX = 17, 500_000  # the latter unless so many are asked for


@dataclass(frozen=True, slots=True)
class Company:
    """Units, people and groups as they stand, and their talk as streams: load them, then thread by thread and chat.

    The stage has threads beside the talk, for the four fixed accounts to find. Units name their heads, who come later;
    the first four people, those accounts, name managers who come later. All else refers only to what was given before.
    Memory grows with people, hardly with posts, never with comments and messages.
    """

    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    tags: TagRows
    stage: Stage = field(repr=False)
    chat: Chat = field(repr=False)
    seed: int
    _size: int  # posts
    _roster: Roster = field(repr=False)
    _feed: Feed = field(repr=False)

    @classmethod
    def generate(
        cls,
        people: int,
        seed: int,
        days: int,
        today: datetime,
        *,
        posts: int | None = None,
        comments: int | None = None,
        reactions: int | None = None,
        messages: int | None = None,
    ) -> Self:
        """A company of `people` (10 to 200,000, guest included) with the talk of the `days` (1 to 3,650) before today.

        `today` is aware; only its day in UTC counts, and nothing happens on that day itself. Without `posts` there is
        one for each person and 30 days, without `comments` three and without `reactions` five for each post; fewer
        where there is nobody to react; without `messages` there are seventeen, but 500,000 at most. The same arguments
        give the same company, byte for byte. Raises `ValueError` on arguments out of range.
        """
        day = _checked_day(people, days, today)
        plans = plan_units(stream(seed, "units"), people - 1)
        seats = plan_seats(stream(seed, "seats"), plans)
        founded = _unit_moments(seed, plans, day, days)
        unit_ids = [key for key, _ in founded]
        staff = Staff(seed, plans, seats, unit_ids, today=day, days=days)
        seated = tuple(staff.person(index) for index in range(len(seats)))
        units = tuple(
            _unit(plan, key, created_at, unit_ids, staff.key(plan.first))
            for plan, (key, created_at) in zip(plans, founded, strict=True)
        )
        posts = people * days // 30 if posts is None else posts
        messages = min(people * days * MESSAGES_PER_POST // 30, MESSAGES_MAX) if messages is None else messages
        comments = posts * COMMENTS_PER_POST if comments is None else comments
        reactions = posts * REACTIONS_PER_POST if reactions is None else reactions
        end = to_ms(datetime.combine(day, time(), UTC))
        span, guest = Span(end - days * DAY, end), the_guest(seed, day)
        groups = plan_groups(seed, (*seated, guest), span)
        roster = Roster(seed, (*seated, guest), plans, unit_ids, [seat.unit for seat in seats], groups, span)
        ordered = _fixed_first(seated, staff.account_seats, guest)
        stage = Stage(roster, seed, groups, len(plans))
        return cls(
            units=units,
            people=ordered,
            groups=tuple(plan.group for plan in groups),
            tags=plan_tags(seed, units[0].created_at, keeper=ordered[0].id),
            stage=stage,
            chat=Chat(roster, seed, groups, stage.parts, messages=messages),
            seed=seed,
            _size=posts,
            _roster=roster,
            _feed=Feed(roster, seed, posts=posts, comments=comments, reactions=reactions),
        )

    @property
    def ends_at(self) -> datetime:
        """The moment after the last of the talk."""
        return from_ms(self._roster.span.end)

    def echoes(self) -> Echoes:
        """What makes rows of the threads and scenes, given in this order."""
        return Echoes(self._roster, self.seed, self.tags.keys, posts=self._size)

    def threads(self) -> Iterator[Thread]:
        """Every post with its comments, in the order of the posts. Each call walks anew and gives the same."""
        return self._feed.threads()

    def posts(self) -> Iterator[Post]:
        """The posts alone, the same as in the threads."""
        return self._feed.posts()

    def comments(self) -> Iterator[Comment]:
        """The comments alone, thread after thread."""
        return (comment for thread in self.threads() for comment in thread.comments)


def _checked_day(people: int, days: int, today: datetime) -> date:
    if not PEOPLE_MIN <= people <= PEOPLE_MAX:
        raise ValueError(f"A demonstration company has {PEOPLE_MIN} to {PEOPLE_MAX:,} people, not {people:,}.")
    if not 1 <= days <= DAYS_MAX:
        raise ValueError(f"A demonstration company looks back 1 to {DAYS_MAX:,} days, not {days:,}.")
    if today.tzinfo is None:
        raise ValueError("`today` needs a time zone: pass an aware moment, such as datetime.now(UTC).")
    return today.astimezone(UTC).date()


def _unit_moments(seed: int, plans: list[UnitPlan], day: date, days: int) -> list[tuple[UUID, datetime]]:
    """Key and foundation of each unit, after the one above it and before the talk begins."""
    rng = stream(seed, "foundations")
    latest = datetime.combine(day, time(9), UTC) - timedelta(days=max(days, 90) + 1)
    moments: list[datetime] = []
    for plan in plans:
        if plan.parent is None:
            moments.append(datetime.combine(day - timedelta(days=COMPANY_AGE), time(7), UTC))
        else:
            above = moments[plan.parent]
            moments.append(above + timedelta(days=int((latest - above).days * 0.6 * rng.random()), hours=1))
    return [(seeded_uuid7(rng, to_ms(moment)), moment) for moment in moments]


def _unit(plan: UnitPlan, key: UUID, created_at: datetime, unit_ids: list[UUID], head_id: UUID) -> Unit:
    return Unit(
        id=key,
        name=plan.name,
        kind=plan.division.kind,
        parent_id=None if plan.parent is None else unit_ids[plan.parent],
        head_id=head_id,
        depth=plan.depth,
        place=plan.place,
        created_at=created_at,
    )


def _fixed_first(seated: tuple[Person, ...], fixed: list[int], guest: Person) -> tuple[Person, ...]:
    taken = set(fixed)
    others = (person for seat, person in enumerate(seated) if seat not in taken)
    return (*(seated[seat] for seat in fixed), guest, *others)
