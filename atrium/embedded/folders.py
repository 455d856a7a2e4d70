"""The folders of an engine: private, ours, and with a socket's path short enough for the kernel."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from atrium.embedded.errors import ELSEWHERE, EngineError
from atrium.embedded.users import INSTEAD_OF_ROOT, Account, name_of

SOCKET_PATH_MAX = 100  # bytes; macOS takes 103, Linux 107


@dataclass(frozen=True)
class Folders:
    """`home` holds all of an engine: its locks, log, data and, if their path is short enough, its sockets."""

    home: Path
    sockets: Path

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "log"


def locate(data_dir: Path, engine: str, socket: str) -> Folders:
    """Where an engine's folders are; touches nothing. Every process finds the same, by whatever name it came."""
    home = (data_dir / engine).resolve()
    sockets = home / "run"
    # A comma would part the path in two for psql and other clients.
    if len(os.fsencode(sockets / socket)) > SOCKET_PATH_MAX or "," in str(sockets):
        digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
        sockets = Path(f"/tmp/atrium-{os.geteuid()}-{digest}")  # noqa: S108 - private, and checked to be ours
    return Folders(home, sockets)


def is_ours(folder: Path) -> bool:
    """False for a folder that does not exist; raises `EngineError` for one that is not a folder or not ours."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        raise EngineError(f"{folder} is in the way, it is not a folder: move it, or {ELSEWHERE}.")
    if found.st_uid != os.geteuid():
        owner, me = name_of(found.st_uid), name_of(os.geteuid())
        raise EngineError(f"{folder} belongs to {owner}, and you are {me}: start Atrium as {owner}, or {ELSEWHERE}.")
    return True


def prepare_home(folders: Folders, account: Account | None) -> None:
    """Make the engine's folder, or see that it is ours; the account, if any, may pass through."""
    folders.home.parent.mkdir(parents=True, exist_ok=True)
    _private(folders.home, account, 0o710 if account else 0o700)


def prepare_sockets(folders: Folders, account: Account | None) -> None:
    """The same for the sockets' folder; the account, if any, may make sockets there. Within a turn only."""
    _private(folders.sockets, account, 0o770 if account else 0o700)


def _private(folder: Path, account: Account | None, mode: int) -> None:
    if not is_ours(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        is_ours(folder)
    found = folder.lstat()
    if account and found.st_gid != account.gid:
        _give(folder, account)
    if stat.S_IMODE(found.st_mode) != mode:
        folder.chmod(mode)


def _give(folder: Path, account: Account) -> None:
    try:
        os.chown(folder, -1, account.gid)
    except OSError as error:
        raise EngineError(
            f"PostgreSQL refuses to run as root, and {folder} cannot be given to another user ({error.strerror}): "
            f"{INSTEAD_OF_ROOT}."
        ) from error
