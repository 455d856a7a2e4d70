"""The plan of the organisation tree: units in preorder, each with its seats, and who reports to whom."""

from dataclasses import dataclass
from math import fsum
from random import Random

from atrium.demo.divisions import BOARD, DIVISIONS, Division
from atrium.demo.places import Place, places_of, regions_of

ROOT_NAME = "Atrium"
_CHILDREN_MAX = 30  # units below one unit
_TEAM_MIN = 5  # people in a unit below a division
_AXES = ("departments", "regions", "cities", "teams")


@dataclass(slots=True)
class UnitPlan:
    """One unit. Its own people sit at `first` (its head) up to `first + own`, all below it up to `end`."""

    name: str
    division: Division
    parent: int | None  # index of the plan above
    depth: int  # the root has 1
    places: tuple[Place, ...]  # where its people may work, the likeliest first
    first: int
    own: int
    end: int

    @property
    def place(self) -> Place | None:
        """Its city, None when its people sit in several."""
        return self.places[0] if len(self.places) == 1 else None


@dataclass(frozen=True, slots=True)
class Seat:
    """One job in the tree: its unit, who it reports to (seats by index; None for the first), and what it leads."""

    unit: int
    manager: int | None
    rank: str  # head, lead, staff (beside a head with units below) or member


def plan_units(rng: Random, seats: int) -> list[UnitPlan]:
    """A tree for so many seats (at least 9), in preorder: the seats of a unit and all below it stand in a row."""
    return _Grower(rng, seats).plans


def plan_seats(rng: Random, plans: list[UnitPlan]) -> list[Seat]:
    """Every seat in order: a manager always stands before their reports."""
    parents = {plan.parent for plan in plans}
    seats: list[Seat] = []
    for index, plan in enumerate(plans):
        above = None if plan.parent is None else plans[plan.parent].first
        seats.append(Seat(index, above, "head"))
        if index in parents:
            seats.extend(Seat(index, plan.first, "staff") for _ in range(plan.own - 1))
        else:
            _seat_team(rng, seats, index, plan)
    return seats


def shares(total: int, weights: list[float], least: int) -> list[int]:
    """Splits a whole number by weights, each share at least `least`; needs `total >= least * len(weights)`."""
    spare, scale = total - least * len(weights), fsum(weights)
    exact = [spare * weight / scale for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for i in by_remainder[: spare - sum(parts)]:
        parts[i] += 1
    return [part + least for part in parts]


@dataclass(frozen=True, slots=True)
class _Branch:
    """What is known on the way down: the recipe, the name so far and the axes already split by."""

    division: Division
    name: str
    places: tuple[Place, ...]
    department: str
    axes: tuple[str, ...]


class _Grower:
    def __init__(self, rng: Random, seats: int) -> None:
        self._rng = rng
        self._places = places_of(seats)
        self._deepest = 3 if seats < 60 else 4 if seats < 400 else 5 if seats < 4_000 else 6
        self._team_scale = 0.6 if seats < 400 else 1.0  # so that a small company has levels too
        self.plans: list[UnitPlan] = []
        self._grow_root(seats)

    def _grow_root(self, seats: int) -> None:
        own = 1 if seats < 40 else 2 + min(6, seats // 500)
        count = max(3, min(len(DIVISIONS), int((seats - own) ** 0.5 / 1.35)))
        kept = DIVISIONS[:count]
        weights = [division.weight * self._rng.uniform(0.8, 1.25) for division in kept]
        self._add(_Branch(BOARD, ROOT_NAME, self._places, "", _AXES), None, 1, seats, own)
        for division, size in zip(kept, shares(seats - own, weights, 2), strict=True):
            self._grow(_Branch(division, division.name, self._places, "", _AXES), 0, 2, size)

    def _add(self, branch: _Branch, parent: int | None, depth: int, size: int, own: int) -> int:
        first = self.plans[-1].first + self.plans[-1].own if self.plans else 0
        plan = UnitPlan(branch.name, branch.division, parent, depth, branch.places, first, own, first + size)
        self.plans.append(plan)
        return len(self.plans) - 1

    def _grow(self, branch: _Branch, parent: int, depth: int, size: int) -> None:
        team = branch.division.team * self._team_scale * self._rng.uniform(0.6, 1.5)
        below = self._split(branch, size, self._deepest - depth) if size > team and depth < self._deepest else []
        if len(below) < 2:
            self._add(branch, parent, depth, size, size)
            return
        own = 1 + min(self._rng.randrange(4) + size // 2_000, 8, size - 1 - _TEAM_MIN * len(below))
        index = self._add(branch, parent, depth, size, own)
        for child, part in zip(below, shares(size - own, self._skewed(len(below)), _TEAM_MIN), strict=True):
            self._grow(child, index, depth + 1, part)

    def _split(self, branch: _Branch, size: int, levels: int) -> list[_Branch]:
        """The units below, at most what names, spans and people allow; fewer than two means: do not split."""
        wanted = (size / branch.division.team / self._team_scale) ** (1 / levels) * self._rng.uniform(0.8, 1.4)
        count = min(max(3, round(wanted)), _CHILDREN_MAX, (size - 1) // _TEAM_MIN)
        for axis in self._axes(branch, levels) if count > 1 else ():
            below = self._along(axis, branch, count)
            if len(below) > 1:
                return below
        return []

    def _axes(self, branch: _Branch, levels: int) -> tuple[str, ...]:
        """The axes left, without those for which there are not levels enough."""
        spared = ("regions", "teams", "cities") if branch.division.local else ("regions", "cities", "teams")
        left = branch.axes
        for axis in spared:
            if len(left) > levels:
                left = tuple(other for other in left if other != axis)
        return left

    def _along(self, axis: str, branch: _Branch, count: int) -> list[_Branch]:
        rest = branch.axes[branch.axes.index(axis) + 1 :]
        division, places, department = branch.division, branch.places, branch.department or branch.name
        if axis == "departments":
            names = self._pick(division.departments, count)
            return [_Branch(division, name, places, name, rest) for name in names]
        if axis == "regions":
            names = regions_of(places)[:count]
            near = [tuple(place for place in places if place.region == name) for name in names]
            pairs = zip(names, near, strict=True)
            return [_Branch(division, f"{department} {name}", around, department, rest) for name, around in pairs]
        if axis == "cities":
            return [_Branch(division, f"{department} {p.city}", (p,), department, rest) for p in places[:count]]
        names = self._pick(division.teams, count)
        return [_Branch(division, f"{branch.name} · {name}", places, department, rest) for name in names]

    def _pick(self, names: tuple[str, ...], count: int) -> list[str]:
        """Some of the names in a new order; numbered ones when there are not enough."""
        rounds = -(-count // len(names))
        many = [name if turn == 0 else f"{name} {turn + 1}" for turn in range(rounds) for name in names]
        return self._rng.sample(many[: max(count, len(names))], count)

    def _skewed(self, count: int) -> list[float]:
        return [self._rng.uniform(0.7, 1.3) / (rank + 1) ** 0.8 for rank in range(count)]


def _seat_team(rng: Random, seats: list[Seat], unit: int, plan: UnitPlan) -> None:
    """Seats the people of a unit without units below: straight under the head, or under leads if they are too many."""
    people = plan.own - 1
    span = rng.randint(15, 40) if rng.random() < 0.07 else rng.randint(6, 12)
    if people <= span:
        seats.extend(Seat(unit, plan.first, "member") for _ in range(people))
        return
    leads = -(-people // (rng.randint(6, 12) + 1))
    chiefs = 0 if leads <= 15 else -(-leads // 10)
    chief_seats = range(len(seats), len(seats) + chiefs)
    seats.extend(Seat(unit, plan.first, "lead") for _ in chief_seats)
    lead_seats = range(len(seats), len(seats) + leads)
    seats.extend(Seat(unit, chief_seats[i % chiefs] if chiefs else plan.first, "lead") for i in range(leads))
    spread = shares(people - chiefs - leads, [rng.uniform(0.5, 1.5) for _ in range(leads)], 1)
    for lead, size in zip(lead_seats, spread, strict=True):
        seats.extend(Seat(unit, lead, "member") for _ in range(size))
