"""Importing canonical records: JSON, one object a line, packed or not. Any format becomes this by a small reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, tzinfo
from pathlib import Path
from typing import cast

import orjson

from atrium.imports import files
from atrium.imports.engine import ABSENT_SHARE, Order, fingerprint, is_known, run_import
from atrium.imports.records import VERSION, Header, Mode, Record, Type
from atrium.imports.report import Code, NotDone, Progress, Reason, Report, unwatched
from models.clock import Clock
from models.text import too_long

LINE_MAX = 16_000_000  # bytes
EVERY = 1_000  # lines from one word of progress to the next
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
    with files.opened(path) as file:
        first = next(iter(files.Lines(path, file, LINE_MAX)), None)
    if first is None:
        raise NotDone(Reason.EMPTY_FILE, f"{files.shown(path)} is empty. Export it again, with a header and records.")
    told = _object(first.text)
    if told is None or told.get("type") != "header" or told.get("version") != VERSION:
        raise NotDone(
            Reason.BAD_HEADER,
            f"The first line of {files.shown(path)} is not a header of version {VERSION}. Begin the file with"
            f' {{"type":"header","version":{VERSION},"source":"…"}}.',
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
        message = f"The header of {files.shown(path)} cannot be used: {error}. Correct it."
        raise NotDone(Reason.BAD_HEADER, message) from None


def read_jsonl(path: Path, report: Report, *, is_own: bool = False, progress: Progress = unwatched) -> Iterator[Record]:
    """The records of a file whose header was read. Raises `NotDone`."""
    with files.opened(path) as file:
        size = files.size(file)
        for count, line in enumerate(files.Lines(path, file, LINE_MAX)):
            if count % EVERY == 0:
                progress(min(file.tell(), size), size, "reading")
            record = _record(line, report, is_own=is_own) if count else None  # the first one is the header
            if record:
                yield record
    progress(size, size, "reading")


def _record(line: files.Line, report: Report, *, is_own: bool) -> Record | None:
    number = line.number
    if line.length > LINE_MAX:
        report.reject(number, None, Code.TOO_LONG, None, too_long("This line", line.length, LINE_MAX))
        return None
    told = _object(line.text)
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
