"""An attacker with the whole database and the server's log, but without its secret: from no answer to fewer than k."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio

from auth.vault import Unopenable, Vault
from models import db
from tests.ballots.attacker import SECRET, UNITS, K, Look, Row, Story, cells, lived_through

BY_ITSELF = {"reader_position", "timer"}
"""What the worker writes all the time, of nobody."""
TOLD = ("survey_answer", "survey_tally", "survey_text")
"""Where answers stand, or what was made of them."""
HITS = 12  # of two orders that have nothing to do with each other: more is less likely than one to a hundred million


@pytest_asyncio.fixture(scope="module")
async def story(pool: list[str], dsn: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Story]:
    yield await lived_through(dsn, tmp_path_factory.mktemp("attacked"))


def persons(look: Look, people: set[uuid.UUID]) -> dict[int, set[uuid.UUID]]:
    """These people by their block."""
    found = defaultdict[int, set[uuid.UUID]](set)
    for person in people:
        found[look.blocks[person]].add(person)
    return found


def texts_in(look: Look, order: Callable[[Row], Any]) -> list[str]:
    return [row["text"] for row in sorted(look.answers, key=order) if row["text"]]


def by_disk(row: Row) -> tuple[int, ...]:
    return tuple(int(number) for number in row["_ctid"].strip("()").split(","))


ORDERS: dict[str, Callable[[Row], Any]] = {
    "as on the disk": by_disk,
    "by id": lambda row: row["id"],
    "by transaction": lambda row: (int(row["_xmin"]), by_disk(row)),
}


async def test_the_story_is_the_one_that_is_meant(story: Story) -> None:
    assert len(story.submitted) == 60 == sum(UNITS.values()) - 2
    assert len(story.last.ballots) == 60
    assert len(set(story.last.blocks.values())) == len(UNITS)
    moves = [len(after.answers) - len(before.answers) for before, after in story.steps if after.answers]
    assert len([moved for moved in moves if moved > 0]) == 2, [look.name for look in story.looks]
    board = min(Counter(story.last.blocks.values()).items(), key=lambda block: block[1])[0]
    assert len(persons(story.last, story.last.waiting)[board]) == 3
    assert story.look("closed").tables["survey_tally"]
    assert await db.value("SELECT current_setting('track_commit_timestamp')") == "off"


async def test_answers_that_appear_between_two_looks_are_of_k_people_of_their_block(story: Story) -> None:
    for before, after in story.steps:
        known = {row["id"] for row in before.answers}
        new = Counter(row["block"] for row in after.answers if row["id"] not in known and row["question_id"] is None)
        candidates = persons(after, after.moving)
        for block, people in new.items():
            assert len(candidates[block]) == people >= K, after.name


async def test_ballots_are_emptied_k_at_once_and_k_are_left(story: Story) -> None:
    for before, after in story.steps[:-1]:
        emptied = persons(after, before.waiting - after.waiting)
        assert all(len(people) >= K for people in emptied.values()), after.name
        moved = set(after.ballots) - after.waiting
        left = persons(after, after.waiting)
        assert all(len(left[block]) >= K for block in persons(after, moved)), after.name


async def test_what_is_new_in_the_results_is_of_k_people(story: Story) -> None:
    closed = story.look("closed").tables
    seen = {row["text"] for row in story.last.answers}

    for question in {row["question_id"] for row in closed["survey_text"]}:
        pools = Counter(row["pool"] for row in closed["survey_text"] if row["question_id"] == question)
        new = Counter(
            row["pool"] for row in closed["survey_text"] if row["question_id"] == question and row["text"] not in seen
        )
        assert all(count >= 10 for count in pools.values())
        assert all(new[pool] == 0 or new[pool] >= K for pool in pools)
    written = {story.authors[row["text"]] for row in closed["survey_text"] if row["text"] not in seen}
    assert written <= story.last.waiting
    told = next(row for row in closed["survey_tally"] if row["segment_id"] is None)
    assert told["took_part"] == 60


async def test_no_value_of_an_answer_stands_anywhere_else(story: Story) -> None:
    shared = ("survey_id", "question_id", "questions", "segment_id")
    answers = cells((row for look in story.looks for table in TOLD for row in look.tables[table]), without=shared)
    others = cells(
        row for look in story.looks for name, rows in look.tables.items() if name not in TOLD for row in rows
    )

    assert len(answers) > 300
    assert not answers.keys() & others.keys()
    tokens = {value.bytes for value in answers if isinstance(value, uuid.UUID)}
    assert not any(token in value for token in tokens for value in others if isinstance(value, bytes))


async def test_no_transaction_wrote_an_answer_and_anything_of_a_person(story: Story) -> None:
    wrote = {
        name: {row[of] for look in story.looks for row in look.tables[name] for of in ("_xmin", "_xmax")} - {"0"}
        for name in story.last.tables
    }
    beside = {name for name in wrote if name not in TOLD and wrote[name] & wrote["survey_answer"]}
    counted = {
        name for name in wrote if name not in TOLD and wrote[name] & (wrote["survey_tally"] | wrote["survey_text"])
    }

    assert beside <= {"survey", *BY_ITSELF}
    assert counted <= {"survey", "survey_segment", "event", "log_generation", "timer"}  # that the results stand
    assert {row["actor_id"] for row in story.look("closed").tables["event"] if row["kind"] == "SurveyCounted"} == {None}


@pytest.mark.parametrize("order", ORDERS)
async def test_no_order_of_answers_is_one_of_people(story: Story, order: str) -> None:
    for look in story.looks:
        found = [story.authors[text] for text in texts_in(look, ORDERS[order])]
        for question in (found, found[::2], found[1::2], list(dict.fromkeys(found))):
            for name, guess in guesses(story, set(found)).items():
                assert hits(question, guess) < HITS, (look.name, name)
                assert hits(question, guess[::-1]) < HITS, (look.name, name)


def guesses(story: Story, people: set[uuid.UUID]) -> dict[str, list[uuid.UUID]]:
    """The same people in every order that something is known of."""
    orders = {"as they answered": story.submitted}
    for look in story.looks:
        for name, order in ORDERS.items():
            orders[f"ballots {name}, {look.name}"] = sorted(look.ballots, key=lambda one: order(look.ballots[one]))
        orders[f"tokens, {look.name}"] = sorted(look.ballots, key=lambda one: look.ballots[one]["token"])
        places = sorted(look.tables["survey_place"], key=lambda row: row["id"])
        orders[f"places, {look.name}"] = [row["person_id"] for row in places]
    return {name: [one for one in order if one in people] for name, order in orders.items()}


def hits(found: Sequence[uuid.UUID], guess: Sequence[uuid.UUID]) -> int:
    """How often the attacker would be right who thinks that both have one order."""
    return sum(one == other for one, other in zip(found, guess, strict=False))


@pytest.mark.parametrize("order", ORDERS)
async def test_answers_of_one_person_do_not_lie_side_by_side(story: Story, order: str) -> None:
    for look in story.looks:
        rows = sorted(look.answers, key=ORDERS[order])
        authors = [story.authors.get(row["text"]) for row in rows]
        assert sum(one is not None and one == other for one, other in pairwise(authors)) < HITS, look.name


async def test_of_a_submission_nothing_is_written_but_a_ballot(story: Story) -> None:
    for i, before in enumerate(("open", "after answer 0", "after answer 1")):
        old, new = story.look(before), story.look(f"after answer {i}")
        changed = {
            name
            for name, rows in new.tables.items()
            if {row["_xmin"] for row in rows} - {row["_xmin"] for row in old.tables[name]}
        }
        assert changed - BY_ITSELF == {"survey_ballot"}
        assert new.tables["access"] == old.tables["access"]


async def test_the_length_of_what_is_sealed_tells_nothing(story: Story) -> None:
    lengths = {len(ballot["sealed"]) for look in story.looks for ballot in look.ballots.values() if ballot["sealed"]}

    assert len({len(text) for text in story.authors}) > 50
    assert len(lengths) == 1


async def test_log_and_measures_name_nobody_and_nothing_that_was_said(story: Story) -> None:
    end = story.look("closed")
    persons = [str(row["id"]) for row in end.tables["person"]] + [row["email"] for row in end.tables["person"]]
    accesses = [str(row["id"]) for row in end.tables["access"]] + [row["secret_hash"] for row in end.tables["access"]]
    tokens = [row["token"].hex() for row in story.last.tables["survey_ballot"]]
    said = [str(row["id"]) for look in story.looks for row in look.answers]

    for secret in (*persons, *accesses, *tokens, *said, *story.authors, *story.names, "submitSurveyResponse"):
        assert secret not in end.log
        assert secret not in end.metrics


async def test_once_it_is_closed_the_secret_of_the_installation_opens_nothing(story: Story) -> None:
    closed, vault = story.look("closed").tables, Vault([SECRET.encode()])
    for table in ("survey_ballot", "survey_key", "survey_place", "survey_answer", "survey_response"):
        assert closed[table] == []
    sealed = next(row["sealed"] for row in story.last.tables["survey_ballot"] if row["sealed"])
    (key,) = (row["key"] for row in story.last.tables["survey_key"])
    survey = closed["survey"][0]["id"]
    assert vault.open(key, survey.bytes, sealed)

    left = [value for rows in closed.values() for value in cells(rows)]
    for value in left:
        salt = value.bytes if isinstance(value, uuid.UUID) else value.encode() if isinstance(value, str) else value
        with pytest.raises(Unopenable):
            vault.open(salt, survey.bytes, sealed)
