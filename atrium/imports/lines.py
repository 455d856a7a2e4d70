"""Reporting lines as a whole: the loops that must not be, and the figures of the chart."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping

from atrium.imports.report import Chart

Lines = Mapping[uuid.UUID, uuid.UUID]
"""Each person's manager; who has none is not in it."""


def loops(lines: Lines) -> list[list[uuid.UUID]]:
    """All loops, each once, in no order that means anything; a person who is their own manager is one.

    Nobody has two managers, so loops never meet: dropping one line of each leaves none.
    """
    found: list[list[uuid.UUID]] = []
    seen: set[uuid.UUID] = set()
    for start in lines:
        path: dict[uuid.UUID, int] = {}
        person: uuid.UUID | None = start
        while person is not None and person not in seen:
            seen.add(person)
            path[person] = len(path)
            person = lines.get(person)
        if person is not None and person in path:
            found.append(list(path)[path[person] :])
    return found


def figures(posts: Collection[uuid.UUID], lines: Lines) -> Chart:
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
