"""The embedded PostgreSQL: made, shared, killed, mended."""

import asyncio
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has none
import pytest

from atrium.embedded import processes
from atrium.embedded.errors import EngineError
from atrium.embedded.postgres import Postgres

if TYPE_CHECKING:
    from tests.embedded.conftest import Hold


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres/data/postmaster.pid").read_text().splitlines()[0])


def gone(pid: int) -> bool:
    return processes.wait_until(lambda: processes.command(pid) is None, 5)


async def fetch(sql: str, *dsn: str, **credentials: Any) -> object:
    driver: Any = asyncpg
    connection = await driver.connect(*dsn, **credentials)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def test_what_was_stored_is_there_after_a_restart(tmp_path: Path) -> None:
    with Postgres(tmp_path) as server:
        server.execute("CREATE TABLE word AS SELECT 'Éclair für Žofie' AS text")
        first = postmaster(tmp_path)
    assert gone(first)

    with Postgres(tmp_path) as server:
        found = server.execute("SELECT text, upper(text) FROM word WHERE to_tsvector('simple', text) @@ 'žofie'")
        settings = server.execute(
            "SELECT string_agg(setting, ' ' ORDER BY name) FROM pg_settings WHERE name IN"
            " ('fsync', 'synchronous_commit', 'data_checksums', 'listen_addresses', 'TimeZone', 'server_encoding')"
        )

    assert found == "Éclair für Žofie|ÉCLAIR FÜR ŽOFIE"
    assert settings == "UTC on on  UTF8 on"


def test_clients_and_tools_find_it(tmp_path: Path) -> None:
    with Postgres(tmp_path / "a folder's name%, and more", durable=False) as server:
        server.create_database("an odd?name")
        server.execute("CREATE TABLE kept (id int)", "an odd?name")

        assert (
            asyncio.run(fetch("SELECT current_database()", **server.endpoint.credentials("an odd?name")))
            == "an odd?name"
        )
        dumped = subprocess.check_output(
            [server.binary("pg_dump"), server.endpoint.dsn("an odd?name")], text=True, stderr=subprocess.STDOUT
        )
        listed = subprocess.check_output(
            [server.binary("psql"), "-XAtc", "SELECT 1", "postgres"], env=os.environ | server.endpoint.environment()
        )
        with pytest.raises(EngineError, match="no tool named pg_nothing"):
            server.binary("pg_nothing")

    assert "CREATE TABLE public.kept" in dumped
    assert listed == b"1\n"


def test_a_coroutine_starts_it_in_a_thread(tmp_path: Path) -> None:
    async def work() -> object:
        server = Postgres(tmp_path, durable=False)
        endpoint = await asyncio.to_thread(server.start)
        try:
            return await fetch("SELECT 1", endpoint.dsn("postgres"))
        finally:
            await asyncio.to_thread(server.stop)

    assert asyncio.run(work()) == 1


def test_processes_share_it_and_the_last_one_stops_it(tmp_path: Path, hold: "Hold") -> None:
    others = [hold("Postgres", tmp_path) for _ in range(2)]  # All at once, on a folder that is not there yet.
    server = Postgres(tmp_path)
    server.start()
    for other in others:
        other.says("held")
    pid = postmaster(tmp_path)

    others[0].stop()
    others[1].stop()
    assert server.is_running() and postmaster(tmp_path) == pid
    assert server.start() == server.endpoint

    server.stop()
    server.stop()
    assert not server.is_running() and gone(pid)


def test_it_outlives_the_process_that_started_it(tmp_path: Path, hold: "Hold") -> None:
    starter = hold("Postgres", tmp_path)
    starter.says("held")
    with Postgres(tmp_path) as server:
        starter.stop()

        assert server.execute("SELECT 1") == "1"
        assert os.getsid(postmaster(tmp_path)) != os.getsid(0)  # Ctrl-C does not reach it.
    assert not server.is_running()


def test_a_killed_holder_does_not_count(tmp_path: Path, hold: "Hold") -> None:
    other = hold("Postgres", tmp_path)
    other.says("held")
    other.kill()
    pid = postmaster(tmp_path)
    server = Postgres(tmp_path)
    assert server.is_running()

    server.start()
    assert postmaster(tmp_path) == pid

    server.stop()
    assert gone(pid)


def test_committed_rows_survive_the_kill_of_the_server(tmp_path: Path) -> None:
    with Postgres(tmp_path) as server:
        server.execute("CREATE TABLE number AS SELECT generate_series(1, 300) AS n")
        killed = postmaster(tmp_path)
        os.kill(killed, signal.SIGKILL)

        server.ensure()

        assert server.execute("SELECT count(*) FROM number") == "300"
        assert postmaster(tmp_path) != killed


def test_a_zombie_does_not_pass_for_a_server(tmp_path: Path, hold: "Hold") -> None:
    parent = hold("Postgres", tmp_path)
    parent.says("held")
    server = Postgres(tmp_path)
    server.start()
    server.execute("CREATE TABLE number AS SELECT generate_series(1, 300) AS n")
    parent.freeze()
    zombie = postmaster(tmp_path)
    os.kill(zombie, signal.SIGKILL)

    server.start()

    os.kill(zombie, 0)  # It is still there.
    assert server.execute("SELECT count(*) FROM number") == "300"
    parent.kill()
    server.stop()
    assert not server.is_running()


def test_a_busy_child_of_the_killed_server_is_ended(tmp_path: Path) -> None:
    endless = "SELECT count(*) FROM generate_series(1, 1e10::bigint)"
    with Postgres(tmp_path) as server:
        busy = subprocess.Popen(
            [server.binary("psql"), server.endpoint.dsn("postgres"), "-c", endless],
            stderr=subprocess.DEVNULL,
        )
        running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM generate%'"
        assert processes.wait_until(lambda: server.execute(running) == "1", 5)
        os.kill(postmaster(tmp_path), signal.SIGKILL)

        server.ensure()

        assert server.execute("SELECT 1") == "1"
        assert busy.wait(5) != 0


def test_a_number_that_went_to_another_process_is_no_server(tmp_path: Path) -> None:
    with Postgres(tmp_path):
        lock = (tmp_path / "postgres/data/postmaster.pid").read_text()
    mine = lock.replace(lock.splitlines()[0], str(os.getpid()), 1)
    (tmp_path / "postgres/data/postmaster.pid").write_text(mine)
    (tmp_path / "postgres/run/.s.PGSQL.5432.lock").write_text(mine)

    with Postgres(tmp_path) as server:
        assert server.execute("SELECT 1") == "1"


def test_a_first_start_may_be_killed_at_any_moment(tmp_path: Path, hold: "Hold") -> None:
    for patience in (0.15, 0.25, 0.35):
        killed = hold("Postgres", tmp_path)
        time.sleep(patience)
        killed.kill()

    with Postgres(tmp_path) as server:
        assert server.execute("SELECT 1") == "1"
    with Postgres(tmp_path) as server:  # what an orphaned initdb may have left is swept away by the next start
        assert server.execute("SELECT 1") == "1"
        assert sorted(path.name for path in (tmp_path / "postgres").iterdir()) == [
            "data",
            "holders.lock",
            "log",
            "run",
            "turn.lock",
        ]


def test_a_long_path_has_its_sockets_elsewhere(tmp_path: Path) -> None:
    long = tmp_path / ("a-very-long-name" * 8)
    (tmp_path / "link").symlink_to(long)
    server, by_another_name = Postgres(long), Postgres(tmp_path / "link")
    with server, by_another_name:
        sockets = Path(server.endpoint.host)

        assert by_another_name.endpoint == server.endpoint
        assert sockets.parent == Path("/tmp") and sockets.stat().st_mode & 0o007 == 0
        assert asyncio.run(fetch("SELECT 1", **server.endpoint.credentials("postgres"))) == 1
    assert not sockets.exists()


def test_sockets_that_were_swept_away_come_back(tmp_path: Path) -> None:
    with Postgres(tmp_path / ("a-very-long-name" * 8)) as server:
        server.execute("CREATE TABLE kept ()")
        shutil.rmtree(server.endpoint.host)
        assert not server.is_running()

        server.ensure()

        assert server.execute("SELECT count(*) FROM kept") == "0"


def test_a_deleted_folder_leaves_no_server(tmp_path: Path) -> None:
    server = Postgres(tmp_path, durable=False)
    server.start()
    pid = postmaster(tmp_path)
    shutil.rmtree(tmp_path / "postgres")

    server.stop()

    assert gone(pid)


def test_databases_are_copied_and_dropped(tmp_path: Path) -> None:
    with Postgres(tmp_path, durable=False) as server:
        assert server.create_database("template")
        server.execute("CREATE TABLE kept AS SELECT 7 AS n", "template")

        assert server.create_database('a "copy"', template="template")
        assert not server.create_database("template")
        assert server.execute("SELECT n FROM kept", 'a "copy"') == "7"
        server.drop_database('a "copy"')
        server.drop_database('a "copy"')
        with pytest.raises(EngineError, match='"a "copy"" does not exist'):
            server.execute("SELECT 1", 'a "copy"')
        with pytest.raises(EngineError, match='template database "none" does not exist'):
            server.create_database("other", template="none")


def test_threads_that_make_one_database_agree(tmp_path: Path) -> None:
    made: list[bool] = []
    with Postgres(tmp_path, durable=False) as server:
        threads = [threading.Thread(target=lambda: made.append(server.create_database("one"))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(made) == [False, False, False, True]
