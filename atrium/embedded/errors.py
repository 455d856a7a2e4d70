"""What can go wrong with an embedded engine, told so that a person knows what to do."""

import errno
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

ELSEWHERE = "choose another folder with ATRIUM_DATA_DIR, or use a server of your own with ATRIUM_DATABASE_URL"


class EngineError(Exception):
    """An engine cannot be used; the message says why and what to do."""


@contextmanager
def told(folder: Path) -> Generator[None]:
    """Turn what the operating system refuses within `folder` into an `EngineError`."""
    try:
        yield
    except OSError as error:
        raise EngineError(_sentence(error, folder)) from error


def disk_full(folder: Path) -> EngineError:
    """The error of a folder whose disk has no room left."""
    return EngineError(f"The disk of {folder} is full: free some space and start again, or {ELSEWHERE}.")


def is_disk_full(output: str) -> bool:
    """Whether an engine's own words say that there is no room left."""
    return any(sign in output for sign in ("No space left on device", "Disk quota exceeded"))


def _sentence(error: OSError, folder: Path) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return str(disk_full(folder))
        case errno.EROFS:
            return f"{folder} is on a read-only disk: {ELSEWHERE}."
        case errno.EACCES | errno.EPERM:
            return f"{folder} cannot be used by this user ({error.filename or error.strerror}): {ELSEWHERE}."
        case errno.EEXIST | errno.ENOTDIR:
            return f"{folder} cannot be made, because {error.filename or 'a part of it'} is a file: {ELSEWHERE}."
        case _:
            return f"{folder} cannot be used ({error}): {ELSEWHERE}."
