"""Engines of root, of ordinary users, and of users that have no name."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from atrium.embedded.errors import EngineError
from atrium.embedded.postgres import Postgres
from atrium.embedded.valkey import Valkey

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others")
ROOT = Path(__file__).parents[2]
DAEMON, BIN, UNNAMED = 1, 2, 12345
AsUser = Callable[[int, Callable[[], Any]], Any]
Home = Callable[[int], Path]


def status(data_dir: Path, name: str) -> str:
    pid = (data_dir / "postgres/data/postmaster.pid").read_text().splitlines()[0]
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith(f"{name}:"))


def use(data_dir: Path) -> Callable[[], tuple[str, str]]:
    """Start both engines, store and find something, kill the server, find it again, stop."""

    def work() -> tuple[str, str]:
        with Valkey(data_dir) as valkey, Postgres(data_dir) as server:
            assert valkey.is_running()
            server.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS n")
            os.kill(int((data_dir / "postgres/data/postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
            server.ensure()
            answer = server.execute("SELECT n FROM kept"), status(data_dir, "Uid").split()[0]
        assert not valkey.is_running() and not server.is_running()
        return answer

    return work


def test_root_uses_an_unprivileged_account(home: Home, as_user: AsUser) -> None:
    data_dir = home(0)
    data_dir.chmod(0o755)

    def work() -> tuple[str, str]:
        with Postgres(data_dir) as server:
            return status(data_dir, "CapEff"), server.execute("SELECT 1")

    assert as_user(0, use(data_dir)) == ("7", "65534")
    assert as_user(0, work) == ("0000000000000000", "1")


def test_others_of_that_account_do_not_reach_the_server(home: Home, as_user: AsUser) -> None:
    data_dir = home(0)
    data_dir.chmod(0o755)

    with Postgres(data_dir) as server:
        assert "Permission denied" in as_user(65534, lambda: connect_refused(server))


def connect_refused(server: Postgres) -> str:
    try:
        return server.execute("SELECT 1")
    except EngineError as error:
        return str(error)


def test_root_hides_all_in_its_private_folder(tmp_path: Path, programs: Path) -> None:
    hidden = tmp_path / "root"
    hidden.mkdir(mode=0o700)
    shutil.copytree(programs, hidden / "programs")
    code = "import sys; sys.path.insert(0, sys.argv[1]); " + (
        "from pathlib import Path; from atrium.embedded.postgres import Postgres\n"
        "with Postgres(Path(sys.argv[2])) as server:\n"
        "    pid = (Path(sys.argv[2]) / 'postgres/data/postmaster.pid').read_text().splitlines()[0]\n"
        "    print(server.binary('psql'), *[line.split()[1] for line in open(f'/proc/{pid}/status') if line[:6] in"
        " ('CapEff', 'CapBnd', 'Uid:\\t6')])"
    )

    said = subprocess.check_output(
        [sys.executable, "-c", code, hidden / "programs", hidden / "data"], cwd=ROOT, text=True
    ).split()

    assert said[0].startswith(str(hidden))
    assert said[1:] == ["65534", "0000000000000004", "0000000000000004"]  # CAP_DAC_READ_SEARCH, nothing else


def test_root_without_that_capability_uses_the_next(tmp_path: Path) -> None:
    said = with_capabilities("-all,+chown,+dac_override,+fowner,+setuid,+setgid,+setpcap,+kill", tmp_path)

    assert said == "0000000000000002\n"  # CAP_DAC_OVERRIDE: what a container has


@pytest.mark.parametrize("capabilities", ["-all", "-setuid", "-chown", "-setgid"])
def test_root_without_power_is_told_what_to_do(tmp_path: Path, capabilities: str) -> None:
    said = with_capabilities(capabilities, tmp_path)

    assert said.startswith("PostgreSQL refuses to run as root") and "ATRIUM_DATABASE_URL" in said


def with_capabilities(capabilities: str, data_dir: Path) -> str:
    code = (
        "import sys; from pathlib import Path; from atrium.embedded.postgres import Postgres\n"
        "from atrium.embedded.errors import EngineError\n"
        "try:\n"
        "    with Postgres(Path(sys.argv[1])) as server:\n"
        "        pid = (Path(sys.argv[1]) / 'postgres/data/postmaster.pid').read_text().splitlines()[0]\n"
        "        print(next(line.split()[1] for line in open(f'/proc/{pid}/status') if 'CapEff' in line))\n"
        "except EngineError as error: print(error)"
    )
    command = ["setpriv", f"--bounding-set={capabilities}", f"--inh-caps={capabilities}", sys.executable, "-c", code]
    return subprocess.check_output([*command, data_dir], cwd=ROOT, text=True)


@pytest.mark.parametrize("uid", [DAEMON, UNNAMED])
def test_an_ordinary_user_runs_it_as_themselves(home: Home, as_user: AsUser, uid: int) -> None:
    assert as_user(uid, use(home(uid))) == ("7", str(uid))


def test_a_user_without_a_name_is_told_what_to_do(home: Home, as_user: AsUser) -> None:
    data_dir = home(UNNAMED)

    def start() -> str:
        os.environ["PATH"] = "/nonexistent"  # Without unshare, by which it borrows a name.
        with pytest.raises(EngineError) as caught:
            Postgres(data_dir).start()
        return str(caught.value)

    assert "needs a user with a name, and 12345 has none" in as_user(UNNAMED, start)


def test_two_users_each_have_their_own(home: Home, as_user: AsUser) -> None:
    with Postgres(home(0)), ThreadPoolExecutor() as threads:
        works = [
            threads.submit(as_user, uid, use(home(uid) / name))
            for uid in (DAEMON, BIN)
            for name in ("data", "a-very-long-name" * 6)
        ]
        answers = [work.result() for work in works]

    assert answers == [("7", "1"), ("7", "1"), ("7", "2"), ("7", "2")]


def test_users_meet_anothers_folder(home: Home, as_user: AsUser) -> None:
    data_dir = home(DAEMON)
    as_user(DAEMON, use(data_dir))

    def start() -> str:
        with pytest.raises(EngineError) as caught:
            Postgres(data_dir).start()
        return str(caught.value)

    private = as_user(BIN, start)
    data_dir.chmod(0o755)
    public = as_user(BIN, start)

    assert f"{data_dir}/postgres cannot be used by this user" in private and "ATRIUM_DATA_DIR" in private
    assert f"{data_dir}/postgres belongs to daemon, and you are bin: start Atrium as daemon" in public
    assert "belongs to daemon, and you are root" in start()
    assert as_user(DAEMON, use(data_dir)) == ("7", "1")


def test_a_socket_folder_that_another_made_is_refused(home: Home) -> None:
    server = Postgres(home(0) / ("a-very-long-name" * 6))
    trap = Path(server.endpoint.host)
    trap.mkdir()
    os.chown(trap, BIN, BIN)
    try:
        with pytest.raises(EngineError, match=f"{trap} belongs to bin, and you are root"):
            server.start()
    finally:
        trap.rmdir()
    with server:
        assert server.is_running()
