"""Acting on groups by operations, and what is stored of them."""

from __future__ import annotations

from typing import Any

from models import db
from models.groups import Group, Membership
from models.people import Person
from tests.conftest import Ask
from tests.factories.ids import global_id

STORED = """
SELECT p.name, m.role, m.status, EXISTS (
    SELECT 1 FROM audience_member a WHERE a.person_id = m.person_id AND a.audience_id = m.group_id AND NOT a.listed
) AS reads
FROM membership m JOIN person p ON p.id = m.person_id WHERE m.group_id = $1 ORDER BY m.joined_at, m.id
"""
KINDS = "SELECT kind FROM event WHERE subject_id = $1 ORDER BY generation, xid, id"


async def act(ask: Ask, who: Any, operation: str, group: Group | str, **more: Any) -> dict[str, Any]:
    """The payload of a mutation on a group; people among the arguments stand for their ids."""
    given = {name: global_id(value) if isinstance(value, Person) else value for name, value in more.items()}
    if people := given.pop("people", None):
        given["person_ids"] = [one if isinstance(one, str) else global_id(one) for one in people]
    id = group if isinstance(group, str) else global_id(group)
    [payload] = (await ask(who, operation, group_id=id, **given)).values()
    return payload


def codes(payload: dict[str, Any]) -> list[str]:
    """Why a mutation was refused."""
    return [error["code"] for error in payload["errors"]]


def paths(payload: dict[str, Any]) -> list[list[str] | None]:
    """What of the input was at fault."""
    return [error["path"] for error in payload["errors"]]


def says(payload: dict[str, Any]) -> str:
    """The sentence of the one refusal."""
    [error] = payload["errors"]
    return error["message"]


async def stored(group: Group) -> dict[str, tuple[str, str, bool]]:
    """By name, what people are to a group, and whether they are in its audience."""
    return {row["name"]: (row["role"], row["status"], row["reads"]) for row in await db.rows(STORED, group.id)}


async def inside(group: Group) -> list[str]:
    """The names of the members, those who came first first; each is in the group's audience, and nobody else is."""
    found = await stored(group)
    members = [name for name, (_, status, _) in found.items() if status == "MEMBER"]
    assert members == [name for name, (_, _, reads) in found.items() if reads]
    counted = await db.value("SELECT count(*) FROM audience_member WHERE audience_id = $1", group.id)
    assert counted == len(members)
    return members


async def told(group: Group) -> list[str]:
    """The kinds of what was told of a group, in order."""
    return [row["kind"] for row in await db.rows(KINDS, group.id)]


async def epoch(person: Person) -> int:
    """How often somebody's rights have changed."""
    return (await Person.get(id=person.id)).auth_epoch


async def standing(group: Group, person: Person) -> Membership | None:
    """Where somebody stands towards a group."""
    return await Membership.get_or_none(group_id=group.id, person_id=person.id)
