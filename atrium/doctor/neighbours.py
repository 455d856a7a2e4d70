"""What Atrium talks to besides the database, and where it listens."""

from __future__ import annotations

import errno
import socket
from typing import Any, cast

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from atrium.doctor.findings import Finding, fail, ok
from atrium.embedded.binaries import REDIS_LEAST
from atrium.settings import Settings

PATIENCE = 3.0  # seconds
ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where a server that listens everywhere is reached


async def redis(found: Settings) -> list[Finding]:
    """Whether it answers, and is new enough; nothing where it is not used."""
    if not found.redis_url:
        return []
    try:
        client = cast(Any, Redis).from_url(
            found.redis_url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, decode_responses=True
        )
        try:
            told = await client.info("server")
        finally:
            await client.aclose()
    except (RedisError, OSError, ValueError) as error:
        return [fail("redis", f"It cannot be reached: {error}.", "Start it, or correct or empty ATRIUM_REDIS_URL.")]
    version = str(told.get("valkey_version") or told.get("redis_version") or "0")
    if int(version.partition(".")[0]) < REDIS_LEAST:
        return [fail("redis", f"It is version {version}.", f"Use Redis {REDIS_LEAST} or newer, or Valkey.")]
    return [ok("redis", f"{'Valkey' if 'valkey_version' in told else 'Redis'} {version}")]


async def port(found: Settings) -> list[Finding]:
    """Whether it is free, or it is Atrium that listens there."""
    address = f"{found.host}:{found.port}"
    try:
        _bind(found.host, found.port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and await _is_atrium(found):
            return [ok("port", f"Atrium is running on {address}.")]
        said = (
            "is in use by another program" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        )
        return [fail("port", f"{address} {said}.", "Choose another with ATRIUM_PORT (and ATRIUM_HOST).")]
    return [ok("port", f"{address} is free.")]


def _bind(host: str, number: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind((host, number))
        tried.listen(1)


async def _is_atrium(found: Settings) -> bool:
    host = ANY.get(found.host, found.host)
    named = f"[{host}]" if ":" in host else host
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            return (await client.get(f"http://{named}:{found.port}/healthz")).json() == {"status": "ok"}
    except (httpx.HTTPError, ValueError):
        return False
