"""Files that are none, never end, are damaged, or hold more than they look like: refused at once, in a sentence."""

from __future__ import annotations

import gzip
import os
import socket
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import pytest

from atrium.imports import files
from atrium.imports.jsonl import import_jsonl
from atrium.imports.organogram import import_organogram
from atrium.imports.people import import_people
from atrium.imports.report import UNREADABLE_MAX, NotDone, Reason, Report
from models import db
from tests.clocks import TurnedClock
from tests.imports.conftest import Bring, Send, codes, person, stored

HEADER = orjson.dumps({"type": "header", "version": 1, "source": "hr"}) + b"\n"
MEGABYTE = 1_000_000
BOM = b"\xef\xbb\xbf"

Make = Callable[[Path], object]


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.mkdir()


def something_endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as found:
        found.bind(str(path))


@pytest.fixture
def packed(tmp_path: Path) -> Callable[[bytes], Path]:
    """A packed file of records."""

    def write(content: bytes) -> Path:
        path = tmp_path / "records.jsonl.gz"
        path.write_bytes(gzip.compress(content))
        return path

    return write


async def people(path: Path, clock: TurnedClock) -> Report:
    return await import_people(path, clock=clock)


async def jsonl(path: Path, clock: TurnedClock) -> Report:
    return await import_jsonl(path, clock=clock)


async def organogram(path: Path, clock: TurnedClock) -> Report:
    return await import_organogram(path, None, clock=clock)


async def refusal(path: Path, clock: TurnedClock) -> NotDone:
    with pytest.raises(NotDone) as caught:
        await jsonl(path, clock)
    return caught.value


@pytest.mark.parametrize("make", [a_pipe, a_socket, a_folder, something_endless])
@pytest.mark.parametrize("read", [people, jsonl, organogram])
async def test_only_regular_files_are_read(
    read: Callable[[Path, TurnedClock], Awaitable[Report]],
    make: Make,
    tmp_path: Path,
    clock: TurnedClock,
    database: None,
) -> None:
    path = tmp_path / "people"
    make(path)

    with pytest.raises(NotDone) as caught:
        await read(path, clock)

    assert caught.value.reason is Reason.NO_FILE
    assert str(caught.value).startswith(f"{path} is ")


def test_a_pipe_that_comes_into_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,name\n")

    class Turning(type(path)):
        """A path at which there is a pipe once its kind has been looked up."""

        def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
            found = super().stat(follow_symlinks=follow_symlinks)
            os.unlink(self)
            os.mkfifo(self)
            return found

    with pytest.raises(NotDone, match="is no regular file"), files.opened(Turning(path)):
        pass


async def test_standard_input_is_told_not_to_be_read(clock: TurnedClock, database: None) -> None:
    assert "Standard input is not read" in str(await refusal(Path("-"), clock))


async def test_blank_lines_cost_next_to_nothing(
    packed: Callable[[bytes], Path], clock: TurnedClock, database: None
) -> None:
    path = packed(b"\n" + HEADER + b" \r\n" * (20 * MEGABYTE) + orjson.dumps(person("1")) + b"\nwhat\n")

    report = await jsonl(path, clock)

    assert report.people.created == 1
    assert codes(report) == [(20 * MEGABYTE + 4, "bad_json")]


async def test_a_file_that_holds_too_much_for_its_size_is_refused(
    packed: Callable[[bytes], Path], clock: TurnedClock, database: None
) -> None:
    path = packed(HEADER + b"\n" * files.UNPACKED_FREE)

    refused = await refusal(path, clock)

    assert path.stat().st_size < 100_000
    assert refused.reason is Reason.TOO_LARGE
    assert "more than 64,000,000 bytes" in str(refused) and "unpack it" in str(refused)
    assert not await db.rows("SELECT 1 FROM import_record")


async def test_a_packed_company_of_any_size_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl.gz"
    line = orjson.dumps(person("1", bio="She cooks.")) + b"\n"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(1_400):
            file.write(os.urandom(4_000).hex().encode() + b"\n" + line * 1_000)

    with files.opened(path) as file:
        assert sum(1 for _ in files.Lines(path, file, MEGABYTE)) == 1_401_400


async def test_garbage_without_end_is_given_up(
    packed: Callable[[bytes], Path], clock: TurnedClock, database: None
) -> None:
    refused = await refusal(packed(HEADER + b"x\n" * (2 * UNREADABLE_MAX)), clock)

    assert refused.reason is Reason.TOO_MANY_ERRORS
    assert "line 100,002" in str(refused)


@pytest.mark.parametrize("size", [b"x" * 30, b"x" * 3_000_000])
def test_a_line_is_whole_however_it_is_read(size: bytes, tmp_path: Path) -> None:
    told = [b"a", b" " * 10 + size, b"b" * files.CHUNK, b"c"]
    path = tmp_path / "lines"
    path.write_bytes(b"\n\n".join(told))

    with files.opened(path) as file:
        lines = list(files.Lines(path, file, 2_000_000))

    wanted = [(1, b"a\n"), (3, size + b"\n"), (5, told[2] + b"\n"), (7, b"c")]
    fitting = [(number, text if len(text) <= 2_000_000 else b"", len(text)) for number, text in wanted]
    assert [tuple(line) for line in lines] == fitting


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def scratched(content: bytes) -> bytes:
    return content[:-8] + bytes(8)


def begun(content: bytes) -> bytes:
    return content[:5]


def continued(content: bytes) -> bytes:
    return content + b"end"


def trodden(content: bytes) -> bytes:
    half = len(content) // 2
    return content[:half] + b"\xff" * 64 + content[half + 64 :]


@pytest.mark.parametrize("damage", [cut, scratched, trodden, begun, continued])
async def test_a_damaged_file_is_called_so(
    damage: Callable[[bytes], bytes], tmp_path: Path, clock: TurnedClock, database: None
) -> None:
    path = tmp_path / "records.jsonl.gz"
    lines = [orjson.dumps(person(str(n), bio=str(zlib.crc32(bytes([n % 256])) ** 9))) for n in range(5_000)]
    path.write_bytes(damage(gzip.compress(HEADER + b"\n".join(lines) + b"\n")))

    refused = await refusal(path, clock)

    assert refused.reason is Reason.UNREADABLE_FILE
    assert f"The compressed file {path} is damaged after" in str(refused) and "Pack it again" in str(refused)
    assert not await db.rows("SELECT 1 FROM person")
    assert not await db.rows("SELECT 1 FROM import_record")


async def test_as_many_lines_are_told_as_are_whole(tmp_path: Path, clock: TurnedClock, database: None) -> None:
    path = tmp_path / "records.jsonl.gz"
    path.write_bytes(scratched(gzip.compress(HEADER + orjson.dumps(person("1")) + b"\n")))

    assert "after 2 lines" in str(await refusal(path, clock))


async def test_a_false_mark_of_utf_8_is_not_believed(bring: Bring) -> None:
    rows = "".join(f"{n},Zoë Müller,Köchin\n" for n in range(100_000, 100_050))

    report = await bring(BOM + ("id,name,title\n" + rows).encode("cp1252"))

    assert codes(report) == [(1, "encoding")]
    assert set((await stored("name", "title")).values()) == {("Zoë Müller", "Köchin")}


async def test_a_false_mark_shows_however_late(bring: Bring) -> None:
    text = "id,name,bio\n1,Ann," + "x" * (2 * files.CHUNK) + "\n2,Zoë,\n"

    report = await bring(BOM + text.encode("cp1252"))

    assert {code for _, code in codes(report)} == {"encoding", "too_long"}
    assert await stored("name") == {"2": "Zoë"}


async def test_what_no_encoding_has_is_told(bring: Bring) -> None:
    report = await bring(BOM + b"id,name\n1,Zo\xeb\n2,A\x81nn\n")

    assert codes(report) == [(1, "encoding"), (3, "bad_text")]


@pytest.mark.parametrize("name", [b"pe\xff.csv", b"\x1b[2Jpe\nople.csv", "Zoë.csv".encode()])
async def test_any_name_of_a_file_can_be_shown(name: bytes, bring: Bring, send: Send, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(b"  \n")

    with pytest.raises(NotDone) as caught:
        await bring.file(path)
    refused = await refusal(path, send.clock)

    for told in (str(caught.value), str(refused)):
        assert told.encode().decode().isprintable()
        assert told.startswith(str(tmp_path))
    assert ("Zoë" in str(refused)) == (name == "Zoë.csv".encode())
    path.unlink()
    assert "There is no file" in str(await refusal(path, send.clock))
