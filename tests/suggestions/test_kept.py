"""Names are kept by the reader of the log, as whatever people do changes them."""

from __future__ import annotations

from typing import Any

from models.people import Person
from tests.conftest import Ask
from tests.factories.people import a_person
from tests.search.indexing import Index
from tests.suggestions.acting import suggested


async def done(ask: Ask, who: Person, operation: str, **variables: Any) -> dict[str, Any]:
    [payload] = (await ask(who, operation, **variables)).values()
    assert not payload["errors"], payload
    return payload


async def test_a_group_is_suggested_as_it_is_called_and_to_whom_it_is_open(ask: Ask) -> None:
    read, ann, eve = Index(ask.services), await a_person("Ann"), await a_person("Eve")
    made = await done(ask, ann, "groups/create_group", name="Falconers", visibility="OPEN", join_policy="OPEN")
    before = await suggested(ask, eve, "falc")
    await read()
    after = await suggested(ask, eve, "falc")

    await done(ask, ann, "groups/update_group", group_id=made["group"]["id"], name="Hawkers")
    await read()

    assert (before, after) == ([], ["Falconers"])
    assert (await suggested(ask, eve, "falc"), await suggested(ask, eve, "hawk")) == ([], ["Hawkers"])


async def test_a_tag_is_suggested_to_those_who_read_the_first_post_with_it(ask: Ask) -> None:
    read, ann, eve = Index(ask.services), await a_person("Ann"), await a_person("Eve")
    made = await done(ask, ann, "groups/create_group", name="Aviary", visibility="SECRET", join_policy="INVITE")
    audience = {"groupId": made["group"]["id"]}
    await done(ask, ann, "posts/create_post", kind="DISCUSSION", body="#falconry", audience=audience)
    await read()

    assert (await suggested(ask, ann, "falc"), await suggested(ask, eve, "falc")) == (["falconry"], [])

    await done(ask, ann, "posts/create_post", kind="DISCUSSION", body="#falconry")
    await read()
    assert await suggested(ask, eve, "falc") == ["falconry"]
