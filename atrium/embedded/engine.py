"""An engine that several processes share: the first holder starts it, the last one stops it."""

import contextlib
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from pathlib import Path
from signal import SIGINT, SIGKILL
from typing import ClassVar, Self

from atrium.embedded import folders, processes, users
from atrium.embedded.errors import EngineError, disk_full, is_disk_full, told
from atrium.embedded.folders import Folders
from atrium.embedded.holders import PATIENCE, Holders
from atrium.embedded.users import Account, Launcher

LOG_MAX = 10_000_000  # bytes; a longer log is set aside at the next start
TAIL_LINES = 12
KILLS_MAX = 3  # times that a server may be killed while it starts


class Engine(ABC):
    """A server in a data folder.

    All methods block, for milliseconds mostly, for a second at a first start; from a coroutine, call them by
    `asyncio.to_thread`. The server lives in a session of its own: Ctrl-C does not reach it, and it outlives the
    process that started it for as long as others hold it.
    """

    title: ClassVar[str]
    name: ClassVar[str]
    socket_name: ClassVar[str]

    def __init__(self, data_dir: Path) -> None:
        self._folders: Folders = folders.locate(data_dir, self.name, self.socket_name)
        self._holders = Holders(self._folders.home)
        self._account: Account | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """The file of what the server says."""
        return self._folders.log

    def is_running(self) -> bool:
        """Whether the server accepts connections now."""
        try:
            return self._is_ready()
        except OSError:
            return False

    def is_held(self) -> bool:
        """Whether any process uses the server, we or another, so that it should run."""
        return self._holders.anybody()

    def is_lost(self) -> bool:
        """Whether it has ended, or cannot be reached any more: what starting it again would mend."""
        return not self.is_running()

    @abstractmethod
    def ensure(self) -> object:
        """As `start`, of an engine that is held: have it run again."""

    def stop(self) -> None:
        """Let go of the server, and stop it cleanly if nobody else holds it. Does nothing if we do not hold it."""
        if not self._holders.held:
            return
        if not self._folders.home.is_dir():
            self._holders.forget()
            self._end_child()  # Its folder was deleted; there is nothing left to stop cleanly.
            return
        with told(self._folders.home), self._holders.turn():
            if self._holders.release():
                self._shut_down()
                self._clear_sockets()

    @abstractmethod
    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None:
        self.stop()

    # What each engine knows of itself.

    @abstractmethod
    def _is_ready(self) -> bool:
        """Whether it accepts connections; may raise OSError."""

    @abstractmethod
    def _is_present(self) -> bool:
        """Whether its process lives, ready or not."""

    @abstractmethod
    def _launch(self) -> subprocess.Popen[bytes]:
        """Start its process. Only when it is not present."""

    @abstractmethod
    def _shut_down(self) -> None:
        """Stop its process cleanly and wait for its end. Does nothing when there is none."""

    def _mend(self) -> None:
        """See to a server that lives but cannot be reached any more."""

    def _may_retry(self, said: str) -> bool:
        """Whether a failed start, of which the log says this, is worth another."""
        return False

    def _explain(self, said: str) -> str | None:
        """A sentence for a failed start, of which the log says this; None to quote the log."""
        return None

    # What they have in common.

    def _ensure(self) -> None:
        """Hold the engine and have it running, whatever state it is in."""
        if self._holders.held and self.is_running():
            return
        with told(self._folders.home):
            folders.prepare_home(self._folders, self._account)
            with self._holders.turn():
                self._hold_and_bring_up()

    def _hold_and_bring_up(self) -> None:
        held_before = self._holders.held
        self._holders.hold()
        try:
            folders.prepare_sockets(self._folders, self._account)
            self._mend()
            self._bring_up()
        except BaseException:
            if not held_before:
                self._holders.release()
            raise

    def _bring_up(self) -> None:
        deadline = time.monotonic() + PATIENCE
        launched: subprocess.Popen[bytes] | None = None
        offset = kills = 0
        try:
            while not self.is_running():
                if launched is None:
                    if not self._is_present():
                        offset = self._set_log_aside()
                        launched = self._launch()
                elif launched.poll() is not None:
                    said = self._tail(offset)
                    kills += launched.returncode < 0
                    may_retry = self._may_retry(said) or (launched.returncode < 0 and kills < KILLS_MAX)
                    if not may_retry or time.monotonic() > deadline:
                        raise self._failed(said)
                    launched = None
                if time.monotonic() > deadline:
                    raise self._failed(self._tail(offset))
                time.sleep(processes.TICK)
        except BaseException:
            if launched:
                self._end_child()
            raise

    def _spawn(self, command: list[str], way: Launcher | None = None) -> subprocess.Popen[bytes]:
        way = way or Launcher()
        with self.log.open("ab") as log:
            self._child = child = subprocess.Popen(
                [*way.prefix, *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
                env=users.environment(),
                user=way.account.uid if way.account else None,
                group=way.account.gid if way.account else None,
                extra_groups=[] if way.account else None,
            )
        # Reaps it whenever it ends: a zombie would pass for a living server.
        threading.Thread(target=child.wait, name=f"reap {self.name}", daemon=True).start()
        return child

    def _end_child(self) -> None:
        child = self._child
        if child and child.poll() is None:
            processes.end(child.pid, lambda _: child.poll() is None, ((SIGINT, 5.0), (SIGKILL, 5.0)))

    def _failed(self, said: str) -> EngineError:
        if is_disk_full(said):
            return disk_full(self._folders.home)
        quoted = f"{self.title} did not start. The end of its log, {self.log}:\n{said or '(nothing)'}"
        return EngineError(self._explain(said) or quoted)

    def _tail(self, offset: int) -> str:
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(offset)
            return "\n".join(log.read().decode(errors="replace").splitlines()[-TAIL_LINES:])

    def _set_log_aside(self) -> int:
        """Begin a new log when the old one is long; gives its size in bytes."""
        size = self.log.stat().st_size if self.log.exists() else 0
        if size <= LOG_MAX:
            return size
        self.log.replace(self.log.with_suffix(".old"))
        return 0

    def _clear_sockets(self) -> None:
        if self._folders.sockets.parent != self._folders.home:
            # Left for the next start where something is in it; or it is gone already.
            with contextlib.suppress(OSError):
                self._folders.sockets.rmdir()
