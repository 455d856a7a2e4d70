"""A company on a day as the product shows it, next to what plain lists of days say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from auth.viewer import Viewer
from execution.ids import encode_id
from models import chart as charts
from models import db, headcounts, lines
from models.days import on_day
from models.org import OrgUnit
from models.people import Person
from models.positions import Position
from tests.conftest import Ask
from tests.factories.changes import TODAY
from tests.org.calendar import date_of
from tests.org.naive import DAYS, Company, Id, Post, Unit

Shown = list[tuple[Any, ...]]


def alike(what: str, found: Any, expected: Any) -> None:
    """Fail unless what is found is what is expected; of two books tell only what differs."""
    if isinstance(found, dict):
        found, expected = _differing(found, expected), _differing(expected, found)  # pyright: ignore
    assert found == expected, f"{what}\n  found    {found}\n  expected {expected}"


class Look:
    """One look at a company on a day; the day before the first one and the one after the last may be asked for."""

    def __init__(self, company: Company, day: int) -> None:
        self.date = date_of(day)
        self.company = company if day >= 0 else Company(known=company.known)
        self.day = min(max(day, 0), DAYS - 1)

    async def at_all(self) -> None:
        """Compare everybody and everything."""
        await self._at_things()
        await self._at_lines()
        await self._at_head_counts(None)

    async def closely(self, ask: Ask, viewer: Viewer, looks: Sequence[int]) -> None:
        """Compare, as a client sees it, what a few numbers pick."""
        people, units, posts = (self._all(of) for of in (str, Unit, Post))
        for number, (of, ids) in zip(
            looks, (("Person", people), ("OrgUnit", units), ("Position", posts)), strict=False
        ):
            await self._at_chart(ask, viewer, of, ids[number % len(ids)], depth=number % 5)
        await self._at_line(ask, viewer, people[looks[3] % len(people)])
        await self._at_head_counts(units[looks[4] % len(units)])

    async def _at_things(self) -> None:
        company, day = self.company, self.day
        people = {id: (name, *self._place(id)) for id, name in company.members.on(day)}
        alike("people", await self._rows(Person, "name, position_id, title, unit_id"), people)
        units, posts = dict(company.units.on(day)), dict(company.posts.on(day))
        alike("units", await self._rows(OrgUnit, "name, parent_id, head_id, deputy_id"), units)
        alike("positions", await self._rows(Position, "title, grade, unit_id"), posts)

    async def _at_lines(self) -> None:
        company, day = self.company, self.day
        people = self._all(str)
        found: dict[Id, list[tuple[Id, int]]] = {person: [] for person in people}
        for row in await lines.above(people, self.date):
            found[row["_start"]].append((row["_person"], row["_step"]))
        alike("above", found, {person: company.above(person, day) for person in people})
        counts = {person: len(reports) for person in people if (reports := company.reports(person, day))}
        for is_today in {False, self.date == TODAY}:
            rows = await lines.report_counts(people, self.date, is_today=is_today)
            alike("numbers of reports", {row[0]: row[1] for row in rows}, counts)

    async def _at_head_counts(self, unit: Id | None) -> None:
        alike("head-counts", await self._head_counts(unit), self._counted(unit))

    async def _at_chart(self, ask: Ask, viewer: Viewer, of: str, id: Id, depth: int) -> None:
        roots, as_of = self._roots(of, id), self.date.isoformat()
        expected = self._chart(roots, depth)
        rows = await charts.chart(roots, depth, self.date)
        alike("chart", [(r["id"], r["parent_id"], r["depth"], *_entry(r)) for r in rows], expected)
        found = (await ask(viewer, "org/org_chart", root_id=encode_id(of, id), depth=depth, as_of=as_of))["orgChart"]
        alike("chart as shown", [_shown(entry) for entry in found["entries"]], [_as_shown(one) for one in expected])

    async def _at_line(self, ask: Ask, viewer: Viewer, id: Id) -> None:
        company, day = self.company, self.day
        asked = {"id": encode_id("Person", id), "first": 100, "as_of": self.date.isoformat()}
        found = (await ask(viewer, "lines/line", **asked))["person"]
        if (name := company.members[id][day]) is None:
            assert found is None or self.date == TODAY  # when whoever has left is shown as they were last
            return
        above, reports = company.above(id, day), company.reports(id, day)
        peers = company.reports(above[0][0], day) - {id} if above else set[Id]()
        alike("name", found["name"], name)
        alike("positions", _ids(found["positions"]), [encode_id("Position", post) for post in company.held_by(id, day)])
        alike("chain", _ids(found["managerChain"]), [encode_id("Person", one) for one, _ in above])
        alike("interim", found["managerIsInterim"], bool(above) and above[0][1] > 1)
        alike("reports", _everybody(found["reports"]), Counter(encode_id("Person", one) for one in reports))
        alike("number of reports", found["reportCount"], len(reports))
        alike("peers", _everybody(found["peers"]), Counter(encode_id("Person", one) for one in peers))

    def _all(self, of: type) -> list[Id]:
        return [id for id, said in self.company.known.items() if isinstance(said, of)]

    def _place(self, person: Id) -> tuple[Id | None, str, Id | None]:
        place = self.company.place(person, self.day)
        return (self.company.held_by(person, self.day)[0], place.title, place.unit) if place else (None, "", None)

    async def _rows(self, model: Any, columns: str) -> dict[Id, tuple[Any, ...]]:
        rows = await db.rows(f"SELECT id, {columns} FROM {on_day(model, '$1')} r", self.date)
        return {row[0]: tuple(row)[1:] for row in rows}

    def _roots(self, of: str, id: Id) -> list[Id]:
        """Where a chart begins: at positions of which none is below another."""
        company, day = self.company, self.day
        match of:
            case "Position":
                return [id] if company.posts[id][day] else []
            case "Person":
                held = company.held_by(id, day)
                return [post for post in held if not {*self._up(post)[1:]}.intersection(held)]
            case _:
                units = company.within(id, day)
                inside = sorted(post for post, what in company.posts.on(day) if what.unit in units)
                return [post for post in inside if company.solid[post][day] not in inside]

    def _up(self, post: Id) -> list[Id]:
        way = [post]
        while (manager := self.company.solid[way[-1]][self.day]) is not None:
            way.append(manager)
        return way

    def _chart(self, roots: list[Id], depth: int) -> Shown:
        level: list[tuple[Id, Id | None]] = [(post, None) for post in roots]
        found: Shown = []
        for step in range(depth + 1):
            found += sorted(((post, above, step, *self._entry(post)) for post, above in level), key=_order)
            level = [(below, post) for post, _ in level for below in self.company.below(post, self.day)]
        return found

    def _entry(self, post: Id) -> tuple[Any, ...]:
        company, day = self.company, self.day
        what = company.posts[post][day] or Post()
        named = sorted((company.members[one][day] or "", one) for one in company.holders(post, day))
        return (*what, [one for _, one in named], [name for name, _ in named], company.is_held(post, day),
                len(company.below(post, day)))  # fmt: skip

    async def _head_counts(self, unit: Id | None) -> dict[Any, tuple[int, ...]]:
        rows = await headcounts.counts(unit, self.date)
        return {(r["by"], r["grade"], r["unit_id"]): (r["positions"], r["people"], r["vacancies"]) for r in rows}

    def _counted(self, unit: Id | None) -> dict[Any, tuple[int, ...]]:
        company, day = self.company, self.day
        parts: dict[Any, list[Id]] = {("all", None, None): []}
        for post, what in company.posts.on(day):
            above: list[Id | None] = [*company.units_above(what.unit, day), None]
            if unit not in above:
                continue
            part = above[above.index(unit) - 1] if above.index(unit) else None
            for key in (("all", None, None), ("grade", what.grade, None), ("unit", None, part)):
                parts.setdefault(key, []).append(post)
        return {key: self._figures(posts) for key, posts in parts.items()}

    def _figures(self, posts: list[Id]) -> tuple[int, int, int]:
        company, day = self.company, self.day
        people = {one for post in posts for one in company.holders(post, day)}
        return len(posts), len(people), sum(not company.is_held(post, day) for post in posts)


def _differing(book: dict[Any, Any], other: dict[Any, Any]) -> dict[Any, Any]:
    """What of a book is not in the other one."""
    return {key: said for key, said in book.items() if key not in other or other[key] != said}


def _order(entry: tuple[Any, ...]) -> tuple[Any, ...]:
    """Of the entries of a level: by the first name, those without one last, then by title."""
    names, title = entry[7], entry[3]
    return (not names, names[:1], title, entry[0])


def _entry(row: Any) -> tuple[Any, ...]:
    return (row["title"], row["grade"], row["unit_id"], row["people"] or [], row["names"] or [], row["held"],
            row["report_count"])  # fmt: skip


def _as_shown(entry: tuple[Any, ...]) -> tuple[Any, ...]:
    id, above, depth, title, grade, _, _, names, held, reports = entry
    occupancy = "FILLED" if names else "UNDISCLOSED" if held else "VACANT"
    return (str(id), above and str(above), depth, title or None, grade, occupancy, names, reports)


def _shown(entry: dict[str, Any]) -> tuple[Any, ...]:
    names = [holder["name"] for holder in entry["holders"]]
    values = [entry[name] for name in ("key", "parentKey", "depth", "title", "grade", "occupancy")]
    return (*values[:3], values[3] or None, *values[4:], names, entry["reportCount"])


def _ids(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["id"] for node in nodes]


def _everybody(page: dict[str, Any]) -> Counter[str]:
    assert page["totalCount"] == len(page["nodes"])
    return Counter(_ids(page["nodes"]))
