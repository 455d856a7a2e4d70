"""PostgreSQL's own tools: where they are, and how they find a server."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from atrium.embedded.binaries import postgres_folder
from atrium.embedded.errors import EngineError


def programs(server: int) -> Path:
    """The folder of `pg_dump` and its kin, fit for a server of this major version. Raises `EngineError`."""
    folders: list[Path] = []
    with contextlib.suppress(EngineError):  # no wheel for this platform
        folders.append(postgres_folder())
    if on_path := shutil.which("pg_dump"):
        folders.append(Path(on_path).parent)
    for folder in folders:
        if _major(folder / "pg_dump") >= server:
            return folder
    raise EngineError(f"There is no pg_dump for PostgreSQL {server}: install the client tools of that version.")


def connection_options(database_url: str, application: str) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment for a tool to reach the database; a password is never among the arguments."""
    parts = urlsplit(database_url)
    userinfo, at, hosts = parts.netloc.rpartition("@")
    user, _, password = userinfo.partition(":")
    query = dict(parse_qsl(parts.query))
    password = unquote(password) or query.pop("password", "")
    url = urlunsplit(parts._replace(scheme="postgresql", netloc=f"{user}{at}{hosts}", query=urlencode(query)))
    secret = {"PGPASSWORD": password} if password else {}
    quiet = {"PGAPPNAME": application, "PGOPTIONS": "", "PGCLIENTENCODING": "UTF8", "LC_ALL": "C"}
    return [f"--dbname={url}", "--no-password"], {**os.environ, **quiet, **secret}


def _major(tool: Path) -> int:
    try:
        done = subprocess.run([tool, "--version"], check=False, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"\s(\d+)[.\w]", done.stdout)
    return int(found[1]) if found else 0
