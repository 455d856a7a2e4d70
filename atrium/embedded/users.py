"""As whom a server runs: as ourselves, or as an unprivileged account when we are root and it refuses root."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from atrium.embedded.errors import EngineError

ACCOUNT = "nobody"
# Many things run as nobody, nothing else in this group: it is what opens the server's folders, and it has no name.
# systemd's table of ids leaves 60578 to 61183 unused.
GROUP = 60713
INSTEAD_OF_ROOT = "start Atrium as an ordinary user, or set ATRIUM_DATABASE_URL to a server"


@dataclass(frozen=True)
class Account:
    """The user and group that a server runs as, when not as ourselves."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Launcher:
    """How to start a program as a server's user: words before its command, or ids to change to."""

    prefix: list[str] = field(default_factory=list[str])
    account: Account | None = None


def server_account() -> Account | None:
    """The account for a server that refuses root; None when we are not root, and it runs as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return Account(pwd.getpwnam(ACCOUNT).pw_uid, GROUP)
    except KeyError:
        raise EngineError(
            f"PostgreSQL refuses to run as root, and there is no account '{ACCOUNT}' to run it as: {INSTEAD_OF_ROOT}."
        ) from None


def launcher(account: Account | None, programs: Path, folder: Path) -> Launcher:
    """The least power with which the account can run the `programs` and reach the `folder`.

    Each way is tried rather than reasoned about: a checkout may lie below root's private home, a container may
    lack capabilities or the tool that hands them over. Raises `EngineError` when none works.
    """
    if account is None:
        return Launcher()
    for way in _ways(account):
        if _works(way, programs, folder):
            return way
    raise EngineError(
        f"PostgreSQL refuses to run as root, and as '{ACCOUNT}' it can reach {programs} or {folder} in no way: "
        f"move them out of private folders, {INSTEAD_OF_ROOT}."
    )


def with_a_name(way: Launcher) -> Launcher:
    """The way to run initdb, which insists that its user has a name; containers often run as a number only."""
    uid = os.geteuid()
    if way.account or way.prefix or _has_name(uid):
        return way
    borrowed = next((entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0), None)
    # In a namespace of its own a process may go by another's number; on the disk all remains ours.
    named = Launcher(["unshare", "--user", f"--map-user={borrowed}"])
    if borrowed and shutil.which("unshare") and run(named, ["true"]).returncode == 0:
        return named
    raise EngineError(f"PostgreSQL needs a user with a name, and {uid} has none in /etc/passwd: {INSTEAD_OF_ROOT}.")


def name_of(uid: int) -> str:
    """A user's name, or the number where there is none."""
    return pwd.getpwuid(uid).pw_name if _has_name(uid) else f"user {uid}"


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _ways(account: Account) -> Iterator[Launcher]:
    yield Launcher(account=account)
    setpriv = shutil.which("setpriv")
    if setpriv and sys.platform == "linux":
        # Containers often have the stronger of the two only.
        for capability in ("dac_read_search", "dac_override"):
            yield Launcher([setpriv, *_setpriv_options(account, f"-all,+{capability}")])


def _setpriv_options(account: Account, capabilities: str) -> list[str]:
    return [
        f"--reuid={account.uid}",
        f"--regid={account.gid}",
        "--clear-groups",
        "--no-new-privs",
        # PostgreSQL looks at its own program by access(2), which ignores the capabilities of a user other than root
        # unless this bit is set.
        "--securebits=+no_setuid_fixup",
        f"--inh-caps={capabilities}",
        f"--ambient-caps={capabilities}",
        f"--bounding-set={capabilities}",
    ]


def _works(way: Launcher, programs: Path, folder: Path) -> bool:
    # pg_config finds its own program as postgres and initdb do, and fails as they would.
    look = ["/bin/sh", "-c", 'cd "$1" && exec "$0" --bindir', str(programs / "pg_config"), str(folder)]
    try:
        return run(way, look).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def run(way: Launcher, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a server's program to its end, its output and errors together as text."""
    return subprocess.run(
        [*way.prefix, *command],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd="/",
        env=environment(),
        user=way.account.uid if way.account else None,
        group=way.account.gid if way.account else None,
        extra_groups=[] if way.account else None,
    )


def environment() -> dict[str, str]:
    """What a server may know of our environment: nothing that would configure it behind our back."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
