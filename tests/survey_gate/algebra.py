"""What follows from sums of some people's answers: by exact linear algebra, and by what 0 and 1 leave room for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.survey_gate.crowds import People, Person

Row = list[Fraction]


@dataclass(frozen=True)
class Sum:
    """So many of these people have done something; `least` and `most` where it is not known exactly."""

    people: People
    least: int
    most: int


class Space:
    """All sums and differences of some sums, as rows with an entry for each person, reduced."""

    def __init__(self, sets: Iterable[People], people: Sequence[Person]) -> None:
        self.people = people
        self.rows: list[tuple[int, Row]] = []  # with the place of the first entry that is not 0, which is 1
        for one in sets:
            self._add(self.row(one))

    def row(self, people: People) -> Row:
        return [Fraction(person in people) for person in self.people]

    def tells(self, people: People) -> bool:
        """Whether the sum over just these people follows."""
        return not any(self._reduced(self.row(people)))

    def _add(self, row: Row) -> None:
        left = self._reduced(row)
        place = next((i for i, entry in enumerate(left) if entry), None)
        if place is None:
            return
        made = [entry / left[place] for entry in left]
        self.rows = [(at, _less(other, made, other[place])) for at, other in self.rows]
        self.rows.append((place, made))

    def _reduced(self, row: Row) -> Row:
        for place, other in self.rows:
            if row[place]:
                row = _less(row, other, row[place])
        return row


def _less(row: Row, other: Row, times: Fraction) -> Row:
    return [entry - times * less for entry, less in zip(row, other, strict=True)] if times else row


def pinned(sums: Iterable[Sum], people: Iterable[Person]) -> dict[Person, bool]:
    """Who must have done it, or cannot have: what is left where some have, each 0 or 1, and the sums are true.

    Sums of sets that lie within one another give others, of what is between them; until nothing new comes of it.
    """
    known = _between({one.people: one for one in sums})
    found: dict[Person, bool] = {}
    while True:
        new: dict[Person, bool] = {}
        for one in known:
            left = [person for person in one.people if person not in found]
            done = sum(found.get(person, False) for person in one.people)
            if one.most == done:
                new |= dict.fromkeys(left, False)
            elif one.least == done + len(left):
                new |= dict.fromkeys(left, True)
        if not new.keys() - found.keys():
            return {person: found[person] for person in people if person in found}
        found |= new


def _between(known: dict[People, Sum]) -> list[Sum]:
    """These, and those of what one set has more than another that lies within it."""
    made = dict(known)
    for one in known.values():
        for other in known.values():
            rest = one.people - other.people
            if other.people < one.people and rest not in made:
                made[rest] = Sum(rest, max(0, one.least - other.most), min(len(rest), one.most - other.least))
    return list(made.values())
