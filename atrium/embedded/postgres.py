"""PostgreSQL in the data folder: started by the first who needs it, stopped by the last, mended after a crash."""

import os
import socket
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT
from typing import Self, TypedDict
from urllib.parse import quote

from atrium.embedded import cluster, processes
from atrium.embedded.binaries import postgres_folder
from atrium.embedded.engine import Engine
from atrium.embedded.errors import EngineError, told
from atrium.embedded.folders import is_ours
from atrium.embedded.users import launcher, server_account

PORT = 5432  # a part of the socket's name; no TCP port is opened
ORPHANS_PATIENCE = 5.0  # seconds
ANSWER_PATIENCE = 2.0  # seconds
# A question that any server answers, by yes or no, before it asks who we are, and that leaves no line in its log.
SSL_REQUEST = struct.pack("!ii", 8, 80877103)

SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FLEETING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class Credentials(TypedDict):
    """What asyncpg's `connect` and Tortoise's `credentials` take."""

    host: str
    port: int
    user: str
    database: str


@dataclass(frozen=True)
class Endpoint:
    """Where a server is reached: its socket's folder, never a network address."""

    host: str
    port: int = PORT
    user: str = cluster.SUPERUSER

    def credentials(self, database: str) -> Credentials:
        """For asyncpg and Tortoise."""
        return {"host": self.host, "port": self.port, "user": self.user, "database": database}

    def dsn(self, database: str) -> str:
        """One string for asyncpg, psql, pg_dump and pg_restore."""
        return f"postgresql://{self.user}@/{quote(database, safe='')}?host={quote(self.host, safe='')}&port={self.port}"

    def environment(self) -> dict[str, str]:
        """Variables by which PostgreSQL's own tools find the server, to be added to the environment they run in."""
        return {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}


class Postgres(Engine):
    """The server of `<data_dir>/postgres`.

    Without `durable` a crash of the machine may lose everything: for tests. Whoever starts the server decides.
    """

    title = "PostgreSQL"
    name = "postgres"
    socket_name = f".s.PGSQL.{PORT}"

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        super().__init__(data_dir)
        self.durable = durable
        self.endpoint = Endpoint(str(self._folders.sockets))
        self._data = self._folders.home / "data"

    def start(self) -> Endpoint:
        """Hold the server, and start it unless it runs. Again, it sees that it still runs, and mends it after a crash.

        Raises `EngineError`.
        """
        postgres_folder()
        self._account = server_account()
        with told(self._folders.home):
            if is_ours(self._folders.home):
                cluster.recognise(self._folders.home)
        self._ensure()
        return self.endpoint

    ensure = start

    def __enter__(self) -> Self:
        self.start()
        return self

    def binary(self, tool: str) -> Path:
        """The path of a tool of the server's own version: `psql`, `pg_dump`, `pg_restore` …

        It runs as whoever runs it, root too, and connects by `endpoint.dsn(…)` or `endpoint.environment()`.
        """
        path = postgres_folder() / tool
        if not path.is_file():
            raise EngineError(f"The embedded PostgreSQL has no tool named {tool}.")
        return path

    def create_database(self, name: str, template: str | None = None) -> bool:
        """Make a database, as a copy of `template` if given, to which nobody may be connected; False if it exists."""
        # By files, a copy of 40 tables takes 20 ms.
        copied = f" TEMPLATE {_quoted(template)} STRATEGY file_copy" if template else ""
        try:
            self.execute(f"CREATE DATABASE {_quoted(name)}{copied}")
        except EngineError as error:
            # The second: another process made it in the same moment.
            if " 42P04:" in str(error) or " 23505:" in str(error):
                return False
            raise
        return True

    def drop_database(self, name: str) -> None:
        """Delete a database if it exists, and end whatever is connected to it."""
        self.execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")

    def execute(self, sql: str, database: str = cluster.SUPERUSER) -> str:
        """Run one statement by psql; its rows, columns parted by `|`. Raises `EngineError` with PostgreSQL's words."""
        options = ["-X", "-w", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose"]
        done = subprocess.run(
            check=False,
            args=[self.binary("psql"), *options, "-c", sql, "-d", self.endpoint.dsn(database)],
            capture_output=True,
            text=True,
            env={**os.environ, "PGCLIENTENCODING": "UTF8", "PGOPTIONS": ""},
        )
        if done.returncode != 0:
            raise EngineError(f"PostgreSQL refused `{sql}`: {done.stderr.strip()}")
        return done.stdout.removesuffix("\n")

    def _is_ready(self) -> bool:
        status = self._lock_file()
        if len(status) < 8 or status[7].strip() != "ready":
            return False
        # The file alone would be believed after a crash, an answer alone during a recovery; and the kernel still
        # connects to a server that was killed a moment ago.
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(ANSWER_PATIENCE)
            line.connect(str(self._folders.sockets / self.socket_name))
            line.sendall(SSL_REQUEST)
            return line.recv(1) != b""

    def is_lost(self) -> bool:
        if not (self._data / "PG_VERSION").exists():
            return False  # Its disk is away perhaps. A start would put an empty database in the place of the data.
        # One that is slow, or held still by somebody, has our data in its hands: it is waited for, never ended.
        return not self._is_present() or not (self._folders.sockets / self.socket_name).exists()

    def _is_present(self) -> bool:
        return self._postmaster() is not None

    def _launch(self) -> subprocess.Popen[bytes]:
        programs = postgres_folder()
        way = launcher(self._account, programs, self._folders.home)
        if not cluster.recognise(self._folders.home):
            cluster.create(self._folders.home, programs, way, self._account, durable=self.durable)
        self._clear_the_dead()
        # The socket's folder is an item of a list, hence the quotes.
        own = {"unix_socket_directories": f'"{self._folders.sockets}"', "port": str(PORT)}
        settings = {**SETTINGS, **(DURABLE if self.durable else FLEETING), **own}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return self._spawn([str(programs / "postgres"), "-D", str(self._data), *options], way)

    def _mend(self) -> None:
        status = self._lock_file()
        if status[7:] and status[7].strip() == "ready" and not (self._folders.sockets / self.socket_name).exists():
            self._shut_down()  # Someone swept its socket away, a cleaner of /tmp perhaps.

    def _may_retry(self, said: str) -> bool:
        # Something of the server before still ends; PostgreSQL itself sees to it that both never run together.
        return "pre-existing shared memory block" in said

    def _shut_down(self) -> None:
        pid = self._postmaster()
        steps = ((SIGINT, 30.0), (SIGQUIT, 5.0), (SIGKILL, 5.0))  # fast, immediate
        if pid and not processes.end(pid, lambda _: self._postmaster() is not None, steps):
            raise EngineError(f"PostgreSQL (process {pid}) does not stop: end it and try again.")

    def _postmaster(self) -> int | None:
        """The process id of the living server; None for a dead one, and for another's process of the same number."""
        lines = self._lock_file()
        if not lines or not lines[0].lstrip("-").isdigit():
            return None
        pid = abs(int(lines[0]))  # Negative when someone mends the data in single-user mode.
        return pid if str(self._data) in (processes.command(pid) or "") else None

    def _lock_file(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def _clear_the_dead(self) -> None:
        """After a crash, end the children of the dead server and remove its locks.

        PostgreSQL would believe the locks while the dead is a zombie, or another process has its number by now.
        """
        for pid in self._orphans():
            steps = ((SIGQUIT, ORPHANS_PATIENCE), (SIGKILL, ORPHANS_PATIENCE))
            processes.end(pid, lambda orphan: processes.command(orphan) is not None, steps)
        for lock in (self._data / "postmaster.pid", self._folders.sockets / f"{self.socket_name}.lock"):
            lock.unlink(missing_ok=True)

    def _orphans(self) -> list[int]:
        return processes.working_in(self._data, "postgres: ")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
