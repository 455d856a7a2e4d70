"""Import and export of generated people, by the commands: time, memory, and that nothing is written twice."""

from __future__ import annotations

import csv
import filecmp
import json
import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import orjson

from atrium.demo.company import Company
from atrium.demo.records import Person, Unit
from atrium.embedded.postgres import Postgres
from bench.commands import Ran, atrium, engine
from bench.goals import Goal

SOURCE = "hr"
DIVISION = 2  # the depth of the units that the CSV calls divisions

# Of a run itself there is always something to write down.
OF_RUNS = "'import_run', 'import_record', 'import_fact', 'import_touch', 'tortoise_migrations'"
WRITTEN = f"""
SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables WHERE relname NOT IN ({OF_RUNS})
"""
EVENTS = "SELECT count(*) FROM event"

SECONDS_MAX = 60.0  # of a first import of 30,000 people
MEMORY_MAX = {30_000: 300, 192_000: 500}  # MB, up to so many people
LONGER_MAX = 7.0  # an import of 192,000 against one of 30,000
AGAIN_MAX = 0.33  # the same import again, of the time of the first
TOLD = ("seconds", "own CPU", "server CPU", "peak MB")
LARGE = 30_000  # people; with fewer, the start of a command outweighs its work


def measure(sizes: list[int]) -> tuple[dict[str, Any], list[Goal]]:
    """Figures by size, and goals: files of people in CSV and JSONL imported, exported, and imported again.

    The smallest size is left out: a command's start would outweigh its work.
    """
    figures: dict[str, Any] = {}
    goals: list[Goal] = []
    sizes = sizes[1:]
    for people in sizes:
        with engine() as (postgres, folder):
            files = written(folder, people)
            found = {name: _twice(postgres, folder, name, file) for name, file in files.items()}
            found["export"] = _round_trip(postgres, folder, "jsonl")
        figures[f"{people:,}"] = found
        goals += _goals(people, found)
    if len(sizes) > 1:
        goals += [_longer(figures, sizes[0], sizes[-1], name) for name in ("csv", "jsonl")]
    return figures, goals


def show(figures: dict[str, Any]) -> None:
    """A table for people."""
    print(f"\n{'people':>8}  {'step':22}" + "".join(f"{name:>12}" for name in TOLD))
    for people, parts in figures.items():
        for part, steps in parts.items():
            for step, took in steps.items():
                if isinstance(took, dict):
                    row = cast("dict[str, float]", took)
                    told = "".join(f"{row[name]:>12}" for name in TOLD)
                    print(f"{people:>8}  {step if part == 'export' else f'{part}, {step}':22}{told}")
    print()


def written(folder: Path, people: int) -> dict[str, Path]:
    """A CSV and a JSONL file of the same people; made by another process, so that this one stays small."""
    files = {"csv": folder / "people.csv", "jsonl": folder / "people.jsonl"}
    writer = multiprocessing.get_context("spawn").Process(target=_write, args=(people, files["csv"], files["jsonl"]))
    writer.start()
    writer.join()
    if writer.exitcode:
        raise SystemExit("The files to import could not be made.")
    return files


def _twice(postgres: Postgres, folder: Path, name: str, file: Path) -> dict[str, Any]:
    """Import a file into an empty database, and again."""
    _empty(postgres, folder, name)
    kind = "people" if name == "csv" else "jsonl"
    first = atrium(postgres, folder, name, "import", kind, str(file), "--source", SOURCE)
    rows, events = _counted(postgres, name)
    second = atrium(postgres, folder, name, "import", kind, str(file), "--source", SOURCE)
    rows_after, events_after = _counted(postgres, name)
    return {
        "people": json.loads(first.out)["people"]["created"],
        "first": _told(first),
        "second": _told(second),
        "rows of the first": rows,
        "rows of the second": rows_after - rows,
        "events of the second": events_after - events,
    }


def _round_trip(postgres: Postgres, folder: Path, name: str) -> dict[str, Any]:
    """Export a database, bring that into an empty one, and export this."""
    one, other = folder / "one.jsonl", folder / "other.jsonl"
    export = atrium(postgres, folder, name, "export", str(one))
    _empty(postgres, folder, "again")
    back = atrium(postgres, folder, "again", "import", "jsonl", str(one))
    atrium(postgres, folder, "again", "export", str(other))
    return {
        "size, MB": round(one.stat().st_size / 1e6, 1),
        "export": _told(export),
        "import of it": _told(back),
        "same file again": filecmp.cmp(one, other, shallow=False),
    }


def _empty(postgres: Postgres, folder: Path, name: str) -> None:
    postgres.create_database(name)
    atrium(postgres, folder, name, "migrate")


def _counted(postgres: Postgres, name: str) -> tuple[int, int]:
    """How many rows have been written so far, and how many events."""
    return int(postgres.execute(WRITTEN, name)), int(postgres.execute(EVENTS, name))


def _told(ran: Ran) -> dict[str, float]:
    spent = {"own CPU": round(ran.own, 1), "server CPU": round(ran.server, 1)}
    return {"seconds": round(ran.seconds, 1), **spent, "peak MB": ran.peak}


def _goals(people: int, found: dict[str, Any]) -> Iterator[Goal]:
    memory = next((most for size, most in MEMORY_MAX.items() if people <= size), None)
    for name in ("csv", "jsonl"):
        of, first, second = f"{name}, {people:,} people", found[name]["first"], found[name]["second"]
        if people <= min(MEMORY_MAX):
            yield Goal(f"{of}: seconds of the first import", first["seconds"], SECONDS_MAX)
        if memory:
            yield Goal(f"{of}: peak MB", max(first["peak MB"], second["peak MB"]), memory)
        if people >= LARGE:
            yield Goal(f"{of}: second import, of the time", round(_work(second) / _work(first), 2), AGAIN_MAX)
        yield Goal(f"{of}: second import, rows written", found[name]["rows of the second"], 0)
        yield Goal(f"{of}: second import, events", found[name]["events of the second"], 0)
        yield Goal(f"{of}: people left out", people - 1 - found[name]["people"], 0)  # the guest is in no file
    if memory:
        peak = max(found["export"][step]["peak MB"] for step in ("export", "import of it"))
        yield Goal(f"export and its import, {people:,} people: peak MB", peak, memory)
    yield Goal(
        f"export, {people:,} people: differences after the round trip", not found["export"]["same file again"], 0
    )


def _longer(figures: dict[str, Any], few: int, many: int, name: str) -> Goal:
    work = [_work(figures[f"{people:,}"][name]["first"]) for people in (few, many)]
    return Goal(f"{name}: import of {many:,} against {few:,} people", round(work[1] / work[0], 1), LONGER_MAX)


def _work(took: dict[str, float]) -> float:
    """What ratios are made of: seconds of a CPU, since by the clock they are those of everything that runs."""
    return took["own CPU"] + took["server CPU"] if took["server CPU"] else took["seconds"]


def _write(people: int, table: Path, lines: Path) -> None:
    company = Company.generate(people, 1, 1, datetime.now(UTC), posts=1, comments=1)
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_rows(company))
    with lines.open("wb") as file:
        file.writelines(orjson.dumps(record) + b"\n" for record in _records(company))


HEADER = (
    *("Employee ID", "Name", "Work Email", "Job Title", "Grade", "Division", "Department", "Manager Employee ID"),
    *("Location", "Pronouns", "Skills", "Hire Date"),
)


def _rows(company: Company) -> Iterator[tuple[str, ...]]:
    """What an HR system would give."""
    units = {unit.id: unit for unit in company.units}
    numbers = {person.id: person.employee_id or "" for person in company.people}
    yield HEADER
    for p in _staff(company):
        unit = units[p.unit_id] if p.unit_id else company.units[0]
        place = (_division(unit, units).name, unit.name, numbers[p.manager_id] if p.manager_id else "")
        said = (p.place.city, p.pronouns or "", ";".join(p.skills), p.started_on.isoformat())
        yield (numbers[p.id], p.name, p.email, p.title, _grade(p), *place, *said)


def _division(unit: Unit, units: dict[Any, Unit]) -> Unit:
    while unit.depth > DIVISION and unit.parent_id:
        unit = units[unit.parent_id]
    return unit


def _records(company: Company) -> Iterator[dict[str, object]]:
    """The same people with the whole tree of their units, and who leads these."""
    numbers = {person.id: person.employee_id for person in company.people}
    yield {"type": "header", "version": 1, "source": SOURCE}
    for u in company.units:
        parent = str(u.parent_id) if u.parent_id else None
        yield {"type": "org_unit", "id": str(u.id), "name": u.name, "parent": parent, "head": numbers[u.head_id]}
    for p in _staff(company):
        yield {
            "type": "person",
            "id": p.employee_id,
            "name": p.name,
            "email": p.email,
            "title": p.title,
            "grade": _grade(p),
            "manager": numbers[p.manager_id] if p.manager_id else None,
            "org_unit": str(p.unit_id),
            "location": p.place.city,
            "pronouns": p.pronouns,
            "bio": p.bio,
            "skills": list(p.skills),
            "start_date": p.started_on.isoformat(),
        }


def _staff(company: Company) -> Iterator[Person]:
    return (person for person in company.people if person.employee_id)


def _grade(person: Person) -> str:
    return f"M{len(person.skills) % 5 + 1}" if person.is_head else f"P{len(person.title) % 5 + 1}"
