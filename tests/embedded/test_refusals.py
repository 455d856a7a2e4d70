"""What the engines refuse, and that they say what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from atrium.embedded.errors import EngineError
from atrium.embedded.postgres import Postgres

ROOT = Path(__file__).parents[2]
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
START = """
import sys
from pathlib import Path
from atrium.embedded.errors import EngineError
from atrium.embedded.postgres import Postgres
from atrium.embedded.valkey import Valkey
data_dir = Path(sys.argv[1])
with Valkey(data_dir) as valkey:
    print(valkey.start())
    print(valkey.unavailable)
try:
    Postgres(data_dir).start()
except EngineError as error:
    print(error)
"""


def refused(server: Postgres) -> str:
    with pytest.raises(EngineError) as caught:
        server.start()
    assert not server.is_running()
    return str(caught.value)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres/thesis.txt").write_text("mine")

    said = refused(Postgres(tmp_path))

    assert "holds files that are not Atrium's (thesis.txt)" in said and "ATRIUM_DATA_DIR" in said
    assert [path.name for path in (tmp_path / "postgres").iterdir()] == ["thesis.txt"]


def test_a_folder_without_a_cluster_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres/data").mkdir(parents=True)

    assert "is not a data folder of PostgreSQL" in refused(Postgres(tmp_path))


def test_another_major_version_is_not_touched(tmp_path: Path) -> None:
    with Postgres(tmp_path, durable=False):
        pass
    (tmp_path / "postgres/data/PG_VERSION").write_text("16\n")

    said = refused(Postgres(tmp_path))

    assert "was written by PostgreSQL 16, and this is PostgreSQL 18" in said and "pg_dump of 16" in said


@pytest.mark.parametrize("name", ["", "postgres"])
def test_a_file_in_the_way_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir() if name else None
    (tmp_path / "data" / name).write_text("")

    said = refused(Postgres(tmp_path / "data"))

    assert str(tmp_path / "data" / name) in said and "ATRIUM_DATA_DIR" in said


def test_a_failed_start_quotes_the_log_and_can_be_repeated(tmp_path: Path) -> None:
    with Postgres(tmp_path, durable=False):
        pass
    settings = tmp_path / "postgres/data/postgresql.auto.conf"
    settings.write_text("wal_buffers = many\n")

    said = refused(Postgres(tmp_path))

    assert 'invalid value for parameter "wal_buffers": "many"' in said and str(tmp_path / "postgres/log") in said
    settings.write_text("")
    with Postgres(tmp_path) as server:
        assert server.is_running()


def test_without_programs_it_says_what_to_set(tmp_path: Path) -> None:
    # -S: without the installed packages, as on a platform that they are not built for.
    said = subprocess.check_output(
        [sys.executable, "-S", "-c", START, tmp_path], cwd=ROOT, env={"PATH": str(tmp_path)}, text=True
    ).splitlines()

    assert said[0] == "None"
    assert "There is no embedded Valkey" in said[1] and "ATRIUM_REDIS_URL" in said[1]
    assert "There is no embedded PostgreSQL 18" in said[2] and "ATRIUM_DATABASE_URL" in said[2]


@root_only
@pytest.mark.parametrize("size", ["1m", "30m"])
def test_a_full_disk_is_called_full(tmp_path: Path, size: str) -> None:
    mount = f'mount -t tmpfs -o size={size},mode=755 none "$1" && exec "$0" -c "$2" "$1"'

    said = subprocess.check_output(
        ["unshare", "--mount", "sh", "-c", mount, sys.executable, tmp_path, START], cwd=ROOT, text=True
    )

    assert f"The disk of {tmp_path}/postgres is full: free some space" in said
