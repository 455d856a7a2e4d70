"""Fields of profiles and what they say, as rows; and the secrets that they keep from outsiders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

from models.people import Person
from models.profiles import BuiltIn, FieldKind, FieldVisibility, ProfileField, ProfileValue
from models.text import line_key
from tests.factories.outsiders import ALL, STRANGERS, Outsider
from tests.factories.people import NOW

if TYPE_CHECKING:
    from tests.leaks.ground import Ground

_rank = count()


async def a_field(
    name: str = "Site",
    kind: FieldKind = FieldKind.TEXT,
    visibility: FieldVisibility = FieldVisibility.PUBLIC,
    **more: Any,
) -> ProfileField:
    """A field of the company's own, ranked behind those made before."""
    values: dict[str, Any] = {"rank": next(_rank), "created_at": NOW} | more
    return await ProfileField.create(name=name, key=line_key(name), kind=kind, visibility=visibility, **values)


async def a_rule(field: BuiltIn, visibility: FieldVisibility = FieldVisibility.PUBLIC, **more: Any) -> ProfileField:
    """What is said of a built-in field."""
    more = {"kind": FieldKind.TEXT, "created_at": NOW} | more
    key = f"built-in {field.value}"
    return await ProfileField.create(name=field.label, key=key, builtin=field.value, visibility=visibility, **more)


async def says(
    person: Person, field: ProfileField, value: str | int | date | Person, *, source: str | None = None
) -> ProfileValue:
    """What the field of a person says: a text, a number, a day or somebody."""
    said: dict[str, Any] = {"source": source, "updated_at": NOW}
    match value:
        case str():
            said["text"] = value
        case int():
            said["number"] = Decimal(value)
        case date():
            said["day"] = value
        case _:
            said["person_ref_id"] = value.id
    return await ProfileValue.create(person_id=person.id, field_id=field.id, **said)


async def settle(ground: Ground) -> None:
    """A field of every visibility that says something of an insider, who alone sees the last."""
    beyond_hr = ALL - {Outsider.ADMIN}
    hidden = {
        FieldVisibility.PUBLIC: STRANGERS,
        FieldVisibility.UNIT: beyond_hr,
        FieldVisibility.MANAGER: beyond_hr,
        FieldVisibility.HR: beyond_hr,
        FieldVisibility.SELF: ALL,
    }
    for visibility, outsiders in hidden.items():
        field = await a_field(f"About {visibility.lower()}", visibility=visibility)
        await says(ground.ida, field, ground.word(f"said{visibility.lower()}", outsiders))
    await a_rule(BuiltIn.PHONE, FieldVisibility.UNIT)
    await a_rule(BuiltIn.WORKING_STYLE, FieldVisibility.SELF)
    await a_rule(BuiltIn.INTERESTS, FieldVisibility.MANAGER)
    await Person.filter(id=ground.ida.id).update(
        phone=ground.word("phone", beyond_hr),
        working_style=ground.word("style"),
        interests=[ground.word("interest", beyond_hr)],
    )
