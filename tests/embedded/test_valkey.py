"""The embedded Valkey: shared, killed, mended."""

import signal
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import redis

from atrium.embedded import processes
from atrium.embedded.errors import EngineError
from atrium.embedded.valkey import Valkey

if TYPE_CHECKING:
    from tests.embedded.conftest import Hold


@contextmanager
def client(url: str) -> Generator[Any]:
    library: Any = redis  # Its keywords are untyped.
    with library.Redis.from_url(url, decode_responses=True) as connected:
        yield connected


def ping(url: str) -> bool:
    with client(url) as connected:
        return connected.ping()


def process(valkey: Valkey) -> int:
    with client(valkey.url) as connected:
        return connected.info("server")["process_id"]


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        return line.getsockname()[1]


def test_it_answers_on_a_socket_only(tmp_path: Path) -> None:
    with Valkey(tmp_path / "a folder%") as valkey:
        assert valkey.unavailable is None
        assert valkey.start() == valkey.url
        assert ping(valkey.url)
        with client(valkey.url) as connected:
            assert connected.config_get("port", "save", "appendonly") == {"port": "0", "save": "", "appendonly": "no"}


def test_a_long_path_has_its_socket_elsewhere(tmp_path: Path) -> None:
    with Valkey(tmp_path / ("a-very-long-name" * 8)) as valkey:
        assert valkey.url.startswith("unix:///tmp/atrium-") and ping(valkey.url)


def test_processes_share_it_and_the_last_one_stops_it(tmp_path: Path, hold: "Hold") -> None:
    killed, other = hold("Valkey", tmp_path), hold("Valkey", tmp_path)
    killed.says("held")
    other.says("held")
    valkey = Valkey(tmp_path)
    valkey.start()
    pid = process(valkey)

    killed.kill()
    other.stop()
    assert process(valkey) == pid

    valkey.stop()
    assert not valkey.is_running()
    assert processes.wait_until(lambda: processes.command(pid) is None, 5)


def test_a_killed_server_is_started_again(tmp_path: Path) -> None:
    with Valkey(tmp_path) as valkey:
        pid = process(valkey)
        processes.end(pid, lambda _: valkey.is_running(), ((signal.SIGKILL, 5),))

        valkey.ensure()

        assert process(valkey) != pid


def test_a_port_is_opened_on_demand(tmp_path: Path) -> None:
    first, second = a_free_port(), a_free_port()
    with Valkey(tmp_path, port=first), Valkey(tmp_path), Valkey(tmp_path, port=second):
        assert ping(f"redis://127.0.0.1:{second}/0")


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as line:
        port = line.getsockname()[1]
        valkey = Valkey(tmp_path, port=port)
        with pytest.raises(EngineError, match=f"port {port} of 127.0.0.1.*choose another"):
            valkey.start()
        assert not valkey.is_running()
        with Valkey(tmp_path) as other, pytest.raises(EngineError, match=f"port {port} of 127.0.0.1.*choose another"):
            valkey.start()
        assert not other.is_running()
