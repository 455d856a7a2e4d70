"""Serving: the API, the worker, and the tables they need."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from datetime import timedelta
from typing import Annotated

import typer
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from atrium import worker as work
from atrium.app import State, create_app
from atrium.commands import demo as demonstration
from atrium.commands.running import connected, refuse, run, settings, until_told
from atrium.demo.live import live
from atrium.services import Engines, database, engines, services
from atrium.settings import Settings
from atrium.web.live.wire import Wire
from atrium.web.protocol import PatientProtocol
from models import db
from models import migrate as tables

Host = Annotated[str, typer.Option(help="The address to listen on; ATRIUM_HOST.")]
Port = Annotated[int, typer.Option(help="The port; 0 takes a free one; ATRIUM_PORT.", min=-1, max=65535)]

SHUTDOWN = 20  # seconds that running requests have to finish
DRAIN = 5.0  # seconds that a proxy has before
ENDING = (signal.SIGTERM, signal.SIGINT)
STALLED = 30_000  # milliseconds after which a client that takes nothing is cut off


def serve(
    host: Host = "",
    port: Port = -1,
    workers: Annotated[int, typer.Option(help="How many API processes; ATRIUM_WORKERS.", min=0, max=64)] = 0,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave the worker's work to another process.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Load the demonstration company once, and let it live.")] = False,
) -> None:
    """Serve the API, with the worker's work in the same process unless told otherwise."""
    found = settings()
    host, port, workers = host or found.host, found.port if port < 0 else port, workers or found.workers
    if workers > 1:
        _serve_by_many(found, host, port, workers, with_worker=not no_worker)
        return

    listening = listen(host, port)

    async def run_one() -> None:
        if demo:
            async with connected(found):
                await demonstration.load_once(found)
        async with (
            connected(found, unhurried=False, valkey=demo, meilisearch=demo) as started,
            services(found, started=started) as made,
        ):
            app = create_app(found, made, told=started.told, with_worker=not no_worker)
            _greet(found, listening, started, demo=demo)
            living = asyncio.create_task(live(made)) if demo else None
            try:
                await Server(uvicorn_config(found)).serve_app(app, listening, drain=drain(found))
            finally:
                if living:
                    living.cancel()

    run(run_one)


class Server(uvicorn.Server):
    """Uvicorn on a socket that is open already, so that a taken port is told before anything is started."""

    async def serve_app(self, app: ASGIApp, listening: socket.socket, *, drain: float = 0.0) -> None:
        """Serve until told to end.

        Then `/readyz` says so for `drain` seconds, so that a proxy looks elsewhere before anything is refused; after
        that running requests have `SHUTDOWN` seconds. A second signal does not wait.
        """
        self.state: State | None = getattr(app.state, "atrium", None) if isinstance(app, Starlette) else None
        self.drain = drain
        self.config.app = app  # pyright: ignore[reportAttributeAccessIssue]  # any ASGI application
        await self.serve(sockets=[listening])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's; streams would go on for as long as their clients like, so they are ended first."""
        if self.state:
            self.state.switchboard.doors.close_all()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """A signal ends the serving, no more: uvicorn would raise it again, before pool and engines are closed."""
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, self._end, number)
        try:
            yield
        finally:
            for number in ENDING:
                loop.remove_signal_handler(number)

    def _end(self, number: signal.Signals) -> None:
        wait = self.drain if self.state and not self.state.stopping else 0.0
        if self.state:
            self.state.stopping = True
        asyncio.get_running_loop().call_later(wait, self.handle_exit, number, None)


def drain(found: Settings) -> float:
    """How long a proxy has to notice that this process is about to end, in seconds; nobody stands before a laptop."""
    return 0.0 if found.is_development else DRAIN


def uvicorn_config(found: Settings) -> uvicorn.Config:
    """How uvicorn runs everywhere: our logs, our proxies, sockets without compression."""
    return uvicorn.Config(
        "atrium.asgi:app",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=bool(found.proxies),
        forwarded_allow_ips=sorted(found.proxies),
        http=PatientProtocol,
        ws=Wire,
        ws_max_size=1_000_000,
        ws_ping_interval=None,  # the protocol on top of it has pings of its own, which tell more
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=SHUTDOWN,
        lifespan="on",
    )


def _serve_by_many(found: Settings, host: str, port: int, workers: int, *, with_worker: bool) -> None:
    """Several processes on one port: this one holds the engines, starts them, and restarts one that dies."""

    listening = listen_for(workers, host, port)

    async def supervise() -> None:
        async with connected(found, valkey=True, meilisearch=True) as started:
            url, key = started.meilisearch
            environment = {
                **os.environ,
                "ATRIUM_DATABASE_URL": started.database_url,
                "ATRIUM_REDIS_URL": started.redis_url,
                "ATRIUM_WORKERS": str(workers),
                "ATRIUM_MEILISEARCH_URL": url,
                "ATRIUM_MEILISEARCH_KEY": key,
            }

            def start(i: int) -> subprocess.Popen[bytes]:
                descriptor = listening[i].fileno()
                command = [sys.executable, "-m", "atrium", "serve-socket", str(descriptor), str(os.getpid())]
                more = ["--worker"] if with_worker and i == 0 else []
                return subprocess.Popen([*command, *more], pass_fds=[descriptor], env=environment)

            children = [start(i) for i in range(workers)]
            _greet(found, listening[0], started, demo=False)
            ending = asyncio.create_task(until_told())
            while not ending.done():
                await asyncio.wait({ending}, timeout=1)
                for i, child in enumerate(children):
                    if child.poll() is not None and not ending.done():
                        typer.echo(f"An API process ended with {child.returncode}; starting another.", err=True)
                        children[i] = start(i)
            for child in children:
                child.send_signal(signal.SIGTERM)
            for child in children:
                await asyncio.to_thread(child.wait)

    run(supervise)


def serve_socket(
    descriptor: int,
    parent: int,
    with_worker: Annotated[bool, typer.Option("--worker", help="Do the worker's work too.")] = False,
) -> None:
    """Serve on a socket inherited from `serve --workers`."""
    found = settings()

    async def run_one() -> None:
        async with connected(found, unhurried=False) as started, services(found) as made:
            app = create_app(found, made, told=started.told, with_worker=with_worker)
            server = Server(uvicorn_config(found))
            watching = asyncio.create_task(_end_without_parent(server, parent))
            await server.serve_app(app, socket.socket(fileno=descriptor), drain=drain(found))
            watching.cancel()

    run(run_one)


async def _end_without_parent(server: Server, parent: int) -> None:
    """Whoever started us may be killed: without them nobody would end us, and the port would stay taken.

    Not before it has begun to serve: uvicorn would leave what it has started as it is.
    """
    while os.getppid() == parent or not server.started:  # noqa: ASYNC110  # no event tells of it
        await asyncio.sleep(1)
    server.should_exit = True


def worker() -> None:
    """Do the worker's work: readers of the log, timers, tidying."""
    found = settings()
    kept = work.Kept(timedelta(days=found.log_days), found.log_rows)

    async def run_one() -> None:
        async with connected(found) as _, services(found) as made, work.running(made, kept):
            typer.echo("The worker is running. Stop it with Ctrl+C.")
            await until_told()

    run(run_one)


def migrate(
    to: Annotated[
        str, typer.Option(help="Go to this migration instead of the newest; __first__ goes before the first.")
    ] = "",
) -> None:
    """Bring the database to the tables of this version. Safe to run at any time, by several processes at once."""
    found = settings()

    async def run_one() -> bool:
        async with engines(found) as started, database(started.database_url, pool=2, limits=db.UNHURRIED):
            return await tables.migrate(
                started.database_url, to=to or None, progress=lambda step, _, name: typer.echo(f"{step} {name}")
            )

    typer.echo("Migrated." if run(run_one) else "The tables are up to date.")


def listen(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A listening socket, or the end of the command with why there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, the protocol lets the loop switch off Nagle's algorithm, which would hold each answer back by 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if sys.platform == "linux":  # inherited by each connection; elsewhere the system's own patience holds
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            refuse(
                f"Port {port} is in use by another program. Stop that one, or choose another port:"
                f" ATRIUM_PORT={port + 1}"
            )
        refuse(f"{host}:{port} cannot be listened on: {error.strerror}. Choose another by ATRIUM_HOST and ATRIUM_PORT.")
    return listening


def listen_for(processes: int, host: str, port: int) -> list[socket.socket]:
    """A listening socket for each process, all on one port, among which the system shares the connections out evenly.

    With one socket for all, whoever is quickest takes nearly every connection: sockets stay where they were accepted.
    They are held here, so that what waits for a process that has died is answered by its successor.
    """
    first = listen(host, port)  # also finds out whether the port is free, which those that share it would not
    if sys.platform != "linux":
        return [first] * processes
    address = first.getsockname()[:2]
    first.close()
    return [listen(*address, shared=True) for _ in range(processes)]


def _greet(found: Settings, listening: socket.socket, started: Engines, *, demo: bool) -> None:
    host, port = listening.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    lines = [f"Atrium is at {address}", *(f"  {name:9} {told}" for name, told in started.told.items())]
    if found.is_development:
        lines.append(f"  GraphiQL  {address}/graphql")
    if demo:
        lines.append(f"  sign in   as {', '.join(demonstration.LOGINS)}")
        lines.append(f"  password  {demonstration.password(found)}   (of this installation; or click at {address})")
    typer.echo("\n".join(lines))
