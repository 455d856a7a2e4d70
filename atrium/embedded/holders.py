"""Who uses an engine: locks that the kernel gives back however a holder ends."""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from atrium.embedded.errors import EngineError

PATIENCE = 120.0  # seconds: a first start, or a recovery after a crash, by another process
LAST_TRIES = 5  # a child between fork and exec shares our locks for an instant


class Holders:
    """All processes that use the engine of one folder.

    Each holder keeps a shared lock for its lifetime; whoever can lock exclusively is alone. Nothing is written
    down, so nothing is left over by a holder that was killed.
    """

    def __init__(self, folder: Path) -> None:
        self._holders = folder / "holders.lock"
        self._turn = folder / "turn.lock"
        self._mine: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the engine."""
        return self._mine is not None

    @contextmanager
    def turn(self) -> Generator[None]:
        """Be the only one, of all processes and threads, who starts or stops this engine."""
        handle = _open(self._turn)
        try:
            deadline = time.monotonic() + PATIENCE
            while not _locked(handle, fcntl.LOCK_EX):
                if time.monotonic() > deadline:
                    raise EngineError(
                        f"Another process has been starting or stopping the engine in {self._turn.parent} "
                        f"for {PATIENCE:.0f} seconds: end that process and try again."
                    )
                time.sleep(0.01)
            yield
        finally:
            os.close(handle)

    def hold(self) -> None:
        """Become a holder. Only within a turn."""
        if self._mine is None:
            self._mine = _open(self._holders)
            fcntl.flock(self._mine, fcntl.LOCK_SH)

    def release(self) -> bool:
        """Stop being a holder; whether that was the last one. Only within a turn."""
        self.forget()
        handle = _open(self._holders)
        try:
            for _ in range(LAST_TRIES):
                if _locked(handle, fcntl.LOCK_EX):
                    return True
                time.sleep(0.01)
            return False
        finally:
            os.close(handle)

    def anybody(self) -> bool:
        """Whether any process holds the engine, we or another."""
        if not self._holders.exists():
            return False
        handle = _open(self._holders)
        try:
            return not _locked(handle, fcntl.LOCK_EX)
        finally:
            os.close(handle)

    def forget(self) -> None:
        """Stop being a holder without asking who is left."""
        if self._mine is not None:
            # Closed rather than unlocked: in a forked child, unlocking would take the lock from its parent.
            os.close(self._mine)
            self._mine = None


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _locked(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
