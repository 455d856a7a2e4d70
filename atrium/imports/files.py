"""Files to read: regular ones alone, lines of packed ones within limits, and paths that any terminal can show."""

from __future__ import annotations

import gzip
import os
import re
import stat
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from atrium.imports.report import NotDone, Reason

CHUNK = 1 << 20  # bytes
PACKED = b"\x1f\x8b"
UNPACKED_MAX = 4_000_000_000  # bytes that a packed file may hold,
UNPACKED_TIMES = 200  # and so many times its own size,
UNPACKED_FREE = 64_000_000  # but so many bytes in any case
LINES_MAX = 2_000_000_000  # numbers of lines are stored in four bytes
SPACE = 0x20  # no sign after it is blank
INK = re.compile(rb"\S")


def shown(path: Path | str) -> str:
    """A path in a message: bytes that are no text, and signs that a terminal would obey, are escaped."""
    text = os.fsencode(path).decode(errors="backslashreplace")
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


@contextmanager
def opened(path: Path) -> Generator[BufferedReader]:
    """A regular file: nothing that one would wait for, or that never ends. Raises `NotDone`, also for faults inside."""
    try:
        _ensure_regular(path.stat(), path)
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            _ensure_regular(os.fstat(handle), path)  # a pipe may have come into its place
            yield file
    except (FileNotFoundError, NotADirectoryError):
        remedy = "Standard input is not read: name a file." if path == Path("-") else "Check the path."
        raise NotDone(Reason.NO_FILE, f"There is no file {shown(path)}. {remedy}") from None
    except OSError as error:
        message = f"{shown(path)} cannot be read ({error.strerror}). Check its rights and its disk."
        raise NotDone(Reason.UNREADABLE_FILE, message) from error


def size(file: BufferedReader) -> int:
    """How large an open file is, in bytes."""
    return os.fstat(file.fileno()).st_size


class Line(NamedTuple):
    """A line that is not blank, from its first sign on; of one that is too long its `length` in bytes is all."""

    number: int  # from 1
    text: bytes
    length: int


@dataclass
class Lines:
    """The lines of an open file, unpacked where it is packed, of at most `most` bytes each, in constant memory."""

    path: Path
    file: BufferedReader
    most: int
    number: int = 1

    def __iter__(self) -> Iterator[Line]:
        """Those that are not blank. Raises `NotDone` for a damaged file, and for one that holds too much."""
        parts, length = list[bytes](), 0
        for chunk in self._chunks():
            at = 0
            while at < len(chunk):
                if not length and chunk[at] <= SPACE and (at := self._after_blanks(chunk, at)) == len(chunk):
                    break
                end = chunk.find(b"\n", at) + 1
                parts.append(chunk[at : end or len(chunk)])
                length += len(parts[-1])
                if length > self.most:
                    parts.clear()
                if not end:
                    break
                yield Line(self.number, parts[0] if len(parts) == 1 else b"".join(parts), length)
                self.number, length, at = self.number + 1, 0, end
                parts.clear()
        if length:
            yield Line(self.number, b"".join(parts), length)

    def _after_blanks(self, chunk: bytes, at: int) -> int:
        """Where the next line that is not blank begins. Millions of blank ones pack into nothing: they cost as much."""
        ink = INK.search(chunk, at)
        begins = ink.start() if ink else len(chunk)
        self.number += chunk.count(b"\n", at, begins)
        if self.number > LINES_MAX:
            message = f"{shown(self.path)} has more than {LINES_MAX:,} lines. Take out the blank ones, or part it."
            raise NotDone(Reason.TOO_LARGE, message)
        return begins

    def _chunks(self) -> Iterator[bytes]:
        is_packed = self.file.read(len(PACKED)) == PACKED
        self.file.seek(0)
        if not is_packed:
            yield from iter(lambda: self.file.read(CHUNK), b"")
            return
        unpacked, total = gzip.GzipFile(fileobj=self.file), 0
        most = min(max(UNPACKED_TIMES * size(self.file), UNPACKED_FREE), UNPACKED_MAX)
        try:
            while chunk := unpacked.read1(CHUNK):
                total += len(chunk)
                if total > most:
                    raise NotDone(Reason.TOO_LARGE, self._too_large(most))
                yield chunk
        except (gzip.BadGzipFile, EOFError, zlib.error):
            message = f"The compressed file {shown(self.path)} is damaged after {self.number - 1:,} lines."
            raise NotDone(Reason.UNREADABLE_FILE, f"{message} Pack it again.") from None

    def _too_large(self, most: int) -> str:
        return (
            f"{shown(self.path)} holds more than {most:,} bytes: what is packed may hold {UNPACKED_TIMES} times its own"
            f" size, {UNPACKED_FREE:,} bytes in any case and {UNPACKED_MAX:,} at most. If it is meant so, unpack it and"
            " import it as it is."
        )


def _ensure_regular(found: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise NotDone(Reason.NO_FILE, f"{shown(path)} is a folder. Name one file.")
    if not stat.S_ISREG(found.st_mode):
        raise NotDone(
            Reason.NO_FILE,
            f"{shown(path)} is no regular file, and pipes, devices, sockets and standard input are not read, since an"
            " import reads its file several times. Save it to a file, and name that.",
        )
