"""Backups: a folder with PostgreSQL's own dump of the database, and a manifest that says what it is."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hashlib
import os
import shutil
import tomllib
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, cast

import asyncpg
import orjson

from atrium.embedded.errors import disk_full, is_disk_full
from atrium.pgtools import connection_options, programs
from atrium.services import migrated
from models import migrations
from models.migrate import check_server

DUMP, MANIFEST = "database.dump", "manifest.json"
FORMAT = 1
CHUNK = 1 << 18  # bytes
LOCK_WAIT = "60s"
APPLICATION = "atrium backup"

Progress = Callable[[int, str], object]
"""Told how many more of what are done."""

# All or nothing: what was there before is gone only when all of the backup is in.
BEGIN = b"BEGIN;\nSET LOCAL lock_timeout = '60s';\n"
CLEAR = b"DROP SCHEMA public CASCADE;\nCREATE SCHEMA public AUTHORIZATION pg_database_owner;\n"
COMMIT = b"COMMIT;\n"

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
IS_OURS = "SELECT to_regclass('public.tortoise_migrations') IS NOT NULL AND to_regclass('public.person') IS NOT NULL"
IN_USE = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'atrium' AND pid <> pg_backend_pid()
"""
NEWEST = "SELECT max(name) FROM tortoise_migrations WHERE app = 'models'"


class Refused(Exception):
    """No backup was made or restored, and nothing has changed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `migration` is the newest one of its tables, `sha256` and `size_bytes` are of the dump."""

    version: str
    migration: str
    created_at: datetime
    sha256: str
    size_bytes: int
    format: int = FORMAT


async def backup(database_url: str, path: Path, *, force: bool, progress: Progress) -> Manifest:
    """Write a backup into the folder `path`; the server may run on. Raises `Refused` or `EngineError`."""
    _refuse_existing(path, force=force)
    async with _connected(database_url) as con:
        if not await con.fetchval(IS_OURS):
            raise Refused("There is nothing to back up: this database has no tables of Atrium.")
        migration = str(await con.fetchval(NEWEST))
        tools = programs(con.get_server_version().major)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.mkdir(mode=0o700)
    try:
        digest, size = await _dump(database_url, tools / "pg_dump", fresh / DUMP, progress)
        manifest = Manifest(own_version(), migration, datetime.now(UTC), digest, size)
        _write(fresh / MANIFEST, manifest)
        _put(fresh, path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return manifest


async def restore(database_url: str, path: Path, *, force: bool, progress: Progress) -> Manifest:
    """Fill the database with a backup, and bring it to this version's tables. Raises `Refused` or `EngineError`.

    A database with people in it is replaced only with `force`; if anything fails it stays as it was.
    """
    manifest = read_manifest(path)
    if manifest.migration not in known_migrations():
        raise Refused(
            f"The backup is of a newer Atrium (version {manifest.version}, tables {manifest.migration}):"
            " restore it with that version or a newer one."
        )
    if await asyncio.to_thread(_sha256, path / DUMP) != manifest.sha256:
        raise Refused(f"{path / DUMP} is damaged: it is not the file that its manifest speaks of. Use another backup.")
    async with _connected(database_url) as con:
        clear = await _must_clear(con, force=force)
        tools = programs(con.get_server_version().major)
    await _load(database_url, tools, path / DUMP, progress, clear=clear)
    await migrated(database_url)
    async with _connected(database_url) as con:
        await con.execute("VACUUM (ANALYZE)")
    return manifest


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself. Raises `Refused`."""
    try:
        told = orjson.loads((path / MANIFEST).read_bytes())
        if told.pop("format") != FORMAT:
            raise Refused(f"{path} is a backup in a form that this version does not know. Restore it with a newer one.")
        created_at = datetime.fromisoformat(told.pop("created_at"))
        return Manifest(created_at=created_at, **told)
    except FileNotFoundError:
        raise Refused(
            f"{path} is not a backup: it has no {MANIFEST}. Name the folder that backup has written."
        ) from None
    except (NotADirectoryError, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise Refused(f"{path} is not a backup, or its {MANIFEST} is damaged. Use another backup.") from None


def own_version() -> str:
    """The version of this checkout."""
    return tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]["version"]


def known_migrations() -> set[str]:
    """The names of this version's migrations."""
    return {file.stem for folder in migrations.__path__ for file in Path(folder).glob("[0-9]*.py")}


async def _must_clear(con: Any, *, force: bool) -> bool:
    """Whether something must go before the backup comes. Raises `Refused` where it may not."""
    if not await con.fetchval(TABLES):
        return False
    if not await con.fetchval(IS_OURS):
        raise Refused("This database has tables of another program. Give Atrium an empty database of its own.")
    if await con.fetchval("SELECT EXISTS (SELECT 1 FROM person)") and not force:
        raise Refused(
            "There are people in this database. Restore into an empty one, or replace all of it with --force."
        )
    if users := await con.fetchval(IN_USE):
        raise Refused(f"Atrium is running on this database ({users} connections). Stop it, then restore.")
    return True


async def _dump(database_url: str, tool: Path, path: Path, progress: Progress) -> tuple[str, int]:
    """The SHA-256 and the size in bytes of the dump that was written."""
    options, environment = connection_options(database_url, APPLICATION)
    command = [*options, "--format=custom", "--no-owner", "--no-privileges", f"--lock-wait-timeout={LOCK_WAIT}"]
    digest, size = hashlib.sha256(), 0
    with TemporaryFile() as said, _private(path) as file:
        async with _running(tool, *command, environment=environment, said=said, stdout=PIPE) as dumping:
            assert dumping.stdout is not None
            while chunk := await dumping.stdout.read(CHUNK):
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                progress(len(chunk), "bytes")
            if await dumping.wait() != 0:
                raise _failed("The backup was not made", path.parent, said)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


async def _load(database_url: str, tools: Path, path: Path, progress: Progress, *, clear: bool) -> None:
    """Run the dump's SQL in one transaction."""
    options, environment = connection_options(database_url, APPLICATION)
    script = ["--file=-", "--no-owner", "--no-privileges", str(path)]
    psql = [*options, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    with TemporaryFile() as said:
        async with (
            _running(tools / "pg_restore", *script, environment=environment, said=said, stdout=PIPE) as reading,
            _running(tools / "psql", *psql, environment=environment, said=said, stdin=PIPE) as writing,
        ):
            assert reading.stdout is not None and writing.stdin is not None
            with contextlib.suppress(ConnectionError):  # psql has stopped at an error: it has said which
                writing.stdin.write(BEGIN + (CLEAR if clear else b""))
                while chunk := await reading.stdout.read(CHUNK):
                    writing.stdin.write(chunk)
                    await writing.stdin.drain()
                    progress(len(chunk), "bytes")
                # A script that was cut off is never committed: psql ends without this word, and all is undone.
                if await reading.wait() == 0:
                    writing.stdin.write(COMMIT)
                    await writing.stdin.drain()
            writing.stdin.close()
            if await writing.wait() != 0 or await reading.wait() != 0:
                raise _failed("The backup was not restored, and the database is as it was", path.parent, said)


@contextlib.asynccontextmanager
async def _running(
    tool: Path,
    *arguments: str,
    environment: dict[str, str],
    said: IO[bytes],
    stdin: int = DEVNULL,
    stdout: int = DEVNULL,
) -> AsyncGenerator[Process]:
    """A tool of PostgreSQL that does not outlive the block; its complaints go to `said`."""
    process = await asyncio.create_subprocess_exec(
        tool, *arguments, stdin=stdin, stdout=stdout, stderr=said, env=environment
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@contextlib.asynccontextmanager
async def _connected(database_url: str) -> AsyncGenerator[Any]:
    con = await cast(Any, asyncpg).connect(database_url, server_settings={"application_name": APPLICATION})
    try:
        await check_server(con)
        yield con
    finally:
        await con.close()


def _failed(what: str, folder: Path, said: IO[bytes]) -> Exception:
    said.seek(0)
    words = said.read().decode(errors="replace").strip()
    if is_disk_full(words):
        return disk_full(folder)
    return Refused(f"{what}. PostgreSQL says: {' '.join(words.splitlines()[-3:]) or 'nothing'}")


def _refuse_existing(path: Path, *, force: bool) -> None:
    """Raise `Refused` unless there is nothing at the path, or with `force` an older backup."""
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if not (path / MANIFEST).is_file():
        raise Refused(f"{path} exists and is not a backup. Choose another path.")
    if not force:
        raise Refused(f"{path} is a backup already. Choose another path, or replace it with --force.")


def _put(fresh: Path, path: Path) -> None:
    """Give the finished folder its name; an older backup goes only then."""
    old = path.with_name(f"{fresh.name}.old")
    if path.exists():
        path.rename(old)
    fresh.rename(path)
    shutil.rmtree(old, ignore_errors=True)


def _write(path: Path, manifest: Manifest) -> None:
    with _private(path) as file:
        file.write(orjson.dumps(dataclasses.asdict(manifest), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        file.flush()
        os.fsync(file.fileno())


def _private(path: Path) -> IO[bytes]:
    """A new file for our eyes only: a dump holds the hashes of passwords."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
