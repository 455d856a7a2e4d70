"""What the operations on profiles and their fields need before they can be run."""

from __future__ import annotations

from typing import Any

from models.profiles import BuiltIn, FieldKind, FieldVisibility, ProfileField
from tests.factories.ids import global_id
from tests.factories.profiles import a_field, a_rule, says
from tests.statements.arranged import Arranged, Company, arranges, hr


async def fields_of_everybody(company: Company) -> list[ProfileField]:
    """Ten fields of every kind and visibility that say something of everybody; some built-in ones are hidden."""
    made: list[ProfileField] = []
    for i, (kind, visibility) in enumerate(
        zip((*FieldKind, FieldKind.TEXT) * 2, (*FieldVisibility,) * 2, strict=False)
    ):
        choices = {"choices": ["Bern"]} if kind is FieldKind.CHOICE else {}
        made.append(await a_field(f"Field {i}", kind, visibility, **choices))
    said: dict[FieldKind, Any] = {
        FieldKind.NUMBER: 5,
        FieldKind.DATE: company.services.clock.now().date(),
        FieldKind.PERSON: company.ann,
    }
    for person in (company.ann, *company.people):
        for field in made:
            await says(person, field, said.get(field.kind, "Bern"))
    await a_rule(BuiltIn.PHONE, FieldVisibility.MANAGER, is_required=True)
    await a_rule(BuiltIn.LANGUAGES, FieldVisibility.UNIT)
    return made


@arranges("profiles/profile_details")
async def a_full_profile(company: Company) -> Arranged:
    await fields_of_everybody(company)
    return Arranged(company.viewer, {"id": global_id(company.ann)})


@arranges("profiles/people_profiles")
async def full_profiles(company: Company) -> Arranged:
    field, *_ = await fields_of_everybody(company)
    wanted = {"fields": [{"fieldId": global_id(field), "value": {"text": "Bern"}}]}
    return Arranged(company.viewer, {"filter_by": wanted, "first": company.size})


@arranges("profiles/change_profile")
async def a_change_of_everything(company: Company) -> Arranged:
    text, _, _, mentor, *_ = await fields_of_everybody(company)
    bob = global_id(company.people[0])
    fields = [
        {"fieldId": global_id(text), "value": {"text": "New"}},
        {"fieldId": global_id(mentor), "value": {"personId": bob}},
    ]
    return Arranged(company.viewer, {"person_id": global_id(company.ann), "phone": "+41 1 23", "fields": fields})


@arranges("profile_fields/profile_fields")
async def all_fields(company: Company) -> Arranged:
    await fields_of_everybody(company)
    return Arranged(company.viewer, {})


@arranges("profile_fields/create_profile_field")
async def a_new_field(company: Company) -> Arranged:
    return Arranged(await hr(company), {"name": "Site", "kind": "TEXT"})


@arranges("profile_fields/govern_built_in_field")
async def a_hidden_bio(company: Company) -> Arranged:
    return Arranged(await hr(company), {"field": "BIO", "visibility": "UNIT"})


@arranges("profile_fields/update_profile_field")
async def fewer_choices(company: Company) -> Arranged:
    _, field, *_ = await fields_of_everybody(company)
    given = {"field_id": global_id(field), "choices": ["Oslo"], "visibility": "PUBLIC", "force": True}
    return Arranged(await hr(company), given)


@arranges("profile_fields/delete_profile_field")
async def a_field_too_many(company: Company) -> Arranged:
    field, *_ = await fields_of_everybody(company)
    return Arranged(await hr(company), {"field_id": global_id(field)})


@arranges("profile_fields/restore_profile_field", "profile_fields/purge_profile_field")
async def a_deleted_field(company: Company) -> Arranged:
    field, *_ = await fields_of_everybody(company)
    await ProfileField.filter(id=field.id).update(deleted_at=company.services.clock.now())
    return Arranged(await hr(company), {"field_id": global_id(field)})
