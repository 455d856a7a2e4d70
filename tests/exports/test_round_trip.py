"""Out and in again: an export makes an empty database the same, key by key, and another one loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from atrium.demo.company import Company
from atrium.demo.load import load
from atrium.exports.export import export
from atrium.imports.jsonl import import_jsonl
from atrium.imports.report import Report
from auth.passwords import Hasher
from models import db
from tests import engine
from tests.clocks import TurnedClock
from tests.exports.test_export import unheard
from tests.exports.world import a_world

TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def written(path: Path) -> bytes:
    await export(path, force=True, progress=unheard)
    return path.read_bytes()


async def brought(path: Path, clock: TurnedClock) -> Report:
    report = await import_jsonl(path, clock=clock)
    assert report.problems == []
    return report


def differences(one: bytes, other: bytes) -> Sequence[tuple[bytes, bytes]]:
    """The lines that differ, for a message that can be read."""
    lines, others = one.splitlines(), other.splitlines()
    assert len(lines) == len(others)
    return [pair for pair in zip(lines, others, strict=True) if pair[0] != pair[1]][:5]


async def test_everything_comes_back_as_it_was(database: None, tmp_path: Path, clock: TurnedClock) -> None:
    await a_world()
    path = tmp_path / "all.jsonl"
    before = await written(path)
    await engine.empty()

    await brought(path, clock)

    assert differences(before, await written(tmp_path / "again.jsonl")) == []


FOLLOWING = (
    "SELECT id, kind, open, read_only, people FROM audience WHERE kind <> 'LOCATION' ORDER BY 1",
    """SELECT m.person_id, coalesce(a.location, a.id::text), m.listed
       FROM audience_member m JOIN audience a ON a.id = m.audience_id ORDER BY 2, 1""",
    "SELECT post_id, tag_id, audience_id, published_at, given FROM post_tag ORDER BY 1, 2",
    "SELECT subject_id, post_id, conversation_id, person_id FROM mention ORDER BY 1, 4",
    "SELECT id, moderated FROM org_unit ORDER BY 1",
    "SELECT c.id FROM comment c JOIN post p ON p.id = c.post_id WHERE c.audience_id = p.audience_id ORDER BY 1",
    "SELECT id, accepted_id, version FROM post ORDER BY 1",
)
"""What an export does not say, since it follows from the rest."""


async def test_what_it_does_not_say_follows_from_it(database: None, tmp_path: Path, clock: TurnedClock) -> None:
    await a_world()
    path = tmp_path / "all.jsonl"
    before = [await db.rows(sql) for sql in FOLLOWING]
    await written(path)
    await engine.empty()

    await brought(path, clock)

    for sql, rows in zip(FOLLOWING, before, strict=True):
        assert rows
        assert await db.rows(sql) == rows
    timers = {row[0] for row in await db.rows("SELECT kind FROM timer")}
    assert {"publish_post", "reading_reminder", "invitation", "expire_messages"} <= timers


async def test_a_whole_company_comes_back_as_it_was(
    database: None, tmp_path: Path, clock: TurnedClock, hasher: Hasher
) -> None:
    company = Company.generate(300, 1, 30, TODAY)
    await load(company, password="made for this test", hasher=hasher, now=TODAY, progress=unheard)
    path = tmp_path / "all.jsonl.gz"
    before = await written(path)
    await engine.empty()

    await brought(path, clock)

    assert await written(tmp_path / "again.jsonl.gz") == before


async def test_again_and_onto_itself_nothing_changes(database: None, tmp_path: Path, clock: TurnedClock) -> None:
    await a_world()
    path = tmp_path / "all.jsonl"
    before = await written(path)

    await brought(path, clock)
    assert differences(before, await written(tmp_path / "again.jsonl")) == []
    report = await brought(path, clock)

    assert {
        key: (c.created, c.updated, c.deactivated) for key, c in report.counts.items() if c.created or c.updated
    } == {}
    assert differences(before, await written(tmp_path / "again.jsonl")) == []
