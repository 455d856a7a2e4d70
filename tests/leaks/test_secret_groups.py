"""A secret group leaves no trace for those who are near it and not in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from execution.documents import core_schema
from execution.ids import decode_id
from models.org import OrgUnit
from models.people import Person
from tests.factories import groups
from tests.factories.circles import a_circle
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.leaks.answers import is_id
from tests.leaks.conftest import Crawler
from tests.leaks.crawling import deep_roots, roots
from tests.leaks.ground import Ground
from tests.leaks.naming import may_name

SHALLOW = 1  # depth of the documents that are sent with many ids


async def the_head(ground: Ground, group: str) -> Person:
    """The head of the members' unit, who sees whatever the unit does."""
    head = await a_person("Chief", unit=ground.unit)
    await OrgUnit.filter(id=ground.unit.id).update(head_id=head.id)
    return head


async def somebody_banned(ground: Ground, group: str) -> Person:
    """Once a member, and put out for good."""
    return await _put_out(ground, group, "memberships/ban_from_group")


async def a_former_member(ground: Ground, group: str) -> Person:
    """Once a member, and taken out, with a post put aside."""
    return await _put_out(ground, group, "memberships/remove_group_member")


async def a_guest_of_another_group(ground: Ground, group: str) -> Person:
    """From outside, and in a group with one of the members."""
    guest = await a_guest("Guy")
    await a_circle(ground.ivan, guest, name="Visitors")
    return guest


async def _put_out(ground: Ground, group: str, operation: str) -> Person:
    person = await a_person("Once", unit=ground.unit)
    them = {"group_id": group, "person_ids": [global_id(person)]}
    await ground.ask(ground.ida, "memberships/add_group_members", **them)
    for id in {secret.text for secret in ground.secrets if is_id(secret.text) and decode_id(secret.text)[0] == "Post"}:
        await ground.ask.answer(person, "bookmarks/bookmark_post", post_id=id, is_bookmarked=True)
    out = await ground.ask(ground.ida, operation, group_id=group, person_id=global_id(person))
    assert not next(iter(out.values()))["errors"], out
    return person


@pytest.mark.parametrize("near", [the_head, somebody_banned, a_former_member, a_guest_of_another_group])
async def test_a_secret_group_leaves_no_trace(
    crawl: Crawler, ground: Ground, near: Callable[[Ground, str], Awaitable[Person]]
) -> None:
    older = len(ground.secrets)
    await groups.plant(ground)
    secrets = {secret.text for secret in ground.secrets[older:]}
    ids = sorted(filter(is_id, secrets))
    group = next(id for id in ids if decode_id(id)[0] == "Group")
    who = await near(ground, group)
    await ground.index()

    for root in deep_roots(core_schema(crawl.ask.schema)):
        told = await crawl(who, root, {"first": 100} if "first" in root.arguments else {})
        assert not [text for text in secrets if text in told], f"{root.name}: {told[:2000]}"
    for root in roots(core_schema(crawl.ask.schema), "query", SHALLOW):
        for slot in (slot for slot in root.slots if slot.type.name == "ID"):
            for id in (id for id in ids if may_name(slot, id)):
                told = await crawl(who, root, root.filled(slot, id))
                known = {id, str(decode_id(id)[1])}
                assert not [text for text in secrets - known if text in told], f"{root.name} {id}: {told[:2000]}"
