"""Backups: written, refused, and restored elsewhere just as they were."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from atrium.embedded.postgres import Postgres
from models import log
from tests.commands.conftest import records
from tests.commands.interpreter import Atrium, Interpreter

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
HASHES = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {} t"
A_PERSON = """
INSERT INTO person (id, name, title, bio, is_guest, active, auth_epoch, version, created_at, updated_at)
VALUES (uuidv7(), 'Ann', '', '', false, true, 0, 1, now(), now())
"""


def contents(dsn: str, *but: str) -> dict[str, tuple[object, ...]]:
    """The number of rows of each table, and a hash of all of them."""
    tables = [row[0] for row in records(dsn, TABLES)]
    return {table: tuple(records(dsn, HASHES.format(table))[0]) for table in tables if table not in but}


def test_a_backup_comes_back_in_another_cluster_as_it_was(
    atrium: Atrium, company: str, elsewhere: Postgres, interpreter: Interpreter, tmp_path: Path
) -> None:
    atrium.done("demo", "--people", "40", "--days", "4")
    atrium.done("token", "admin@atrium.example")
    before = contents(company)
    assert 0 not in {before[table][0] for table in ("post", "conversation", "conversation_member", "message")}

    backed_up = atrium("backup", str(tmp_path / "new" / "backup"))

    assert backed_up.code == 0 and "bytes" in backed_up.err
    folder = tmp_path / "new" / "backup"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["backup"]
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, *folder.iterdir())] == ["0o700", "0o600", "0o600"]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["size_bytes"] == (folder / "database.dump").stat().st_size
    assert manifest["migration"].startswith("0")
    elsewhere.create_database("restored")
    there = Atrium(interpreter, elsewhere.endpoint.dsn("restored"), tmp_path)

    there.done("restore", str(folder))

    # The other cluster is another generation of the log: its transaction ids begin anew.
    after = contents(there.database_url)
    assert {table: rows for table, rows in after.items() if table != "log_generation"} == {
        table: rows for table, rows in before.items() if table != "log_generation"
    }
    assert after["log_generation"][0] == 2


def test_the_log_reads_in_order_after_a_move_to_another_cluster(
    atrium: Atrium, company: str, elsewhere: Postgres, interpreter: Interpreter, tmp_path: Path
) -> None:
    def add(where: Atrium, name: str) -> None:
        where.done("person", "add", "--name", name, "--email", f"{name}@company.example")

    elsewhere.create_database("moved")
    there = Atrium(interpreter, elsewhere.endpoint.dsn("moved"), tmp_path)
    add(atrium, "ann")
    atrium.done("backup", str(tmp_path / "backup"))
    there.done("restore", str(tmp_path / "backup"))
    add(there, "bob")

    events = records(there.database_url, log.AFTER, *log.START, 100, None)
    read = [row for row in events if row["kind"] == "PersonJoined"]
    names = {row["id"]: row["name"] for row in records(there.database_url, "SELECT id, name FROM person")}
    assert [(row["generation"], names[row["subject_id"]]) for row in read] == [(1, "ann"), (2, "bob")]


def test_a_backup_does_not_overwrite(atrium: Atrium, company: str, tmp_path: Path) -> None:
    path, other = tmp_path / "backup", tmp_path / "other"
    path.mkdir()  # an empty folder may be filled
    other.mkdir()
    (other / "letter").write_text("dear")
    atrium.done("backup", str(path))
    first = (path / "manifest.json").read_text()

    refused, strange = atrium("backup", str(path)), atrium("backup", str(other), "--force")

    assert refused.code == 2 and "--force" in refused.err
    assert strange.code == 2 and "is not a backup" in strange.err
    assert (path / "manifest.json").read_text() == first and (other / "letter").exists()
    atrium.done("backup", str(path), "--force")
    assert (path / "manifest.json").read_text() != first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["backup", "other"]


def test_a_database_with_people_is_replaced_only_by_force(atrium: Atrium, company: str, tmp_path: Path) -> None:
    atrium.done("backup", str(tmp_path / "backup"))
    records(company, A_PERSON)

    refused = atrium("restore", str(tmp_path / "backup"))

    assert refused.code == 2 and "There are people in this database" in refused.err
    assert records(company, "SELECT count(*) FROM person")[0][0] == 1
    atrium.done("restore", str(tmp_path / "backup"), "--force")
    assert records(company, "SELECT count(*) FROM person")[0][0] == 0


def test_a_restore_that_fails_leaves_the_database_as_it_was(atrium: Atrium, company: str, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    atrium.done("backup", str(backup))
    records(company, A_PERSON)
    # It can be cleared away, but not be filled again: what the dump makes needs this in its place.
    records(company, "CREATE SCHEMA keeper")
    records(company, "CREATE FUNCTION keeper.no() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'")
    records(
        company,
        "CREATE EVENT TRIGGER no ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION keeper.no()",
    )
    before = contents(company)

    failed = atrium("restore", str(backup), "--force")

    assert failed.code == 2 and "the database is as it was. PostgreSQL says" in failed.err
    assert contents(company) == before


def test_what_is_no_sound_backup_is_refused(atrium: Atrium, bare: str, tmp_path: Path) -> None:
    good, folder = tmp_path / "good", tmp_path / "backup"
    atrium.done("backup", str(good))
    empty = Atrium(atrium.interpreter, bare, tmp_path)

    def refused(says: str) -> None:
        done = empty("restore", str(folder))
        assert done.code == 2 and says in done.err and "Traceback" not in done.err
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(good, folder)

    refused("is not a backup: it has no manifest.json")
    with (folder / "database.dump").open("r+b") as file:
        file.seek(-9, 2)
        file.write(b"rubbish")
    refused("is damaged")
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"migration": "9999_future"}))
    refused("is of a newer Atrium (version 0.1.0, tables 9999_future)")
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 2}))
    refused("in a form that this version does not know")
    (folder / "manifest.json").write_text("{")
    refused("its manifest.json is damaged")
    assert not records(bare, TABLES)


def test_only_a_database_of_ours_is_backed_up_or_replaced(
    atrium: Atrium, interpreter: Interpreter, bare: str, tmp_path: Path
) -> None:
    atrium.done("backup", str(tmp_path / "backup"))
    strange = Atrium(interpreter, bare, tmp_path)
    records(bare, "CREATE TABLE invoice (id int)")

    backed_up, restored = (
        strange("backup", str(tmp_path / "x")),
        strange("restore", str(tmp_path / "backup"), "--force"),
    )

    assert backed_up.code == 2 and "has no tables of Atrium" in backed_up.err
    assert restored.code == 2 and "tables of another program" in restored.err
    assert [row[0] for row in records(bare, TABLES)] == ["invoice"]


def test_an_owner_who_is_no_superuser_backs_up_and_restores(
    atrium: Atrium, interpreter: Interpreter, elsewhere: Postgres, tmp_path: Path
) -> None:
    records(elsewhere.endpoint.dsn("postgres"), "CREATE ROLE owner LOGIN PASSWORD 'secret'")
    records(elsewhere.endpoint.dsn("postgres"), "CREATE DATABASE owned OWNER owner")
    dsn = elsewhere.endpoint.dsn("owned").replace("postgresql://postgres@", "postgresql://owner:secret@")
    owned = Atrium(interpreter, dsn, tmp_path)
    owned.done("migrate")

    owned.done("backup", str(tmp_path / "backup"))
    owned.done("restore", str(tmp_path / "backup"), "--force")
    owned.done("backup", str(tmp_path / "again"))
    owned.done("restore", str(tmp_path / "again"), "--force")

    assert records(dsn, "SELECT count(*) FROM audience")[0][0] == 1
