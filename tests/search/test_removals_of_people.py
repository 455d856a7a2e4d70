"""What people no longer show is not found by the next search, though no index has heard of it."""

from __future__ import annotations

from typing import Any

import pytest

from models.people import Person
from models.profiles import BuiltIn
from tests.conftest import Ask
from tests.factories.changes import an_hr
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.profiles import a_field, says
from tests.factories.skills import a_person_skill, a_skill
from tests.search.asking import indexed, searched
from tests.search.removals import FEW, MANY, Removals, word

FIELDS = {BuiltIn.EMAIL: "email", BuiltIn.LOCATION: "location", BuiltIn.BIO: "bio", BuiltIn.INTERESTS: "interests"}


@pytest.mark.parametrize("field", FIELDS)
async def test_a_field_that_is_hidden(ask: Ask, gone: Removals, field: BuiltIn) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    words = [word() for _ in range(FEW)]
    for text in words:
        values: dict[str, Any] = {"email": f"{text}@company.example", "interests": [text]}
        await a_person("Pam", **{FIELDS[field]: values.get(FIELDS[field], text)})
    await indexed(ask)
    assert [await gone.total(ann, text) for text in words] == [1] * len(words)

    await gone.done(hana, "profile_fields/govern_built_in_field", field=field.name, visibility="HR")

    for text in words:
        await gone(ann, text)
    assert await gone.total(ann, "pam") == len(words)


@pytest.mark.parametrize("way", ["hidden", "deleted"])
async def test_a_field_of_ones_own_that_is_hidden_or_deleted(ask: Ask, gone: Removals, way: str) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    fields = [await a_field(f"Site {i}") for i in range(FEW)]
    words = [word() for _ in fields]
    for one, text in zip(fields, words, strict=True):
        await says(await a_person("Pam"), one, text)
    await indexed(ask)
    assert [await gone.total(ann, text) for text in words] == [1] * len(words)

    for one, text in zip(fields, words, strict=True):
        if way == "deleted":
            await gone.done(hana, "profile_fields/delete_profile_field", field_id=global_id(one))
        else:
            new = {"expected_version": 1, "visibility": "UNIT"}
            await gone.done(hana, "profile_fields/update_profile_field", field_id=global_id(one), **new)
        await gone(ann, text)


@pytest.mark.parametrize("way", ["bio", "interests", "field", "skill", "name"])
async def test_what_somebody_no_longer_says_of_themselves(ask: Ask, gone: Removals, way: str) -> None:
    hana, ann, site = await an_hr(), await a_person("Ann"), await a_field("Site")
    words = [word() for _ in range(FEW)]
    pams = [await a_person(f"Pam {text}" if way == "name" else "Pam") for text in words]
    skills = [await a_skill(text) for text in words] if way == "skill" else []
    for at, (pam, text) in enumerate(zip(pams, words, strict=True)):
        match way:
            case "bio" | "interests":
                values: Any = {"bio": text} if way == "bio" else {"interests": [text]}
                await Person.filter(id=pam.id).update(**values)
            case "field":
                await says(pam, site, text)
            case "skill":
                await a_person_skill(pam, skills[at])
            case _:
                pass
    await indexed(ask)
    assert [await gone.total(ann, text) for text in words] == [1] * len(words)

    for at, (pam, text) in enumerate(zip(pams, words, strict=True)):
        me = {"person_id": global_id(pam)}
        match way:
            case "skill":
                await gone.done(pam, "skills/remove_skill", **me, skill_id=global_id(skills[at]))
            case "name":
                await gone.done(hana, "org/rename_person", **me, name="Pam")
            case "field":
                await gone.done(
                    pam, "people/update_profile", **me, fields=[{"fieldId": global_id(site), "value": None}]
                )
            case _:
                await gone.done(pam, "people/update_profile", **me, **{way: None})
        await gone(ann, text)


async def test_who_has_left(ask: Ask, gone: Removals) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    words = [word() for _ in range(MANY)]
    people = [await a_person(f"Pam {text}") for text in words]
    await indexed(ask)
    assert await gone.total(ann, "pam") == MANY

    for at, (pam, text) in enumerate(zip(people, words, strict=True), 1):
        await gone.done(hana, "org/deactivate_person", person_id=global_id(pam))
        await gone(ann, text)
        if at % 10 == 0:
            assert await gone.total(ann, "pam") == MANY - at
    assert len(await searched(ask, ann, "pam", filter_by={"includeDeactivated": True})) == MANY
