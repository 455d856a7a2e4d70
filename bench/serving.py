"""Serving the demonstration company: how long a start takes, and the memory of the process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.goals import Goal

ROOT = Path(__file__).parents[1]
WAIT = 120.0  # seconds for a start
STOP_WAIT = 30  # seconds


def measure(_: list[int]) -> tuple[dict[str, Any], list[Goal]]:
    """Figures of two starts."""
    data_dir = Path(tempfile.mkdtemp(prefix="atrium-bench-"))
    try:
        with served(data_dir) as first:
            pass
        with served(data_dir) as second:
            figures: dict[str, Any] = {
                "first start, seconds": round(first["seconds"], 1),
                "later start, seconds": round(second["seconds"], 1),
                "API process idle, MB": rss(second["pid"]),
            }
        return figures, []
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)


@contextmanager
def served(data_dir: Path) -> Generator[dict[str, Any]]:
    """A server with the demonstration company, and how long it took to be ready."""
    began = time.monotonic()
    environment = {"ATRIUM_DATA_DIR": str(data_dir), "ATRIUM_DATABASE_URL": ""}
    command = [sys.executable, "-m", "atrium", "serve", "--demo", "--port", "0"]
    with started(command, environment) as (pid, url):
        while time.monotonic() - began < WAIT and not ready(url):
            time.sleep(0.05)
        yield {"pid": pid, "url": url, "seconds": time.monotonic() - began}


@contextmanager
def started(command: Sequence[str], environment: Mapping[str, str], folder: Path = ROOT) -> Generator[tuple[int, str]]:
    """A server that prints its address, as a process of its own: its id and that address."""
    environment = {**os.environ, **environment}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        url = next((word for line in process.stdout for word in line.split() if word.startswith("http://")), None)
        if url is None:
            raise SystemExit(f"`{' '.join(command)}` has ended before it told its address.")
        yield process.pid, url
    finally:
        process.terminate()
        try:
            process.wait(STOP_WAIT)
        except subprocess.TimeoutExpired:
            print(f"`{' '.join(command)}` did not end within {STOP_WAIT} seconds, and was killed.", file=sys.stderr)
            process.kill()
            process.wait()


def ready(url: str) -> bool:
    """Whether the server takes requests."""
    try:
        return httpx.get(f"{url}/readyz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def rss(pid: int) -> int:
    """The resident memory of a process in MB (Linux only, else 0)."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS")) // 1024


def show(figures: dict[str, Any]) -> None:
    """A table for people."""
    for name, figure in figures.items():
        print(f"{name:28} {figure:>10}")
