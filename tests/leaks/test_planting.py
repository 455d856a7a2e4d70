"""Planting changes nothing that outsiders see: no word, no id, no count, no difference."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from graphql import GraphQLEnumType

from execution.documents import core_schema
from execution.ids import decode_id
from tests.factories.outsiders import Outsider
from tests.leaks.answers import counted, is_id
from tests.leaks.conftest import Crawler
from tests.leaks.crawling import Root, Slot, deep_roots
from tests.leaks.ground import Ground
from tests.leaks.hunting import PAGE, assert_silent, is_heard, parties, shallow, whole

SIZES = (0, 1, PAGE)  # of pages


async def test_the_owner_finds_all_that_is_planted(crawl: Crawler, ground: Ground) -> None:
    await ground.plant()

    answers = [await crawl(ground.ida, root, variables) for root, variables in open_questions(crawl)]

    keys = {str(decode_id(secret.text)[1]) for secret in ground.secrets if is_id(secret.text)}
    found = {secret.text for secret in ground.secrets if any(secret.text in told for told in answers)}
    missed = {secret.text for secret in ground.secrets if secret.is_told} - keys - found
    assert not missed, "the hunt does not reach everything that is planted: it would not find a leak of these"
    told = {secret.text for secret in ground.secrets if not secret.is_told} & found
    assert not told, "even the owner must not be told these"


@parties
async def test_planting_changes_nothing_that_outsiders_see(
    crawl: Crawler, ground: Ground, party: Sequence[Outsider]
) -> None:
    viewers = {who: await ground.viewer(who) for who in party}
    questions = [(root, variables) for root, variables in open_questions(crawl) if root.name != "eventCursor"]
    before = [
        (who, root, variables, await crawl(viewer, root, variables))
        for who, viewer in viewers.items()
        for root, variables in questions
        if is_heard(viewer, root)
    ]

    await ground.plant()

    for who, root, variables, earlier in before:
        told = await crawl(viewers[who], root, variables)
        assert told == earlier, f"{who} sees in {root.name} {variables} that something was planted"
        assert_silent(ground, who, told, root, variables)
        assert all(counts == there for counts, there in counted(json.loads(told))), f"{who} can count more: {told}"


def open_questions(crawl: Crawler) -> Iterator[tuple[Root, dict[str, Any]]]:
    """Every query without an id: once as deep as the hunt goes, then with every page size, order and filter."""
    for root in deep_roots(core_schema(crawl.ask.schema)):
        yield root, whole(root)
    for root in shallow(crawl, "query"):
        for slot in root.slots:
            for value in choices(slot):
                yield root, root.filled(slot, value)


def choices(slot: Slot) -> Sequence[object]:
    """The values of a slot that has few."""
    if isinstance(slot.type, GraphQLEnumType):
        return list(slot.type.values)
    return {"Boolean": (True, False), "Int": SIZES}.get(slot.type.name, ())
