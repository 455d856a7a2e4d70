"""Meilisearch in the data folder, where its program is installed: it keeps nothing that could not be made anew."""

import http.client
import json
import os
import secrets
import shutil
import socket
import subprocess
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals

from atrium.embedded import processes
from atrium.embedded.additions import Addition
from atrium.embedded.errors import EngineError

HOST = "127.0.0.1"
MEMORY = "1GiB"  # for indexing: it is set aside with every task, and with what the server takes by itself each is slow
SILENCE = 10.0  # seconds without an answer, after which it is taken for frozen
VACATING = 2.0  # seconds that the port of a server that was killed may take to be free
STOPPING = ((SIGTERM, 10.0), (SIGKILL, 5.0))
OTHER_VERSION = ("database version", "dumpless-upgrade", "--upgrade-db", "VERSION file")


def meilisearch_server(named: str = "") -> Path | None:
    """The program: the one that is named, else the one on PATH; None where there is none."""
    found = shutil.which(named or "meilisearch")
    return Path(found).resolve() if found else None


class Meilisearch(Addition):
    """The server of `<data_dir>/meilisearch`, on a port of 127.0.0.1 that it chooses, behind a key of its own.

    `program` is its file; without one it is looked for on PATH.
    """

    title = "Meilisearch"
    name = "meilisearch"
    socket_name = "none"

    def __init__(self, data_dir: Path, program: str = "") -> None:
        super().__init__(data_dir)
        self._named = program
        home = self._folders.home
        self._configuration, self._pid, self._data = home / "config.toml", home / "pid", home / "data"

    @property
    def unavailable(self) -> str | None:
        if meilisearch_server(self._named):
            return None
        where = f"at {self._named}" if self._named else "on PATH"
        return f"There is no program meilisearch {where}: install it, or set ATRIUM_MEILISEARCH_URL to a server."

    @property
    def url(self) -> str:
        return f"http://{self._written('http_addr')}"

    @property
    def key(self) -> str:
        """Its master key, once it has been started."""
        return self._written("master_key")

    @property
    def pid(self) -> int | None:
        """Its process; None where it does not run."""
        try:
            pid = int(self._pid.read_text())
        except (OSError, ValueError):
            return None
        # The number may have become another process's.
        return pid if str(self._configuration) in (processes.command(pid) or "") else None

    def _find(self) -> Path | None:
        return meilisearch_server(self._named)

    def _is_ready(self) -> bool:
        try:
            address, key = self._written("http_addr"), self._written("master_key")
        except (OSError, ValueError):
            return False
        asked = http.client.HTTPConnection(address, timeout=1)
        try:
            # Behind the key: whoever else has taken the port is not taken for it.
            asked.request("GET", "/version", headers={"Authorization": f"Bearer {key}"})
            return asked.getresponse().status == http.client.OK
        except http.client.HTTPException:
            return False
        finally:
            asked.close()

    def _is_present(self) -> bool:
        return self.pid is not None

    def _mend(self) -> None:
        if self._is_present() and not processes.wait_until(
            lambda: self.is_running() or not self._is_present(), SILENCE
        ):
            self._end(((SIGKILL, 5.0),))  # Frozen, by somebody or by the machine. A crash does not harm its data.

    def _launch(self) -> subprocess.Popen[bytes]:
        self._configure()
        child = self._spawn([str(self._program), "--config-file-path", str(self._configuration)])
        self._pid.write_text(str(child.pid))
        return child

    def _may_retry(self, said: str) -> bool:
        if not any(sign in said for sign in OTHER_VERSION) or not self._data.exists():
            return False
        shutil.rmtree(self._data)  # Of another version: the index is made anew from the rows.
        return True

    def _shut_down(self) -> None:
        self._end(STOPPING)

    def _end(self, steps: tuple[tuple[Signals, float], ...]) -> None:
        pid = self.pid
        if pid and not processes.end(pid, lambda _: self._is_present(), steps):
            raise EngineError(f"Meilisearch (process {pid}) neither answers nor ends: end it and try again.")

    def _configure(self) -> None:
        """Write its configuration, which no other user can read.

        The key stays, and the port while nobody else has it: those who ask the server go on after it was lost.
        """
        try:
            key, port = self.key, int(self._written("http_addr").rpartition(":")[2])
        except (OSError, ValueError):
            key, port = secrets.token_urlsafe(32), 0
        values = {
            "db_path": str(self._data),
            "dump_dir": str(self._folders.home / "dumps"),
            "snapshot_dir": str(self._folders.home / "snapshots"),
            "http_addr": f"{HOST}:{_port(port)}",
            "master_key": key,
            "env": "production",
            "log_level": "WARN",
            "max_indexing_memory": MEMORY,
        }
        lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
        fresh = self._configuration.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join([*lines, "no_analytics = true", ""]))
        fresh.replace(self._configuration)

    def _written(self, name: str) -> str:
        """A value of its configuration. Raises OSError or ValueError where there is none."""
        for line in self._configuration.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(" = ")
            if key == name:
                return json.loads(value)
        raise ValueError(f"{self._configuration} does not say {name}")


def _port(wanted: int) -> int:
    """The port that is wanted, unless somebody else keeps it; else one that is free."""
    return wanted if wanted and processes.wait_until(lambda: _is_free(wanted), VACATING) else _free_port()


def _is_free(port: int) -> bool:
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as line:
        return line.getsockname()[1]
