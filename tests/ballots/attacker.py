"""What an attacker has: copies of the whole database from several moments, the server's log, and what it measures."""

from __future__ import annotations

import asyncio
import hmac
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import httpx

from auth import sessions
from models import db
from models.people import Person
from models.session import Role
from tests import engine
from tests.ballots.arranging import dump
from tests.conftest import OPERATIONS
from tests.factories.people import a_person, a_unit
from tests.factories.session import a_role
from tests.factories.surveys import committed
from tests.serve.process import running

K = 5
UNITS = {"Research": 26, "Sales": 20, "Care": 11, "Board": 5}
SILENT = 2  # of the board: those three who answer are fewer than k
SECRET = "a secret of the installation that the attacker has not"
MOVE_NOW = "UPDATE timer SET due_at = $1 WHERE kind = 'survey_move'"
LONG_UNUSED = "UPDATE access SET last_used_at = last_used_at - interval '1 hour'"
PROGRESS = """
SELECT count(*) FILTER (WHERE moving), count(sealed), (SELECT count(*) FROM survey_answer) FROM survey_ballot
"""

Row = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """All that was to be seen at one moment."""

    name: str
    tables: dict[str, list[Row]]
    log: str
    metrics: str

    @property
    def answers(self) -> list[Row]:
        return self.tables["survey_answer"]

    @cached_property
    def ballots(self) -> dict[uuid.UUID, Row]:
        """The ballots of people, each made out by its token: the key lies beside them."""
        people = [row["id"] for row in self.tables["person"]]
        spent = {row["token"]: row for row in self.tables["survey_ballot"]}
        keys = [row["key"] for row in self.tables["survey_key"]]
        tokens = {hmac.digest(key, person.bytes, "sha256"): person for key in keys for person in people}
        return {person: spent[token] for token, person in tokens.items() if token in spent}

    @cached_property
    def blocks(self) -> dict[uuid.UUID, int]:
        return {row["person_id"]: row["block"] for row in self.tables["survey_place"]}

    @property
    def waiting(self) -> set[uuid.UUID]:
        return {person for person, ballot in self.ballots.items() if ballot["sealed"] is not None}

    @property
    def moving(self) -> set[uuid.UUID]:
        return {person for person, ballot in self.ballots.items() if ballot["moving"]}


@dataclass(frozen=True)
class Story:
    """The moments in their order, and what the attacker is after."""

    looks: list[Look]
    submitted: list[uuid.UUID]  # who answered, in that order
    authors: dict[str, uuid.UUID]  # who wrote which text
    names: list[str]

    def look(self, name: str) -> Look:
        return next(look for look in self.looks if look.name == name)

    @property
    def steps(self) -> list[tuple[Look, Look]]:
        return list(pairwise(self.looks))

    @property
    def last(self) -> Look:
        """Right before it was closed."""
        return self.look("before closing")


@dataclass
class Teller:
    """Lives through a survey, and looks at everything in between."""

    http: httpx.AsyncClient
    log: Path
    looks: list[Look]

    async def look(self, name: str) -> None:
        metrics = (await self.http.get("/metrics")).text
        self.looks.append(Look(name, await dump(), self.log.read_text(), metrics))

    async def operate(self, operation: str, token: str, **input: Any) -> dict[str, Any]:
        text = (OPERATIONS / f"{committed(operation)}.graphql").read_text()
        body = {"query": text, "variables": {"input": input}}
        answer = (await self.http.post("/graphql", json=body, headers={"authorization": f"Bearer {token}"})).json()
        assert "errors" not in answer, answer
        (done,) = answer["data"].values()
        assert done["errors"] == [], done
        return done

    async def move(self, name: str) -> None:
        """Have the worker move what it may, looking after each of its steps."""
        await db.execute(MOVE_NOW, datetime.now(UTC))
        before = last = await self._progress()
        async with asyncio.timeout(30):
            while last[0] or last[1] == before[1]:
                if (now := await self._progress()) != last:
                    last = now
                    await self.look(f"{name}: {now[0]} moving, {now[1]} sealed, {now[2]} answers")
                await asyncio.sleep(0.02)

    async def _progress(self) -> tuple[int, int, int]:
        row = await db.row(PROGRESS)
        assert row is not None
        return (row[0], row[1], row[2])


async def lived_through(dsn: str, folder: Path) -> Story:
    """A survey opened, answered by sixty people over HTTP, moved twice and closed, on a real server with its worker."""
    await engine.empty()
    author = await a_person("Heidi")
    await a_role(author, Role.HR)
    people = [
        await a_person(f"{unit} {i}", unit=at)
        for unit, n in UNITS.items()
        if (at := await a_unit(unit))
        for i in range(n)
    ]
    answering = people[: len(people) - SILENT]
    Random(7).shuffle(answering)
    tokens = {
        person.id: (await sessions.open_session(person.id, now=datetime.now(UTC)))[0] for person in [author, *people]
    }
    await db.execute(LONG_UNUSED)
    log = folder / "server.log"
    command = running(
        folder, dsn, "serve", "--port", "0", until="Atrium is at http", log=log, secret_key=SECRET, log_format="json"
    )
    async with command as process, process.http() as http:
        teller = Teller(http, log, [])
        survey = await _opened(teller, tokens[author.id])
        await teller.look("open")
        authors: dict[str, uuid.UUID] = {}

        async def answer(some: Sequence[Person]) -> None:
            for person in some:
                first, second = (_text(person, part) for part in "AB")
                authors.update({first: person.id, second: person.id})
                await teller.operate(
                    "submit_survey_response",
                    tokens[person.id],
                    surveyId=survey["id"],
                    answers=_answers(survey, first, second),
                )

        for i, person in enumerate(answering[:3]):
            await answer([person])
            await teller.look(f"after answer {i}")
        await answer(answering[3:36])
        await teller.look("36 answers")
        await teller.move("first move")
        await answer(answering[36:])
        await teller.look("60 answers")
        await teller.move("second move")
        await teller.look("before closing")
        await teller.operate("close_survey", tokens[author.id], surveyId=survey["id"])
        await teller.look("closed")
    return Story(teller.looks, [person.id for person in answering], authors, [person.name for person in people])


async def _opened(teller: Teller, token: str) -> dict[str, Any]:
    questions: list[dict[str, Any]] = [
        {
            "kind": "SCALE",
            "prompt": "I know what is expected of me",
            "isRequired": True,
            "scale": {"minimum": 1, "maximum": 5},
        },
        {"kind": "TEXT", "prompt": "What is good?"},
        {"kind": "TEXT", "prompt": "What is not?"},
    ]
    about = {"kind": "SURVEY", "title": "Pulse", "anonymity": "ANONYMOUS", "audience": {"company": True}}
    made = await teller.operate("create_survey", token, **about, segments=["ORG_UNIT"], questions=questions)
    ends = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    await teller.operate("open_survey", token, surveyId=made["survey"]["id"], closesAt=ends)
    return made["survey"]


def _text(person: Person, part: str) -> str:
    """A text that nobody else writes, of a length that nobody else's has."""
    random = Random(f"{person.id}{part}")
    words = " ".join(
        random.choice(("coffee", "light", "noise", "trust", "time")) for _ in range(random.randint(1, 400))
    )
    return f"{words} {random.getrandbits(64):x}"


def _answers(survey: dict[str, Any], first: str, second: str) -> list[dict[str, Any]]:
    values = [{"number": 1 + len(first) % 5}, {"text": first}, {"text": second}]
    return [{"questionId": q["id"], "value": value} for q, value in zip(survey["questions"], values, strict=True)]


def cells(rows: Iterable[Row], *, without: Iterable[str] = ()) -> Counter[Any]:
    """Everything that stands in rows, but for what PostgreSQL itself adds."""
    left = {*without, "_ctid", "_xmin", "_xmax"}
    return Counter(
        value
        for row in rows
        for name, value in row.items()
        if name not in left and isinstance(value, (str, bytes, uuid.UUID))
    )
