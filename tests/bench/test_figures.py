"""Ratios are those of one round; what is told of them is the middle, and between what the middle half lies."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bench.beside import figures, picture
from bench.beside.figures import Taken

WAITS = [0.001 * (1 + i) for i in range(100)]


def turns(*own: float | None) -> list[Taken]:
    return [Taken(one, 1.0, 500.0, WAITS) for one in own]


ROUNDS = {"ours": turns(2, 3, 8), "flat": turns(1, 2, 4), "whole": turns(1, 1, 1), "reference": turns(20, 20, 20)}


def test_a_ratio_is_of_the_same_round() -> None:
    found = figures.server_ratio(ROUNDS, "ours", "flat")

    assert (found.median, found.low, found.high) == (2.0, 1.75, 2.0)


def test_a_sum_is_compared_with_the_lesser_limit_of_its_round() -> None:
    assert figures.sum_ratio(ROUNDS).median == pytest.approx(2.0)


def test_one_limit_is_the_lesser_where_there_is_no_other() -> None:
    found = figures.ratios({name: ROUNDS[name] for name in ("ours", "flat")})

    assert found["sum × least limit"][0] == 1.5


def test_who_has_no_limits_is_compared_with_the_reference_alone() -> None:
    found = figures.ratios({name: ROUNDS[name] for name in ("ours", "reference")})

    assert found == {"× reference": [0.15, 0.12, 0.28]}


def test_a_row_tells_medians_and_the_slowest_of_a_hundred() -> None:
    row = figures.row(turns(1, 3, 2))

    assert row == {"server ms": 2, "database ms": 1.0, "requests/s": 500, "p50 ms": 51.0, "p99 ms": 100.0}


def test_of_a_process_that_nobody_named_no_cpu_is_told() -> None:
    assert figures.row(turns(None))["server ms"] is None


def test_the_picture_is_one() -> None:
    rows = {name: figures.row(of) for name, of in ROUNDS.items()}
    drawn = picture.of({"people": 3_000, "operations": {"Feed <1>": {"servers": rows}}})

    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg")
    told = list(root.itertext())
    assert all(text in told for text in ("Feed <1>", "ours", "reference", "3.00 + 1.00", "20.00 + 1.00"))
