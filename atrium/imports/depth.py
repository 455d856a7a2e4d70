"""How deep units would nest by an import: the rows by which it is too deep are left out."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from atrium.imports.lines import Span, loops
from atrium.imports.opening import DROP_PARENTS, UNITS, first_stated, spans
from atrium.imports.records import Type
from atrium.imports.report import Code, Report
from models import db
from models.org import UNIT_DEPTH_MAX

Place = tuple[int, int | None]
"""How many levels deep a thing stands, and the change of the import that has put it there; None: no change has."""

DROP_ROWS = """
WITH deep AS (SELECT id, external_id, line FROM import_fact WHERE id = ANY($2::bigint[])), dropped AS (
    DELETE FROM import_record r USING deep
    WHERE r.run_id = $1 AND r.type = 'org_unit' AND r.external_id = deep.external_id
)
SELECT id, external_id, line FROM deep ORDER BY line, id
"""
FORGET = "DELETE FROM import_fact WHERE run_id = $1"
LINES_OF = "SELECT id, external_id, line FROM import_fact WHERE id = ANY($1::bigint[]) ORDER BY line, id"


async def leave_out_deep_units(run: uuid.UUID, day: date, report: Report) -> bool:
    """Leave out the rows of units by which any would nest too deep; whether there were any: then compare anew."""
    deep = await _deep_units(run, day)
    if not deep:
        return False
    told: set[str] = set()
    for row in await db.rows(DROP_ROWS, run, sorted(deep)):
        if row["external_id"] not in told:
            told.add(row["external_id"])
            message = f"{_sentence(deep[row['id']])}: this row was left out. Choose a parent further up."
            report.reject(row["line"], row["external_id"], Code.TOO_DEEP, "parent", message, type=Type.ORG_UNIT)
    await db.execute(FORGET, run)
    return True


async def lift_deep_units(run: uuid.UUID, day: date, report: Report) -> set[int]:
    """Make roots of units that would nest too deep by what somebody else has done meanwhile; the changes concerned."""
    lifted: set[int] = set()
    while deep := await _deep_units(run, day):
        highest = sorted(change for change, levels in deep.items() if levels == min(deep.values()))
        for row in await db.rows(LINES_OF, highest):
            message = f"{_sentence(deep[row['id']])}: the unit became a root. Choose a parent further up."
            report.error(row["line"], row["external_id"], Code.TOO_DEEP, "parent", message, type=Type.ORG_UNIT)
        await db.execute(DROP_PARENTS, highest)
        lifted.update(highest)  # those below them come along
    return lifted


def _sentence(levels: int) -> str:
    return f"Units nest at most {UNIT_DEPTH_MAX} levels deep, and with this parent there would be {levels}"


async def _deep_units(run: uuid.UUID, day: date) -> dict[int, int]:
    found = await spans(run, UNITS, day)
    first = first_stated(found)
    if first is None:
        return {}
    opened = {loop.opened_by.change for loop in loops(found, first)}
    return too_deep([one for one in found if one.change is None or one.change not in opened], first, UNIT_DEPTH_MAX)


def too_deep(spans: Sequence[Span], first: date, most: int) -> dict[int, int]:
    """The changes by which something stands more than `most` levels deep on a day from `first` on, and how deep.

    It is the change that moves the thing itself, else the nearest one above it: whatever the order of the rows. What
    was too deep before is no change's fault. `spans` come by their first day, and close no loops.
    """
    found: dict[int, int] = {}
    tree = _Tree()
    for day, begun in itertools.groupby(spans, key=lambda span: max(span.valid_from, first)):
        for levels, change in tree.begin([span for span in begun if span.valid_to > day], day):
            if levels > most and change is not None:
                found[change] = max(levels, found.get(change, 0))
    return found


@dataclass
class _Tree:
    """What stands under what, from day to day."""

    standing: dict[uuid.UUID, Span] = field(default_factory=dict[uuid.UUID, Span])
    below: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=lambda: defaultdict(set[uuid.UUID]))

    def begin(self, spans: Sequence[Span], day: date) -> Iterable[Place]:
        """Let some begin on a day; the places of what stands elsewhere by them, itself or with what it stands under."""
        for span in spans:
            if before := self.standing.get(span.child):
                self.below[before.parent].discard(span.child)
            self.standing[span.child] = span
            self.below[span.parent].add(span.child)
        known: dict[uuid.UUID, Place] = {}
        reached = {span.child: self._climb(span.child, day, known) for span in spans}
        waiting = list(reached)
        for thing in waiting:  # it grows meanwhile
            for child in self.below.get(thing, ()):
                span = self._above(child, day)
                if span is not None and child not in reached:
                    reached[child] = _under(reached[thing], span)
                    waiting.append(child)
        return reached.values()

    def _climb(self, thing: uuid.UUID, day: date, known: dict[uuid.UUID, Place]) -> Place:
        way: list[Span] = []
        while thing not in known and (span := self._above(thing, day)) is not None:
            way.append(span)
            thing = span.parent
        place = known.setdefault(thing, (1, None))
        for span in reversed(way):
            place = known[span.child] = _under(place, span)
        return place

    def _above(self, thing: uuid.UUID, day: date) -> Span | None:
        span = self.standing.get(thing)
        return span if span is not None and day < span.valid_to else None


def _under(place: Place, span: Span) -> Place:
    return place[0] + 1, span.change if span.moves else place[1]
