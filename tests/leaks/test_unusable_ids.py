"""Ids that are of no use are all refused alike, and who is not signed in is refused whatever they ask."""

from __future__ import annotations

import json
import uuid

import pytest

from execution.ids import decode_id, encode_id
from tests.factories.outsiders import Outsider
from tests.leaks.answers import shape
from tests.leaks.conftest import Crawler
from tests.leaks.ground import Ground
from tests.leaks.hunting import OPEN, ids_in, ids_of, named, shallow

POLYMORPHIC = {"node", "nodes", "_entities", "orgChart", "managerId", "subjectId", "homeId", "placeIds", "markSeen"}
"""Root fields, and arguments, that take ids of more than one type, or pass over those that are of no use."""


MALFORMED = [
    "",
    "x",
    "1.5",
    "!" * 30,
    "- - - - - - - - - - - - - - -",
    "none",
    "\u00e9" * 30,
    "A" * 200,
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
    "' OR 1=1 --",
    "%",
    "null",
]


async def test_ids_of_every_unusable_sort_have_one_answer(crawl: Crawler, ground: Ground) -> None:
    await ground.plant()
    who = Outsider.ELSEWHERE
    types = {decode_id(id)[0] for id in ground.sample(who)} | {"Person", "OrgUnit", "Nothing"}
    unusable = [*(encode_id(name, uuid.uuid4()) for name in types), *ground.sample(who), *MALFORMED]

    for root in shallow(crawl, "query", "mutation"):
        viewer = await ground.viewer(who)
        for slot in ids_in(root):
            shapes = {id: shape(await crawl(viewer, root, named(root, slot, id)), id) for id in unusable}
            # Where another id is asked for besides, either of the two is found wanting first: by what is written, never
            # by what is there.
            others = len(ids_in(root)) > 1
            for like in {type_of_id(id) for id in unusable} if others else {None}:
                told = {id: told for id, told in shapes.items() if like is None or type_of_id(id) == like}
                assert len(set(told.values())) == 1, f"{root.name} answers differently: {told}"


async def test_ids_of_another_type_are_not_found(crawl: Crawler, ground: Ground) -> None:
    who = Outsider.ELSEWHERE
    elsa = await ground.viewer(who)
    mine = await ids_of(crawl, ground, who)

    for root in shallow(crawl, "query", "mutation"):
        for slot in ids_in(root):
            if POLYMORPHIC & {root.name, slot.name}:
                continue
            unknown = encode_id("Nothing", uuid.uuid4())
            refused = shape(await crawl(elsa, root, named(root, slot, unknown)), unknown)
            taken = {
                decode_id(id)[0] for id in mine if shape(await crawl(elsa, root, named(root, slot, id)), id) != refused
            }
            assert len(taken) <= 1, f"{root.name} takes ids of {taken} for {slot.name}"


@pytest.mark.parametrize("who", [Outsider.ANONYMOUS, Outsider.LEFT], ids=["anonymous", "left"])
async def test_who_is_not_signed_in_may_only_sign_in(crawl: Crawler, ground: Ground, who: Outsider) -> None:
    for root in shallow(crawl, "query", "mutation"):
        told = json.loads(await crawl(await ground.viewer(who), root, root.required))
        if root.name not in OPEN:
            assert [error["extensions"]["code"] for error in told["errors"]] == ["UNAUTHENTICATED"]
            assert "data" not in told


def type_of_id(id: str) -> str:
    """The type that an id names; empty for what is none."""
    try:
        return decode_id(id)[0]
    except ValueError:
        return ""
