"""The official client of Meilisearch, beside the event loop: one a thread, bounded in time, its errors as sentences."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import meilisearch
import requests
from meilisearch.errors import (
    MeilisearchApiError,
    MeilisearchCommunicationError,
    MeilisearchError,
    MeilisearchTimeoutError,
)
from meilisearch.models.task import TaskInfo

from search.engine import Unavailable
from subscriptions.readers import Later

T = TypeVar("T")

CONNECT = 0.5  # seconds
FIND = 1.0  # seconds for the answer to a search
WRITE = 30.0  # seconds for everything else, and for a task until it is done
FINDERS, WRITERS = 8, 2  # threads
LOOKS = (0.005, 0.2)  # seconds between two looks at a task: first, at most
FULL = ("no space left", "disk quota", "mdb_map_full", "file too large", "map full")

DOCTOR = "python -m atrium doctor tells more"


class Unwell(Unavailable, Later):
    """Meilisearch cannot do it now: a reader of the log waits until it can."""


class Refused(Unwell):
    """Meilisearch has answered that it does not do this; `code` is its own word for why."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Client:
    """Asks one server. Its threads end with `close`."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url.rstrip("/"), key
        self._closing = threading.Event()
        self._finders = _Threads(self._url, key, FINDERS, FIND)
        self._writers = _Threads(self._url, key, WRITERS, WRITE)

    async def find(self, ask: Callable[[meilisearch.Client], T]) -> T:
        """What a short question is answered. Raises `Unavailable`."""
        return await self._finders.run(ask)

    async def do(self, ask: Callable[[meilisearch.Client], T]) -> T:
        """What a question that may take longer is answered. Raises `Unavailable`."""
        return await self._writers.run(ask)

    async def done(self, begin: Callable[[meilisearch.Client], TaskInfo], *, but: str = "") -> None:
        """Have something done, and wait until it is; failing with the code `but` is as good.

        Raises `Unavailable` where it fails, or takes longer than `WRITE`: it may still be done then.
        """
        await self._writers.run(lambda client: self._finish(client, begin(client).task_uid, but))

    async def begun(self, begin: Callable[[meilisearch.Client], TaskInfo]) -> int:
        """Have something done without waiting for it; the number of its task, for `finish`."""
        return await self._writers.run(lambda client: begin(client).task_uid)

    async def finish(self, task: int) -> None:
        """Wait for a task. Raises as `done`."""
        await self._writers.run(lambda client: self._finish(client, task, ""))

    def close(self) -> None:
        """End its threads; whoever waits for a task is told that it is not done."""
        self._closing.set()
        self._finders.close()
        self._writers.close()

    def _finish(self, client: meilisearch.Client, number: int, but: str) -> None:
        deadline, pause = monotonic() + WRITE, LOOKS[0]
        while (task := client.get_task(number)).status in ("enqueued", "processing"):
            if monotonic() > deadline:
                raise Unwell(f"Meilisearch has not done task {number} in {WRITE:.0f} s: look at its load and log.")
            if self._closing.wait(pause):
                raise Unwell(f"Task {number} of Meilisearch was not waited for: this process is ending.")
            pause = min(pause * 1.5, LOOKS[1])
        error = cast(dict[str, str], task.error or {})
        if task.status != "succeeded" and error.get("code") != but:
            raise refused(error.get("message") or f"task {number} was {task.status}", error.get("code") or "")


class _Threads:
    """A few threads with a client each, which may not be shared."""

    def __init__(self, url: str, key: str, count: int, patience: float) -> None:
        self._url, self._key, self._patience = url, key, patience
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="meilisearch")
        self._own = threading.local()

    async def run(self, ask: Callable[[meilisearch.Client], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._asked, ask)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _asked(self, ask: Callable[[meilisearch.Client], T]) -> T:
        try:
            return ask(self._client())
        except Unavailable:
            raise
        except MeilisearchApiError as error:
            told = cast(Any, error)  # its attributes are untyped
            raise refused(told.message, told.code or str(told.status_code)) from error
        except MeilisearchTimeoutError as error:
            raise Unwell(f"Meilisearch at {self._host} does not answer in time: look at its load and log.") from error
        except MeilisearchCommunicationError as error:
            raise Unwell(
                f"Meilisearch cannot be reached at {self._host}: start it, or correct ATRIUM_MEILISEARCH_URL."
            ) from error
        except (MeilisearchError, requests.RequestException, KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unwell(
                f"What answers at {self._host} is not Meilisearch, or of another version"
                f" ({type(error).__name__}): correct ATRIUM_MEILISEARCH_URL; {DOCTOR}."
            ) from error

    def _client(self) -> meilisearch.Client:
        held: meilisearch.Client | None = getattr(self._own, "client", None)
        if held is None:
            # The library hands the limit on to requests, which takes two: to connect, and between two bytes.
            limits = cast(Any, (CONNECT, self._patience))
            held = self._own.client = meilisearch.Client(self._url, self._key or None, timeout=limits)
        return held

    @property
    def _host(self) -> str:
        """Where it is, without what may be secret."""
        return urlsplit(self._url).netloc.rpartition("@")[2] or "ATRIUM_MEILISEARCH_URL"


def refused(message: str, code: str) -> Refused:
    """What Meilisearch says, with what to do about it."""
    if code in ("invalid_api_key", "missing_authorization_header", "401", "403"):
        return Refused(f"Meilisearch refuses our key: correct ATRIUM_MEILISEARCH_KEY; {DOCTOR}.", code)
    if code == "no_space_left_on_device" or any(sign in message.lower() for sign in FULL):
        return Refused("The disk of Meilisearch is full: give it room; what waits is then done by itself.", code)
    if code == "index_not_found":
        return Refused("The index is not there yet: the worker makes it; start python -m atrium worker.", code)
    return Refused(
        f"Meilisearch refuses this ({code or 'without a code'}): {message[:300]} {DOCTOR.capitalize()}.", code
    )
