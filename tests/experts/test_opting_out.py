"""Who does not want to be suggested is not, and nobody is told."""

from __future__ import annotations

from models.log import LoggedEvent
from models.people import Person
from models.skills import SkillLevel
from tests.conftest import Ask
from tests.experts.asking import experts
from tests.experts.test_sight import token
from tests.factories.people import a_person
from tests.factories.skills import a_person_skill, a_skill

SETTING = "experts/set_expert_suggestions"


async def test_who_opts_out_is_gone_at_once_and_comes_back(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await a_person_skill(bob, await a_skill("Rust"), SkillLevel.EXPERT)
    assert list(await experts(ask, ann, "rust")) == ["Bob"]

    data = await ask(bob, SETTING, is_suggested=False)

    assert data["setExpertSuggestions"] == {"viewer": {"isSuggestedAsExpert": False}, "errors": []}
    assert not (await Person.get(id=bob.id)).suggested
    assert await experts(ask, ann, "rust") == {}
    await ask(bob, SETTING, is_suggested=True)
    assert list(await experts(ask, ann, "rust")) == ["Bob"]


async def test_it_is_the_viewers_own_setting(ask: Ask) -> None:
    ann, bob = await a_person("Ann", suggested=False), await a_person("Bob")

    assert (await ask(ann, "experts/expert_suggestions"))["viewer"] == {"isSuggestedAsExpert": False}
    assert (await ask(bob, "experts/expert_suggestions"))["viewer"] == {"isSuggestedAsExpert": True}


async def test_only_their_own_devices_hear_of_it_and_only_where_it_changes(ask: Ask) -> None:
    bob = await a_person("Bob")

    for _ in range(2):
        await ask(bob, SETTING, is_suggested=False)

    [event] = await LoggedEvent.all()
    assert (event.kind, event.audience_id, event.subject_id) == ("ExpertSuggestionsChanged", None, bob.id)


async def test_a_token_needs_to_write_people(ask: Ask) -> None:
    bob = await a_person("Bob")

    data = await ask(await token(ask, bob, "people:read", "search:read"), SETTING, is_suggested=False)

    assert [error["code"] for error in data["setExpertSuggestions"]["errors"]] == ["FORBIDDEN"]
    assert (await Person.get(id=bob.id)).suggested
