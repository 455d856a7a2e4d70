"""The catalogue: looked up by everybody of the company, kept in order by HR."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.log import LoggedEvent
from models.session import Role
from models.skills import Endorsement, PersonSkill, Skill, SkillLevel, SkillSynonym
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role
from tests.factories.skills import a_person_skill, a_skill, an_endorsement


async def hr(ask: Ask) -> Any:
    """A viewer who keeps the catalogue."""
    hal = await a_person("Hal")
    await a_role(hal, Role.HR)
    return (await ask.context(hal)).viewer


async def act(ask: Ask, who: Any, operation: str, skill: Skill, **more: Any) -> dict[str, Any]:
    [payload] = (await ask(who, f"skills/{operation}", skill_id=global_id(skill), **more)).values()
    return payload


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def names(ask: Ask, who: Any, text: str | None) -> list[str]:
    data = await ask(who, "skills/skills", text=text)
    return [one["name"] for one in data["skills"]["nodes"]]


async def test_the_catalogue_is_found_by_name_and_synonym(ask: Ask) -> None:
    ann = await a_person("Ann")
    for skill in (("Rust", "rust-lang"), ("Trust building",), ("C++", "cpp"), ("C",), ("Go", "Golang"), ("100%",)):
        await a_skill(*skill)

    assert await names(ask, ann, None) == ["100%", "C", "C++", "Go", "Rust", "Trust building"]
    assert await names(ask, ann, " RÜST ") == ["Rust", "Trust building"]
    assert [await names(ask, ann, text) for text in ("c++", "lang", "%", "_")] == [
        ["C++"],
        ["Go", "Rust"],
        ["100%"],
        [],
    ]


@pytest.mark.parametrize("text", ["x" * 101, "\u0301" * 101])
async def test_a_text_that_cannot_be_looked_for_is_refused(ask: Ask, text: str) -> None:
    answer = await ask.answer(await a_person(), "skills/skills", text=text)

    assert answer.code == "BAD_USER_INPUT"


async def test_a_skill_shows_the_active_people_who_have_it(ask: Ask) -> None:
    rust = await a_skill()
    ann, bob, cem = [await a_person(name) for name in ("Ann", "bob", "Cem")]
    for one, level in ((ann, SkillLevel.BEGINNER), (bob, SkillLevel.EXPERT), (cem, SkillLevel.EXPERT)):
        await a_person_skill(one, rust, level)
    await a_person_skill(await a_person("Lea", active=False), rust, SkillLevel.EXPERT)

    shown = (await ask(ann, "skills/skill", id=global_id(rust)))["skill"]

    assert [one["person"]["name"] for one in shown["people"]["nodes"]] == ["bob", "Cem", "Ann"]
    assert shown["personCount"] == shown["people"]["totalCount"] == 3


async def test_a_guest_sees_no_catalogue(ask: Ask) -> None:
    rust, gil = await a_skill(), await a_guest("Gil")

    assert await names(ask, gil, None) == []
    assert (await ask(gil, "skills/skill", id=global_id(rust)))["skill"] is None


OPERATIONS: list[tuple[str, dict[str, Any]]] = [
    ("rename_skill", {"name": "Other"}),
    ("add_skill_synonym", {"name": "Other"}),
    ("remove_skill_synonym", {"name": "rust-lang"}),
    ("merge_skills", {}),
]


@pytest.mark.parametrize(("operation", "more"), OPERATIONS)
async def test_only_hr_and_administrators_of_the_whole_company_keep_it(
    ask: Ask, operation: str, more: dict[str, Any]
) -> None:
    unit = await a_unit()
    rust, other = await a_skill("Rust", "rust-lang"), await a_skill("Go")
    more = more or {"into_id": global_id(other)}
    ann, head, gil = await a_person("Ann"), await a_person("Hugo"), await a_guest("Gil")
    await a_role(head, Role.HR, unit)
    await a_role(gil, Role.ADMIN)
    admin = await a_person("Ada")
    await a_role(admin, Role.ADMIN)

    refused = [codes(await act(ask, who, operation, rust, **more)) for who in (ann, head, gil)]

    assert refused == [["FORBIDDEN"], ["FORBIDDEN"], ["NOT_FOUND"]]
    assert not await LoggedEvent.exists()
    assert codes(await act(ask, admin, operation, rust, **more)) == []


async def test_a_renamed_skill_loses_its_endorsements(ask: Ask) -> None:
    rust, bob = await a_skill("Rust"), await a_person("Bob")
    await an_endorsement(await a_person_skill(await a_person("Ann"), rust, SkillLevel.EXPERT), bob)

    payload = await act(ask, await hr(ask), "rename_skill", rust, name="Carpentry")

    assert payload["skill"] == {"id": global_id(rust), "name": "Carpentry", "synonyms": [], "version": 2}
    assert not await Endorsement.exists()
    assert (await PersonSkill.get()).level is SkillLevel.EXPERT
    told = {e.kind: (e.audience_id, e.refs) for e in await LoggedEvent.all()}
    assert told["SkillRenamed"] == (None, {"skill": str(rust.id), "old": "Rust", "new": "Carpentry"})
    assert told["SkillChanged"][1] == {"skill": str(rust.id)}, "what the company hears of holds ids only"


@pytest.mark.parametrize("name", ["RUST", "Rúst", "rust-lang", "RUST-LANG"])
async def test_another_way_to_write_the_same_keeps_them(ask: Ask, name: str) -> None:
    rust, bob = await a_skill("Rust", "rust-lang"), await a_person("Bob")
    await an_endorsement(await a_person_skill(await a_person("Ann"), rust), bob)

    payload = await act(ask, await hr(ask), "rename_skill", rust, name=name)

    assert payload["skill"]["name"] == name
    assert await Endorsement.all().count() == 1


async def test_the_old_name_means_the_skill_only_where_asked(ask: Ask) -> None:
    viewer, go, rust = await hr(ask), await a_skill("Golang"), await a_skill("Rust")

    kept = await act(ask, viewer, "rename_skill", go, name="Go", keep_old_name=True)
    gone = await act(ask, viewer, "rename_skill", rust, name="Ferris")

    assert (kept["skill"]["synonyms"], gone["skill"]["synonyms"]) == (["Golang"], [])
    assert await names(ask, viewer, "golang") == ["Go"]
    assert await names(ask, viewer, "rust") == []


async def test_the_same_name_again_changes_nothing(ask: Ask) -> None:
    viewer, rust = await hr(ask), await a_skill("Rust")

    payload = await act(ask, viewer, "rename_skill", rust, name=" Rust ")

    assert payload["skill"]["version"] == 1
    assert not await LoggedEvent.exists()


async def test_an_old_version_is_a_conflict(ask: Ask) -> None:
    viewer, rust = await hr(ask), await a_skill("Rust")

    payloads = [await act(ask, viewer, "rename_skill", rust, name=f"R{i}", expected_version=1) for i in range(2)]

    assert [codes(payload) for payload in payloads] == [[], ["CONFLICT"]]


async def test_a_name_means_one_skill_only(ask: Ask) -> None:
    viewer, rust = await hr(ask), await a_skill("Rust")
    await a_skill("Go", "Golang")

    for name in ("go", "GOLANG"):
        for operation in ("rename_skill", "add_skill_synonym"):
            payload = await act(ask, viewer, operation, rust, name=name)
            assert codes(payload) == ["BAD_USER_INPUT"]
            assert "“Go”" in payload["errors"][0]["message"]


async def test_of_many_who_claim_a_name_at_once_one_gets_it(ask: Ask) -> None:
    viewer, skills = await hr(ask), [await a_skill(f"Skill {i}") for i in range(6)]
    operations = ["rename_skill", "add_skill_synonym"] * 3

    payloads = await asyncio.gather(
        *(act(ask, viewer, o, s, name="Rust") for o, s in zip(operations, skills, strict=True))
    )

    assert sorted(codes(payload) for payload in payloads) == [[]] + [["BAD_USER_INPUT"]] * 5


async def test_synonyms_come_and_go(ask: Ask) -> None:
    viewer, go = await hr(ask), await a_skill("Go")

    added = [await act(ask, viewer, "add_skill_synonym", go, name=name) for name in ("Golang", "golang", "GO")]
    removed = [await act(ask, viewer, "remove_skill_synonym", go, name="GOLANG") for _ in range(2)]

    assert [payload["skill"]["synonyms"] for payload in added] == [["Golang"]] * 3
    assert [payload["skill"]["synonyms"] for payload in removed] == [[], []]
    kinds = [e.kind for e in await LoggedEvent.filter(audience_id=None).order_by("id")]
    assert kinds == ["SkillSynonymAdded", "SkillSynonymRemoved"]


async def test_a_merge_moves_all_and_keeps_the_better(ask: Ask) -> None:
    viewer, go, golang = await hr(ask), await a_skill("Go", "golang.org"), await a_skill("Golang", "go-lang")
    ann, bob, cem, dan = [await a_person(name) for name in ("Ann", "Bob", "Cem", "Dan")]
    both, less = (
        await a_person_skill(ann, go, SkillLevel.BEGINNER),
        await a_person_skill(ann, golang, SkillLevel.EXPERT),
    )
    other = await a_person_skill(bob, golang, None)
    for held, by in ((both, bob), (less, bob), (less, cem), (other, ann), (other, dan)):
        await an_endorsement(held, by)

    payloads = [await act(ask, viewer, "merge_skills", golang, into_id=global_id(go)) for _ in range(2)]

    assert payloads[0] == payloads[1], "a second time is as the first"
    assert payloads[0]["skill"] == {
        "id": global_id(go),
        "name": "Go",
        "synonyms": ["go-lang", "Golang", "golang.org"],
        "personCount": 2,
        "version": 2,
    }
    shown = (await ask(viewer, "skills/skill", id=global_id(go)))["skill"]["people"]["nodes"]
    assert [(one["person"]["name"], one["level"], one["endorsementCount"]) for one in shown] == [
        ("Ann", "EXPERT", 2),
        ("Bob", None, 2),
    ]
    assert (await PersonSkill.get(person_id=ann.id)).id == both.id
    assert await Skill.all().count() == 1


async def test_an_old_link_leads_to_where_a_skill_has_gone(ask: Ask) -> None:
    viewer, one, two, three = await hr(ask), await a_skill("One"), await a_skill("Two"), await a_skill("Three")
    await act(ask, viewer, "merge_skills", one, into_id=global_id(two))
    await act(ask, viewer, "merge_skills", two, into_id=global_id(three))

    for old in (one, two):
        assert (await ask(viewer, "skills/skill", id=global_id(old)))["skill"]["name"] == "Three"
    assert codes(await act(ask, viewer, "merge_skills", one, into_id=global_id(three))) == []
    assert [s.name for s in await SkillSynonym.all().order_by("name")] == ["One", "Two"]


async def test_a_merge_needs_two_skills(ask: Ask) -> None:
    viewer, rust = await hr(ask), await a_skill()
    gone = await a_skill("Gone")
    await gone.delete()

    assert codes(await act(ask, viewer, "merge_skills", rust, into_id=global_id(rust))) == ["BAD_USER_INPUT"]
    for one, other, path in ((rust, gone, "intoId"), (gone, rust, "skillId")):
        payload = await act(ask, viewer, "merge_skills", one, into_id=global_id(other))
        assert codes(payload) == ["NOT_FOUND"]
        assert payload["errors"][0]["path"] == ["input", path]


async def test_what_is_endorsed_and_added_during_a_merge_is_not_lost(ask: Ask) -> None:
    viewer, go, golang = await hr(ask), await a_skill("Go"), await a_skill("Golang")
    people = [await a_person(f"Ann {i}") for i in range(6)]
    viewers = [(await ask.context(one)).viewer for one in people]
    for one in people[:3]:
        await a_person_skill(one, golang)

    def endorse(by: int, of: int) -> Any:
        given = {"person_id": global_id(people[of]), "skill_id": global_id(golang)}
        return ask(viewers[by], "skills/endorse_skill", **given)

    def add(whose: int) -> Any:
        return ask(viewers[whose], "skills/add_skill", person_id=global_id(people[whose]), skill="Golang")

    results = await asyncio.gather(
        endorse(3, 0), endorse(4, 1), add(3), act(ask, viewer, "merge_skills", golang, into_id=global_id(go)),
        add(4), endorse(5, 2), add(5),
    )  # fmt: skip

    endorsed = [r["endorseSkill"] for r in results if "endorseSkill" in r]
    assert await Endorsement.all().count() == len([one for one in endorsed if not one["errors"]])
    assert all(codes(one) in ([], ["NOT_FOUND"]) for one in endorsed)
    assert await PersonSkill.filter(skill_id=go.id).count() == 6
