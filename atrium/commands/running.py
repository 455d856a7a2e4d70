"""What commands share: settings and engines, and faults told in a sentence."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from typing import Any, NoReturn, TypeVar

import typer
import uvloop
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from atrium import logs
from atrium.faults import sentence
from atrium.services import Engines, database, engines, migrated, services
from atrium.settings import Settings, Unsafe, read_settings
from models import db
from resolvers.context import Services

T = TypeVar("T")

NOT_DONE = 2
LINE_EVERY = 5.0  # seconds between lines of progress where there is no terminal


def settings() -> Settings:
    """The settings, or the end of the command with what is wrong with them."""
    try:
        found = read_settings()
    except Unsafe as error:
        refuse(str(error))
    logs.configure(found.log_format)
    return found


def refuse(sentence: str) -> NoReturn:
    """End the command: nothing was done."""
    typer.echo(sentence, err=True)
    raise typer.Exit(NOT_DONE)


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a command's work; a fault of its surroundings ends it with a sentence instead of a traceback."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work())
    except KeyboardInterrupt:
        refuse("Stopped.")
    except Exception as error:
        told = sentence(error)
        if told is None:
            raise
        refuse(told)


@contextlib.asynccontextmanager
async def connected(
    found: Settings, *, unhurried: bool = True, valkey: bool = False, meilisearch: bool = False
) -> AsyncGenerator[Engines]:
    """Engines started, tables migrated, the pool open. `unhurried`: without the short limits of requests."""
    async with engines(found, valkey=valkey, meilisearch=meilisearch) as started:
        await migrated(started.database_url)
        limits = db.UNHURRIED if unhurried else db.SERVED
        async with database(started.database_url, pool=found.pool_size, limits=limits):
            yield started


@contextlib.asynccontextmanager
async def ready(found: Settings, *, meilisearch: bool = False) -> AsyncGenerator[Services]:
    """As `connected`, with services to act with."""
    async with connected(found, meilisearch=meilisearch) as started, services(found, started=started) as made:
        yield made


async def until_told() -> None:
    """Until SIGTERM or SIGINT."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()


@contextlib.contextmanager
def steps(title: str) -> Generator[Callable[[int, str], None]]:
    """Progress of long work, told (more, of what): a moving count on a terminal, a line now and then elsewhere."""
    done: Counter[str] = Counter()
    console = Console(stderr=True)
    last = time.monotonic()
    with Progress(
        TextColumn("{task.description}"), TimeElapsedColumn(), console=console, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(title, total=None)

        def more(count: int, what: str) -> None:
            nonlocal last
            done[what] += count
            shown = ", ".join(f"{n:,} {name}" for name, n in done.items())
            bar.update(task, description=f"{title}: {shown}")
            if not console.is_terminal and time.monotonic() - last > LINE_EVERY:
                last = time.monotonic()
                typer.echo(f"{title}: {shown}", err=True)

        yield more
    typer.echo(f"{title}: {', '.join(f'{n:,} {name}' for name, n in done.items()) or 'nothing to do'}", err=True)
