"""Another server is asked what its mapping says, with the company's keys in the places for them."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path

import pytest

from atrium.embedded.postgres import Postgres
from bench import options
from bench.beside.asked import OPERATIONS
from bench.beside.servers import ROOT, peer, peer_of
from bench.kept import Place
from execution.ids import encode_id

PEERS = ROOT / "bench" / "peers"
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


def test_a_folder_starts_its_server_over_the_company(tmp_path: Path) -> None:
    script = (
        "import json, os;"
        "print('http://127.0.0.1:9000/' + os.environ['PGDATABASE'] + os.environ['PGHOST'], flush=True);"
        "assert 'SELECT' in json.load(open(os.environ['STATEMENTS']))['posts'];"
        "input()"
    )
    folder, place = tmp_path / "theirs", Place(Postgres(tmp_path), tmp_path, 600)
    folder.mkdir()
    (folder / "peer.json").write_text(json.dumps({"command": [sys.executable, "-c", script], "operations": MAPPING}))

    with peer_of(folder, place) as server:
        assert server.name == "theirs"
        assert server.url == f"http://127.0.0.1:9000/measured{place.postgres.endpoint.host}"
        assert server.pid and server.answers(FEED) and not server.answers(PROFILE)


def test_a_server_that_ends_before_it_listens_is_told(tmp_path: Path) -> None:
    (tmp_path / "peer.json").write_text(json.dumps({"command": [sys.executable, "-c", "pass"], "operations": {}}))

    with pytest.raises(SystemExit, match="has ended before it told its address"):
        peer_of(tmp_path, Place(Postgres(tmp_path), tmp_path, 600)).__enter__()


def test_the_peers_that_we_bring_ask_what_is_measured() -> None:
    for folder in PEERS.iterdir():
        said = json.loads((folder / "peer.json").read_text())
        assert said["operations"].keys() <= {operation.name for operation in OPERATIONS}


def test_values_on_the_command_line_have_names() -> None:
    assert options.read(["operations", "quick", "pid=3", "beside=http://127.0.0.1/?a=b"]) == {
        "pid": "3",
        "beside": "http://127.0.0.1/?a=b",
    }


def test_unknown_ones_are_refused() -> None:
    with pytest.raises(SystemExit, match="There is no other: the bench knows beside=, mapping=, pid=, peer="):
        options.read(["other=http://127.0.0.1"])
