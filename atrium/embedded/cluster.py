"""The data folder of PostgreSQL: made in one stroke, and recognised before it is used."""

import os
import secrets
import shutil
import sys
from pathlib import Path

from atrium.embedded.binaries import MAJOR
from atrium.embedded.errors import ELSEWHERE, EngineError, disk_full, is_disk_full
from atrium.embedded.users import Account, Launcher, run, with_a_name

OURS = {"data", "run", "log", "log.old", "holders.lock", "turn.lock", "lost+found"}
UNFINISHED = "new-"
SUPERUSER = "postgres"


def recognise(home: Path) -> bool:
    """Whether `home` holds a data folder we can use; False when there is none yet.

    Raises `EngineError` for what is not ours, and for another major version.
    """
    strangers = [entry.name for entry in home.iterdir() if entry.name not in OURS and not _unfinished(entry)]
    if strangers:
        raise EngineError(
            f"{home} holds files that are not Atrium's ({', '.join(sorted(strangers)[:3])}): move them, or {ELSEWHERE}."
        )
    data = home / "data"
    if not data.exists():
        return False
    if not (data / "PG_VERSION").is_file():
        raise EngineError(f"{data} is not a data folder of PostgreSQL: move it away, or {ELSEWHERE}.")
    version = (data / "PG_VERSION").read_text().strip()
    if version != str(MAJOR):
        raise EngineError(
            f"{data} was written by PostgreSQL {version}, and this is PostgreSQL {MAJOR}: write it out with "
            f"the pg_dump of {version}, move the folder away, start Atrium and restore; or {ELSEWHERE}."
        )
    _sweep(home)
    return True


def create(home: Path, programs: Path, way: Launcher, account: Account | None, *, durable: bool) -> None:
    """Make a data folder: aside first, so that being killed half-way leaves nothing that looks like one."""
    _sweep(home)
    made = home / f"{UNFINISHED}{secrets.token_hex(4)}"
    made.mkdir(mode=0o700)
    try:
        if account:
            os.chown(made, account.uid, account.gid)
        _initdb(made, programs, way, durable=durable)
        made.rename(home / "data")
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _initdb(folder: Path, programs: Path, way: Launcher, *, durable: bool) -> None:
    done = run(
        with_a_name(way),
        [
            str(programs / "initdb"),
            f"--pgdata={folder}",
            f"--username={SUPERUSER}",
            "--auth=trust",  # The socket's folder is private; there is no other door.
            "--encoding=UTF8",
            # Order and case by PostgreSQL itself: the same on every platform, and no index breaks when libc changes.
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            f"--lc-ctype={'en_US.UTF-8' if sys.platform == 'darwin' else 'C.UTF-8'}",  # The words of full text.
            *([] if durable else ["--no-sync"]),
        ],
    )
    if done.returncode == 0:
        return
    if is_disk_full(done.stdout):
        raise disk_full(folder.parent)
    raise EngineError(f"PostgreSQL could not make its data folder in {folder.parent}. It says:\n{_end(done.stdout)}")


def _end(said: str) -> str:
    return "\n".join(said.strip().splitlines()[-8:])


def _sweep(home: Path) -> None:
    for left_over in filter(_unfinished, list(home.iterdir())):
        shutil.rmtree(left_over, ignore_errors=True)


def _unfinished(entry: Path) -> bool:
    return entry.name.startswith(UNFINISHED)
