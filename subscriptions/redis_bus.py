"""The bus between processes over one Redis Stream, of three kinds of entries: pokes, pages of the log, and whispers.

One process leads: it reads the log and hands its pages on, the others take them. Redis may be away, frozen, emptied or
full of nonsense at any time: a page counts only where it continues what its taker has, and whoever gets none reads the
log. Nothing is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, cast

import asyncpg
import structlog
from redis import asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from models.log import Position
from models.tasks import end
from subscriptions.bus import Handed, LocalBus, read, written
from subscriptions.pages import Pages, packed, unpacked
from subscriptions.stamps import Stamps

KEY = "atrium:log"
ENTRIES = 10_000  # that the stream keeps, about
ENTRY_MAX = 16_000  # bytes
UNSAID_MAX = 500  # entries that wait for Redis; beyond, the oldest are dropped
ROUND = 50  # entries written or read at once

CONNECT_WAIT = 2.0  # seconds for any answer
AGAIN = 2.0  # seconds until the next try
QUIET = 2.0  # seconds without an entry, after which we ask whether the stream is still the one we know
RENEW = 1.0  # seconds between two looks at who leads; they also find out a frozen server, which closes nothing
LEASE = 3.0  # seconds that a leader remains one without a word
FOLLOWED = 10.0  # seconds without `handed`, after which there is no tail here that could lead
PAGE_WAIT = 0.25  # seconds until we look at the log ourselves though another process leads

LEAD = """
local leader = redis.call('GET', KEYS[1])
if leader and leader ~= ARGV[1] then return leader end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
"""
RESIGN = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"

Entry = dict[bytes, bytes]
out = structlog.get_logger()


class RedisBus(LocalBus):
    """Joins the processes that have the same stream of the same Redis: those of one database, and no others.

    A process can lead only while its tail of the log asks for pages, so one without a tail never does.
    """

    def __init__(self, url: str, secrets: Sequence[bytes], *, key: str = KEY) -> None:
        """`secrets` are the installation's: what is said without them is not heard."""
        super().__init__()
        self._stamps = Stamps(secrets)
        self.is_connected: bool | None = None  # None: not tried yet
        self._me = uuid.uuid4().hex.encode()
        self._key, self._lease = key, f"{key}:leader"
        self._leads_until = self._followed_until = 0.0  # by `time.monotonic`
        self._is_led = False  # whether another process leads
        self._pages = Pages()
        self._unsaid: deque[Entry] = deque(maxlen=UNSAID_MAX)
        self._poked = False
        self._due = asyncio.Event()  # there is something to say
        self._page_due: asyncio.TimerHandle | None = None
        self._has_warned = False
        # No timeouts of the client's own: on Python 3.11 its `asyncio.wait_for` may swallow our being cancelled.
        self._client: Any = cast(Any, redis.Redis).from_url(
            url, socket_timeout=None, socket_connect_timeout=CONNECT_WAIT, protocol=2, retry=Retry(NoBackoff(), 0)
        )

    @property
    def is_prompt(self) -> bool:
        return bool(self.is_connected)

    @property
    def leads(self) -> bool:
        """Whether this process reads the log for all."""
        return time.monotonic() < self._leads_until

    def poke(self) -> None:
        if not self.leads:  # the leader's pages say it
            self._poked = True
            self._due.set()
        self._grown()

    def handed(self, position: Position) -> Handed | None:
        now = time.monotonic()
        if now >= self._followed_until:
            self._due.set()  # now we could lead
        self._followed_until = now + FOLLOWED
        return self._pages.after(position)

    def hand_on(self, since: Position, behind: Position, records: Sequence[asyncpg.Record]) -> None:
        if self.leads and since < behind:
            for page in packed(since, behind, records):
                self._say(b"page", page)

    def whisper(self, topic: str, said: Mapping[str, Any]) -> None:
        whisper = written(topic, said)
        self._tell_ourselves(whisper)
        self._say(b"whisper", whisper)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[RedisBus]:
        """Joined to the other processes for as long as the block runs, as far as Redis allows."""
        task = asyncio.create_task(self._joined(), name="redis bus")
        try:
            yield self
        finally:
            await end(task)
            with contextlib.suppress(RedisError, OSError):
                await self._resign()
            with contextlib.suppress(RedisError, OSError):
                await self._client.aclose()

    async def _joined(self) -> None:
        while True:
            halves = [asyncio.create_task(self._listen()), asyncio.create_task(self._speak())]
            try:
                # No group of tasks: one that fails while it is cancelled would forget that it is.
                await asyncio.wait(halves, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for half in halves:
                    half.cancel()
                ended = await asyncio.gather(*halves, return_exceptions=True)
            self._away(", ".join(repr(error) for error in ended if isinstance(error, Exception)))
            await asyncio.sleep(AGAIN)

    # --- hearing

    async def _listen(self) -> None:
        """Take what comes. Raises once the server does not answer."""
        last = await self._newest()
        self._back()
        while True:
            async with asyncio.timeout(QUIET + CONNECT_WAIT):
                found = await self._client.xread({self._key: last}, count=ROUND, block=int(QUIET * 1000))
            if found:
                [(_, entries)] = found
                for _, entry in entries:
                    self._take(entry)
                last = entries[-1][0]
            elif _place(newest := await self._newest()) < _place(last):  # emptied, or of a clock that is behind
                last = newest
                self._wake()  # for what was lost with it

    async def _newest(self) -> bytes:
        """The id of the stream's last entry."""
        async with asyncio.timeout(CONNECT_WAIT):
            found = await self._client.xrevrange(self._key, count=1)
        return found[0][0] if found else b"0-0"

    def _take(self, entry: Entry) -> None:
        kind, by, said = entry.get(b"kind", b""), entry.get(b"by", b""), entry.get(b"said", b"")
        if by == self._me:
            return
        try:
            if not self._stamps.is_ours(entry.get(b"stamp", b""), kind, by, said):
                raise PermissionError("an entry without this installation's stamp")
            match kind:
                case b"poke":
                    self._grown()
                case b"page":
                    self._turn(said)
                case b"whisper":
                    self._hear(*read(said))
                case _:
                    raise ValueError(f"an entry of the kind {kind!r}")
        except Exception as error:  # whatever somebody has written there
            if not self._has_warned:
                out.warning("redis_entry_dropped", key=self._key, error=repr(error), hint="told once")
            self._has_warned = True

    def _turn(self, page: bytes) -> None:
        if time.monotonic() < self._followed_until:
            self._pages.add(unpacked(page))
        self._wake()

    def _grown(self) -> None:
        """There are events: look at the log, or give the one who leads a moment for their page."""
        if not self._is_led:
            self._wake()
        elif self._page_due is None:
            self._page_due = asyncio.get_running_loop().call_later(PAGE_WAIT, self._wake)

    def _wake(self) -> None:
        if self._page_due is not None:
            self._page_due.cancel()
            self._page_due = None
        super()._wake()

    # --- saying

    def _say(self, kind: bytes, said: bytes) -> None:
        if self.is_connected and len(said) <= ENTRY_MAX:
            self._unsaid.append(self._entry(kind, said))
            self._due.set()

    def _entry(self, kind: bytes, said: bytes = b"") -> Entry:
        return {b"kind": kind, b"by": self._me, b"said": said, b"stamp": self._stamps.stamp(kind, self._me, said)}

    async def _speak(self) -> None:
        """Say what there is to say, and see who leads. Raises once the server does not answer."""
        while True:
            self._due.clear()
            async with asyncio.timeout(CONNECT_WAIT):
                await self._round()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RENEW):
                    await self._due.wait()

    async def _round(self) -> None:
        """One round trip for all that has piled up."""
        now = time.monotonic()
        is_followed = now < self._followed_until
        if self._poked:
            self._unsaid.append(self._entry(b"poke"))
            self._poked = False
        async with self._client.pipeline(transaction=False) as line:
            for _ in range(min(ROUND, len(self._unsaid))):
                line.xadd(self._key, self._unsaid.popleft(), maxlen=ENTRIES)
            if is_followed:
                line.eval(LEAD, 1, self._lease, self._me, int(LEASE * 1000))
            else:
                line.get(self._lease)
            *_, leader = await line.execute()
        self._is_led = leader not in (None, self._me)
        self._leads_until = now + LEASE if is_followed and leader == self._me else 0.0
        if self._unsaid:
            self._due.set()

    async def _resign(self) -> None:
        """Let another process lead at once."""
        if self.leads:
            self._leads_until = 0.0
            async with asyncio.timeout(CONNECT_WAIT):
                await self._client.eval(RESIGN, 1, self._lease, self._me)

    # --- coming and going

    def _back(self) -> None:
        if not self.is_connected:
            out.info("redis_joined")
        self.is_connected = True
        self._wake()  # for what was said while we could not hear

    def _away(self, error: str) -> None:
        if self.is_connected is not False:
            out.warning("redis_away", error=error, hint="processes poll the log until Redis is back")
        self.is_connected = False
        self._is_led, self._leads_until = False, 0.0
        self._unsaid.clear()
        self._wake()


def _place(id: bytes) -> tuple[int, int]:
    """A stream's ids in their order."""
    milliseconds, _, number = id.partition(b"-")
    return int(milliseconds), int(number)
