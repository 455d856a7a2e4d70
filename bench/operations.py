"""Operations of real screens beside two limits and the reference executor: what each costs a server and the database.

All of ours stays on: who asks, what they may see, how much they may ask. All servers answer the same requests from the
same database, in turns, and are seen to say the same before anything is measured.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import uvloop

from bench import kept, options
from bench.beside import asked, figures, picture, spent, statements
from bench.beside.asked import OPERATIONS, Cast
from bench.beside.figures import Rounds, Taken
from bench.beside.rounds import WARM, Bench, apart
from bench.beside.servers import FLAT, OURS, WHOLE, Server, limit, ours, peer, peer_of
from bench.goals import Goal
from bench.kept import Place

USUAL = 30_000  # people, at which the servers are compared
QUICK = 600  # people: two departments
ROUNDS, REQUESTS = 7, 240
QUICK_ROUNDS, QUICK_REQUESTS = 2, 48
MEMORY_MAX = 250  # MB of our process under this load

PICTURE = Path(__file__).parent / "results" / "operations.svg"


def measure(sizes: list[int]) -> tuple[dict[str, Any], list[Goal]]:
    """Figures and goals, at the usual size; where that is not among `sizes`, it is only to be seen that it runs."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if USUAL not in sizes:
            with kept.company(QUICK, keep=False) as place:
                return runner.run(_compared(place, QUICK_ROUNDS, QUICK_REQUESTS))
        with kept.company(USUAL) as place:
            found, goals = runner.run(_compared(place, ROUNDS, REQUESTS))
        PICTURE.write_text(picture.of(found))
        return found, goals


def show(found: dict[str, Any]) -> None:
    """Tables for people."""
    heads = ("server ms", "database ms", "requests/s", "p50 ms", "p99 ms")
    print(f"\n{'':26}" + "".join(f"{head:>13}" for head in heads))
    for name, told in found["operations"].items():
        for server, row in told["servers"].items():
            cells = "".join(f"{'–' if row[head] is None else row[head]:>13}" for head in heads)
            print(f"{name if server == OURS else '':13}{server:13}{cells}")
        print(
            f"{'':13}{told['bytes']:,} bytes, {told['statements']} statements; ours "
            + ", ".join(f"{n} {m:.2f} ({a:.2f}–{b:.2f})" for n, (m, a, b) in told["ratios"].items())
        )
    print("most MB: " + ", ".join(f"{name} {megabytes}" for name, megabytes in found["most MB"].items()))
    print()


async def _compared(place: Place, rounds: int, requests: int) -> tuple[dict[str, Any], list[Goal]]:
    cast = await asked.prepare(place.dsn)
    counted = await statements.count(place, cast)
    with _all(place, cast) as servers:
        bench = Bench.over(servers, cast, place)
        sizes = {operation.name: await bench.agree(operation) for operation in OPERATIONS}
        print("all servers say the same", file=sys.stderr, flush=True)
        with apart(servers, [bench.postmaster]):
            for operation in OPERATIONS:
                await bench.round(operation, 0, WARM)
            taken = await _rounds(bench, rounds, requests)
        memory = {server.name: spent.most_memory(server.pid) for server in servers if server.pid}
    told = {
        name: {
            "bytes": sizes[name],
            "statements": counted[name],
            "servers": {server: figures.row(turns) for server, turns in found.items()},
            "ratios": figures.ratios(found),
        }
        for name, found in taken.items()
    }
    goals = [*figures.goals(taken), Goal("most MB of our process", memory[OURS], MEMORY_MAX)]
    return {"people": place.people, "rounds": rounds, "operations": told, "most MB": memory}, goals


async def _rounds(bench: Bench, rounds: int, requests: int) -> dict[str, Rounds]:
    """All turns by operation and server."""
    taken: dict[str, dict[str, list[Taken]]] = {}
    for number in range(rounds):
        for operation in OPERATIONS:
            for server, turn in (await bench.round(operation, number, requests)).items():
                taken.setdefault(operation.name, {}).setdefault(server, []).append(turn)
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    # The order of the servers, not that of the first round.
    return {name: {one.name: of[one.name] for one in bench.servers if one.name in of} for name, of in taken.items()}


@contextmanager
def _all(place: Place, cast: Cast) -> Generator[list[Server]]:
    """All servers that are compared, ours first."""
    told = options.given()
    with (
        ExitStack() as stack,
        ours(place, cast.tokens, "compiled") as compiled,
        ours(place, cast.tokens, "reference") as reference,
        limit(place, FLAT) as flat,
        limit(place, WHOLE) as whole,
    ):
        servers: list[Server] = [compiled, flat, whole, reference]
        if folder := told.get("peer"):
            servers.append(stack.enter_context(peer_of(Path(folder), place)))
        if url := told.get("beside"):
            if "mapping" not in told:
                sys.exit("Say what the other server is asked: mapping=FILE; bench/README.md has an example.")
            servers.append(peer(url, Path(told["mapping"]), int(told["pid"]) if "pid" in told else None))
        yield servers
