"""Imports of files that are none, or hold more than they look like: code 2 at once, and a sentence."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import pytest

from tests.commands.conftest import Ask
from tests.commands.interpreter import Atrium

HEADER = b'{"type":"header","version":1,"source":"hr"}\n'
AT_ONCE = 20  # seconds, most of them for the start of the engines


@pytest.mark.parametrize("kind", ["people", "jsonl", "organogram"])
def test_pipes_and_devices_are_refused_at_once(atrium: Atrium, rows: Ask, tmp_path: Path, kind: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    begun = time.monotonic()

    for path in (pipe, Path("/dev/zero"), tmp_path, Path("-")):
        done = atrium("import", kind, str(path))

        assert (done.code, done.out) == (2, "")
        assert str(path) in done.err and "Traceback" not in done.err
    assert time.monotonic() - begun < AT_ONCE
    assert not rows("SELECT 1 FROM import_run")


def test_a_file_that_is_nearly_all_blank_is_taken_fast_or_refused(atrium: Atrium, rows: Ask, tmp_path: Path) -> None:
    fitting, larger = tmp_path / "fitting.jsonl.gz", tmp_path / "larger.jsonl.gz"
    person = b'{"type":"person","id":"1","name":"Ann"}\n'
    for path, blank in ((fitting, 60_000_000), (larger, 300_000_000)):
        with gzip.open(path, "wb", compresslevel=6) as file:
            file.write(HEADER + person)
            for _ in range(blank // 1_000_000):
                file.write(b"\n" * 1_000_000)
    begun = time.monotonic()

    taken, refused = atrium("import", "jsonl", str(fitting)), atrium("import", "jsonl", str(larger))

    assert time.monotonic() - begun < AT_ONCE
    assert (taken.code, refused.code, refused.out) == (0, 2, "")
    assert "200 times its own size" in refused.err and "unpack it" in refused.err
    assert len(rows("SELECT 1 FROM person")) == 1


def test_a_damaged_file_is_called_so(atrium: Atrium, rows: Ask, tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(HEADER + b'{"type":"person","id":"1","name":"Ann"}\n')[:-6])

    done = atrium("import", "jsonl", str(path))

    assert (done.code, done.out) == (2, "")
    assert f"The compressed file {path} is damaged after 2 lines. Pack it again." in done.err
    assert not rows("SELECT 1 FROM person")


@pytest.mark.parametrize("kind", ["people", "jsonl", "organogram"])
def test_a_name_that_is_no_text_is_shown_all_the_same(atrium: Atrium, tmp_path: Path, kind: str) -> None:
    path = tmp_path / os.fsdecode(b"pe\xff\x1b[2Jople")

    missing = atrium("import", kind, str(path))
    path.write_bytes(b" \n")
    blank = atrium("import", kind, str(path))

    for done in (missing, blank):
        assert (done.code, done.out) == (2, "")
        assert r"pe\xff\x1b[2Jople" in done.err and "Traceback" not in done.err


def test_a_source_that_is_no_text_is_refused(atrium: Atrium, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,name\n1,Ann\n")

    done = atrium("import", "people", str(path), "--source", os.fsdecode(b"h\xffr"))

    assert (done.code, done.out) == (2, "")
    assert "A source has a name" in done.err and "Traceback" not in done.err
