"""Inviting guests by operations, and what is stored of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.groups import Group
from models.people import Person
from tests.conftest import Ask
from tests.factories.ids import global_id

EMAIL = "gil@partner.example"


def in_days(ask: Ask, days: float) -> str:
    """The moment so many days from now."""
    return (ask.services.clock.now() + timedelta(days=days)).isoformat()


async def invited(ask: Ask, who: Any, *groups: Group | str, days: float = 30, **more: Any) -> dict[str, Any]:
    """The payload of inviting Gil into these groups."""
    ids = [one if isinstance(one, str) else global_id(one) for one in groups]
    given = {"email": EMAIL, "name": "Gil", "group_ids": ids, "expires_at": in_days(ask, days)} | more
    return (await ask(who, "guests/invite_guest", **given))["inviteGuest"]


async def extended(ask: Ask, who: Any, guest: Person, days: float) -> dict[str, Any]:
    """The payload of having a guest stay until so many days from now."""
    given = {"person_id": global_id(guest), "expires_at": in_days(ask, days)}
    return (await ask(who, "guests/extend_guest", **given))["extendGuest"]


async def removed(ask: Ask, who: Any, guest: Person) -> dict[str, Any]:
    """The payload of taking a guest out."""
    return (await ask(who, "guests/remove_guest", person_id=global_id(guest)))["removeGuest"]


async def gil() -> Person:
    """The guest as stored."""
    return await Person.get(email=EMAIL)
