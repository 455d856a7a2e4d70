"""The data folder, the files in it, and those of GraphiQL."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from atrium.doctor.findings import Finding, fail, ok, warn
from atrium.embedded import cluster
from atrium.embedded.errors import EngineError, told
from atrium.embedded.folders import is_ours
from atrium.settings import Settings
from atrium.web.assets import Assets

SUBJECT = "data folder"
SECRETS = ("secret_key", "demo_password")
ROOM_LEAST, ROOM_SMALL = 200_000_000, 2_000_000_000  # bytes
ELSEWHERE = "Choose another folder with ATRIUM_DATA_DIR."


def check(found: Settings) -> Iterator[Finding]:
    """The folder, its room, and who may read its secrets."""
    folder = found.data_dir
    if not folder.exists():
        yield from _not_yet(folder)
        return
    if not folder.is_dir():
        yield fail(SUBJECT, f"{folder} is not a folder.", ELSEWHERE)
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield fail(SUBJECT, f"{folder} cannot be written by this user.", f"Change its owner. Or: {ELSEWHERE}")
        return
    findings = [*_room(folder), *_cluster(folder / "postgres"), *_secrets(folder)]
    yield from findings or [ok(SUBJECT, f"{folder}, {shutil.disk_usage(folder).free / 1e9:,.0f} GB free")]


def graphiql(found: Settings) -> Iterator[Finding]:
    """Without its files a plain page takes its place, so that is no fault."""
    if found.is_development:
        if Assets().has_graphiql():
            yield ok("graphiql", "Its files are here.")
        else:
            yield ok("graphiql", "A plain page takes its place.", "Fetch its files: python -m atrium.web.assets")


def _not_yet(folder: Path) -> Iterator[Finding]:
    above = next(parent for parent in folder.absolute().parents if parent.exists())
    if os.access(above, os.W_OK | os.X_OK):
        yield ok(SUBJECT, f"{folder} is not there yet; the first start makes it.")
        yield from _room(above)
    else:
        yield fail(SUBJECT, f"{folder} cannot be made: {above} cannot be written.", ELSEWHERE)


def _room(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    if free < ROOM_LEAST:
        yield fail(SUBJECT, f"The disk of {folder} is full: {free / 1e6:,.0f} MB are free.", f"Free some. {ELSEWHERE}")
    elif free < ROOM_SMALL:
        yield warn(SUBJECT, f"The disk of {folder} has only {free / 1e6:,.0f} MB free.", "Free some space.")


def _cluster(home: Path) -> Iterator[Finding]:
    try:
        with told(home):
            if is_ours(home):
                cluster.recognise(home)
    except EngineError as error:
        yield fail(SUBJECT, str(error), ELSEWHERE)


def _secrets(folder: Path) -> Iterator[Finding]:
    for path in (folder / name for name in SECRETS):
        if path.is_file() and (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
            yield fail(SUBJECT, f"{path} can be read by others (mode {mode:04o}).", f"chmod 600 {path}")
