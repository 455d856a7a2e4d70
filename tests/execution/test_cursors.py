"""Sealed cursors: they give back what was sealed, to whom it was sealed, and to nobody else."""

import base64
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from execution.cursors import TEXT_MAX, InvalidCursor, Sealer

KEY = b"k" * 32
OTHER = b"o" * 32
sealer = Sealer([KEY])

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
    st.uuids(),
    st.dates(),
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.just(UTC)),
)


@given(st.lists(VALUES, max_size=5))
@settings(max_examples=200, deadline=None)
def test_what_was_sealed_is_opened(values: list[Any]) -> None:
    opened = sealer.open("feed", "b", sealer.seal("feed", "b", values))

    assert opened == tuple(values)
    assert [type(value) for value in opened] == [type(value) for value in values]


def test_microseconds_stay_and_zones_become_utc() -> None:
    moment = datetime(2026, 12, 24, 13, 0, 0, 123456, timezone(timedelta(hours=1)))

    (opened,) = sealer.open("feed", "", sealer.seal("feed", "", (moment,)))

    assert opened == moment
    assert opened.isoformat() == "2026-12-24T12:00:00.123456+00:00"


def test_one_position_has_one_text_which_fits_into_an_address() -> None:
    values = (datetime(2026, 1, 1, tzinfo=UTC), UUID(int=1))

    text = sealer.seal("feed", "b", values)

    assert text == Sealer([KEY]).seal("feed", "b", values)
    assert text.replace("-", "").replace("_", "").isalnum()
    assert len(text) < 160


def test_the_values_cannot_be_read_in_the_text() -> None:
    text = sealer.seal("feed", "b", ("secret",))

    assert b"secret" not in base64.urlsafe_b64decode(text + "==")


@pytest.mark.parametrize(
    ("kind", "binding"),
    [("feed", "c"), ("feeds", "b"), ("", "feedb"), ("feedb", ""), ("fee", "db"), ("b", "feed")],
)
def test_a_cursor_of_another_list_is_refused(kind: str, binding: str) -> None:
    with pytest.raises(InvalidCursor):
        sealer.open(kind, binding, sealer.seal("feed", "b", (1,)))


def test_a_binding_may_be_text_or_bytes() -> None:
    assert sealer.open("feed", "ü".encode(), sealer.seal("feed", "ü", (1,))) == (1,)


def test_every_changed_character_is_noticed() -> None:
    text = sealer.seal("feed", "b", (1, "two"))

    for at in range(len(text)):
        with pytest.raises(InvalidCursor):
            sealer.open("feed", "b", text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :])


SEALED = sealer.seal("feed", "b", (1,))


@pytest.mark.parametrize(
    "text",
    [
        "",
        SEALED[:-1],
        SEALED + "A",
        SEALED + "=",
        SEALED + "\n",
        SEALED[:5] + " " + SEALED[5:],
        "!" + SEALED,
        SEALED + "ü",
        "\ud800",
        "A" * 8,
        "A" * (TEXT_MAX + 1),
        "A" * 1_000_000,
        base64.b64encode(b"arrayconnection:29").decode(),
    ],
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        sealer.open("feed", "b", text)


def test_a_key_can_be_replaced_while_old_cursors_live_on() -> None:
    old, both, new = Sealer([KEY]), Sealer([OTHER, KEY]), Sealer([OTHER])

    text = both.seal("feed", "b", (1,))

    assert text == new.seal("feed", "b", (1,))
    assert both.open("feed", "b", old.seal("feed", "b", (1,))) == (1,)
    for stranger, sealed in ((old, text), (new, old.seal("feed", "b", (1,)))):
        with pytest.raises(InvalidCursor):
            stranger.open("feed", "b", sealed)


@pytest.mark.parametrize("keys", [[], [b""], [b"short"], [KEY, b"short"]])
def test_keys_must_be_there_and_long(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        Sealer(keys)


@pytest.mark.parametrize("value", [Decimal(1), b"bytes", ["list"], {"u": "x"}, 2**64, "\ud800"])
def test_only_values_that_come_back_as_they_were_are_sealed(value: Any) -> None:
    with pytest.raises(TypeError):
        sealer.seal("feed", "b", (value,))


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        sealer.seal("feed", "b", (datetime(2026, 1, 1),))


@pytest.mark.parametrize("letter", ["a", "你", "👋", '"', "\x01"])
def test_a_name_of_two_hundred_characters_fits(letter: str) -> None:
    values = (letter * 200, uuid4(), date(2026, 1, 1))

    assert sealer.open("people", "b" * 10_000, sealer.seal("people", "b" * 10_000, values)) == values


def test_more_than_fits_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="characters"):
        sealer.seal("feed", "b", ("a" * TEXT_MAX,))
