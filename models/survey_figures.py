"""Figures of a question, made of how many gave each answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

DETRACTORS, PASSIVES = 6, 8  # the largest number of each on the scale of recommendation; above are promoters


@dataclass(frozen=True)
class Promoters:
    """How many would recommend, are content, and would not; the score is the difference in percent, -100 to 100."""

    promoters: int
    passives: int
    detractors: int

    @property
    def score(self) -> float | None:
        total = self.promoters + self.passives + self.detractors
        return 100 * (self.promoters - self.detractors) / total if total else None


def average(counts: Sequence[int], least: int = 0) -> float | None:
    """The mean of numbers from `least` on, given so often each; None of none."""
    total = sum(counts)
    return sum(number * count for number, count in enumerate(counts, least)) / total if total else None


def median(counts: Sequence[int], least: int = 0) -> float | None:
    """The number in the middle, or half way between the two; None of none."""
    total = sum(counts)
    if total == 0:
        return None
    return (_at(counts, (total - 1) // 2) + _at(counts, total // 2)) / 2 + least


def deviation(counts: Sequence[int], least: int = 0) -> float | None:
    """The standard deviation, of these and not of a larger crowd; None of none."""
    mean = average(counts, least)
    if mean is None:
        return None
    return sqrt(sum(count * (number - mean) ** 2 for number, count in enumerate(counts, least)) / sum(counts))


def promoters(counts: Sequence[int]) -> Promoters:
    """Of counts of the numbers 0 to 10."""
    ends = slice(PASSIVES + 1, None), slice(DETRACTORS + 1, PASSIVES + 1), slice(DETRACTORS + 1)
    return Promoters(*(sum(counts[end]) for end in ends))


def grid(counts: Sequence[int], width: int) -> Iterator[Sequence[int]]:
    """The rows of counts that stand one behind the other."""
    for start in range(0, len(counts), width):
        yield counts[start : start + width]


def _at(counts: Sequence[int], place: int) -> int:
    """The number at a place of all that were given, in their order from 0."""
    for number, count in enumerate(counts):
        place -= count
        if place < 0:
            return number
    raise IndexError("there are fewer numbers than that")
