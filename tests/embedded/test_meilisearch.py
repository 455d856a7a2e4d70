"""The embedded Meilisearch: shared, killed, frozen; skipped, with the reason, where its program is not installed."""

import contextlib
import os
import signal
import socket
import stat
from pathlib import Path

import httpx
import pytest

from atrium.doctor import search as doctor
from atrium.doctor.findings import Level
from atrium.embedded import processes
from atrium.embedded.meilisearch import Meilisearch, meilisearch_server
from atrium.settings import Settings

BINARY = os.environ.get("ATRIUM_MEILISEARCH_BINARY", "")


@pytest.fixture
def server(tmp_path: Path) -> Meilisearch:
    made = Meilisearch(tmp_path, BINARY)
    if made.unavailable:
        pytest.skip(made.unavailable)
    return made


def answers(server: Meilisearch, key: str) -> int:
    return httpx.get(f"{server.url}/indexes", headers={"Authorization": f"Bearer {key}"}).status_code


def taken(port: int) -> socket.socket:
    """The port of a process that was just killed: its files are closed a moment after it has gone."""
    made = list[socket.socket]()

    def try_to() -> bool:
        with contextlib.suppress(OSError):
            made.append(socket.create_server(("127.0.0.1", port)))
        return bool(made)

    assert processes.wait_until(try_to, 5)
    return made[0]


def test_without_a_program_there_is_none(tmp_path: Path) -> None:
    none = Meilisearch(tmp_path, str(tmp_path / "no such program"))

    assert none.start() is None and not none.is_running()
    assert none.unavailable and "install it, or set ATRIUM_MEILISEARCH_URL" in none.unavailable
    assert meilisearch_server(str(tmp_path)) is None and list(tmp_path.iterdir()) == []


def test_it_answers_on_this_machine_only_and_behind_its_key(server: Meilisearch, tmp_path: Path) -> None:
    with server, Meilisearch(tmp_path, BINARY) as other:
        assert server.url.startswith("http://127.0.0.1:") and other.url == server.url and other.key == server.key
        assert answers(server, server.key) == 200 and answers(server, "x" * 32) == 403
        configuration = server.log.with_name("config.toml")
        assert stat.S_IMODE(configuration.stat().st_mode) == 0o600
        assert server.key not in (processes.command(server.pid or 0) or "")
        other.stop()
        assert server.is_running()
        pid = server.pid
    assert not server.is_running() and pid and processes.command(pid) is None


def test_its_key_stays_and_what_it_held(server: Meilisearch) -> None:
    with server:
        key = server.key
        httpx.post(f"{server.url}/indexes", json={"uid": "kept"}, headers={"Authorization": f"Bearer {key}"})
        tasks = f"{server.url}/tasks?statuses=succeeded"
        assert processes.wait_until(
            lambda: httpx.get(tasks, headers={"Authorization": f"Bearer {key}"}).json()["total"] == 1, 10
        )
    with server:
        assert server.key == key
        found = httpx.get(f"{server.url}/indexes", headers={"Authorization": f"Bearer {key}"}).json()
        assert [one["uid"] for one in found["results"]] == ["kept"]


def test_a_killed_or_frozen_server_is_started_again(server: Meilisearch) -> None:
    with server:
        first, url = server.pid, server.url
        assert first
        os.kill(first, signal.SIGKILL)
        assert processes.wait_until(lambda: processes.command(first) is None, 5) and server.is_lost()
        server.ensure()
        second = server.pid
        assert second and second != first and server.is_running()

        os.kill(second, signal.SIGSTOP)
        assert server.is_lost()
        server.ensure()
        assert server.pid not in (None, second) and server.is_running()
        assert server.url == url, "those who ask it have been told where it is"


async def test_the_doctor_looks_at_it_while_it_is_used(server: Meilisearch, tmp_path: Path) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, "database_url": "", "meilisearch_url": ""})
    assert await doctor.check(settings) == []
    with server:
        [well] = await doctor.check(settings)
        os.kill(server.pid or 0, signal.SIGKILL)
        assert processes.wait_until(lambda: not server.is_running(), 5)
        [lost] = await doctor.check(settings)

    assert well.level == Level.OK
    assert lost.level == Level.WARN and "started again by itself" in lost.mend and str(server.log) in lost.mend
    assert await doctor.check(settings) == []


def test_whoever_has_taken_its_port_is_not_taken_for_it(server: Meilisearch) -> None:
    with server:
        port, pid = int(server.url.rpartition(":")[2]), server.pid
        assert pid and processes.end(pid, lambda one: processes.command(one) is not None, ((signal.SIGKILL, 5.0),))
        with taken(port):
            assert not server.is_running()
            server.ensure()
            assert server.is_running() and not server.url.endswith(f":{port}")
