"""CSV files as people export them: any usual encoding and delimiter, told apart without asking."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TextIO

from atrium.imports import files
from atrium.imports.report import NotDone, Reason

DELIMITERS = (",", ";", "\t")
CELL_LIMIT = 2**31 - 1  # characters; what is too long is the row's error, not the reader's

Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Record:
    """One row, and the line of the file where it begins; not `is_whole` if the file ends inside its quotes."""

    line: int
    cells: list[str]
    is_whole: bool = True


@dataclass(frozen=True)
class Table:
    """An open file: its header is read, its rows are yet to come, once. `is_guess`: only cp1252 could decode it."""

    header: list[str]
    rows: Iterator[Record]
    delimiter: str
    encoding: str
    is_guess: bool
    size: int  # bytes
    done: Callable[[], int]  # bytes read so far


@contextmanager
def opened(path: Path, known: Known) -> Generator[Table]:
    """A file's table; `known` says of a header whether it means something, for the delimiter. Raises `NotDone`."""
    csv.field_size_limit(CELL_LIMIT)
    with files.opened(path) as file:
        size = files.size(file)
        if size == 0:
            message = f"{files.shown(path)} is empty. Export it again, with a header and rows."
            raise NotDone(Reason.EMPTY_FILE, message)
        encoding, begins = _encoding(file)
        file.seek(begins)
        with TextIOWrapper(file, encoding=encoding, errors="replace", newline="") as text:
            yield _table(text, path, known, encoding, size)


def _table(file: TextIO, path: Path, known: Known, encoding: str, size: int) -> Table:
    lines = _Lines(file)
    first, delimiter = _first(lines), None
    if len(first.strip()) == 5 and first.lower().startswith("sep="):  # a note that spreadsheets leave for each other
        delimiter, first = first.strip()[4], _first(lines)
    delimiter = delimiter or _delimiter(first, known)
    reader = csv.reader(chain([first], lines), delimiter=delimiter)
    header = _cells(reader)
    if not any(header):
        message = f"{files.shown(path)} holds nothing but blanks. Export it again, with a header and rows."
        raise NotDone(Reason.EMPTY_FILE, message)
    return Table(
        header,
        _records(reader, lines),
        delimiter,
        encoding,
        is_guess=encoding == "cp1252",
        size=size,
        done=lambda: min(file.buffer.tell(), size),
    )


def _cells(rows: Iterator[list[str]]) -> list[str]:
    """The header's cells: those of the first row."""
    return [cell.strip() for cell in next(rows, list[str]())]


class _Lines:
    """A file's lines, counted. The reader of CSV asks for more than there are only inside an open quote."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.number = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline()
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        return line


def _first(lines: _Lines) -> str:
    """The next line that is not blank; empty at the end."""
    return next((line for line in lines if line.strip()), "")


def _records(reader: Iterator[list[str]], lines: _Lines) -> Iterator[Record]:
    """The rows that hold anything."""
    begins = lines.number + 1
    for cells in reader:
        if any(cells):
            yield Record(begins, cells, is_whole=not lines.ended)
        begins = lines.number + 1


def _delimiter(header: str, known: Known) -> str:
    """What the header is best split by: into most columns that mean something, then into most columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        cells = _cells(csv.reader([header], delimiter=delimiter))
        return sum(known(cell) for cell in cells), len(cells)

    return max(DELIMITERS, key=worth)


def _encoding(file: BinaryIO) -> tuple[str, int]:
    """A file's encoding, and the byte where its text begins."""
    head = file.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", 0
    # Without a mark, UTF-16 shows by its headers of plain letters: every second byte is zero.
    if head[1::2].count(0) > len(head) // 3:
        return "utf-16-le", 0
    if head[0::2].count(0) > len(head) // 3:
        return "utf-16-be", 0
    # The mark of UTF-8 is not believed: some tools put it before any text.
    begins = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    file.seek(begins)
    return ("utf-8" if _is_utf8(iter(lambda: file.read(files.CHUNK), b"")) else "cp1252"), begins


def _is_utf8(chunks: Iterator[bytes]) -> bool:
    """Whether all of it is; a character cut off by the end of the file does not speak against it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks:
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True
