"""The limits answer as our server does: else what they cost would be no measure of it."""

from __future__ import annotations

import orjson
import pytest

from bench.beside.asked import OPERATIONS
from bench.beside.equality import compare
from bench.limits.__main__ import FLAT, WHOLE
from bench.limits.asking import AUDIENCES, Who
from models import db
from resolvers.context import Context, Request, Services
from schema.answer import execute
from schema.build import Schema
from tests.bench.screens import SCREENS
from tests.factories.people import a_person, a_unit
from tests.factories.session import as_viewer

BY_NAME = {operation.name: operation for operation in OPERATIONS}


@pytest.mark.parametrize("name", SCREENS)
async def test_they_say_the_same(services: Services, schema: Schema, name: str) -> None:
    ann = await a_person("Ann", unit=await a_unit())
    wish = {"viewer": ann.id, **await SCREENS[name](ann)}
    ctx = Context(services, await as_viewer(ann, services.clock.now()), Request(id="test"))
    operation = BY_NAME[name]

    answer = await execute(schema, ctx, operation.text, operation.variables(wish))
    async with db.connection() as con:
        who = Who(ann.id, await con.fetchval(AUDIENCES, ann.id))
        flat = await FLAT[name](con, who, wish)
        whole = await con.fetchval(WHOLE[name].sql, *WHOLE[name].values(who, wish)) if operation.has_whole else None

    assert not answer.errors, answer.errors
    answers = {
        "ours": orjson.dumps(answer.body()),
        "flat": orjson.dumps({"data": flat}, option=orjson.OPT_UTC_Z),
    }
    if whole is not None:
        answers["whole"] = b'{"data":' + whole.encode() + b"}"
    compare(name, answers, operation.drawn)
    assert len(answers["ours"]) > 100


async def test_they_know_what_is_measured() -> None:
    assert FLAT.keys() == {one.name for one in OPERATIONS} == SCREENS.keys()
    assert WHOLE.keys() == {one.name for one in OPERATIONS if one.has_whole}


async def test_a_change_is_written_as_ours_is(services: Services, schema: Schema) -> None:
    ann = await a_person("Ann", unit=await a_unit())
    wish = {"viewer": ann.id, **await SCREENS["AddComment"](ann)}
    ctx = Context(services, await as_viewer(ann, services.clock.now()), Request(id="test"))
    operation = BY_NAME["AddComment"]

    await execute(schema, ctx, operation.text, operation.variables(wish))
    async with db.connection() as con:
        await FLAT["AddComment"](con, Who(ann.id, await con.fetchval(AUDIENCES, ann.id)), wish)

    ours, theirs = await db.rows("SELECT * FROM comment ORDER BY id")
    drawn = {"id", "created_at"}
    assert {k: v for k, v in ours.items() if k not in drawn} == {k: v for k, v in theirs.items() if k not in drawn}
    logged = await db.rows("SELECT kind, stream, audience_id, actor_id, subject_id, quiet FROM event ORDER BY id")
    assert tuple(logged[0]) == tuple(logged[1])
