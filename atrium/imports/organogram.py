"""Organograms as UK central government publishes them: a file of senior posts, and one of junior posts below them.

The post is the key. A named person is known by their name within the source, so whoever holds two posts is one person.
A post of several rows is shared, or was reported once filled and once not: then the filled row is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from pathlib import Path

from atrium.imports.csvfile import opened
from atrium.imports.engine import ABSENT_SHARE, Order, fingerprint, run_import
from atrium.imports.files import shown
from atrium.imports.organogram_junior import JuniorPosts, read_junior
from atrium.imports.organogram_rows import (
    NO_POST,
    SENIOR,
    SENIOR_NEEDED,
    Occupancy,
    PostRow,
    known,
    own,
    post_row,
    sheet,
    unit_id,
)
from atrium.imports.records import Mode, Record, Type
from atrium.imports.report import Code, NotDone, Progress, Reason, Report, unwatched
from models.clock import Clock

REF = "Post Unique Reference"

Posts = Mapping[str, Sequence[PostRow]]
"""The rows of each post by its reference; the one whose facts are taken comes first."""


@dataclass(frozen=True)
class Organogram:
    """What a pair of files says; `source` is the body that they are about, None where they name several."""

    source: str | None
    records: Sequence[Record]


async def import_organogram(
    senior: Path,
    junior: Path | None,
    *,
    clock: Clock,
    zone: tzinfo = UTC,
    source: str | None = None,
    mode: Mode = Mode.PARTIAL,
    effective: date | None = None,
    dry_run: bool = False,
    absent_share: float = ABSENT_SHARE,
    errors_max: int | None = None,
    with_junior: bool = False,
    progress: Progress = unwatched,
) -> Report:
    """Make the posts of a body as a pair of files has them; the source is the body, if not named. Raises `NotDone`."""
    order = Order(
        source or _source(senior),
        fingerprint(senior, *([junior] if junior else []), reading=f"organogram:{with_junior}"),
        mode,
        effective,
        dry_run,
        absent_share,
        errors_max,
    )

    def records(report: Report) -> Iterable[Record]:
        return read_organogram(senior, junior, report, with_junior=with_junior, progress=progress).records

    return await run_import(records, order, clock=clock, zone=zone, progress=progress)


def _source(senior: Path) -> str:
    found = read_organogram(senior, None, Report()).source
    if found is None:
        raise NotDone(
            Reason.BAD_SOURCE, f"{shown(senior)} is about several bodies, or names none. Name the source with --source."
        )
    return found


def read_organogram(
    senior: Path, junior: Path | None, report: Report, *, with_junior: bool = False, progress: Progress = unwatched
) -> Organogram:
    """Read a pair of files, in memory: some thousands of rows. Raises `NotDone`.

    Junior posts have no references: they are counted in the report, and become posts only `with_junior`.
    """
    rows = _read_senior(senior, report, progress)
    below = read_junior(junior, report, progress) if junior else JuniorPosts()
    if junior and not with_junior:
        below.tell(junior, report)
        below = JuniorPosts()
    posts = _posts(rows, report)
    units = [*((row.unit, row.line) for row in rows), *((kind.unit, below.lines[kind]) for kind in below.fte)]
    records = [*_units(units), *_people(rows, report), *_positions(posts), *_holdings(posts), *below.records()]
    return Organogram(_body(rows), records)


def _read_senior(path: Path, report: Report, progress: Progress) -> list[PostRow]:
    """The rows that have a reference."""
    rows: list[PostRow] = []
    with opened(path, known) as table:
        for line, cells in sheet(table, SENIOR, SENIOR_NEEDED, "senior", report).rows():
            if cells["ref"]:
                rows.append(post_row(line, cells))
            else:
                message = "This row has no Post Unique Reference: it was left out. Give it one."
                report.reject(line, None, Code.MISSING_FIELD, REF, message, type=Type.POSITION)
        progress(table.size, table.size, "reading")
    if not rows:
        raise NotDone(Reason.NO_ROWS, f"{shown(path)} has a header but no rows: there is nothing to import.")
    return rows


def _body(rows: Iterable[PostRow]) -> str | None:
    """The one organisation of the rows, or else the one department."""
    for names in ({row.organisation for row in rows}, {row.department for row in rows}):
        if len(names) == 1 and (name := names.pop()):
            return name
    return None


def _posts(rows: Iterable[PostRow], report: Report) -> Posts:
    """The rows that tell of each post. What an empty row says beside a filled one is left aside."""
    found: dict[str, list[PostRow]] = {}
    for row in rows:
        if row.ref != NO_POST:
            found.setdefault(row.ref, []).append(row)
    return {ref: _settled(alike, report) for ref, alike in found.items()}


def _settled(rows: Sequence[PostRow], report: Report) -> list[PostRow]:
    """The rows of one post that count, the last of those that say most of its holder first."""
    most = max(row.occupancy for row in rows)
    best = next(row for row in reversed(rows) if row.occupancy is most)
    taken = {_holder(best): best}
    for row in rows:
        if row is best:
            continue
        shares = row.occupancy is not Occupancy.VACANT and _holder(row) not in taken
        if shares:
            taken[_holder(row)] = row
        if not shares or row.facts != best.facts:
            what = "what it says of the post" if shares else "it"
            message = f"The post {row.ref} is on line {best.line} too: that row was taken, {what} left aside."
            report.of(Type.POSITION).skipped += not shares
            report.warn(row.line, row.ref, Code.DUPLICATE_ID, REF, message, type=Type.POSITION)
    return list(taken.values())


def _holder(row: PostRow) -> str | None:
    return person_id(row.name) if row.occupancy is Occupancy.NAMED else None


def person_id(name: str) -> str:
    """A person's id within the source: their name with its honorifics, whatever its case and spaces."""
    return own(" ".join(name.casefold().split()))


def _units(places: Iterable[tuple[Sequence[str], int]]) -> Iterator[Record]:
    """Every unit once, those above before those below."""
    told: set[str] = set()
    for path, line in places:
        for depth in range(1, len(path) + 1):
            id = unit_id(path[:depth])
            if id not in told:
                told.add(id)
                parent = unit_id(path[: depth - 1]) if depth > 1 else None
                yield Record(Type.ORG_UNIT, line, id, {"name": path[depth - 1], "parent": parent})


def _people(rows: Iterable[PostRow], report: Report) -> Iterator[Record]:
    """Everybody who is named, once; whoever has no post too, as they are paid."""
    told: set[str] = set()
    for row in rows:
        id = person_id(row.name)
        if row.ref == NO_POST:
            is_named = row.occupancy is Occupancy.NAMED
            message = f"This row is paid but has no post: {'only the person' if is_named else 'nothing'} was taken."
            report.warn(row.line, row.ref, Code.NO_POST, REF, message, type=Type.POSITION)
        if row.occupancy is Occupancy.NAMED and id not in told:
            told.add(id)
            yield Record(Type.PERSON, row.line, id, {"name": row.name})


def _positions(posts: Posts) -> Iterator[Record]:
    for ref, (row, *_) in posts.items():
        facts = {
            "title": row.title,
            "grade": row.grade or None,
            "org_unit": unit_id(row.unit) if row.unit else None,
            "reports_to": row.reports_to or None,
        }
        yield Record(Type.POSITION, row.line, ref, facts)


def _holdings(posts: Posts) -> Iterator[Record]:
    """Who holds each post; nobody holds a vacant one, and somebody who is not told an undisclosed one."""
    for ref, rows in posts.items():
        for row in rows:
            if row.occupancy is not Occupancy.VACANT:
                yield Record(Type.HOLDING, row.line, "", {"position": ref, "person": _holder(row)})
