"""Circles: the people who belong to an audience, since when, and how much of the talk is theirs."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from uuid import UUID

from atrium.demo.subjects import Subject

TRIES = 12


@dataclass(frozen=True, slots=True)
class Crowd:
    """People by number, so that a circle is a part of it: the running sum of their activity, and since when (ms).

    `old` is the running number of those who were there when the talk began.
    """

    seats: Sequence[int]
    sums: Sequence[float]
    since: Sequence[int]
    old: Sequence[int]


@dataclass(frozen=True, slots=True)
class Circle:
    """Those who belong to one audience: the part of a crowd from `first` up to `end`.

    It is open to posts from `opened` to `closed` (ms). `leaders` may speak for it. `subjects` are what a group talks
    about; empty: what people talk about at work.
    """

    crowd: Crowd
    first: int
    end: int
    opened: int
    closed: int
    unit_id: UUID | None = None
    group_id: UUID | None = None
    leaders: frozenset[int] = frozenset()
    subjects: tuple[Subject, ...] = ()
    seats: frozenset[int] = field(default=frozenset(), repr=False)  # of a group, to look up

    def __len__(self) -> int:
        return self.end - self.first

    @property
    def readers(self) -> int:
        """How many of them have been there from the beginning, and talk."""
        return self.crowd.old[self.end] - self.crowd.old[self.first]

    def has(self, seat: int, moment: int) -> bool:
        """Whether somebody belongs to it at a moment."""
        if self.group_id is None:
            return self.first <= seat < self.end and self.crowd.since[seat] <= moment
        return seat in self.seats and self.crowd.since[self._place(seat)] <= moment

    def someone(self, rng: Random, moment: int, but: int = -1) -> int:
        """Somebody else who belongs to it by then, drawn by activity; whoever is next where luck is out.

        There must be one who has been there from the beginning.
        """
        for _ in range(TRIES):
            place = self._draw(rng)
            if self._fits(place, moment, but):
                return self.crowd.seats[place]
        # Somebody nearly has the circle to themselves: the next one after them, around the end.
        start = self._draw(rng)
        others = (*range(start, self.end), *range(self.first, start))
        return self.crowd.seats[next(place for place in others if self._fits(place, moment, but))]

    def some(self, rng: Random, most: int, moment: int) -> list[int]:
        """Up to so many different people who belong to it by then, whether they talk or not."""
        if most >= len(self):
            return [seat for place in range(self.first, self.end) for seat in self._there(place, moment)]
        places = rng.sample(range(self.first, self.end), min(2 * most, len(self)))
        return [seat for place in places for seat in self._there(place, moment)][:most]

    def _draw(self, rng: Random) -> int:
        low, high = self.crowd.sums[self.first], self.crowd.sums[self.end]
        return bisect_right(self.crowd.sums, low + rng.random() * (high - low), self.first, self.end) - 1

    def _fits(self, place: int, moment: int, but: int) -> bool:
        sums = self.crowd.sums
        return self.crowd.since[place] <= moment and self.crowd.seats[place] != but and sums[place + 1] > sums[place]

    def _there(self, place: int, moment: int) -> Sequence[int]:
        return (self.crowd.seats[place],) if self.crowd.since[place] <= moment else ()

    def _place(self, seat: int) -> int:
        return bisect_right(self.crowd.seats, seat) - 1


def a_crowd(seats: Sequence[int], weights: Sequence[float], since: Sequence[int], start: int) -> Crowd:
    """A crowd of people in the order of their seats; `start` is the moment (ms) when the talk begins."""
    old = accumulate((weight > 0 and joined < start for weight, joined in zip(weights, since, strict=True)), initial=0)
    return Crowd(seats, array("d", accumulate(weights, initial=0.0)), array("q", since), array("l", old))
