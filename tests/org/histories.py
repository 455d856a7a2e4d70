"""Histories: changes of a company in any order of their days."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.org.choices import CHOICES, GRADES, Move, named
from tests.org.naive import DAYS, Company, Hold, Post, Unit

STEPS = 12


@dataclass(frozen=True)
class Step:
    """A change on a day, or several together; none at all is what longer histories shrink to."""

    day: int
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class History:
    """A company's changes, then days and numbers of what of it is looked at."""

    steps: tuple[Step, ...]
    days: tuple[int, ...]
    looks: tuple[int, ...]


numbers = st.integers(0, 999)
moves = st.builds(
    Move,
    st.sampled_from([choose for choose, often in CHOICES.items() for _ in range(often)]),
    *(numbers, numbers, numbers, st.booleans()),
    st.sampled_from([False] * 7 + [True]),
)
sizes = st.sampled_from([0, 1, 1, 1, 1, 1, 1, 2, 4])
steps = st.builds(
    Step,
    st.sampled_from(range(DAYS)),
    sizes.flatmap(lambda size: st.lists(moves, min_size=size, max_size=size)).map(tuple),
)
histories = st.builds(
    History,
    st.lists(steps, min_size=STEPS, max_size=STEPS).map(tuple),
    st.lists(st.sampled_from(range(-1, DAYS + 1)), min_size=2, max_size=2).map(tuple),
    st.lists(numbers, min_size=5, max_size=5).map(tuple),
)


def founded() -> Company:
    """A company on its first day: two units below a third, a manager of five, somebody beside them and a vacancy."""
    company = Company()
    top, ward, lab = (named(n) for n in (1, 2, 3))
    units = {top: Unit("Top"), ward: Unit("Ward", top), lab: Unit("Laboratory", top)}
    people = [named(n) for n in range(10, 16)]
    posts = [named(n) for n in range(20, 27)]
    for id, unit in units.items():
        company.known[id], company.units[id] = Unit(unit.name), [unit] * DAYS
    for n, post in enumerate(posts):
        what = Post(f"Post {n}", GRADES[n % 3], (None, top, ward, ward, lab, lab, lab)[n])
        company.known[post], company.posts[post] = what, [what] * DAYS
        if n > 1:
            company.solid[post] = [posts[1 if n < 5 else 4]] * DAYS
    for n, person in enumerate(people):
        company.known[person], company.members[person] = f"Founder {n}", [f"Founder {n}"] * DAYS
        company.held[Hold(posts[n], person)] = [True] * DAYS
    return company
