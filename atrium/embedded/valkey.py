"""Valkey in the data folder: it carries events between processes and keeps nothing."""

import socket
import subprocess
from pathlib import Path
from typing import Self
from urllib.parse import quote

from atrium.embedded import processes
from atrium.embedded.binaries import valkey_missing, valkey_server
from atrium.embedded.engine import Engine
from atrium.embedded.errors import EngineError

STOP_PATIENCE = 10.0  # seconds


class Valkey(Engine):
    """The server of `<data_dir>/valkey`, on a unix socket; with `port` also on that port of 127.0.0.1, for tests."""

    title = "Valkey"
    name = "valkey"
    socket_name = "valkey.sock"

    def __init__(self, data_dir: Path, *, port: int | None = None) -> None:
        super().__init__(data_dir)
        self.port = port
        self._path = self._folders.sockets / self.socket_name

    @property
    def unavailable(self) -> str | None:
        """Why there can be no server on this platform; None when there can."""
        return None if valkey_server() else valkey_missing()

    @property
    def url(self) -> str:
        """For redis-py."""
        return f"unix://{quote(str(self._path))}?db=0"

    def start(self) -> str | None:
        """Hold the server, and start it unless it runs; its url, or None where it is `unavailable`.

        Raises `EngineError`.
        """
        program = valkey_server()
        if program is None:
            return None
        self._program = program
        self._ensure()
        if self.port is not None and self._ask("CONFIG GET port").splitlines()[-1] != str(self.port):
            self._open_port()
        return self.url

    ensure = start

    def __enter__(self) -> Self:
        self.start()
        return self

    def _is_ready(self) -> bool:
        return self._ask("PING") == "+PONG"

    def _is_present(self) -> bool:
        try:
            return bool(self._ask("PING"))
        except TimeoutError:
            return True
        except OSError:
            return False

    def _launch(self) -> subprocess.Popen[bytes]:
        options = {
            "--port": str(self.port or 0),
            "--bind": "127.0.0.1",
            "--unixsocket": str(self._path),
            "--unixsocketperm": "700",
            "--dir": str(self._folders.home),
            "--save": "",
            "--appendonly": "no",
            "--daemonize": "no",
        }
        return self._spawn([str(self._program), *(word for option in options.items() for word in option)])

    def _explain(self, said: str) -> str | None:
        taken = self.port is not None and "Address already in use" in said
        return self._port_taken("it is in use") if taken else None

    def _shut_down(self) -> None:
        try:
            self._ask("SHUTDOWN NOSAVE")
        except OSError:
            return  # It does not run.
        if not processes.wait_until(lambda: not self._is_present(), STOP_PATIENCE):
            raise EngineError(f"Valkey in {self._folders.home} does not stop: end its process and try again.")
        if self._child and not processes.wait_until(lambda: not self._child or self._child.poll() is not None, 5.0):
            self._end_child()

    def _open_port(self) -> None:
        answer = self._ask(f"CONFIG SET port {self.port}")
        if answer != "+OK":
            self.stop()
            raise EngineError(self._port_taken(answer))

    def _port_taken(self, why: str) -> str:
        return f"Valkey cannot open port {self.port} of 127.0.0.1 ({why}): choose another."

    def _ask(self, command: str) -> str:
        """One command, in the inline form of the protocol; the whole answer, without its last line end."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(self._path))
            line.sendall(f"{command}\r\n".encode())
            return line.recv(4096).decode(errors="replace").strip()
