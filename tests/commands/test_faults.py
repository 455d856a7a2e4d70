"""Faults of the surroundings: exit code 2 and a sentence, never a traceback."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from redis import Redis
from redis.exceptions import RedisError

from atrium.embedded import binaries, users
from atrium.embedded.postgres import Postgres
from atrium.faults import sentence
from tests.commands.conftest import records
from tests.commands.interpreter import Atrium, Interpreter


@pytest.fixture
def refused(interpreter: Interpreter, tmp_path: Path) -> Any:
    """Run a command that cannot do its work; what it says of that."""

    def run(*words: str, database_url: str = "", data_dir: Path | str = tmp_path) -> str:
        done = Atrium(interpreter, database_url, Path(data_dir))(*words)
        assert (done.code, done.out) == (2, ""), done
        assert "Traceback" not in done.err and done.err.count("\n") == 1, done.err
        return done.err

    return run


def test_a_database_that_cannot_be_reached(refused: Any) -> None:
    for url in (
        "postgresql://127.0.0.1:1/atrium",
        "postgresql://ann@/atrium?host=/nonexistent",
        "mysql://127.0.0.1/atrium",
        "127.0.0.1",
    ):
        assert "The database cannot be reached: " in refused("token", "ann@company.example", database_url=url)


def test_a_wrong_password_and_no_such_database(refused: Any, elsewhere: Postgres, tmp_path: Path) -> None:
    postgres = elsewhere.endpoint.dsn("postgres")
    records(postgres, "CREATE ROLE walter LOGIN PASSWORD 'right'")
    [rules] = records(postgres, "SHOW hba_file")
    file = Path(rules[0])
    file.write_text("local all walter scram-sha-256\n" + file.read_text())
    records(postgres, "SELECT pg_reload_conf()")
    dsn = elsewhere.endpoint.dsn("postgres").replace("postgres@", "walter:wrong@")

    said = refused("token", "ann@company.example", database_url=dsn)

    assert "password authentication failed" in said and "wrong" not in said
    said = refused("token", "ann@company.example", database_url=elsewhere.endpoint.dsn("nowhere"))
    assert 'database "nowhere" does not exist' in said


def test_an_address_that_cannot_be_read(refused: Any) -> None:
    said = refused("migrate", database_url="postgres://ann:s3cret@127.0.0.1:notaport/atrium")

    assert "ATRIUM_DATABASE_URL cannot be read" in said and "s3cret" not in said


def test_a_migration_that_there_is_not(refused: Any, company: str) -> None:
    for name in ("../../etc/passwd", "0999"):
        said = refused("migrate", "--to", name, database_url=company)
        assert f"There is no migration named '{name}'. Go to one of 0001_" in said


def test_a_user_who_may_not_write(refused: Any, elsewhere: Postgres) -> None:
    postgres = elsewhere.endpoint.dsn("postgres")
    records(postgres, "CREATE ROLE guest LOGIN")
    records(postgres, "CREATE ROLE reader LOGIN SUPERUSER")
    records(postgres, "ALTER ROLE reader SET default_transaction_read_only = on")
    elsewhere.create_database("foreign")
    dsn = elsewhere.endpoint.dsn("foreign")

    assert "let it own the database" in refused("migrate", database_url=dsn.replace("postgres@", "guest@"))
    assert "takes no changes" in refused("migrate", database_url=dsn.replace("postgres@", "reader@"))


def test_a_server_that_is_too_old(refused: Any, old: str) -> None:
    for words in (("token", "ann@company.example"), ("backup", "/nonexistent/backup")):
        assert "needs PostgreSQL 18 or newer, and this server is 1" in refused(*words, database_url=old)


def test_a_data_folder_of_somebody_else(refused: Any, tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "letter").write_text("dear")
    (tmp_path / "file").touch()

    assert "holds files that are not Atrium's (letter)" in refused("migrate")
    assert "is a file" in refused("migrate", data_dir=tmp_path / "file" / "below")


def test_a_full_disk(atrium: Atrium, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("id,name\n1,Ann\n")

    done = atrium("import", "people", str(people), "--report", "/dev/full")

    assert done.code == 2
    assert "is full: free some space" in done.err and "Traceback" not in done.err


def test_what_is_no_fault_of_the_surroundings_shows_itself_as_a_bug() -> None:
    assert sentence(ValueError("a bug")) is None
    assert "The disk of /data is full" in str(sentence(OSError(errno.EDQUOT, "Disk quota exceeded", "/data")))


def test_redis_that_cannot_be_reached() -> None:
    with pytest.raises(RedisError) as error:
        cast(Any, Redis).from_url("redis://127.0.0.1:1", socket_connect_timeout=1).ping()

    assert "Redis cannot be reached" in str(sentence(error.value))


@pytest.fixture
def old(tmp_path: Path) -> Iterator[str]:
    """The DSN of a PostgreSQL of an earlier major version, which comes in the same wheel."""
    programs = binaries.postgres_folder().parents[1] / "pginstall" / "bin"
    account = users.server_account()
    home = tmp_path / "old"
    home.mkdir()
    if account:
        home.chmod(0o770)
        os.chown(home, account.uid, account.gid)
    way = users.launcher(account, programs, home)
    data = str(home / "data")
    started = f"-k {home} -c listen_addresses= -c fsync=off"
    for command in (
        ["initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"],
        ["pg_ctl", "-D", data, "-w", "-l", str(home / "log"), "-o", started, "start"],
    ):
        done = users.run(way, [str(programs / command[0]), *command[1:]])
        assert done.returncode == 0, done.stdout
    yield f"postgresql://postgres@/postgres?host={home}"
    users.run(way, [str(programs / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop"])
