"""An engine in a temporary folder, and commands of Atrium as child processes whose time and memory are told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from resource import struct_rusage

from atrium.embedded.postgres import Postgres

ROOT = Path(__file__).parents[1]
WAIT = 3_600  # seconds that a command may take
POLL = 0.05  # seconds

OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
POSTMASTER = "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"


@dataclass(frozen=True)
class Ran:
    """What a command took, and what it printed.

    `seconds` are by the clock, by which a busy machine is slower; `own` and `server` are those of a CPU that it and
    the database's server spent, the latter 0 where the machine does not tell; `peak` is the most memory it had, in MB.
    """

    seconds: float
    own: float
    server: float
    peak: int
    out: str


@contextmanager
def engine() -> Generator[tuple[Postgres, Path]]:
    """A server of its own and its folder, both gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="atrium-bench-"))
    postgres = Postgres(folder)
    try:
        postgres.start()
        yield postgres, folder
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def atrium(postgres: Postgres, folder: Path, database: str, *words: str) -> Ran:
    """Run `python -m atrium …` on a database of the server; one that fails ends the bench."""
    environment = {
        **os.environ,
        "ATRIUM_DATABASE_URL": postgres.endpoint.dsn(database),
        "ATRIUM_DATA_DIR": str(folder),
        "ATRIUM_REDIS_URL": "",
        "ATRIUM_MODE": "development",
    }
    command = [sys.executable, "-m", "atrium", *words]
    server = _spent_by_the_dead(postgres)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        started = time.monotonic()
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=told)
        usage = _ended(child, started + WAIT)
        seconds = time.monotonic() - started
        out.seek(0)
        told.seek(0)
        if child.returncode:
            words_of_it = told.read().decode()[-2_000:]
            raise SystemExit(f"`atrium {' '.join(words)}` ended with {child.returncode}: {words_of_it}")
        printed = out.read().decode()
    print(f"{seconds:7.1f} s  atrium {' '.join(words)}", file=sys.stderr, flush=True)
    settle(postgres)
    # Linux tells kilobytes, and counts what the child had before it became another program too: this process, which
    # therefore stays small.
    own = usage.ru_utime + usage.ru_stime
    return Ran(seconds, own, _spent_by_the_dead(postgres) - server, usage.ru_maxrss // 1024, printed)


def settle(postgres: Postgres) -> None:
    """Wait until no command is connected any more: then the server has counted what the last one did."""
    while postgres.execute(OTHERS) != "0":
        time.sleep(POLL)


def _spent_by_the_dead(postgres: Postgres) -> float:
    """Seconds of a CPU that those processes of the server spent that have ended; 0 where the machine does not tell."""
    status = Path("/proc", postgres.execute(POSTMASTER), "stat")
    if not status.exists():
        return 0.0
    user, system = status.read_text().rpartition(")")[2].split()[13:15]  # of its children: cutime and cstime
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _ended(child: subprocess.Popen[bytes], latest: float) -> struct_rusage:
    """Wait for a child, and reap it ourselves: only so is its memory told apart from that of all others."""
    try:
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                child.returncode = os.waitstatus_to_exitcode(status)
                return usage
            if time.monotonic() > latest:
                raise SystemExit(f"A command of the bench took more than {WAIT:,} seconds.")
            time.sleep(POLL)
    finally:
        if child.returncode is None:
            child.kill()
            child.wait()
