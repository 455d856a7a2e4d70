"""What all hunts share: who hunts, what is asked with which values, and that an answer is silent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tortoise.fields import UUIDField
from tortoise.models import Model

from auth.policies import READABLE
from auth.viewer import Viewer
from execution.documents import core_schema
from execution.ids import decode_id
from schema.answer import ANONYMOUS
from tests.factories.outsiders import ALL, STRANGERS, Outsider
from tests.leaks.answers import is_id, strings
from tests.leaks.conftest import Crawler
from tests.leaks.crawling import Root, Slot, deep_roots, roots
from tests.leaks.ground import Ground

SHALLOW = 1  # depth of the documents that are sent with many values
PAGE = 100  # the longest

OPEN = ANONYMOUS | {"_service"}
"""Root fields for whoever is not signed in."""

PARTIES = [(Outsider.ELSEWHERE, Outsider.HEAD), (Outsider.ADMIN, Outsider.MOVED), sorted(STRANGERS)]
"""All outsiders, in parts of which none takes long enough to be taken for one that hangs."""
assert {who for party in PARTIES for who in party} == ALL

parties = pytest.mark.parametrize(
    "party", PARTIES, ids=[" and ".join(who.name.lower() for who in one) for one in PARTIES]
)


def is_heard(viewer: Viewer | None, root: Root) -> bool:
    """Whether the question gets past the gate. Else it is refused by its text alone: `test_unusable_ids` holds that."""
    return viewer is not None or root.name in OPEN


def shallow(crawl: Crawler, *kinds: str) -> Iterator[Root]:
    """The root fields, to be asked with many values."""
    for kind in kinds:
        yield from roots(core_schema(crawl.ask.schema), kind, SHALLOW)


def whole(root: Root) -> dict[str, Any]:
    """The variables of the longest page, where there are pages."""
    return {"first": PAGE} if "first" in root.arguments else {}


def named(root: Root, slot: Slot, id: str) -> dict[str, Any]:
    """Variables with an id in the slot; for the federation with the type that it says itself."""
    if slot.type.name != "_Any":
        return root.filled(slot, id)
    return root.filled(slot, {"__typename": decode_id(id)[0], "id": id})


def ids_in(root: Root) -> list[Slot]:
    """The places for ids."""
    return [slot for slot in root.slots if slot.type.name == "ID"]


async def ids_of(crawl: Crawler, ground: Ground, who: Outsider) -> list[str]:
    """One visible id of every type that the outsider meets."""
    found: dict[str, str] = {}
    viewer = await ground.viewer(who)
    for root in deep_roots(core_schema(crawl.ask.schema)):
        told = json.loads(await crawl(viewer, root, whole(root)))
        found.update((decode_id(text)[0], text) for text in strings(told) if is_id(text))
    return list(found.values())


def assert_silent(ground: Ground, who: Outsider, told: str, root: Root, given: object) -> None:
    """Nothing hidden is in the answer, except what the question held already."""
    asked = json.dumps(given)
    keys = {str(decode_id(id)[1]) for id in strings(given) if is_id(id)}
    for text in (text for text in ground.hidden_from(who) if text in told):
        known = text in asked or text in keys
        assert known, f"{root.kind} {root.name} with {given} tells {who} of {text}: {told[:2000]}"


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
