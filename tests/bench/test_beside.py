"""Another server is asked what its mapping says, with the company's keys in the places for them."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from bench import options
from bench.beside.asked import OPERATIONS
from bench.beside.servers import peer
from execution.ids import encode_id

FEED, PROFILE = OPERATIONS[:2]
ANN, POST = uuid.uuid4(), uuid.uuid4()
WISH = {"viewer": ANN, "person": ANN, "post": POST, "unit": ANN, "conversation": ANN, "emoji": "👍", "body": "Yes"}
MAPPING = {
    "HomeFeed": {
        "query": "query($of: ID!) { feed(of: $of) { id } }",
        "variables": {"of": "{viewer}", "not": ["{postId}", {"emoji": "{emoji}"}], "first": 20},
        "headers": {"authorization": "Bearer {viewer}"},
    }
}


def test_places_are_filled(tmp_path: Path) -> None:
    mapping = tmp_path / "theirs.json"
    mapping.write_text(json.dumps(MAPPING))
    server = peer("http://127.0.0.1:9000/api/graphql", mapping, None)

    head, _, body = server.request(FEED, WISH).partition(b"\r\n\r\n")

    assert server.address == ("127.0.0.1", 9000)
    assert head.startswith(b"POST /api/graphql HTTP/1.1\r\n")
    assert f"authorization: Bearer {ANN}".encode() in head
    assert json.loads(body) == {
        "query": MAPPING["HomeFeed"]["query"],
        "variables": {"of": str(ANN), "not": [encode_id("Post", POST), {"emoji": "👍"}], "first": 20},
    }
    assert server.answers(FEED)
    assert not server.answers(PROFILE)


def test_values_on_the_command_line_have_names() -> None:
    assert options.read(["operations", "quick", "pid=3", "beside=http://127.0.0.1/?a=b"]) == {
        "pid": "3",
        "beside": "http://127.0.0.1/?a=b",
    }


def test_unknown_ones_are_refused() -> None:
    with pytest.raises(SystemExit, match="There is no peer: the bench knows beside=, mapping=, pid="):
        options.read(["peer=http://127.0.0.1"])
