"""Pages by keyset: right in both directions, with SQL that a real engine of rows agrees with."""

from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest

from execution.cursors import Sealer
from execution.paging import InvalidPage, Keyset, Order, Page, Window, window

sealer = Sealer([b"k" * 32])
NEWEST = Order("feed", ("published_at", "id"), "DESC")
BY_NAME = Order("people", ("lower({}.name) AS name_key", "id"))
Row = dict[str, Any]

ROWS: list[Row] = [{"published_at": 100 + i // 3, "id": i, "name_key": f"n{i // 2:02}"} for i in range(25)]


def read(keyset: Keyset, asked: Window, rows: list[Row] = ROWS) -> Page:
    """What a database would answer: the condition and the order as they are written, applied to these rows."""
    condition, params = keyset.after(asked, "r", 1)
    names = [column.rpartition(" AS ")[2] for column in keyset.order.columns]
    kept = rows
    if condition:
        sign = condition.split(") ")[1][0]
        edge = tuple(params)
        kept = [row for row in rows if (_key(row, names) < edge if sign == "<" else _key(row, names) > edge)]
    descending = keyset.order_by(asked, "r").endswith("DESC")
    kept = sorted(kept, key=lambda row: _key(row, names), reverse=descending)
    return keyset.page(asked, kept[: asked.limit])


def _key(row: Row, names: list[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def ids(page: Page) -> list[int]:
    return [row["id"] for row in page.nodes]


@pytest.mark.parametrize("order", [NEWEST, BY_NAME, Order("ids", ("id",))])
@pytest.mark.parametrize("size", [1, 2, 7, 25, 100])
def test_pages_forward_give_every_row_once(order: Order, size: int) -> None:
    keyset = Keyset(order, sealer)
    pages = [read(keyset, window(size, None, None, None))]
    while pages[-1].page_info.has_next_page:
        pages.append(read(keyset, window(size, pages[-1].page_info.end_cursor, None, None)))

    expected = sorted(range(25), reverse=order.direction == "DESC")
    assert [id for page in pages for id in ids(page)] == expected
    assert [page.page_info.has_previous_page for page in pages] == [False] + [True] * (len(pages) - 1)


@pytest.mark.parametrize("order", [NEWEST, BY_NAME, Order("ids", ("id",))])
@pytest.mark.parametrize("size", [1, 2, 7, 25, 100])
def test_pages_backward_give_every_row_once_in_the_same_order(order: Order, size: int) -> None:
    keyset = Keyset(order, sealer)
    pages = [read(keyset, window(None, None, size, None))]
    while pages[-1].page_info.has_previous_page:
        pages.append(read(keyset, window(None, None, size, pages[-1].page_info.start_cursor)))

    expected = sorted(range(25), reverse=order.direction == "DESC")
    assert [id for page in reversed(pages) for id in ids(page)] == expected
    assert [page.page_info.has_next_page for page in pages] == [False] + [True] * (len(pages) - 1)


def test_pages_stay_right_while_rows_come_and_go() -> None:
    keyset = Keyset(NEWEST, sealer)
    first = read(keyset, window(10, None, None, None))
    rows = [row for row in ROWS if row["id"] not in (15, 3)] + [{"published_at": 999, "id": 99}]

    second = read(keyset, window(10, first.page_info.end_cursor, None, None), rows)

    assert ids(first) == list(range(24, 14, -1))
    assert ids(second) == list(range(14, 4, -1))


def test_an_empty_page() -> None:
    keyset = Keyset(NEWEST, sealer)

    none_wanted = read(keyset, window(0, None, None, None))
    none_there = read(keyset, window(5, None, None, None), [])

    assert (ids(none_wanted), none_wanted.page_info.has_next_page) == ([], True)
    assert none_there.page_info.has_next_page is none_there.page_info.has_previous_page is False
    assert none_there.page_info.start_cursor is none_there.page_info.end_cursor is None


def test_edges_carry_cursors_and_the_ends_are_theirs() -> None:
    page = read(Keyset(NEWEST, sealer), window(3, None, None, None))

    assert [edge.node for edge in page.edges] == page.nodes
    assert page.page_info.start_cursor == page.edges[0].cursor
    assert page.page_info.end_cursor == page.edges[-1].cursor
    assert all(one.cursor != other.cursor for one, other in pairwise(page.edges))


def test_the_condition_is_one_row_comparison() -> None:
    keyset = Keyset(NEWEST, sealer)
    cursor = keyset.cursor({"published_at": 5, "id": 7})

    assert keyset.after(window(3, cursor, None, None), "p", 4) == (" AND (p.published_at, p.id) < ($4, $5)", [5, 7])
    assert keyset.after(window(None, None, 3, cursor), "p", 1)[0] == " AND (p.published_at, p.id) > ($1, $2)"
    assert keyset.after(window(3, None, None, None), "p", 4) == ("", [])
    assert keyset.order_by(window(3, None, None, None), "p") == "p.published_at DESC, p.id DESC"
    assert keyset.order_by(window(None, None, 3, None), "p") == "p.published_at ASC, p.id ASC"


def test_a_position_can_be_had_as_values() -> None:
    keyset = Keyset(NEWEST, sealer, binding="mine")
    cursor = keyset.cursor({"published_at": 5, "id": 7})

    assert keyset.position(window(3, cursor, None, None)) == (5, 7)
    assert keyset.position(window(3, None, None, None)) is None
    with pytest.raises(InvalidPage):
        Keyset(NEWEST, sealer).position(window(3, cursor, None, None))


def test_an_expression_is_compared_as_it_is_written_and_read_by_its_name() -> None:
    keyset = Keyset(BY_NAME, sealer)
    cursor = keyset.cursor({"name_key": "ann", "id": 7})

    assert keyset.after(window(3, cursor, None, None), "r", 1) == (" AND (lower(r.name), r.id) > ($1, $2)", ["ann", 7])
    assert keyset.order_by(window(3, None, None, None), "r") == "lower(r.name) ASC, r.id ASC"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((None, None, None, None), Window(20, True, None)),
        ((0, None, None, None), Window(0, True, None)),
        ((100, "c", None, None), Window(100, True, "c")),
        ((None, "c", None, None), Window(20, True, "c")),
        ((None, None, 5, None), Window(5, False, None)),
        ((None, None, 5, "c"), Window(5, False, "c")),
        ((None, None, None, "c"), Window(20, False, "c")),
    ],
)
def test_windows(arguments: Any, expected: Window) -> None:
    assert window(*arguments) == expected
    assert expected.limit == expected.size + 1


@pytest.mark.parametrize(
    ("arguments", "at_fault"),
    [
        ((-1, None, None, None), "first"),
        ((101, None, None, None), "first"),
        ((None, None, -1, None), "last"),
        ((None, None, 101, None), "last"),
        ((1, None, 1, None), "last"),
        ((1, "a", None, "b"), "after"),
        ((None, "a", 1, None), "after"),
        ((1, None, None, "b"), "before"),
    ],
)
def test_windows_that_cannot_be(arguments: Any, at_fault: str) -> None:
    with pytest.raises(InvalidPage) as caught:
        window(*arguments)

    assert caught.value.argument == at_fault


@pytest.mark.parametrize(
    "other",
    [
        Keyset(NEWEST, sealer, binding="mine"),
        Keyset(Order("other", NEWEST.columns, "DESC"), sealer),
        Keyset(Order("feed", NEWEST.columns, "ASC"), sealer),
        Keyset(Order("feed", ("created_at", "id"), "DESC"), sealer),
        Keyset(Order("feed", ("id",), "DESC"), sealer),
        Keyset(NEWEST, Sealer([b"x" * 32])),
    ],
)
def test_a_cursor_of_another_order_filter_or_key_is_refused(other: Keyset) -> None:
    row = {"published_at": 1, "created_at": 1, "id": 1}

    for forward in (True, False):
        with pytest.raises(InvalidPage) as caught:
            Keyset(NEWEST, sealer).after(Window(5, forward, other.cursor(row)), "r", 1)
        assert caught.value.argument == ("after" if forward else "before")
        assert "cursor" in caught.value.message


async def test_the_total_is_counted_only_when_awaited() -> None:
    counted: list[int] = []

    async def count() -> int:
        counted.append(1)
        return 25

    page = Keyset(NEWEST, sealer).page(window(2, None, None, None), ROWS[:3], count)

    assert counted == []
    total: Callable[[], Awaitable[int]] | None = page.count
    assert total is not None
    assert await total() == 25
    assert Keyset(NEWEST, sealer).page(window(2, None, None, None), ROWS[:3]).count is None
