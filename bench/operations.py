"""The operations that are measured over HTTP, one after another in interleaved rounds."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

import httpx

from bench import statements

OPERATIONS = Path(__file__).parents[1] / "graphql" / "operations"
ROUNDS = 7
REQUESTS = 12  # of each operation in a round

SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { token { secret } viewer { person { id } } } }"
TOP = "{ orgUnits(first: 100) { nodes { id parent { id } } } feed(first: 1) { nodes { id } } }"


async def measure(url: str, data_dir: Path) -> dict[str, dict[str, float]]:
    """Medians over the rounds: requests a second, time relative to `{ __typename }`; and statements of one request."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        wanted = await cases(client, (data_dir / "demo_password").read_text())
        seconds: dict[str, list[float]] = {name: [] for name in wanted}
        for _ in range(ROUNDS):
            for name, body in wanted.items():
                started = time.perf_counter()
                for _ in range(REQUESTS):
                    await post(client, body)
                seconds[name].append((time.perf_counter() - started) / REQUESTS)
        medians = {name: statistics.median(values) for name, values in seconds.items()}
    counted = await statements.count(data_dir, wanted)
    least = medians["typename"]
    return {
        name: {"statements": counted[name], "per second": round(1 / median, 1), "ratio": round(median / least, 2)}
        for name, median in medians.items()
    }


async def cases(client: httpx.AsyncClient, password: str) -> dict[str, dict[str, Any]]:
    """The request of each operation, with real ids."""
    login = {"login": "member@atrium.example", "password": password.strip(), "wants": "TOKEN"}
    signed_in = (await post(client, {"query": SIGN_IN, "variables": {"input": login}}))["signIn"]
    client.headers["authorization"] = f"Bearer {signed_in['token']['secret']}"
    found = await post(client, {"query": TOP})
    top = next(unit["id"] for unit in found["orgUnits"]["nodes"] if unit["parent"] is None)
    person, entry = signed_in["viewer"]["person"]["id"], found["feed"]["nodes"][0]["id"]
    return {
        "typename": {"query": "{ __typename }"},
        "Me": {"query": text("session/me")},
        "HomeFeed": {"query": text("feed/home_feed"), "variables": {"first": 20}},
        "Profile": {"query": text("people/profile"), "variables": {"id": person}},
        "Directory": {"query": text("people/directory"), "variables": {"first": 50}},
        "OrgChart": {"query": text("org/org_chart"), "variables": {"rootId": top, "depth": 5}},
        "Search": {"query": text("search/search"), "variables": {"text": "quality", "first": 20}},
        "AddComment": {
            "query": text("comments/add_comment"),
            "variables": {"input": {"postId": entry, "body": "Counted."}},
        },
    }


async def post(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """The data of a request; a failed one ends the bench."""
    answer = (await client.post("/graphql", json=body)).json()
    if answer.get("errors"):
        raise SystemExit(f"the bench met an error: {answer['errors']}")
    return answer["data"]


def text(name: str) -> str:
    """A committed operation."""
    return (OPERATIONS / f"{name}.graphql").read_text()
