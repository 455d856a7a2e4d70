"""Pages of the log: whatever way they come, what is taken of them has no gap, no repeat and no inversion."""

from __future__ import annotations

import asyncio
import os
import random
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import db
from models import log as table
from models.log import START, Position
from subscriptions.bus import Handed, LocalBus
from subscriptions.events import Logged, logged
from subscriptions.pages import EVENTS_MAX, PAGES_MAX, ROWS_MAX, Pages, packed, unpacked
from tests.engine import settled
from tests.subscriptions.notes import AUDIENCES, PEOPLE, Noted, commit

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLES = 5_000 if os.environ.get("ATRIUM_FUZZ") else 300


def an_event(number: int) -> Logged:
    """The `number`th event of a log in which each third transaction wrote one, and a dump was restored at 40."""
    note = Noted(PEOPLE[0], number)
    return Logged((1 + number // 40, number * 3, number), note, note.stream, None, None, NOW, False)


def a_page(since: int, behind: int) -> Handed:
    """All events behind the one, up to the other."""
    events = [an_event(number) for number in range(since + 1, behind + 1)]
    return Handed(an_event(since).position, an_event(behind).position, events)


def numbers(events: Sequence[Logged]) -> list[int]:
    return [event.number for event in events]


def test_a_page_is_taken_where_it_continues() -> None:
    pages = Pages()
    pages.add(a_page(3, 5))
    pages.add(a_page(5, 9))

    assert pages.after(an_event(3).position) == a_page(3, 5)
    assert pages.after(an_event(5).position) == a_page(5, 9)
    assert pages.after(an_event(9).position) is None
    assert len(pages) == 0


def test_a_gap_gives_nothing_and_the_page_may_fit_later() -> None:
    pages = Pages()
    pages.add(a_page(5, 9))

    assert pages.after(an_event(4).position) is None

    assert pages.after(an_event(5).position) == a_page(5, 9)


def test_what_is_known_is_cut_off() -> None:
    pages = Pages()
    pages.add(a_page(3, 8))

    taken = pages.after(an_event(6).position)

    assert taken == a_page(6, 8)


def test_the_oldest_are_forgotten_when_nobody_takes_them() -> None:
    many, long = Pages(), Pages()
    for number in range(PAGES_MAX + 10):
        many.add(a_page(number, number + 1))
    for number in range(0, EVENTS_MAX + 3_000, 1_000):
        long.add(a_page(number, number + 1_000))

    assert len(many) == PAGES_MAX and len(long) == EVENTS_MAX / 1_000
    assert many.after(an_event(9).position) is None
    assert many.after(an_event(10).position) == a_page(10, 11)


@st.composite
def a_delivery(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """The length of a log, and pages of it: some missing, some twice, overlapping, in any order."""
    length = draw(st.integers(1, 80))
    page = st.tuples(st.integers(0, length - 1), st.integers(1, 12)).map(lambda p: (p[0], min(p[0] + p[1], length)))
    return length, draw(st.lists(page, max_size=40))


@pytest.mark.fuzz
@given(a_delivery(), st.integers(1, 10), st.randoms(use_true_random=False))
@settings(max_examples=EXAMPLES, deadline=None)
def test_pages_and_the_log_together_give_every_event_once_and_in_order(
    delivery: tuple[int, list[tuple[int, int]]], limit: int, chance: random.Random
) -> None:
    length, coming = delivery
    log = [an_event(number) for number in range(1, length + 1)]
    pages, position, seen = Pages(), an_event(0).position, list[Logged]()

    while position < log[-1].position:
        while coming and chance.random() < 0.6:
            pages.add(a_page(*coming.pop()))
        taken = pages.after(position)
        if taken is None:
            read = [event for event in log if event.position > position][:limit]
            taken = Handed(position, read[-1].position, read)
        assert taken.since == position < taken.behind
        seen += taken.events
        position = taken.behind

    assert numbers(seen) == list(range(1, length + 1))


# --- as they travel


async def all_records() -> list[asyncpg.Record]:
    await settled()
    return await table.after(START, limit=1_000)


@pytest.mark.usefixtures("notes")
async def test_events_arrive_as_the_database_gives_them() -> None:
    for n in range(120):
        await commit(AUDIENCES[n % 6], PEOPLE[n % 5])
    await db.execute("UPDATE event SET audience_id = $1, actor_id = $2 WHERE id % 3 = 0", uuid.uuid4(), uuid.uuid4())
    await db.execute("UPDATE event SET kind = 'OfANewerVersion', quiet = true WHERE id % 7 = 0")
    records = await all_records()
    last: Position = (records[-1]["generation"], records[-1]["xid"], records[-1]["id"])

    sent = [*packed(START, last, records)]
    pages = [unpacked(page) for page in sent]

    assert len(pages) > 1 and max(map(len, sent)) < ROWS_MAX + 1_000
    assert [page.since for page in pages] == [START, *(page.behind for page in pages[:-1])]
    assert pages[-1].behind == last
    assert [e for page in pages for e in page.events] == [e for r in records if (e := logged(r)) is not None]
    assert all(e.occurred_at.utcoffset() == timedelta(0) for page in pages for e in page.events)


@pytest.mark.usefixtures("notes")
async def test_what_is_no_page_is_told_from_one() -> None:
    await commit(PEOPLE[0])
    await commit(PEOPLE[0])
    [first, second] = await all_records()
    last: Position = (second["generation"], second["xid"], second["id"])
    good = orjson.loads(next(packed(START, last, [first, second])))

    rows, columns = good["rows"], good["columns"]
    changes: list[dict[str, object]] = [
        {"since": last},
        {"since": [0, 0]},
        {"since": [0, 0, "0"]},
        {"behind": good["since"]},
        {"behind": [first["generation"], first["xid"], first["id"]]},
        {"rows": rows[::-1]},
        {"rows": [rows[0], rows[0]]},
        {"rows": [row[:-1] for row in rows]},
        {"rows": 7},
        {"columns": columns[:-1]},
        {"columns": ["surprise", *columns[1:]]},
        {"columns": [[]] * len(columns)},
    ]
    nonsense = [b"", b"\xff\x00", b"[" * 5_000, b"null", b"[]", b"{}", b'{"since": [0, 0, 0], "behind": [1, 1, 1]}']
    for wrong in [*nonsense, *(orjson.dumps(good | change) for change in changes)]:
        with pytest.raises((ValueError, TypeError, LookupError, AttributeError)):
            unpacked(wrong)
    assert len(unpacked(orjson.dumps(good)).events) == 2


# --- the bus of one process


async def test_a_process_of_its_own_hears_its_whispers_soon() -> None:
    bus, heard = LocalBus(), list[tuple[str, object]]()
    me = uuid.uuid4()

    def answers(topic: str, said: object) -> None:
        heard.append((topic, said))
        if topic == "typing":
            bus.whisper("presence", {})

    def fails(topic: str, said: object) -> None:
        raise RuntimeError("of this listener alone")

    ends = bus.overhear(fails), bus.overhear(answers)
    bus.whisper("typing", {"who": me, "since": 3})
    assert heard == []
    while len(heard) < 2:
        await asyncio.sleep(0.01)
    for end in ends:
        end()
        end()
    bus.whisper("typing", {})
    await asyncio.sleep(0.01)

    assert heard == [("typing", {"who": str(me), "since": 3}), ("presence", {})]
    with pytest.raises(ValueError, match="too long"):
        bus.whisper("typing", {"text": "x" * 10_000})
    assert bus.handed(START) is None
