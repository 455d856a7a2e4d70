"""How long after its commit a post can be found, with a worker that has nothing else to do."""

from __future__ import annotations

import asyncio
import time
from itertools import count

from atrium import worker
from auth import sessions
from auth.viewer import Viewer
from bench import committed, search_cases
from models import db
from resolvers import search_gate
from resolvers.context import Context, Request, Services
from schema.answer import execute
from schema.build import Schema
from search.query import Query, typed

POSTS = 200
POLL = 0.005  # seconds
PAUSES = (0.0, 0.03, 0.1, 0.3)  # seconds between two posts: the worker is asleep more or less deeply
WAIT = 30.0  # seconds until the bench gives up

_numbers = count()


async def seconds(schema: Schema, made: Services) -> dict[str, float]:
    """The median, 99 of 100, and the longest: seconds by the clock from the answer of CreatePost until it is found."""
    who = await sessions.acting(await db.value(search_cases.PEOPLE, 1))
    assert who
    sight = await search_gate.sight(Context(made, who, Request(id="bench")))
    taken: list[float] = []
    async with worker.running(made):
        for n in range(-5, POSTS):  # the first ones do not count
            await asyncio.sleep(PAUSES[n % len(PAUSES)])
            word = f"zq{next(_numbers)}fresh"
            await _post(schema, made, who, word)
            begun = time.monotonic()
            query = Query(("POST",), typed(word).wanted)
            while not (await made.search.find(query, sight)).found.hits:
                if time.monotonic() - begun > WAIT:
                    raise SystemExit(f"A post could not be found for {WAIT:g} seconds.")
                await asyncio.sleep(POLL)
            if n >= 0:
                taken.append(time.monotonic() - begun)
    taken.sort()
    told = {"median": taken[len(taken) // 2], "99 of 100": taken[int(len(taken) * 0.99)], "most": taken[-1]}
    return {name: round(value, 3) for name, value in told.items()}


async def _post(schema: Schema, made: Services, who: Viewer, word: str) -> None:
    variables = {"input": {"kind": "DISCUSSION", "body": f"Who has seen {word} lately?", "clientId": word}}
    ctx = Context(made, who, Request(id="bench"))
    answer = await execute(schema, ctx, committed.text("posts/create_post"), variables)
    if answer.errors or not answer.data or answer.data["createPost"]["errors"]:
        raise SystemExit(f"the bench met an error: {answer.body()}")
