"""Records of another system, brought in as a file would bring them, and what was told of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from atrium.imports.engine import Order, run_import
from atrium.imports.records import Record, Type
from atrium.imports.report import Report
from tests.clocks import TurnedClock

ANN, BOB = ("person 1", {"name": "Ann"}), ("person 2", {"name": "Bob", "location": "Paris"})
KITCHEN = ("org_unit K", {"name": "Kitchen"})


class Bring:
    """Imports records: pairs of a type with the id, and fields."""

    def __init__(self, clock: TurnedClock) -> None:
        self.clock = clock

    async def __call__(
        self, *told: tuple[str, dict[str, Any]], gone: Iterable[str] = (), source: str = "acme", dry_run: bool = False
    ) -> Report:
        records = [self._record(line, *one, gone=gone) for line, one in enumerate(told, 2)]
        order = Order(source, repr((told, gone)).encode(), dry_run=dry_run)
        return await run_import(lambda _: records, order, clock=self.clock)

    @staticmethod
    def _record(line: int, name: str, fields: dict[str, Any], *, gone: Iterable[str]) -> Record:
        type, _, id = name.partition(" ")
        return Record(Type(type) if type in [*Type] else type, line, id, fields, deleted=name in gone)


def problems(report: Report) -> list[tuple[int, str, str | None]]:
    return [(problem.line, str(problem.code), problem.field) for problem in report.problems]


def counts(report: Report, type: str) -> tuple[int, int, int, int]:
    found = report.of(type)
    return found.created, found.updated, found.unchanged, found.deactivated
