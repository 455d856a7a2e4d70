"""What a topic means: names, synonyms, beginnings, misspelt names; and nothing for nonsense."""

from __future__ import annotations

from typing import Any

import pytest

from models.skills import Skill
from tests.conftest import Ask
from tests.experts.asking import experts
from tests.factories.people import a_guest, a_person
from tests.factories.session import as_viewer
from tests.factories.skills import a_person_skill, a_skill


async def known(**skills: tuple[str, ...]) -> dict[str, Skill]:
    """Skills with synonyms; who has one is called like it."""
    made: dict[str, Skill] = {}
    for name, synonyms in skills.items():
        made[name] = await a_skill(name.replace("_", " "), *synonyms)
        await a_person_skill(await a_person(name), made[name])
    return made


@pytest.mark.parametrize(
    ("topic", "names"),
    [
        ("PostgreSQL", ["PostgreSQL"]),
        ("  postgresql ", ["PostgreSQL"]),
        ("pg", ["PostgreSQL"]),
        ("postgres", ["PostgreSQL"]),
        ("Postgre", ["PostgreSQL"]),
        ("java", ["Java"]),
        ("jav", ["Java", "JavaScript"]),
        ("data", ["Data_analysis", "Data_science"]),
        ("data science", ["Data_science"]),
        ("Java and postgres", ["Java", "PostgreSQL"]),
        ("the java", ["Java"]),
        ("po", []),
        ("xyzzy plugh", []),
        ("💥", []),
        ("%", []),
        ("_ava", []),
        ("-", []),
        ('"', []),
        ("from:ann", []),
    ],
)
async def test_a_topic_is_read_as_people_write_it(ask: Ask, topic: str, names: list[str]) -> None:
    ann = await a_person("Ann")
    await known(PostgreSQL=("pg",), Java=(), JavaScript=("js",), Data_science=(), Data_analysis=())

    assert sorted(await experts(ask, ann, topic)) == names


@pytest.mark.parametrize("topic", ["Kuberntes", "kubernetis", "Kubernetse", "kubbernetes"])
async def test_a_misspelt_name_is_understood(ask: Ask, topic: str) -> None:
    ann = await a_person("Ann")
    await known(Kubernetes=(), Cobol=(), Machine_learning=())

    assert list(await experts(ask, ann, topic)) == ["Kubernetes"]
    assert list(await experts(ask, ann, "machine lerning")) == ["Machine_learning"]


async def test_signs_tell_skills_apart(ask: Ask) -> None:
    ann = await a_person("Ann")
    for name in ("C", "C++", "C#"):
        await a_person_skill(await a_person(f"Who knows {name}"), await a_skill(name))

    for name in ("C", "C++", "C#"):
        assert list(await experts(ask, ann, name)) == [f"Who knows {name}"]


@pytest.mark.parametrize("topic", ["", "   ", "\u200b", "x" * 201, "nul\x00", "\ud800", "x" * 100_000])
async def test_bad_topics_are_refused(ask: Ask, topic: str) -> None:
    answer = await ask.answer(await a_person("Ann"), "experts/experts", topic=topic, first=3)

    assert [error["extensions"]["code"] for error in answer.errors] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("first", [-1, 101])
async def test_bad_pages_are_refused(ask: Ask, first: int) -> None:
    answer = await ask.answer(await a_person("Ann"), "experts/experts", topic="x", first=first)

    assert [error["extensions"]["code"] for error in answer.errors] == ["BAD_USER_INPUT"]


async def test_a_guest_learns_nothing_of_the_catalogue(ask: Ask) -> None:
    gil = await a_guest("Gil")
    viewer: Any = await as_viewer(gil, ask.services.clock.now())
    await known(Kubernetes=(), Kubernetis=())

    for topic in ("kubernetes", "kuber", "kubernetas"):
        assert await experts(ask, viewer, topic) == {}
