"""`python -m atrium …` as a process of its own, over the tests' server of PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from atrium.embedded import processes
from tests.engine import ROOT

NO_REDIS = "redis://127.0.0.1:1/0"  # where nobody answers
BROUGHT_ALONG = ""  # the server that several processes start for themselves
PATIENCE = 60.0  # seconds for a process to come or to go, on a busy machine


@dataclass
class Process:
    """A running command."""

    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list[str])

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def address(self) -> str:
        """Where it serves, such as `127.0.0.1:12345`, as it has told."""
        return self.said[-1].rpartition("//")[2].strip()

    def http(self, *, keep_alive: bool = True) -> httpx.AsyncClient:
        """A client; without `keep_alive` each request has a connection of its own."""
        limits = httpx.Limits(max_keepalive_connections=20 if keep_alive else 0)
        return httpx.AsyncClient(base_url=f"http://{self.address}", timeout=10, limits=limits)

    def children(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    async def hear(self, word: str) -> None:
        """Read what it says until a line has `word` in it."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while word not in "".join(self.said[-1:]):
                line = (await self.process.stdout.readline()).decode()
                assert line, f"it has ended: {''.join(self.said)}"
                self.said.append(line)

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end; its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


@contextlib.asynccontextmanager
async def running(
    data: Path,
    dsn: str,
    *command: str,
    until: str,
    redis: str = NO_REDIS,
    log: str | Path = os.devnull,
    **settings: str,
) -> AsyncGenerator[Process]:
    """A command that has said `until` on standard output; it is told to end in the end if it still runs.

    What it says on standard error is added to the file `log`.
    """
    with Path(log).open("ab") as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "atrium", *command),
            cwd=ROOT,
            env=environment(data, dsn, redis) | {f"ATRIUM_{name.upper()}": value for name, value in settings.items()},
            stdout=asyncio.subprocess.PIPE,
            stderr=said,
        )
    made = Process(process)
    try:
        await made.hear(until)
        yield made
    finally:
        await made.end()


async def ended(data: Path, dsn: str, *command: str) -> tuple[int, str]:
    """A command run to its end: its exit code, and what it said on standard error."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "atrium", *command),
        cwd=ROOT,
        env=environment(data, dsn, NO_REDIS),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        _, said = await process.communicate()
    return process.returncode or 0, said.decode()


def environment(data: Path, dsn: str, redis: str) -> dict[str, str]:
    """Ours, without any setting of Atrium but these."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ATRIUM_")}
    return {**own, "ATRIUM_DATA_DIR": str(data), "ATRIUM_DATABASE_URL": dsn, "ATRIUM_REDIS_URL": redis}


def postmaster(data: Path) -> int:
    """The process id of the embedded PostgreSQL's server."""
    return int((data / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])


def listener(data: Path) -> int:
    """The process id of the embedded Valkey."""
    [pid] = processes.working_in(data / "valkey", "")
    return pid


@contextlib.contextmanager
def frozen(*pids: int) -> Generator[None]:
    """Processes that are held still."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def resident(pid: int) -> int:
    """How much memory a process has, in MB."""
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) // 1024


def connections(pid: int) -> int:
    """How many connections over TCP a process holds."""
    held = {os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir() if file.is_symlink()}
    established = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return sum(f"socket:[{fields[9]}]" in held for fields in established if fields[3] == "01")
