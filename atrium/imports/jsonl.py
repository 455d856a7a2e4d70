"""Importing canonical records: JSON, one object a line, packed or not. Any format becomes this by a small reader."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, tzinfo
from pathlib import Path
from typing import IO, cast

import orjson

from atrium.imports.engine import ABSENT_SHARE, Order, fingerprint, is_known, run_import
from atrium.imports.records import VERSION, Header, Mode, Record, Type
from atrium.imports.report import Code, NotDone, Progress, Reason, Report, unwatched
from models.clock import Clock
from models.text import too_long

LINE_MAX = 16_000_000  # bytes
EVERY = 1_000  # lines from one word of progress to the next
PACKED = b"\x1f\x8b"
MEMBERSHIP = "membership"  # of a person in a group, or a holding by another name
TYPE_SHOWN = 40  # characters

Told = Mapping[str, object]


async def import_jsonl(
    path: Path,
    *,
    clock: Clock,
    zone: tzinfo = UTC,
    source: str | None = None,
    mode: Mode | None = None,
    effective: date | None = None,
    dry_run: bool = False,
    absent_share: float = ABSENT_SHARE,
    errors_max: int | None = None,
    progress: Progress = unwatched,
) -> Report:
    """Make what a file's records say; what is not told here is what its header says. Raises `NotDone`."""
    header = read_header(path)
    order = Order(
        source=(source or header.source or "").strip(),
        fingerprint=fingerprint(path, reading="jsonl"),
        mode=mode or header.mode or Mode.PARTIAL,
        effective=effective or header.effective,
        dry_run=dry_run,
        absent_share=absent_share,
        errors_max=errors_max,
        is_own=header.is_own,
    )

    def read(report: Report) -> Iterator[Record]:
        return read_jsonl(path, report, is_own=header.is_own, progress=progress)

    return await run_import(read, order, clock=clock, zone=zone, progress=progress)


def read_header(path: Path) -> Header:
    """What a file says of itself in its first line. Raises `NotDone`."""
    with _opened(path) as (file, _):
        first = file.readline(LINE_MAX)
    if not first.strip():
        raise NotDone(Reason.EMPTY_FILE, f"{path} is empty. Export it again, with a header and records.")
    told = _object(first)
    if told is None or told.get("type") != "header" or told.get("version") != VERSION:
        raise NotDone(
            Reason.BAD_HEADER,
            f'The first line of {path} is not a header of version {VERSION}. Begin the file with {{"type":"header",'
            f'"version":{VERSION},"source":"…"}}.',
        )
    try:
        return Header(
            VERSION,
            _text(told, "source"),
            Mode(mode) if (mode := _text(told, "mode")) else None,
            date.fromisoformat(day) if (day := _text(told, "effective")) else None,
            told.get("keys") == "own",
        )
    except ValueError as error:
        raise NotDone(Reason.BAD_HEADER, f"The header of {path} cannot be used: {error}. Correct it.") from None


def read_jsonl(path: Path, report: Report, *, is_own: bool = False, progress: Progress = unwatched) -> Iterator[Record]:
    """The records of a file whose header was read. Raises `NotDone`."""
    size = path.stat().st_size
    with _opened(path) as (file, raw):
        file.readline(LINE_MAX)
        for number, line in _lines(file, report):
            if number % EVERY == 0:
                progress(min(raw.tell(), size), size, "reading")
            record = _record(number, line, report, is_own=is_own) if line.strip() else None
            if record:
                yield record
    progress(size, size, "reading")


def _lines(file: IO[bytes], report: Report) -> Iterator[tuple[int, bytes]]:
    number = 1
    while line := file.readline(LINE_MAX):
        number += 1
        if len(line) == LINE_MAX and not line.endswith(b"\n"):
            length = len(line)
            while rest := file.readline(LINE_MAX):
                length += len(rest)
                if rest.endswith(b"\n"):
                    break
            report.reject(number, None, Code.TOO_LONG, None, too_long("This line", length, LINE_MAX))
            continue
        yield number, line


def _record(number: int, line: bytes, report: Report, *, is_own: bool) -> Record | None:
    told = _object(line)
    if told is None or not isinstance(told.get("type"), str):
        message = "This line is not a JSON object with a type. Write one, in UTF-8."
        report.reject(number, None, Code.BAD_JSON, None, message)
        return None
    type = _type(str(told["type"]), told)
    id = told.get("id", "")
    id = str(id) if isinstance(id, str | int) and not isinstance(id, bool) else ""
    if type == "header":
        return None
    if not is_known(type, is_own=is_own):
        message = f"Nobody knows what a {type[:TYPE_SHOWN]} is here: it was left out."
        report.error(number, id[:TYPE_SHOWN] or None, Code.UNKNOWN_TYPE, "type", message, type=type[:TYPE_SHOWN])
        return None
    fields = {key: value for key, value in told.items() if key not in ("type", "id", "deleted", "updated_at")}
    return Record(type, number, id, fields, deleted=told.get("deleted") is True)


def _type(type: str, told: Told) -> str:
    return Type.HOLDING if type == MEMBERSHIP and "position" in told and "group" not in told else type


def _object(line: bytes) -> Told | None:
    try:
        told: object = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return cast(Told, told) if isinstance(told, dict) else None


def _text(told: Told, field: str) -> str | None:
    value = told.get(field)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{field} is no text")
    return value


@contextmanager
def _opened(path: Path) -> Generator[tuple[IO[bytes], IO[bytes]]]:
    """The file unpacked, and as it lies on the disk. Raises `NotDone`."""
    if not path.is_file():
        raise NotDone(Reason.NO_FILE, f"There is no file {path}. Check the path.")
    try:
        with path.open("rb") as raw:
            is_packed = raw.read(2) == PACKED
            raw.seek(0)
            yield (cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if is_packed else raw), raw
    except (OSError, EOFError, zlib.error) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise NotDone(
            Reason.UNREADABLE_FILE, f"{path} cannot be read ({told}). Check its rights and its disk."
        ) from error
