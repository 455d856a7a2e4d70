"""People are found by their skills, by any name of them, as soon as the index has read of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from models.session import Role
from resolvers.context import Services
from search.indexer import Indexer
from subscriptions.readers import Run
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.engine import settled
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import a_role
from tests.factories.skills import a_skill

Find = Callable[[str], Awaitable[list[str]]]


@pytest.fixture
def find(ask: Ask, services: Services, clock: TurnedClock) -> Find:
    """The names of the people whom a text finds, once the index has read what there is."""
    run = Run(Indexer(services.engine), holder="test", clock=clock, bus=services.bus)

    async def found(text: str) -> list[str]:
        await settled()
        while await run.once():
            pass
        data = await ask(await a_person("Zoe"), "search/search", text=text, kinds=["PERSON"], first=10)
        return sorted(edge["node"]["name"] for edge in data["search"]["edges"])

    return found


async def test_signs_tell_skills_apart(ask: Ask, find: Find) -> None:
    for name, skill in (("Ann", "C#"), ("Bob", "C++"), ("Cem", "C"), ("Dan", "Node.js"), ("Eve", "Résumé writing")):
        who = await a_person(name)
        await ask(who, "skills/add_skill", person_id=global_id(who), skill=skill)

    assert [await find(text) for text in ("C#", "c++")] == [["Ann"], ["Bob"]]
    assert [await find(text) for text in ("node.js", "js", "node")] == [["Dan"]] * 3
    assert await find("resume") == ["Eve"]


async def test_a_renamed_skill_is_found_by_its_new_name_only(ask: Ask, find: Find) -> None:
    ann, hal, skill = await a_person("Ann"), await a_person("Hal"), await a_skill("Golang")
    await a_role(hal, Role.HR)
    await ask(ann, "skills/add_skill", person_id=global_id(ann), skill="Golang")
    assert await find("golang") == ["Ann"]

    await ask(hal, "skills/rename_skill", skill_id=global_id(skill), name="Gopher")

    assert [await find(text) for text in ("golang", "gopher")] == [[], ["Ann"]]


async def test_synonyms_and_merged_names_find_too(ask: Ask, find: Find) -> None:
    ann, hal = await a_person("Ann"), await a_person("Hal")
    await a_role(hal, Role.ADMIN)
    one, two = await a_skill("Kubernetes"), await a_skill("Orchestration")
    await ask(ann, "skills/add_skill", person_id=global_id(ann), skill="Kubernetes")

    await ask(hal, "skills/add_skill_synonym", skill_id=global_id(one), name="k8s")
    assert await find("k8s") == ["Ann"]
    await ask(hal, "skills/merge_skills", skill_id=global_id(one), into_id=global_id(two))
    assert [await find(text) for text in ("k8s", "kubernetes", "orchestration")] == [["Ann"]] * 3
    await ask(hal, "skills/remove_skill_synonym", skill_id=global_id(two), name="K8S")
    assert await find("k8s") == []

    await ask(ann, "skills/remove_skill", person_id=global_id(ann), skill_id=global_id(two))
    assert await find("orchestration") == []
