"""What may be typed, and what it costs at most."""

from __future__ import annotations

import pytest

from models import db
from models.groups import Visibility
from tests.conftest import Ask
from tests.factories.chat import a_conversation
from tests.factories.follows import a_follow
from tests.factories.groups import a_group
from tests.factories.people import a_person
from tests.factories.tags import a_tag
from tests.suggestions.acting import index, suggested

OWN = "FROM best"  # what each of our statements has


@pytest.mark.parametrize(
    "prefix", ["", "   ", "\u200b", "a\x00b", "\ud800", "x" * 101, "x" * 10_000, "e" + "\u0301" * 40]
)
async def test_what_cannot_be_typed_is_refused(ask: Ask, prefix: str) -> None:
    answer = await ask.answer(await a_person(), "suggestions/suggest", prefix=prefix, first=8)

    assert [error["extensions"]["code"] for error in answer.errors or ()] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("first", [-1, 0, 21, 100])
async def test_how_many_are_asked_for_is_bounded(ask: Ask, first: int) -> None:
    answer = await ask.answer(await a_person(), "suggestions/suggest", prefix="a", first=first)

    assert [error["extensions"]["code"] for error in answer.errors or ()] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "prefix", ["%", "_", "\\", "'", "…", "a%", "a_ n%", "' OR 1=1 --", "a" * 100, " ".join("abcdefghijk")]
)
async def test_signs_mean_nothing(ask: Ask, prefix: str) -> None:
    eve = await a_person("Eve")
    await a_person("Xanna Nils")
    await index()

    assert await suggested(ask, eve, prefix) == []


async def test_wildcards_of_other_words_are_plain_letters(ask: Ask) -> None:
    eve = await a_person("Eve")
    for name in ("Anna s_t", "Anna sat", "Anna sxt"):
        await a_group(name, visibility=Visibility.OPEN)
    await index()

    assert await suggested(ask, eve, "anna s_t") == ["Anna s_t"]


@pytest.mark.parametrize("prefix", ["a", "anna", "ann b", "a b c d e f g h"])
async def test_a_suggestion_takes_three_statements_whatever_there_is(
    ask: Ask, statements: list[str], prefix: str
) -> None:
    eve = await a_person("Eve")
    counts = [await counted(ask, eve, statements, prefix)]
    for i in range(30):
        person = await a_person(f"Anna B{i} Cc Dd Ee Ff Gg Hh")
        await a_follow(eve, person)
        await a_conversation(eve, person)
        await a_group(f"Anna {i}", visibility=Visibility.OPEN)
        await a_tag(f"anna {i}", kept=True)
    await index()
    counts.append(await counted(ask, eve, statements, prefix))

    assert counts == [3, 3]


async def counted(ask: Ask, who: object, statements: list[str], prefix: str) -> int:
    viewer = (await ask.context(who)).viewer  # pyright: ignore[reportArgumentType]
    statements.clear()
    await suggested(ask, viewer, prefix, 20)  # pyright: ignore[reportArgumentType]
    return sum(OWN in text for text in statements)


async def test_names_are_looked_up_by_their_index(database: None) -> None:
    """Of five thousand names: what an almost empty table is read by says nothing."""
    audience = "00000000-0000-7000-8000-000000000001"
    await db.execute(
        "INSERT INTO search_name (audience_id, kind, word, subject_id, said)"
        " SELECT $1, 'PERSON', 'a' || i, gen_random_uuid(), 'A' FROM generate_series(1, 5000) i",
        audience,
    )
    await db.execute("ANALYZE search_name")

    plan = "\n".join(
        row[0]
        for row in await db.rows(
            "EXPLAIN SELECT * FROM search_name s WHERE s.audience_id = $1 AND s.kind = 'PERSON' AND s.word >= $2"
            " AND s.word < $2 || U&'\\+10FFFF' ORDER BY s.word, s.subject_id LIMIT 200",
            audience,
            "a",
        )
    )

    assert "search_name_pkey" in plan and "Sort" not in plan, plan
