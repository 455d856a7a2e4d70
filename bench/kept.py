"""Companies that are made once and kept in `.data/bench/`, as long as what makes them stays the same."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from atrium.embedded.postgres import Postgres
from bench import company_rows
from bench.commands import atrium

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".data" / "bench"
MAKERS = ("bench/company_rows.py", "bench/networks.py", "models/migrations", "search")
"""What a company depends on: where any of it has changed, it is made anew."""

WHOLE, MEASURED = "company", "measured"


@dataclass(frozen=True)
class Place:
    """A company of so many people: its server, the server's folder, and the database that may be written to."""

    postgres: Postgres
    folder: Path
    people: int

    @property
    def dsn(self) -> str:
        return self.postgres.endpoint.dsn(MEASURED)

    def environment(self) -> dict[str, str]:
        """Variables by which PostgreSQL's own tools and libraries find it."""
        return {**self.postgres.endpoint.environment(), "PGDATABASE": MEASURED}


@contextmanager
def company(people: int, *, keep: bool = True, searched: bool = True) -> Generator[Place]:
    """A running server with a company, of which a copy is to be measured: what is written there is gone afterwards.

    Without `keep` the company goes, too. It has an index for searches, which takes the longest to make, where it is
    `searched`.
    """
    kept = KEPT / (str(people) if searched else f"{people}-unsearched")
    folder = kept if keep else Path(tempfile.mkdtemp(prefix="atrium-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    postgres = Postgres(folder)
    postgres.start()
    try:
        _make_once(postgres, folder, people, index=searched)
        postgres.drop_database(MEASURED)
        postgres.create_database(MEASURED, WHOLE)
        yield Place(postgres, folder, people)
        postgres.drop_database(MEASURED)
    finally:
        postgres.stop()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def fingerprint() -> str:
    """What tells the makers' texts from other ones."""
    digest = hashlib.sha256()
    for path in _makers():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _makers() -> Iterator[Path]:
    for name in MAKERS:
        path = ROOT / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _make_once(postgres: Postgres, folder: Path, people: int, *, index: bool) -> None:
    made, wanted = folder / "made", fingerprint()
    if made.exists() and made.read_text() == wanted:
        return
    made.unlink(missing_ok=True)
    postgres.drop_database(WHOLE)
    postgres.create_database(WHOLE)
    atrium(postgres, folder, WHOLE, "migrate")
    for step in company_rows.steps(people):
        _told(f"{people:,} people: {step.name}", postgres, step.sql)
    _told(f"{people:,} people: statistics", postgres, "VACUUM (ANALYZE)")
    if index:
        atrium(postgres, folder, WHOLE, "reindex")
        _told(f"{people:,} people: statistics of the index", postgres, "VACUUM (ANALYZE)")
    made.write_text(wanted)


def _told(what: str, postgres: Postgres, sql: str) -> None:
    started = time.monotonic()
    postgres.execute(sql, WHOLE)
    print(f"{time.monotonic() - started:7.1f} s  {what}", file=sys.stderr, flush=True)
