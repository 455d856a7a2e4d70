"""Nothing that is hidden from somebody shows in any answer: no word, no id, no count, no difference."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from graphql import GraphQLEnumType
from tortoise.fields import UUIDField
from tortoise.models import Model

from auth.policies import READABLE
from auth.viewer import Viewer
from execution.documents import core_schema
from execution.ids import decode_id, encode_id
from schema.answer import ANONYMOUS
from tests.factories.outsiders import ALL, STRANGERS, Outsider
from tests.leaks.answers import counted, is_id, members_of, shape, strings
from tests.leaks.conftest import Crawler
from tests.leaks.crawling import Root, Slot, deep_roots, roots
from tests.leaks.ground import Ground
from tests.leaks.naming import may_name

SHALLOW = 1  # depth of the documents that are sent with many values
WORDS = 8  # one of so many words is tried everywhere
SIZES = (0, 1, 100)  # of pages

POLYMORPHIC = {"node", "nodes", "_entities", "orgChart", "managerId", "subjectId", "homeId", "placeIds", "markSeen"}
"""Root fields, and arguments, that take ids of more than one type, or pass over those that are of no use."""

OPEN = ANONYMOUS | {"_service"}
"""Root fields for whoever is not signed in."""

PARTIES = [(Outsider.ELSEWHERE, Outsider.HEAD), (Outsider.ADMIN, Outsider.MOVED), sorted(STRANGERS)]
"""All outsiders, in parts of which none takes long enough to be taken for one that hangs."""
assert {who for party in PARTIES for who in party} == ALL

members = pytest.mark.parametrize("who", sorted(ALL - STRANGERS), ids=lambda who: who.name.lower())


async def test_the_owner_finds_all_that_is_planted(crawl: Crawler, ground: Ground) -> None:
    await ground.plant()

    answers = [await crawl(ground.ida, root, variables) for root, variables in open_questions(crawl)]

    keys = {str(decode_id(secret.text)[1]) for secret in ground.secrets if is_id(secret.text)}
    missed = [s.text for s in ground.secrets if s.text not in keys and not any(s.text in told for told in answers)]
    assert not missed, "the hunt does not reach everything that is planted: it would not find a leak of these"


@pytest.mark.parametrize("party", PARTIES, ids=[" and ".join(who.name.lower() for who in one) for one in PARTIES])
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


async def test_what_is_hidden_looks_as_if_it_were_not_there(crawl: Crawler, ground: Ground) -> None:
    await ground.plant()
    stored = await rows(ground)

    for who in sorted(ALL):
        hidden = ground.sample(who)
        for root in shallow(crawl, "query", "mutation"):
            viewer = await ground.viewer(who)
            for slot in root.slots if is_heard(viewer, root) else ():
                unknown: dict[str, str] = {}
                for id in (id for id in hidden if may_name(slot, id)):
                    kind = decode_id(id)[0]
                    if kind not in unknown:
                        stranger = encode_id(kind, uuid.uuid4())
                        unknown[kind] = (await crawl(viewer, root, named(root, slot, stranger))).replace(stranger, "…")
                    told = await crawl(viewer, root, named(root, slot, id))
                    assert told.replace(id, "…") == unknown[kind], f"{root.name} tells {who} that {id} exists"
                    assert_silent(ground, who, told, root, [id])
        assert await rows(ground) == stored, f"{who} has changed what they cannot see"


async def test_words_and_cursors_of_insiders_tell_outsiders_nothing(crawl: Crawler, ground: Ground) -> None:
    await ground.plant()
    cursors = await cursors_of(crawl, ground)

    for who in sorted(ALL):
        viewer = await ground.viewer(who)
        words = sorted(text for text in ground.hidden_from(who) if text.isalnum() and not is_id(text))[::WORDS]
        words.append(uuid.uuid4().hex)
        for root in (root for root in shallow(crawl, "query") if is_heard(viewer, root)):
            for slot in (slot for slot in root.slots if slot.type.name == "String"):
                if slot.name in ("after", "before"):
                    for cursor in cursors:
                        assert_silent(ground, who, await crawl(viewer, root, root.filled(slot, cursor)), root, [])
                    continue
                for size in ({}, {"first": 0}) if "first" in root.arguments else ({},):
                    told = {text: await crawl(viewer, root, {**root.filled(slot, text), **size}) for text in words}
                    for text in words:
                        assert_silent(ground, who, told[text], root, [text])
                    assert len(set(told.values())) == 1, f"{root.name} {size} tells {who} which words there are: {told}"


@members
async def test_what_outsiders_may_do_tells_them_nothing(crawl: Crawler, ground: Ground, who: Outsider) -> None:
    await ground.plant()
    stored = await rows(ground)
    mine = await ids_of(crawl, ground, who)

    for root in roots(core_schema(crawl.ask.schema), "mutation"):
        for slot in root.slots:
            for id in (id for id in mine if may_name(slot, id)):
                told = await crawl(await ground.viewer(who), root, root.filled(slot, id))
                assert_silent(ground, who, told, root, [])

    assert await rows(ground) == stored, f"{who} has changed what they cannot see"


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


def is_heard(viewer: Viewer | None, root: Root) -> bool:
    """Whether the question gets past the gate. Else it is refused by its text alone, as the test above holds."""
    return viewer is not None or root.name in OPEN


def type_of_id(id: str) -> str:
    """The type that an id names; empty for what is none."""
    try:
        return decode_id(id)[0]
    except ValueError:
        return ""


def ids_in(root: Root) -> list[Slot]:
    """The places for ids."""
    return [slot for slot in root.slots if slot.type.name == "ID"]


# --- what is asked


def open_questions(crawl: Crawler) -> Iterator[tuple[Root, dict[str, Any]]]:
    """Every query without an id: once as deep as the hunt goes, then with every page size, order and filter."""
    for root in deep_roots(core_schema(crawl.ask.schema)):
        yield root, whole(root)
    for root in shallow(crawl, "query"):
        for slot in root.slots:
            for value in choices(slot):
                yield root, root.filled(slot, value)


def whole(root: Root) -> dict[str, Any]:
    """The variables of the longest page, where there are pages."""
    return {"first": max(SIZES)} if "first" in root.arguments else {}


def choices(slot: Slot) -> Sequence[object]:
    """The values of a slot that has few."""
    if isinstance(slot.type, GraphQLEnumType):
        return list(slot.type.values)
    return {"Boolean": (True, False), "Int": SIZES}.get(slot.type.name, ())


def shallow(crawl: Crawler, *kinds: str) -> Iterator[Root]:
    """The root fields, to be asked with many values."""
    for kind in kinds:
        yield from roots(core_schema(crawl.ask.schema), kind, SHALLOW)


def named(root: Root, slot: Slot, id: str) -> dict[str, Any]:
    """Variables with an id in the slot; for the federation with the type that it says itself."""
    if slot.type.name != "_Any":
        return root.filled(slot, id)
    return root.filled(slot, {"__typename": decode_id(id)[0], "id": id})


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


async def ids_of(crawl: Crawler, ground: Ground, who: Outsider) -> list[str]:
    """One visible id of every type that the outsider meets."""
    found: dict[str, str] = {}
    viewer = await ground.viewer(who)
    for root in deep_roots(core_schema(crawl.ask.schema)):
        told = json.loads(await crawl(viewer, root, whole(root)))
        found.update((decode_id(text)[0], text) for text in strings(told) if is_id(text))
    return list(found.values())


async def cursors_of(crawl: Crawler, ground: Ground) -> list[str]:
    """The last cursor of every list that an insider sees."""
    found: list[str] = []
    for root in shallow(crawl, "query"):
        told = json.loads(await crawl(ground.ida, root, root.required))
        found += [text for name, text in members_of(told) if name == "endCursor"][:1]
    return found


# --- what is told


def assert_silent(ground: Ground, who: Outsider, told: str, root: Root, given: object) -> None:
    """Nothing hidden is in the answer, except what the question held already."""
    asked = json.dumps(given)
    for text in ground.hidden_from(who):
        known = text in asked or any(is_id(id) and str(decode_id(id)[1]) == text for id in strings(given))
        assert known or text not in told, f"{root.kind} {root.name} with {given} tells {who} of {text}: {told[:2000]}"


async def rows(ground: Ground) -> list[dict[str, Any]]:
    """Everything that is stored under the ids that are hidden from all people."""
    hidden = {secret.text for secret in ground.secrets if secret.hidden_from >= ALL - {Outsider.TOKEN}}
    keys = [decode_id(text)[1] for text in hidden if is_id(text)]
    named = [model for model in READABLE if isinstance(key_of(model), UUIDField)]  # others have no global ids
    return [row for model in named for row in await model.filter(id__in=keys).order_by("id").values()]


def key_of(model: type[Model]) -> object:
    """The field that is the primary key."""
    about: Any = getattr(model, "_meta")  # Tortoise's own name for it
    return about.pk
