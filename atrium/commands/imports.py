"""Bringing in what other systems know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from atrium.commands.running import connected, refuse, run, settings, steps
from atrium.imports.dates import DateOrder
from atrium.imports.people import ABSENT_SHARE, Mode, import_people
from atrium.imports.report import NotDone, Problem, Report
from models.clock import SystemClock

ROW_ERRORS = 1
SHOWN = 20  # problems told on the terminal

app = typer.Typer(name="import", help="Bring in people from a file of another system.", no_args_is_help=True)


@app.callback()
def main() -> None:
    """Keeps `people` a command of its own while it is the only one."""


@app.command()
def people(
    file: Annotated[Path, typer.Argument(help="The file: CSV with a header, in UTF-8.", metavar="FILE.csv")],
    *,
    source: Annotated[str, typer.Option(help="The system it comes from: ids belong to it. Always name it alike.")] = "",
    mode: Annotated[
        Mode, typer.Option(help="full: people of the source who are not in the file have left.")
    ] = Mode.PARTIAL,
    effective: Annotated[
        datetime | None, typer.Option(help="From which day on it holds.", formats=["%Y-%m-%d"], metavar="DATE")
    ] = None,
    date_order: Annotated[DateOrder, typer.Option(help="How 03/04/2026 is read.")] = DateOrder.YMD,
    max_absent: Annotated[
        float, typer.Option(help="How many of a source's people a full import may find absent.", min=0, max=1)
    ] = ABSENT_SHARE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing; tell what would become.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            help="Write the report here instead of to standard output; what is wrong with rows goes beside it."
        ),
    ] = None,
) -> None:
    """Import people, their units and managers. Again, it changes only what is different; rows in error stay out.

    Exit codes: 0 all rows were taken, 1 some were not, 2 nothing was done.
    """
    found = settings()

    async def work() -> Report:
        async with connected(found):
            with steps("Dry run" if dry_run else "Import") as more:
                return await import_people(
                    file,
                    clock=SystemClock(),
                    source=source or None,
                    mode=mode,
                    effective=effective.date() if effective else None,
                    date_order=date_order,
                    dry_run=dry_run,
                    absent_share=max_absent,
                    progress=_counted(more),
                )

    async def told() -> Report:
        try:
            done = await work()
        except NotDone as error:
            refuse(str(error))
        _tell(done, report)
        return done

    if run(told).has_errors:
        raise typer.Exit(ROW_ERRORS)


def _counted(more: Callable[[int, str], None]) -> Callable[[int, int, str], None]:
    """Progress that is told how far each phase has come, for one that is told how much more."""
    before: dict[str, int] = {}

    def progress(done: int, _: int, phase: str) -> None:
        more(done - before.get(phase, 0), f"{'bytes' if phase == 'reading' else 'rows'} of {phase}")
        before[phase] = done

    return progress


def _tell(done: Report, file: Path | None) -> None:
    """For people on standard error, for programs as JSON."""
    for name, counts in done.summary().items():
        typer.echo(f"{name}: {', '.join(f'{n:,} {what}' for what, n in counts.items() if n) or 'none'}", err=True)
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
