"""Two causes at the same instant: the members of a rule are right after both."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from models.feed import Post, PostStatus
from models.groups import Membership, MembershipStatus
from models.rule_terms import Conditions
from models.rules import AudienceRule
from models.session import Role
from tests.conftest import Ask
from tests.factories.changes import TODAY, an_hr
from tests.factories.feed import a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.rules import a_group_rule, a_rule, members
from tests.factories.session import a_role
from tests.groups.acting import inside
from tests.posts.telling import a_written, codes
from tests.races import rounds
from tests.rules.naive import meant, stored

pytestmark = pytest.mark.race


async def both(*asked: Awaitable[dict[str, Any]]) -> None:
    """Do these at once; none is refused."""
    for data in await asyncio.gather(*asked):
        [payload] = data.values()
        assert payload["errors"] == [], payload


async def test_a_person_and_their_unit_move_at_once(ask: Ask) -> None:
    hana, hugo = await an_hr("Hana"), await an_hr("Hugo")
    top, other, team = await a_unit("Top"), await a_unit("Other"), await a_unit("Team")
    ann, bob = await a_person("Ann", unit=team), await a_person("Bob", unit=other)
    said = Conditions(units=(top.id,))
    rule = await a_rule("Top", conditions=said)
    for turn in rounds(5):
        parent, place = (top, team) if turn % 2 else (other, other)

        await both(
            ask(hana, "org/move_unit", org_unit_id=global_id(team), parent_id=global_id(parent)),
            ask(hugo, "org/move_person", person_id=global_id(bob), org_unit_id=global_id(place)),
        )

        assert await members(rule) == (["Ann", "Bob"] if turn % 2 else [])
    assert ann.unit_id == team.id


async def test_a_rule_changes_while_people_do(ask: Ask) -> None:
    hana, cora = await an_hr("Hana"), await a_person("Cora")
    await a_role(cora, Role.COMMUNICATOR)
    people = [await a_person(f"P{n}", title="Cook") for n in range(6)]
    rule = await a_rule("Cooks", conditions=Conditions(titles=("cook",)))
    for turn in rounds(5):
        title, wanted = ("Chef", "Cook") if turn % 2 else ("Cook", "Chef")

        await both(
            ask(
                cora,
                "rules/update_audience_rule",
                rule_id=global_id(rule),
                conditions={"titles": [wanted]},
                confirmed=True,
            ),
            *(ask(hana, "org/promote_person", person_id=global_id(one), title=title) for one in people[:3]),
            *(ask(hana, "org/promote_person", person_id=global_id(one), title=wanted) for one in people[3:]),
        )

        found = await stored(TODAY)
        names = {one["id"]: one["name"] for one in found.rows["person"]}
        assert await members(rule) == sorted(names[id] for id in meant(found, Conditions(titles=(wanted,))))
    assert (await AudienceRule.get(id=rule.id)).version == 1 + len(rounds(5))


async def test_who_is_taken_out_while_the_rule_lets_them_in_stays_out(ask: Ask) -> None:
    hana, olga = await an_hr(), await a_person("Olga")
    group = await a_group(owner=olga)
    await a_group_rule(group, Conditions(titles=("cook",)))
    for turn in rounds(5):
        ann = await a_person(f"Ann {turn}", title="Chef")

        await both(
            ask(hana, "org/promote_person", person_id=global_id(ann), title="Cook"),
            ask(olga, "memberships/ban_from_group", group_id=global_id(group), person_id=global_id(ann)),
        )

        assert (await Membership.get(group_id=group.id, person_id=ann.id)).status is MembershipStatus.BANNED
        assert await inside(group) == ["Olga"]


async def test_one_client_id_makes_one_rule_however_often_it_is_sent(ask: Ask) -> None:
    cora = await a_person("Cora", location="Bern")
    await a_role(cora, Role.COMMUNICATOR)
    await a_person("Ann")
    viewer = (await ask.context(cora)).viewer
    for turn in rounds(1):
        given = {"name": "Bern", "conditions": {"locations": ["Bern"]}, "client_id": f"r-{turn}"}

        made = await asyncio.gather(*(ask(viewer, "rules/create_audience_rule", **given) for _ in range(50)))

        assert len({one["createAudienceRule"]["rule"]["id"] for one in made}) == 1
        assert await AudienceRule.all().count() == turn + 1


async def test_who_posts_to_a_rule_that_is_deleted_at_once_is_told_that_it_is_gone(ask: Ask) -> None:
    cora, ann = await a_person("Cora"), await a_person("Ann")
    await a_role(cora, Role.COMMUNICATOR)
    at = (ask.services.clock.now() + timedelta(days=1)).isoformat()
    ways: list[dict[str, Any]] = [{}, {"is_draft": True}, {"scheduled_at": at}, {"client_id": "c-1"}]
    for turn in rounds(8):
        rule = await a_rule(f"Rule {turn}", cora, ann)
        if turn % 2:  # a post that was removed keeps the place of the rule
            await a_post("Gone", author=ann, audience=rule.id, status=PostStatus.REMOVED)
        about, rights = {"audience": {"ruleId": global_id(rule)}}, await ask.context(ann)
        draft = await a_written(ask, ann, is_draft=True)
        keeper = (await ask.context(cora)).viewer

        deleted, written, moved = await asyncio.gather(
            ask(keeper, "rules/delete_audience_rule", rule_id=global_id(rule)),
            ask(rights.viewer, "posts/create_post", kind="IDEA", body="Now", **about, **ways[turn % 4]),
            ask(rights.viewer, "sharing/move_post", post_id=global_id(draft), **about, confirmed=True),
        )

        refusals = [codes(written["createPost"]), codes(moved["movePost"])]
        if codes(deleted["deleteAudienceRule"]):
            assert [] in refusals
        else:
            assert refusals == [["NOT_FOUND"]] * 2
            assert not await Post.filter(audience_id=rule.id).exclude(status=PostStatus.REMOVED).exists()
        await Post.filter(client_id="c-1").update(client_id=None)
