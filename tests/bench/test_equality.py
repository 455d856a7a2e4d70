"""Servers that are compared must say the same, or the comparison says nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench.beside.equality import Different, compare

ONE = {"post": {"id": "a", "at": "2026-01-01T08:00:00Z", "comments": [{"body": "Yes"}], "end": None}}


def said(value: Any) -> bytes:
    return json.dumps({"data": value}).encode()


def test_the_same_moment_may_be_written_otherwise() -> None:
    other = {"post": ONE["post"] | {"at": "2026-01-01T08:00:00.000+00:00"}}

    compare("Post", {"ours": said(ONE), "flat": said(other)}, frozenset())


def test_what_is_drawn_for_each_may_differ() -> None:
    other = {"post": ONE["post"] | {"id": "b"}}

    compare("Post", {"ours": said(ONE), "flat": said(other)}, frozenset({"id"}))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": "b"}, "data.post.id is 'a' and 'b'"),
        ({"comments": []}, "data.post.comments has 1 and 0 items"),
        ({"comments": [{"body": "No"}]}, r"data.post.comments\[0\].body is 'Yes' and 'No'"),
        ({"more": 1}, "data.post has .* and .*"),
        ({"end": "x"}, "data.post.end is None and 'x'"),
        ({"at": "2026-01-01T08:00:01Z"}, "data.post.at is .* and .*"),
    ],
)
def test_what_differs_is_told_with_its_place(change: dict[str, Any], where: str) -> None:
    other = {"post": ONE["post"] | change}

    with pytest.raises(Different, match=f"Post: ours and flat do not say the same: {where}"):
        compare("Post", {"ours": said(ONE), "flat": said(other)}, frozenset())
