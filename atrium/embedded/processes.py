"""What the processes of this machine are: alive or dead, and whose they are."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

TICK = 0.005  # seconds between two looks


def command(pid: int) -> str | None:
    """The command line of a living process; None when there is none, or only a zombie that nobody has reaped."""
    return _command_of_linux(pid) if sys.platform == "linux" else _command_by_ps(pid)


def working_in(folder: Path, title: str) -> list[int]:
    """The living processes whose command line begins with `title` and that work in `folder`; Linux only, else none."""
    if sys.platform != "linux":
        return []
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if _works_in(pid, folder) and (command(pid) or "").startswith(title)]


def end(pid: int, alive: Callable[[int], bool], steps: tuple[tuple[signal.Signals, float], ...]) -> bool:
    """Signal a process, harder at each step (signal, seconds to wait); whether it is gone."""
    for sign, patience in steps:
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return True
        if wait_until(lambda: not alive(pid), patience):
            return True
    return False


def wait_until(true: Callable[[], bool], patience: float) -> bool:
    """Wait at most `patience` seconds; whether it came true."""
    deadline = time.monotonic() + patience
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(TICK)
    return True


def _command_of_linux(pid: int) -> str | None:
    try:
        # The name in parentheses may itself hold spaces and parentheses; the state is what follows the last one.
        state = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, IndexError):
        return None
    return None if state in "ZXx" else os.fsdecode(line.replace(b"\0", b" ")).strip()


def _command_by_ps(pid: int) -> str | None:
    look = ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)]
    said = subprocess.run(look, check=False, capture_output=True, text=True).stdout
    state, _, line = said.strip().partition(" ")
    return None if not state or state.startswith("Z") else line.strip()


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return os.readlink(f"/proc/{pid}/cwd") == str(folder)
    except OSError:
        return False
