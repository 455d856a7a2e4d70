"""Reporting lines as a whole: the loops that must not be, on any day, and the figures of the chart."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from atrium.imports.report import Chart

Lines = Mapping[uuid.UUID, uuid.UUID]
"""What each thing stands under, where it does."""


@dataclass(frozen=True, slots=True)
class Span:
    """`child` stands under `parent` from a day up to, but not including, another; `change`: the import says so.

    `moves`: it may have stood elsewhere before.
    """

    child: uuid.UUID
    parent: uuid.UUID
    valid_from: date
    valid_to: date
    change: int | None = None
    external_id: str = ""
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop, and the one of its lines that opens it when it is left out."""

    size: int
    opened_by: Span


def loops(spans: Iterable[Span], first: date) -> list[Loop]:
    """The loops on any day from `first` on that an import closes, each once; `spans` come by their first day.

    Of a loop's lines that the import states, the one of the smallest external id is left out, on that day and later:
    whatever the order of the rows. Nothing stands under two things at a time, so loops of a day never meet.
    """
    found: list[Loop] = []
    standing: dict[uuid.UUID, Span] = {}
    for day, begun in itertools.groupby(spans, key=lambda span: max(span.valid_from, first)):
        changed = [span for span in begun if span.valid_to > day]
        standing.update((span.child, span) for span in changed)
        seen: set[uuid.UUID] = set()
        for span in changed:
            loop = _loop(span.child, standing, day, seen)
            candidates = [one for one in loop if one.change is not None]
            if candidates:
                opened_by = min(candidates, key=lambda one: one.external_id)
                del standing[opened_by.child]
                found.append(Loop(len(loop), opened_by))
    return found


def _loop(start: uuid.UUID, standing: Mapping[uuid.UUID, Span], day: date, seen: set[uuid.UUID]) -> list[Span]:
    """The loop at the end of the way up from `start`; empty where there is none, or it was `seen` before."""
    path: dict[uuid.UUID, Span] = {}
    at = start
    while at not in seen:
        seen.add(at)
        span = standing.get(at)
        if span is None or span.valid_to <= day:
            return []
        path[at] = span
        at = span.parent
    if at not in path:
        return []
    return list(path.values())[list(path).index(at) :]


def lines_on(spans: Iterable[Span], day: date, without: Collection[int] = ()) -> dict[uuid.UUID, uuid.UUID]:
    """The lines of a day, but for some changes."""
    return {
        span.child: span.parent
        for span in spans
        if span.valid_from <= day < span.valid_to and (span.change is None or span.change not in without)
    }


def figures(posts: Sequence[uuid.UUID], lines: Lines) -> Chart:
    """The chart that these posts make among themselves; who reports to somebody else is a root of it."""
    inside = set(posts)
    reports: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    level: list[uuid.UUID] = []
    for post in inside:
        manager = lines.get(post)
        if manager is not None and manager in inside:
            reports[manager].append(post)
        else:
            level.append(post)
    roots, depth = len(level), 0
    while level := [report for manager in level for report in reports.get(manager, ())]:
        depth += 1
    return Chart(len(inside), roots, depth, max(map(len, reports.values()), default=0))
