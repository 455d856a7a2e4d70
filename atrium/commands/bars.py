"""Bars of progress, for work of which one knows how much it is."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Generator, Mapping

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from atrium.commands.running import steps


@contextlib.contextmanager
def bars(title: str, totals: Mapping[str, int]) -> Generator[Callable[[int, str], None]]:
    """Progress told as (more, of what), a bar for each of `totals`; without a terminal a line now and then."""
    console = Console(stderr=True)
    if not console.is_terminal:
        with steps(title) as told:
            yield told
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    done: Counter[str] = Counter()
    with Progress(*columns, console=console) as shown:
        tasks = {what: shown.add_task(what, total=total) for what, total in totals.items() if total}

        def more(count: int, what: str) -> None:
            done[what] += count
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=None)
            shown.advance(tasks[what], count)

        yield more
    typer.echo(f"{title}: {', '.join(f'{n:,} {name}' for name, n in done.items()) or 'nothing to do'}", err=True)
