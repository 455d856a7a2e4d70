"""The export: all of the product and none of its secrets, at one instant, the same for equal databases."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from atrium.exports.export import Refused, export
from atrium.exports.statements import STATEMENTS
from auth.passwords import Hasher
from models import db
from models.people import Person
from tests.exports.world import a_world
from tests.factories.people import NOW, a_person
from tests.factories.session import a_password

SECRETS = {"credential", "access", "one_time_code", "login_throttle", "survey_key", "survey_ballot"}
FOLLOWS_FROM_THE_REST = {
    *(
        "unit_closure",
        "event",
        "log_generation",
        "log_start",
        "reader_position",
        "parked_event",
        "timer",
        "search_document",
        "search_name",
        "search_word",
    ),
    *("tortoise_migrations", "import_run", "import_record", "import_fact", "import_touch"),
}
NOT_SAID = {
    "person": {"auth_epoch", "version", "planned"},
    "org_unit": {"parent_id", "head_id", "deputy_id", "active", "planned", "version"},
    "position": {"title", "grade", "unit_id", "active", "planned", "filled"},
    "audience": {"open", "read_only", "people"},
    "comment": {"audience_id"},
    "audience_member": {"id", "listed"},
    "mention": {"id", "post_id", "conversation_id"},
    "post_tag": {"audience_id", "published_at"},
    "survey_answer": {"survey_id", "block"},
    "survey_place": {"id"},
    **{key: {"key", "version"} for key in ("skill", "tag")},
    **{key: {"version"} for key in ("profile_field", "org_draft", "groups", "conversation", "audience_rule")},
    **{key: {"version"} for key in ("survey", "survey_series")},
    **{key: {"id"} for key in ("skill_synonym", "tag_synonym", "membership", "tag_follow", "delegate")},
    **{key: {"id"} for key in ("poll_vote", "reaction", "seen", "conversation_member")},
    **{key: {"id"} for key in ("person_term", "unit_term", "position_term", "holding", "reporting_line")},
    **{key: {"id"} for key in ("import_map", "profile_value")},
}
"""Columns that hold what facts say of today, what only a running house needs, and keys that nobody has seen."""


def unheard(_count: int, _what: str) -> None:
    """Progress that nobody watches."""


async def records(path: Path) -> list[dict[str, Any]]:
    """What an export to this path holds."""
    await export(path, force=False, progress=unheard)
    packed = path.read_bytes()
    return [orjson.loads(line) for line in (gzip.decompress(packed) if path.suffix == ".gz" else packed).splitlines()]


async def test_every_table_is_in_it_or_left_out_for_a_reason(database: None) -> None:
    tables = {row[0] for row in await db.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    said = set(re.findall(r"(?:FROM|JOIN) (\w+)", " ".join(STATEMENTS.values())))

    assert tables - said - SECRETS - FOLLOWS_FROM_THE_REST == set()
    assert said & (SECRETS | FOLLOWS_FROM_THE_REST) == set()


async def test_every_column_is_in_it_or_left_out_for_a_reason(database: None) -> None:
    columns = await db.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    )

    missing: dict[str, set[str]] = {}
    for table, column in columns:
        said = [(sql, a) for sql in STATEMENTS.values() for a in re.findall(rf"(?:FROM|JOIN) {table} (\w+)", sql)]
        if said and not any(re.search(rf"\b{alias}\.{column}\b", sql) for sql, alias in said):
            missing.setdefault(table, set()).add(column)

    assert missing == NOT_SAID


async def test_it_holds_what_is_there(database: None, tmp_path: Path) -> None:
    world = await a_world()

    header, *found = await records(tmp_path / "all.jsonl")

    assert header == {"type": "header", "version": 1, "source": "atrium", "keys": "own"}
    assert list(dict.fromkeys(record["type"] for record in found)) == list(STATEMENTS)
    [ann] = [r for r in found if r["type"] == "person" and r["id"] == str(world.ann.id)]
    assert (ann["name"], ann["bio"], ann["email"]) == ("Ann O’Neill", "Line\none", world.ann.email)
    assert ann["history"] == [
        {"valid_from": "2020-01-01", "valid_to": "2023-05-01", "name": "Ann “the hat” O’Neill"},
        {"valid_from": "2023-05-01", "valid_to": None, "name": "Ann O’Neill"},
    ]
    assert Counter(r["type"] for r in found)["guest"] == 1


async def test_no_secret_is_in_it(database: None, tmp_path: Path, hasher: Hasher) -> None:
    world = await a_world()
    await a_password(world.ann, hasher, NOW)
    path = tmp_path / "all.jsonl"

    await export(path, force=False, progress=unheard)

    assert b"argon2" not in path.read_bytes()
    assert b"password" not in path.read_bytes()


async def test_equal_databases_give_equal_files(database: None, tmp_path: Path) -> None:
    await a_world()
    files = [tmp_path / name for name in ("one.jsonl.gz", "two.jsonl.gz", "three.jsonl")]

    for path in files:
        await export(path, force=False, progress=unheard)

    one, two, plain = (path.read_bytes() for path in files)
    assert one == two
    assert gzip.decompress(one) == plain


async def test_it_shows_one_instant(database: None, tmp_path: Path) -> None:
    await a_world()
    expected = await records(tmp_path / "before.jsonl")
    people: list[Person] = []

    async def during() -> None:
        people.append(await a_person("Late"))

    written = iter(range(10_000))
    loop = asyncio.get_running_loop()
    tasks: list[asyncio.Task[None]] = []

    def progress(_count: int, _what: str) -> None:
        if next(written) == 0:
            tasks.append(loop.create_task(during()))

    await export(tmp_path / "during.jsonl", force=False, progress=progress)
    await asyncio.gather(*tasks)

    assert len(people) == 1
    assert [orjson.loads(line) for line in (tmp_path / "during.jsonl").read_bytes().splitlines()] == expected


async def test_a_file_is_there_only_when_it_is_whole(database: None, tmp_path: Path) -> None:
    await a_world()
    path = tmp_path / "all.jsonl"
    path.write_text("older")

    def broken(_count: int, what: str) -> None:
        if what == "post":
            raise OSError("the disk is full")

    with pytest.raises(Refused):
        await export(path, force=False, progress=unheard)
    with pytest.raises(OSError, match="full"):
        await export(path, force=True, progress=broken)
    with pytest.raises(Refused):
        await export(tmp_path / "nowhere" / "all.jsonl", force=False, progress=unheard)

    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("all.jsonl", "older")]


async def test_it_is_for_its_owner_alone(database: None, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"

    await export(path, force=False, progress=unheard)

    assert path.stat().st_mode & 0o777 == 0o600
