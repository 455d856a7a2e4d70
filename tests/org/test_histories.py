"""Any history, told in any order, is what a plain list of days says: on every day, and in the rows of today."""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import chain, count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings

from models import db
from models.errors import DomainError, ErrorCode
from models.people import Person
from models.session import Role
from models.timeline import ORG
from resolvers.changes.accounts import ADMINS
from resolvers.changes.effects import take_effect
from resolvers.changes.kinds import KINDS, DissolveUnit, EndPosition, OrgChange, Rehire
from resolvers.changes.making import enact
from resolvers.changes.rehearsal import rehearse
from resolvers.context import Context
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.changes import turn_to
from tests.factories.session import a_role, as_viewer
from tests.org import stored
from tests.org.calendar import PAST, date_of, day_of
from tests.org.choices import OBSERVER, Chooser
from tests.org.histories import History, Step, founded, histories
from tests.org.looking import Look, alike
from tests.org.naive import DAYS, Company, Id
from tests.org.present import Present
from tests.org.replay import Refused, Replay, StoredLine, loops, rings

LONG = bool(os.environ.get("ATRIUM_FUZZ"))
HISTORIES = 50  # of a round
ROUNDS = 40 if LONG else 4


@dataclass
class Tally:
    """What was made and what was refused, by kind."""

    histories: int = 0
    made: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    agreed: bool = False


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    counted = Tally()
    yield counted
    if counted.agreed:
        made, refused = counted.made, counted.refused
        print(f"\n{counted.histories} histories agree: {made.total()} changes made, {refused.total()} refused")
        print(f"made {dict(made)}\nrefused {dict(refused)}")
        if counted.histories >= ROUNDS * HISTORIES:  # all rounds were run
            assert made.keys() >= {*KINDS, "together"}, "some kinds of changes were never made: choose them more often"
            assert made.total() > refused.total() > made.total() / 10, "the histories are lopsided"


def told(number: int) -> Any:
    """A test of a round of histories: the same ones each time or, where it is long, others."""

    @pytest.mark.fuzz
    @settings(
        max_examples=HISTORIES,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(history=histories)
    async def told_history(tally: Tally, ask: Ask, history: History) -> None:
        tally.agreed = False
        life = await Life.begin(ask, tally)
        for step in filter(lambda step: step.moves, history.steps):
            await life.go_on(step)
        await life.compare(history)
        await life.live_on()
        tally.histories, tally.agreed = tally.histories + 1, True

    return told_history if LONG else seed(number)(told_history)


# In rounds: a test that goes on for minutes is taken for one that hangs.
globals().update({f"test_any_history_is_what_the_days_say_{number}": told(number) for number in range(ROUNDS)})


class Life:
    """A company in both forms: as the product stores it, and as plain lists of days."""

    def __init__(self, ask: Ask, tally: Tally, company: Company) -> None:
        self.ask, self.tally, self.company, self.present = ask, tally, company, Present()
        self.numbers = count()

    @classmethod
    async def begin(cls, ask: Ask, tally: Tally) -> Life:
        clock = ask.services.clock
        assert isinstance(clock, TurnedClock)
        clock.time = datetime.combine(date_of(PAST), time(9), tzinfo=UTC)
        await stored.clear()
        life = cls(ask, tally, founded())
        await stored.store(life.company)
        await a_role(await Person.get(id=OBSERVER), Role.HR)
        life.present.follow(life.company, PAST)
        return life

    async def go_on(self, step: Step) -> None:
        """Make a step's changes in both forms, together or not at all."""
        lines = await stored.lines()
        changes = self._changes(step, lines)
        note(f"from day {step.day} on: {', '.join(map(str, changes))}")
        replay = Replay(self.company, step.day, day_of, lines=dict(lines))
        made = await (self._one(changes[0], replay) if len(changes) == 1 else self._several(changes, replay))
        if made:
            for change in changes:
                if isinstance(change, Rehire):
                    self.present.start_anew(change.person)
            self.company = replay.company
            self.present.follow(self.company, PAST)

    async def compare(self, history: History) -> None:
        """Compare all days in what is stored, and some in what is shown."""
        facts, rows = await stored.facts()
        expected = stored.told(self.company)
        for book, found in stored.told(facts).items():
            alike(book, found, expected[book])
        alike("rows", rows, stored.count(self.company))
        assert not any(loops(facts, day) or rings(facts, day) for day in range(DAYS))
        await self._compare_present()
        viewer = await as_viewer(await Person.get(id=OBSERVER), self.ask.services.clock.now())
        for day in history.days:
            look = Look(self.company, day)
            await look.at_all()
            await look.closely(self.ask, viewer, history.looks)
        await Look(self.company, PAST).at_all()

    async def live_on(self) -> None:
        """Let the days to come begin, one after the other."""
        for day in range(PAST + 1, DAYS):
            await turn_to(self.ask.services, date_of(day))
            self.present.follow(self.company, day)
            await self._compare_present()

    def _changes(self, step: Step, lines: Sequence[tuple[Id, StoredLine]]) -> list[OrgChange]:
        """What to change, each on what those before it would leave."""
        scratch = Replay(self.company, step.day, day_of, lines=dict(lines))
        if len(step.moves) > 1:  # after a change the id of a line may mean another one
            lines = []
        found: list[OrgChange] = []
        for move in step.moves:
            chooser = Chooser(scratch.company, step.day, lines, lambda: next(self.numbers))
            found.append(move.choose(chooser, move))
            try:
                scratch.make(found[-1])
            except Refused:
                continue
        return found

    async def _one(self, change: OrgChange, replay: Replay) -> bool:
        """Make a change in both forms; whether it was made."""
        ctx = Context(self.ask.services, None)
        try:
            await enact(ctx, change, date_of(replay.day))
            code = ""
        except DomainError as refusal:
            code = refusal.code.value
        positions = {row[0] for row in await db.rows("SELECT id FROM position")}
        assert self._naively(change, positions, replay, finish=True) == code, (change, replay.day)
        (self.tally.refused if code else self.tally.made)[f"{change.kind} {code}".strip()] += 1
        return not code

    async def _several(self, changes: list[OrgChange], replay: Replay) -> bool:
        """Make several changes together in both forms; whether they were made."""
        ctx = Context(self.ask.services, None)
        obstacles: set[tuple[int | None, str]] = set()
        positions: dict[int, set[Id]] = {}
        try:
            async with ctx.transaction(ORG, ADMINS):
                done = await rehearse(changes, date_of(replay.day), ctx.now())
                found = [one for one in done.obstacles if one.code != ErrorCode.HEADLESS_UNIT]
                obstacles.update((one.index, one.code.value) for one in found)
                positions.update((id(change), ledger.positions) for change, ledger in done.made)
                if obstacles:
                    raise _Undone
                await take_effect(ctx, done.ledger)
        except _Undone:
            pass
        naive: set[tuple[int | None, str]] = set()
        for index, change in enumerate(changes):
            code = self._naively(change, positions.get(id(change), set()), replay, finish=False)
            naive |= {(index, code)} if code else set()
        try:
            replay.finish()
        except Refused as refusal:
            naive.add((None, str(refusal)))
        assert naive == obstacles, (changes, replay.day)
        (self.tally.refused if obstacles else self.tally.made)["together"] += 1
        return not obstacles

    def _naively(self, change: OrgChange, positions: set[Id], replay: Replay, *, finish: bool) -> str:
        """Make a change in plain lists; why it was refused. What it makes has the ids that the product has made."""
        fresh = sorted(positions - replay.company.known.keys() - {change.about})
        replay.fresh = chain(fresh, iter(uuid.uuid4, None))
        try:
            replay.make(change)
            if finish:
                replay.finish(ends=isinstance(change, EndPosition | DissolveUnit))
        except Refused as refusal:
            return str(refusal)
        assert replay.company.known.keys() >= set(fresh)
        return ""

    async def _compare_present(self) -> None:
        found = await stored.present()
        alike("people", found.people, self.present.people)
        alike("units", found.units, self.present.units)
        alike("positions", found.posts, self.present.posts)
        alike("kept audiences", found.kept, self.present.kept)
        alike("closure", await stored.closure(), self.present.closure())


class _Undone(Exception):
    """The transaction in which changes were tried is not to last."""
