"""Bringing in what other systems know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TypedDict
from zoneinfo import ZoneInfo

import orjson
import typer

from atrium.commands.running import connected, refuse, run, settings, steps
from atrium.imports.dates import DateOrder
from atrium.imports.engine import ABSENT_SHARE
from atrium.imports.jsonl import import_jsonl
from atrium.imports.organogram import import_organogram
from atrium.imports.people import import_people
from atrium.imports.records import Mode
from atrium.imports.report import NotDone, Problem, Progress, Report
from models.clock import Clock, SystemClock

ROW_ERRORS = 1
SHOWN = 20  # problems told on the terminal

app = typer.Typer(name="import", help="Bring in people and the org chart from files.", no_args_is_help=True)

Source = Annotated[
    str, typer.Option(help="The system it comes from: ids belong to it. Always name it alike.", metavar="NAME")
]
Whole = Annotated[
    Mode | None, typer.Option("--mode", help="full: what of the source is not in the file has left, or has ended.")
]
Effective = Annotated[
    datetime | None,
    typer.Option(help="From which day on it holds; today if not said.", formats=["%Y-%m-%d"], metavar="DATE"),
]
MaxAbsent = Annotated[
    float, typer.Option(help="How many of a source's people a full import may find absent.", min=0, max=1)
]
MaxErrors = Annotated[
    int | None, typer.Option(help="Stop, with nothing changed, where more is wrong.", min=0, metavar="N")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing; tell what would become.")]
ReportFile = Annotated[
    Path | None,
    typer.Option("--report", help="Write the report here instead of to standard output; what is wrong goes beside it."),
]


@app.command()
def people(
    file: Annotated[Path, typer.Argument(help="The file: CSV with a header.", metavar="FILE.csv")],
    *,
    source: Source = "",
    mode: Whole = None,
    effective: Effective = None,
    date_order: Annotated[DateOrder, typer.Option(help="How 03/04/2026 is read.")] = DateOrder.YMD,
    max_absent: MaxAbsent = ABSENT_SHARE,
    max_errors: MaxErrors = None,
    dry_run: DryRun = False,
    report: ReportFile = None,
) -> None:
    """Import people, their units and managers. Again, it changes only what is different; rows in error stay out.

    Exit codes: 0 all rows were taken, 1 some were not, 2 nothing was done.
    """
    asked = Asked(source, effective, max_absent, max_errors, dry_run, report)
    _do(lambda told: import_people(file, mode=mode or Mode.PARTIAL, date_order=date_order, **told), asked)


@app.command()
def jsonl(
    file: Annotated[Path, typer.Argument(help="The file: JSON, one record a line, packed or not.", metavar="FILE")],
    *,
    source: Source = "",
    mode: Whole = None,
    effective: Effective = None,
    max_absent: MaxAbsent = ABSENT_SHARE,
    max_errors: MaxErrors = None,
    dry_run: DryRun = False,
    report: ReportFile = None,
) -> None:
    """Import records in the canonical format, such as an export. What is not said here is what the file's header says.

    Exit codes: 0 all records were taken, 1 some were not, 2 nothing was done.
    """
    asked = Asked(source, effective, max_absent, max_errors, dry_run, report)
    _do(lambda told: import_jsonl(file, mode=mode, **told), asked)


@app.command()
def organogram(
    senior: Annotated[Path, typer.Argument(help="The file of senior posts.", metavar="SENIOR.csv")],
    junior: Annotated[Path | None, typer.Argument(help="The file of junior posts.", metavar="[JUNIOR.csv]")] = None,
    *,
    source: Source = "",
    mode: Whole = None,
    effective: Effective = None,
    with_junior: Annotated[
        bool, typer.Option("--junior", help="Make a post of each full-time equivalent of the junior file.")
    ] = False,
    max_absent: MaxAbsent = ABSENT_SHARE,
    max_errors: MaxErrors = None,
    dry_run: DryRun = False,
    report: ReportFile = None,
) -> None:
    """Import an organisation chart as UK central government publishes it; the source is the organisation, if not named.

    Exit codes: 0 all rows were taken, 1 some were not, 2 nothing was done.
    """
    asked = Asked(source, effective, max_absent, max_errors, dry_run, report)
    how = mode or Mode.PARTIAL
    _do(lambda told: import_organogram(senior, junior, mode=how, with_junior=with_junior, **told), asked)


@dataclass(frozen=True)
class Asked:
    """What every import is asked: the options of the same names."""

    source: str
    effective: datetime | None
    max_absent: float
    max_errors: int | None
    dry_run: bool
    report: Path | None


class Told(TypedDict):
    """What every import is told, whatever it reads."""

    clock: Clock
    zone: ZoneInfo
    source: str | None
    effective: date | None
    dry_run: bool
    absent_share: float
    errors_max: int | None
    progress: Progress


def _do(work: Callable[[Told], Awaitable[Report]], asked: Asked) -> None:
    """Do the work as it is asked, tell of it, and end with the exit code that it deserves."""
    found = settings()

    async def done() -> Report:
        async with connected(found):
            with steps("Dry run" if asked.dry_run else "Import") as more:
                return await work(_told(asked, ZoneInfo(found.time_zone), _counted(more)))

    async def told() -> Report:
        try:
            report = await done()
        except NotDone as error:
            refuse(str(error))
        _tell(report, asked.report)
        return report

    if run(told).has_errors:
        raise typer.Exit(ROW_ERRORS)


def _told(asked: Asked, zone: ZoneInfo, progress: Progress) -> Told:
    return Told(
        clock=SystemClock(),
        zone=zone,
        source=asked.source or None,
        effective=asked.effective.date() if asked.effective else None,
        dry_run=asked.dry_run,
        absent_share=asked.max_absent,
        errors_max=asked.max_errors,
        progress=progress,
    )


def _counted(more: Callable[[int, str], None]) -> Progress:
    """Progress that is told how far each phase has come, for one that is told how much more."""
    before: dict[str, int] = {}
    units = {"reading": "bytes of reading", "staging": "rows of staging", "besides": "other types of records"}

    def progress(done: int, _: int, phase: str) -> None:
        more(done - before.get(phase, 0), units.get(phase, f"steps of {phase}"))
        before[phase] = done

    return progress


def _tell(done: Report, file: Path | None) -> None:
    """For people on standard error, for programs as JSON."""
    if done.resumed:
        typer.echo("The same import was stopped half-way before: this one went on from there.", err=True)
    for name, counts in done.counts.items():
        told = ", ".join(f"{n:,} {what}" for what, n in asdict(counts).items() if n)
        typer.echo(f"{name}: {told or 'none'}", err=True)
    chart = ", ".join(f"{n:,} {what}" for what, n in done.chart.as_dict().items())
    typer.echo(f"chart: {chart}", err=True)
    for problem in done.problems[:SHOWN]:
        typer.echo(_line(problem), err=True)
    if len(done.problems) > SHOWN:
        typer.echo(f"… and {len(done.problems) - SHOWN:,} more: --report FILE lists all of them.", err=True)
    summary = orjson.dumps(done.summary())
    if file is None:
        typer.echo(summary)
        return
    file.write_bytes(summary + b"\n")
    file.with_suffix(".problems.jsonl").write_bytes(done.problem_lines())


def _line(problem: Problem) -> str:
    return f"  {problem.severity} in line {problem.line}: {problem.message} [{problem.code}]"
