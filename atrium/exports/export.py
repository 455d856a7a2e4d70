"""Writing all of a database into one file, as it is at one instant, in constant memory."""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from atrium.exports.sources import OWN_SOURCE
from atrium.exports.statements import STATEMENTS
from atrium.imports.records import VERSION
from models import db

BATCH = 1_000  # records between two words of progress, and rows fetched at a time

Progress = Callable[[int, str], object]
"""Told how many more records of what are written."""


class Refused(Exception):
    """Nothing was written; the message says why and what to do."""


async def export(path: Path, *, force: bool, progress: Progress) -> dict[str, int]:
    """Write everything but secrets into `path`, packed where it ends in .gz; how many records of each type.

    The file is there only when it is whole. Raises `Refused` where there is one already, unless `force`.
    """
    _ensure_free(path, force=force)
    counts: dict[str, int] = {}
    with _appearing(path) as file:
        file.write(orjson.dumps(HEADER) + b"\n")
        async with _snapshot() as con:
            for type, statement in STATEMENTS.items():
                counts[type] = await _write(con, file, type, statement, progress)
    return counts


HEADER = {"type": "header", "version": VERSION, "source": OWN_SOURCE, "keys": "own"}


def _ensure_free(path: Path, *, force: bool) -> None:
    if path.exists() and not (force and path.is_file()):
        raise Refused(f"{path} exists already. Name another file, or replace it with --force.")
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}. Make it, or name another file.")


async def _write(con: Any, file: IO[bytes], type: str, statement: str, progress: Progress) -> int:
    done = 0
    lines: list[bytes] = []
    async for row in con.cursor(
        f"SELECT row_to_json(r)::text FROM (SELECT '{type}' AS type, r.* FROM ({statement}) r) r"
    ):
        lines.append(row[0].encode())
        if len(lines) == BATCH:
            done += _put(file, lines, type, progress)
    return done + _put(file, lines, type, progress)


def _put(file: IO[bytes], lines: list[bytes], type: str, progress: Progress) -> int:
    """Write what has come together, and forget it; how much that was."""
    count = len(lines)
    if count:
        file.write(b"\n".join(lines) + b"\n")
        progress(count, type)
        lines.clear()
    return count


@asynccontextmanager
async def _snapshot() -> AsyncGenerator[Any]:
    """A connection that sees the database as it is now until the end. It never writes, so it holds up nobody."""
    async with db.connection() as con, con.transaction(isolation="repeatable_read", readonly=True):
        yield con


@contextmanager
def _appearing(path: Path) -> Generator[IO[bytes]]:
    """A file that gets its name when it is whole and on the disk; for its owner's eyes alone."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with _packed(file) if path.suffix == ".gz" else _plain(file) as inner:
                yield inner
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _packed(file: IO[bytes]) -> Any:
    # Neither its name nor the time is in the file: equal databases give equal ones.
    return gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6)


@contextmanager
def _plain(file: IO[bytes]) -> Generator[IO[bytes]]:
    yield file
