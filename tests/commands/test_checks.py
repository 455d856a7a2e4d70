"""The schema as text, and the doctor."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL

import pytest

from atrium.embedded.postgres import Postgres
from atrium.embedded.valkey import Valkey
from atrium.web.assets import Assets
from tests.commands.conftest import records
from tests.commands.interpreter import ROOT, Atrium, Interpreter


def test_the_schema_is_printed_without_a_database(interpreter: Interpreter, tmp_path: Path) -> None:
    nowhere = Atrium(interpreter, "postgresql://127.0.0.1:1/nowhere", tmp_path)
    file = tmp_path / "schema.graphql"

    file.write_text(nowhere.done("sdl"))
    same = nowhere("sdl", "--check", str(file))
    file.write_text(file.read_text().replace("type Person", "type Human", 1))
    other, missing = nowhere("sdl", "--check", str(file)), nowhere("sdl", "--check", str(tmp_path / "none.graphql"))

    assert (same.code, same.out, same.err) == (0, "", "")
    assert other.code == missing.code == 1
    assert "-type Human" in other.err and "+type Person" in other.err and "run make sdl" in other.err
    assert len(missing.err.splitlines()) < 30


def test_the_commands_start_as_processes_of_their_own() -> None:
    commands = (["person", "add", "--help"], ["nonsense"])
    begun = [
        subprocess.Popen([sys.executable, "-m", "atrium", *words], cwd=ROOT, stdout=DEVNULL, stderr=DEVNULL)
        for words in commands
    ]

    assert [process.wait() for process in begun] == [0, 2]


class Doctor:
    """What the doctor says: `doctor(port="80").level`."""

    def __init__(self, atrium: Atrium) -> None:
        self.atrium = atrium

    def __call__(self, **settings: str) -> list[tuple[str, str, str]]:
        """Its findings but for the good ones, as level, subject, and what it says with how to mend it."""
        done = self.atrium("doctor", "--json", **settings)
        told = json.loads(done.out)
        assert {"ok": 0, "warn": 1, "fail": 2}[told["level"]] == done.code, done
        bad = [found for found in told["findings"] if found["level"] != "ok"]
        assert all(found["mend"] for found in bad)
        return [(found["level"], found["subject"], f"{found['says']} {found['mend']}") for found in bad]


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Postgres, Path]]:
    """A database as durable as those of companies, and its data folder."""
    folder = tmp_path_factory.mktemp("well")
    with Postgres(folder) as postgres:
        yield postgres, folder


@pytest.fixture
def doctor(well: tuple[Postgres, Path], interpreter: Interpreter) -> Doctor:
    postgres, folder = well
    postgres.create_database("atrium")
    atrium = Atrium(interpreter, "", folder)
    atrium.done("migrate")
    return Doctor(atrium)


def test_all_is_well(doctor: Doctor) -> None:
    assert doctor() == []
    assert "ok    database     PostgreSQL 18" in doctor.atrium.done("doctor")


def test_a_machine_where_nothing_has_been_started_yet_is_well(interpreter: Interpreter, tmp_path: Path) -> None:
    assert Doctor(Atrium(interpreter, "", tmp_path / "new"))() == []
    assert not (tmp_path / "new").exists()


def test_settings_are_looked_at(doctor: Doctor) -> None:
    odd = doctor(
        host="0.0.0.0",
        databse_url="x",
        public_url="social.company.example/here",
        allowed_origins="app.company.example",
        trusted_proxies="proxy",
        meilisearch_key="key",
        workers="64",
        pool_size="100",
    )

    assert {level for level, _, _ in odd} == {"warn"}
    for word in (
        "Did you mean ATRIUM_DATABASE_URL?",
        "listens on 0.0.0.0",
        "ATRIUM_PUBLIC_URL is",
        "ATRIUM_ALLOWED_ORIGINS",
        "ATRIUM_TRUSTED_PROXIES",
        "ATRIUM_MEILISEARCH_KEY is set without",
        "ATRIUM_WORKERS is 64",
        "Raise max_connections",
    ):
        assert word in str(odd)


def test_settings_that_cannot_be_read_are_told_each(doctor: Doctor) -> None:
    bad = doctor(port="99999", time_zone="Moon", mode="test")

    assert [(level, subject) for level, subject, _ in bad] == [("fail", "settings")] * 3


def test_production_is_looked_at_more_sternly(doctor: Doctor) -> None:
    bad = doctor(mode="production", secret_key="short")

    assert len([1 for level, _, says in bad if level == "fail" and "Production mode refuses" in says]) == 3


def test_the_data_folder_is_looked_at(doctor: Doctor, tmp_path: Path) -> None:
    secret = doctor.atrium.data_dir / "demo_password"
    secret.write_text("open")
    secret.chmod(0o644)
    [told] = doctor()
    secret.unlink()
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "letter").touch()

    assert told[:2] == ("fail", "data folder") and f"chmod 600 {secret}" in told[2]
    assert "not Atrium's" in doctor(data_dir=str(tmp_path))[0][2]
    assert "is not a folder" in doctor(data_dir=str(tmp_path / "postgres" / "letter"))[0][2]


def test_a_database_that_cannot_be_reached_or_has_no_tables(doctor: Doctor, bare: str) -> None:
    [(level, subject, _)] = doctor(database_url="postgresql://127.0.0.1:1/nowhere")

    assert (level, subject) == ("fail", "database")
    assert "It has no tables yet" in str(doctor(database_url=bare))


def test_what_waits_or_holds_others_up_is_told(doctor: Doctor, well: tuple[Postgres, Path]) -> None:
    dsn = well[0].endpoint.dsn("atrium")
    late = "now() - interval '5 minutes'"
    for sql in (
        "INSERT INTO reader_position (name, generation, xid, event_id, failures, error) VALUES ('x', 0, 0, 0, 3, 'oh')",
        f"INSERT INTO parked_event (reader, event_id, error, parked_at) VALUES ('x', 1, 'oh', {late})",
        f"INSERT INTO timer (id, kind, key, due_at, tries, error) VALUES (uuidv7(), 'remind', 'a', {late}, 0, '')",
        f"INSERT INTO timer (id, kind, key, due_at, tries, error) VALUES (uuidv7(), 'close', 'b', {late}, 10, 'oh')",
        "INSERT INTO person (id, name, title, bio, is_guest, active, auth_epoch, version, created_at, updated_at)"
        " VALUES (uuidv7(), 'Ann', '', '', false, true, 0, 1, now(), now())",
    ):
        records(dsn, sql)
    try:
        told = doctor()
    finally:
        records(dsn, "TRUNCATE reader_position, parked_event, timer, person CASCADE")

    assert {level for level, _, _ in told} == {"warn"}
    for word in (
        "x has put 1 events aside",
        "x fails at its next event: oh",
        "1 timers of kind remind are overdue",
        "1 timers of kind close fail, 1 for good: oh",
        "There is no administrator",
    ):
        assert word in str(told)


def test_neighbours_are_looked_at(doctor: Doctor, tmp_path: Path) -> None:
    valkey = Valkey(tmp_path)
    url = valkey.start()
    try:
        if url is not None:
            assert doctor(redis_url=url) == []
    finally:
        valkey.stop()
    told = doctor(redis_url="redis://127.0.0.1:1", meilisearch_url="http://127.0.0.1:1")

    assert [(level, subject) for level, subject, _ in told] == [("fail", "redis"), ("warn", "meilisearch")]
    assert [says for _, _, says in doctor(redis_url="http://secret@127.0.0.1:1") if "secret" in says] == []


def test_a_port_in_use_is_told(doctor: Doctor) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        [(level, subject, says)] = doctor(port=str(taken.getsockname()[1]))

    assert (level, subject) == ("fail", "port") and "is in use by another program" in says


def test_graphiql_without_its_files_is_no_fault(doctor: Doctor) -> None:
    told = json.loads(doctor.atrium("doctor", "--json").out)["findings"]

    [found] = [one for one in told if one["subject"] == "graphiql"]
    assert found["level"] == "ok"
    assert bool(found["mend"]) is not Assets().has_graphiql()
