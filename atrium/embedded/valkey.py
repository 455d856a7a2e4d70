"""Valkey in the data folder: it carries events between processes and keeps nothing."""

import socket
import struct
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL
from urllib.parse import quote

from atrium.embedded import processes
from atrium.embedded.additions import Addition
from atrium.embedded.binaries import valkey_missing, valkey_server
from atrium.embedded.errors import EngineError

STOP_PATIENCE = 10.0  # seconds
SILENCE = 2.0  # seconds without an answer, after which it is taken for frozen


class Valkey(Addition):
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
        return None if valkey_server() else valkey_missing()

    @property
    def url(self) -> str:
        """For redis-py."""
        return f"unix://{quote(str(self._path))}?db=0"

    def _find(self) -> Path | None:
        return valkey_server()

    def _settle(self) -> None:
        if self.port is not None and self._ask("CONFIG GET port").splitlines()[-1] != str(self.port):
            self._open_port()

    def _is_ready(self) -> bool:
        return self._ask("PING") == "+PONG"

    def _is_present(self) -> bool:
        try:
            return bool(self._ask("PING"))
        except TimeoutError:
            return True
        except OSError:
            return False

    def _mend(self) -> None:
        if self._is_silent() and not processes.wait_until(lambda: not self._is_silent(), SILENCE):
            self._kill()  # Frozen, by somebody or by the machine. It keeps nothing that could be lost.

    def _is_silent(self) -> bool:
        """Whether it lives and does not answer."""
        try:
            self._ask("PING")
        except TimeoutError:
            return True
        except OSError:
            return False
        return False

    def _kill(self) -> None:
        pid = self._listener()
        if pid and not processes.end(pid, lambda one: processes.command(one) is not None, ((SIGKILL, 5.0),)):
            raise EngineError(f"Valkey (process {pid}) neither answers nor ends: end it and try again.")

    def _listener(self) -> int | None:
        """The process id behind the socket, as the kernel tells it; None where that cannot be known."""
        if sys.platform != "linux":
            return self._child.pid if self._child and self._child.poll() is None else None
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(self._path))
            pid, _, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return pid or None

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
        except TimeoutError:
            self._kill()
            return
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
