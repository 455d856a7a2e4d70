"""Only what the viewer may see counts, and nobody appears who must not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models.groups import Visibility
from models.people import Person
from models.profiles import BuiltIn, FieldVisibility
from models.skills import SkillLevel
from tests.conftest import Ask
from tests.experts.asking import an_answer, experts, indexed, nodes_of
from tests.factories.feed import a_comment, a_post
from tests.factories.follows import a_block
from tests.factories.groups import a_group, a_member
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.profiles import a_rule
from tests.factories.session import as_viewer
from tests.factories.skills import a_person_skill, a_skill, an_endorsement
from tests.factories.tags import a_tag, tagged


async def test_a_secret_group_changes_nothing_for_whoever_is_not_in_it(ask: Ask) -> None:
    ann, bob, cem, dan = [await a_person(name) for name in ("Ann", "Bob", "Cem", "Dan")]
    rust, tag = await a_skill("Rust"), await a_tag("rust")
    await a_person_skill(bob, rust)
    post = await tagged(await a_post("On rust", author=cem), tag)
    await indexed(ask, post)
    before = await nodes_of(ask, ann, "rust")

    secret = await a_group("Secret", owner=dan, visibility=Visibility.SECRET)
    for person in (bob, cem):
        await a_member(secret, person)
    for _ in range(3):
        question, answer = await an_answer(dan, bob, "rust it is", question="rust?", audience=secret.id)
        await tagged(question, tag)
        more = await a_comment(question, "rust indeed", author=cem)
        await indexed(ask, question, answer, more)

    assert await nodes_of(ask, ann, "rust") == before
    inside = await experts(ask, dan, "rust")
    assert inside["Bob"]["ACCEPTED_ANSWERS"] == "3 answers were accepted."
    assert inside["Cem"]["POSTS"] == "Wrote 4 posts and comments about it within a year."


async def test_what_is_no_longer_readable_no_longer_counts(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await tagged(await a_post("On rust", author=bob), await a_tag("rust"))
    comment = await a_comment(post, "More rust", author=bob)
    await indexed(ask, post, comment)
    assert list(await experts(ask, ann, "rust")) == ["Bob"]

    post.status, comment.removed = "REMOVED", True  # pyright: ignore[reportAttributeAccessIssue]
    await post.save(update_fields=["status"])
    await comment.save(update_fields=["removed"])

    assert await experts(ask, ann, "rust") == {}


async def test_nobody_appears_who_must_not(ask: Ask) -> None:
    ann, rust = await a_person("Ann"), await a_skill("Rust")
    blocked, blocker = await a_person("Blocked"), await a_person("Blocker")
    await a_block(ann, blocked)
    await a_block(blocker, ann)
    left, planned = await a_person("Left", active=False), await a_person("Planned", active=False, planned=True)
    guest, unwilling = await a_guest("Guest"), await a_person("Unwilling", suggested=False)
    fine = await a_person("Fine")
    tag = await a_tag("rust")
    for person in (ann, blocked, blocker, left, planned, guest, unwilling, fine):
        await a_person_skill(person, rust, SkillLevel.EXPERT)
        question, _ = await an_answer(fine, person)
        await tagged(question, tag)

    assert list(await experts(ask, ann, "rust")) == ["Fine"]


async def test_endorsements_of_people_whom_the_viewer_does_not_see_do_not_count(ask: Ask) -> None:
    ann, bob, rust = await a_person("Ann"), await a_person("Bob"), await a_skill("Rust")
    held = await a_person_skill(bob, rust)
    await an_endorsement(held, await a_person("Soon", active=False, planned=True))
    await an_endorsement(held, await a_person("Left", active=False))

    found = await experts(ask, ann, "rust")

    assert found["Bob"]["ENDORSEMENTS"] == "1 person endorses Rust."


async def test_a_guest_is_told_of_those_whom_they_see(ask: Ask) -> None:
    gil, bob, cem = await a_guest("Gil"), await a_person("Bob"), await a_person("Cem")
    rust = await a_skill("Rust")
    for person in (bob, cem):
        await a_person_skill(person, rust)
    group = await a_group("Project", owner=bob)
    await a_member(group, gil)

    assert list(await experts(ask, gil, "rust")) == ["Bob"]
    assert list(await experts(ask, gil, "rus")) == ["Bob"]


@pytest.mark.parametrize("scope", ["people:read", "search:read"])
async def test_a_token_needs_both_scopes(ask: Ask, scope: str) -> None:
    viewer = await token(ask, await a_person("Ann"), scope)

    answer = await ask.answer(viewer, "experts/experts", topic="rust", first=3)

    assert [error["extensions"]["code"] for error in answer.errors] == ["FORBIDDEN"]


async def test_a_token_that_does_not_read_the_feed_counts_no_content(ask: Ask) -> None:
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    await a_person_skill(bob, await a_skill("Rust"))
    tag = await a_tag("rust")
    for author in (bob, cem):
        await indexed(ask, await tagged(await a_post("On rust", author=author), tag))

    narrow = await experts(ask, await token(ask, ann, "people:read", "search:read"), "rust")
    wide = await experts(ask, await token(ask, ann, "people:read", "search:read", "feed:read"), "rust")

    assert narrow == {"Bob": {"SKILL": "Has the skill Rust."}}
    assert list(wide) == ["Bob", "Cem"]


async def test_a_token_that_does_not_read_the_chart_is_not_told_who_is_near(ask: Ask) -> None:
    unit, cem = await a_unit("Research"), await a_person("Cem")
    ann, bob = [await a_person(name, unit=unit, manager=cem) for name in ("Ann", "Bob")]
    await a_person_skill(bob, await a_skill("Rust"))

    near = await experts(ask, ann, "rust")
    narrow = await experts(ask, await token(ask, ann, "people:read", "search:read"), "rust")

    assert "CLOSENESS" in near["Bob"]
    assert "CLOSENESS" not in narrow["Bob"]


@pytest.mark.parametrize("hidden", [BuiltIn.LOCATION, BuiltIn.TIME_ZONE, BuiltIn.WORKING_HOURS])
async def test_hidden_fields_say_nothing(ask: Ask, hidden: BuiltIn) -> None:
    hours: dict[str, Any] = {"works_from": "00:00", "works_to": "23:59", "time_zone": "UTC"}
    ann = await a_person("Ann", location="Bern")
    await a_person_skill(await a_person("Bob", location="Bern", **hours), await a_skill("Rust"))
    kind, sentence = (
        ("CLOSENESS", "Works in Bern, as you do.")
        if hidden is BuiltIn.LOCATION
        else ("AVAILABILITY", "Is at work now: 00:00 to 23:59, UTC.")
    )
    assert (await experts(ask, ann, "rust"))["Bob"][kind] == sentence

    await a_rule(hidden, FieldVisibility.HR)

    assert kind not in (await experts(ask, ann, "rust"))["Bob"]


async def token(ask: Ask, person: Person, *scopes: str) -> Any:
    viewer = await as_viewer(person, ask.services.clock.now())
    return replace(viewer, scopes=frozenset(scopes))
