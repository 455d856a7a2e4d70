"""What Atrium talks to besides the database, and where it listens."""

from __future__ import annotations

import errno
import socket
from typing import Any, cast

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from atrium.doctor.findings import Finding, fail, ok, warn
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


async def meilisearch(found: Settings) -> list[Finding]:
    """Whether it is well and takes our key; nothing where it is not used. Without it search is degraded, not down."""
    if not found.meilisearch_url:
        return []
    key = {"Authorization": f"Bearer {found.meilisearch_key}"} if found.meilisearch_key else {}
    try:
        async with httpx.AsyncClient(base_url=found.meilisearch_url, timeout=PATIENCE, headers=key) as client:
            health, version = await client.get("/health"), await client.get("/version")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        said = str(error) or type(error).__name__
        return [warn("meilisearch", f"It cannot be reached: {said}.", "Start it, or correct ATRIUM_MEILISEARCH_URL.")]
    if not health.is_success:
        return [warn("meilisearch", f"It is not well: it answers {health.status_code}.", "Look at its log.")]
    if version.status_code in (401, 403):
        return [warn("meilisearch", "It refuses our key.", "Correct ATRIUM_MEILISEARCH_KEY.")]
    return [ok("meilisearch", "available")]


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
