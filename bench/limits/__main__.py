"""Serve one of the limits, `python -m bench.limits flat|whole DSN`: a bare ASGI application on a free port."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson
import uvicorn
import uvloop

from bench.limits import chat_history, home_feed, org_chart, profile, search, writing
from bench.limits.asking import AUDIENCES, Connection, Flat, Who, Whole, Wish

POOL = 10  # connections, as many as ours has
KEYS = ("viewer", "person", "unit", "post", "conversation")

FLAT: dict[str, Flat] = {
    "HomeFeed": home_feed.flat,
    "Profile": profile.flat,
    "OrgChart": org_chart.flat,
    "ChatHistory": chat_history.flat,
    "Search": search.flat,
    **{name: writing.flat(name) for name in writing.WHOLE},
}
WHOLE: dict[str, Whole] = {
    "HomeFeed": home_feed.WHOLE,
    "Profile": profile.WHOLE,
    "OrgChart": org_chart.WHOLE,
    "ChatHistory": chat_history.WHOLE,
    **writing.WHOLE,
}

Answer = Callable[[Connection, str, Who, Wish], Awaitable[bytes]]


async def flat(con: Connection, name: str, who: Who, wish: Wish) -> bytes:
    """The body of an answer that is assembled here."""
    return orjson.dumps({"data": await FLAT[name](con, who, wish)}, option=orjson.OPT_UTC_Z)


async def whole(con: Connection, name: str, who: Who, wish: Wish) -> bytes:
    """The body of an answer that the database has made."""
    asked = WHOLE[name]
    return b'{"data":' + (await con.fetchval(asked.sql, *asked.values(who, wish))).encode() + b"}"


@dataclass
class Limit:
    """An ASGI application: `POST /HomeFeed` with `{"viewer": "…"}` answers as our server answers the operation."""

    dsn: str
    answer: Answer
    known: dict[uuid.UUID, Who] = field(default_factory=dict[uuid.UUID, Who])

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = (await receive())["body"]
        told = orjson.loads(body)
        wish = {name: uuid.UUID(value) if name in KEYS else value for name, value in told.items()}
        async with self.pool.acquire() as con:
            found = await self.answer(con, scope["path"][1:], await self._who(con, wish["viewer"]), wish)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(found)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": found})

    async def _who(self, con: Connection, person: uuid.UUID) -> Who:
        """Taken at their word, and looked up once."""
        if person not in self.known:
            self.known[person] = Who(person, await con.fetchval(AUDIENCES, person))
        return self.known[person]

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        create: Any = asyncpg.create_pool  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        self.pool = await create(
            self.dsn,
            min_size=1,
            max_size=POOL,
            connection_class=Connected,
            server_settings={"jit": "off", "timezone": "UTC"},
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.pool.close()
        await send({"type": "lifespan.shutdown.complete"})


class Connected(asyncpg.Connection):
    """Asks nothing when it goes back to the pool."""

    def get_reset_query(self) -> str:
        return ""


def main() -> None:
    """Serve, and print where."""
    answers: dict[str, Answer] = {"flat": flat, "whole": whole}
    app = Limit(sys.argv[2], answers[sys.argv[1]])
    config = uvicorn.Config(
        app, port=0, http="httptools", log_level="warning", access_log=False, server_header=False, date_header=False
    )
    listening = config.bind_socket()
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(uvicorn.Server(config).serve(sockets=[listening]))


if __name__ == "__main__":
    main()
