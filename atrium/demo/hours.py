"""The hours of work: when somebody says something, by the day of the week and where they are."""

from bisect import bisect_right
from itertools import accumulate
from random import Random

from atrium.demo.ids import DAY, HOUR, MINUTE
from atrium.demo.records import Person

_LAST = 10 * MINUTE  # before the end, so that answers have room
_WEEK = (1.0, 1.15, 1.1, 1.05, 0.85, 0.12, 0.08)  # of the talk by day, from Monday
_GROWTH = 1.5  # of the talk of a day against that of the same day a year before
_AROUND_THE_CLOCK = frozenset({"operations", "service", "field", "making", "care"})


class Hours:
    """The hours of a span of whole days, from `start` to `end` (ms)."""

    def __init__(self, start: int, end: int) -> None:
        self._start, self._end = start, end
        self._days = list(accumulate(self._weight(day) for day in range(start, end, DAY)))

    def moment(self, rng: Random, person: Person) -> int:
        """Within the working hours of their place and the weekdays, or at any hour for those who work in shifts."""
        shift = person.kind in _AROUND_THE_CLOCK and rng.random() < 0.25
        count = len(self._days)
        day = rng.randrange(count) if shift else bisect_right(self._days, rng.random() * self._days[-1], hi=count - 1)
        hour = rng.uniform(0, 24) if shift else rng.gauss(10.2, 1.3) if rng.random() < 0.6 else rng.gauss(14.6, 1.6)
        moment = self._start + day * DAY + int((hour - person.place.utc_offset) * HOUR)
        if moment < self._start:
            moment += DAY
        return moment if moment < self._end - _LAST else max(moment - DAY, self._start)

    def _weight(self, day: int) -> float:
        years = (self._end - day) / (365 * DAY)
        return _WEEK[(day // DAY + 3) % 7] * _GROWTH**-years
