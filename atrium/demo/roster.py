"""The roster: everybody of the demonstration company by number, and the circles that they belong to."""

from collections import defaultdict
from collections.abc import Sequence
from random import Random
from uuid import UUID

from atrium.demo.circles import Circle, a_crowd
from atrium.demo.groups import GroupPlan, Span
from atrium.demo.ids import stream, to_ms
from atrium.demo.records import Person
from atrium.demo.units import UnitPlan
from models.groups import GroupRole, MembershipStatus

COMPANY = 0  # its place among the circles; units follow in their order, then groups
_LEAST = 3  # people of a unit that is posted to
_SPEAKS = "COMMUNICATOR"


class Roster:
    """People by seat, the guest last, and all circles; the people of a unit and all below it sit in a row."""

    def __init__(
        self,
        seed: int,
        people: Sequence[Person],
        plans: Sequence[UnitPlan],
        unit_ids: Sequence[UUID],
        unit_of: Sequence[int],
        groups: Sequence[GroupPlan],
        span: Span,
    ) -> None:
        """`unit_of` is by seat; the guest has none, and none of the talk of units and the company."""
        rng = stream(seed, "activity")
        self.people, self.span = people, span
        self.seats = {person.id: seat for seat, person in enumerate(people)}
        self._plans, self._unit_of = plans, unit_of
        self._weights = [_activity(rng, person) for person in people]
        self.since = [to_ms(person.created_at) for person in people]
        self.circles = [*self._of_chart(unit_ids), *map(self._of_group, groups)]
        self._groups = defaultdict[int, list[int]](list)
        for number in range(1 + len(plans), len(self.circles)):
            for seat in self.circles[number].seats:
                self._groups[seat].append(number)
        self.numbers = {circle.unit_id or circle.group_id: number for number, circle in enumerate(self.circles)}

    def units_of(self, seat: int) -> list[int]:
        """The circles of somebody's unit and of those above, the nearest first, but of the root and tiny ones."""
        path: list[int] = []
        unit: int | None = self._unit_of[seat]
        while unit is not None and self._plans[unit].parent is not None:
            if self._plans[unit].end - self._plans[unit].first >= _LEAST:
                path.append(1 + unit)
            unit = self._plans[unit].parent
        return path

    def groups_of(self, seat: int, moment: int, until: int) -> list[int]:
        """The circles of the groups that somebody is in by then, and that take posts until another moment."""
        numbered = [(number, self.circles[number]) for number in self._groups[seat]]
        return [number for number, circle in numbered if circle.closed > until and circle.has(seat, moment)]

    def speaks_for(self, seat: int, circle: Circle) -> bool:
        """Whether somebody may announce to a circle: its leaders, heads of a unit above, the company's speakers."""
        if circle.group_id:
            return seat in circle.leaders
        person = self.people[seat]
        if _SPEAKS in person.roles:
            return True
        plan = self._plans[self._unit_of[seat]]
        return person.is_head and circle.unit_id is not None and plan.first <= circle.first and circle.end <= plan.end

    def unit(self, number: int) -> tuple[str, bool]:
        """The name of the unit of a circle, and whether it has no units below."""
        plan = self._plans[number - 1]
        return plan.name, plan.first + plan.own == plan.end

    def neighbour(self, rng: Random, seat: int) -> int:
        """Someone near them in the chart: of their unit, or the one above where it is small."""
        unit = self._unit_of[seat]
        if self._plans[unit].end - self._plans[unit].first < _LEAST + 1:
            unit = self._plans[unit].parent or 0
        first, end = self._plans[unit].first, self._plans[unit].end
        near = first + int(rng.random() * (end - first))
        if near != seat:
            return near
        return end - 1 if seat < end - 1 else first

    def _of_chart(self, unit_ids: Sequence[UUID]) -> list[Circle]:
        staff = len(self.people) - 1
        crowd = a_crowd(range(staff), self._weights[:staff], self.since[:staff], self.span.start)
        times = (self.span.start, self.span.end)
        company = Circle(crowd, 0, staff, *times)
        units = [
            Circle(crowd, plan.first, plan.end, *times, unit_id=id)
            for plan, id in zip(self._plans, unit_ids, strict=True)
        ]
        return [company, *units]

    def _of_group(self, plan: GroupPlan) -> Circle:
        group = plan.group
        inside = sorted((self.seats[m.person_id], m) for m in group.members if m.status is MembershipStatus.MEMBER)
        seats = [seat for seat, _ in inside]
        since, made = [to_ms(member.since) for _, member in inside], to_ms(group.created_at)
        crowd = a_crowd(seats, [self._weights[seat] for seat in seats], since, max(made, self.span.start) + 1)
        leaders = {seat for seat, member in inside if member.role in (GroupRole.OWNER, GroupRole.MODERATOR)}
        closed = self.span.end if group.archived_at is None else to_ms(group.archived_at)
        return Circle(
            crowd,
            0,
            len(seats),
            max(made, self.span.start),
            closed,
            group_id=group.id,
            leaders=frozenset(leaders),
            subjects=plan.subjects,
            seats=frozenset(seats),
        )


def _activity(rng: Random, person: Person) -> float:
    """How much of the talk is theirs: a power law; nothing is the guest's."""
    weight = min(rng.paretovariate(1.1), 50) * (1.6 if person.is_head else 1)
    return 0.0 if person.unit_id is None else weight
