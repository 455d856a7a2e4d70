"""Profiles: what every person says of themselves, the company's own fields, and who sees and writes them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import strawberry

from auth.policies import people as people_policy
from auth.policies import profiles as policy
from execution.fields import batched, column, relation
from execution.rows import read
from execution.scalars import URL, EmailAddress, Locale, Markdown, TimeZone
from models.profiles import FIELDS_MAX, BuiltIn
from resolvers import profile_values, sight
from resolvers import profiles as actions
from resolvers.context import Context
from resolvers.profile_filters import FieldFilter
from resolvers.profile_values import INTERESTS_MAX, LANGUAGES_MAX, LINKS_MAX, Given, Hours
from resolvers.profiles import FieldChange, ProfileChange
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.profile_fields import ProfileField
from schema.refs import PersonRef
from schema.visibility import Visibility, governed, marked, public


@strawberry.type(description="When somebody works, in their time zone.")
class WorkingHours:
    from_: str = strawberry.field(name="from", description="Such as 09:00.")
    to: str = column("Such as 17:30; past midnight where it is the earlier one.")


@strawberry.type(description="What one of the company's own fields says of somebody; all null where it is empty.")
class ProfileFieldValue:
    field: ProfileField = column("Which field.")
    text: str | None = column("Of a TEXT or CHOICE.")
    number: float | None = column("Of a NUMBER.")
    date: datetime.date | None = column("Of a DATE.", source="day")
    person: PersonRef | None = relation("people", key="person_id", description="Of a PERSON; null if not visible.")
    link: URL | None = column("Of a LINK.")


@strawberry.type(description="A field that only HR and imports write.")
class LockedField:
    name: str = column("What it is called.")
    built_in: BuiltIn | None = column("Which one of those that every profile has; null for one of the company's own.")
    profile_field: ProfileField | None = column(
        "Its definition; null where a built-in one has none.", source="definition"
    )
    source: str | None = column("The system that it is imported from; null where HR keeps it.")


def said(field: BuiltIn) -> Any:
    """What a person's row says, from however many columns."""

    def value(_: Context, row: Any) -> Any:
        return profile_values.said(row, field)

    return value


def photo_url(ctx: Context, row: Any) -> str | None:
    photo = read(row, "photo")
    if not photo or photo.startswith(("https://", "http://")):
        return photo or None
    return f"{ctx.services.public_url.rstrip('/')}/{photo.lstrip('/')}"


async def viewer_can_update(ctx: Context, rows: list[Any]) -> Sequence[bool]:
    return await sight.holds_today(ctx, people_policy.can_update, rows)


async def viewer_can_update_locked(ctx: Context, rows: list[Any]) -> Sequence[bool]:
    return await sight.holds_today(ctx, policy.can_update_locked, rows)


@strawberry.type
class PersonProfile:
    """What a person has to say: a hidden field looks as an empty one."""

    email: EmailAddress | None = governed(BuiltIn.EMAIL, description="Null if they have none.")
    phone: str | None = governed(BuiltIn.PHONE, description="Null if not said.")
    photo_url: URL | None = governed(BuiltIn.PHOTO, value=photo_url, description="Where their photo is; null if none.")
    pronouns: str | None = governed(BuiltIn.PRONOUNS, description="As they wish to be spoken of; null if not said.")
    bio: Markdown = governed(BuiltIn.BIO, empty="", description="What they say of themselves, or of their post.")
    location: str | None = governed(BuiltIn.LOCATION, description="Where they work; null if not said.")
    time_zone: TimeZone | None = governed(BuiltIn.TIME_ZONE, description="Where their day begins; null if not said.")
    working_hours: WorkingHours | None = governed(
        BuiltIn.WORKING_HOURS, value=said(BuiltIn.WORKING_HOURS), description="When they work; null if not said."
    )
    working_style: Markdown | None = governed(
        BuiltIn.WORKING_STYLE, description="How they like to work with others; null if not said."
    )
    languages: list[Locale] = governed(
        BuiltIn.LANGUAGES, empty=(), description="What they speak, in their order; at most 20.", most=LANGUAGES_MAX
    )
    interests: list[str] = governed(
        BuiltIn.INTERESTS, empty=(), description="What they care for, in their order; at most 50.", most=INTERESTS_MAX
    )
    links: list[URL] = governed(
        BuiltIn.LINKS, empty=(), description="Where else to find them, in their order; at most 20.", most=LINKS_MAX
    )
    fields: list[ProfileFieldValue] = marked(
        Visibility.GOVERNED,
        batched(
            actions.fields,
            description="The company's own fields, by rank, empty ones too; a hidden one is empty. At most 200.",
            most=FIELDS_MAX,
            usual=20,
        ),
    )
    locked_fields: list[LockedField] = marked(
        Visibility.HR,
        batched(
            actions.locked_fields,
            description="What they cannot change themselves. For themselves and HR; empty for others.",
            most=FIELDS_MAX,
            usual=20,
        ),
    )
    missing_required_fields: list[ProfileField] = marked(
        Visibility.HR,
        batched(
            actions.missing_fields,
            description="The required fields that say nothing, by rank. For themselves and, of what it sees, HR;"
            " empty for others.",
            most=FIELDS_MAX,
            usual=20,
        ),
    )
    viewer_can_update: bool = public(
        batched(viewer_can_update, description="Whether the viewer may change the profile.")
    )
    viewer_can_update_locked: bool = public(
        batched(viewer_can_update_locked, description="Whether the viewer may change locked fields, too, as HR.")
    )


@strawberry.input(one_of=True, description="What a field is to say: in the member that its kind wants.")
class ProfileValueInput:
    text: str | None = strawberry.field(
        default=strawberry.UNSET, description="For a TEXT, at most 2,000 characters, or a CHOICE."
    )
    number: float | None = strawberry.field(
        default=strawberry.UNSET, description="For a NUMBER: at most 15 digits before the point and 10 decimals."
    )
    date: datetime.date | None = strawberry.field(default=strawberry.UNSET, description="For a DATE.")
    person_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="For a PERSON.")
    link: URL | None = strawberry.field(
        default=strawberry.UNSET, description="For a LINK: http or https, at most 2,000 characters."
    )

    def given(self, path: Sequence[str | int]) -> Given:
        """As the actions take it. Raises `NotFound` for the id of something else."""
        if isinstance(self.person_id, str):
            return Given(person=key("Person", self.person_id, [*path, "personId"]))
        return Given(
            text=None if self.text is strawberry.UNSET else self.text,
            number=None if self.number is strawberry.UNSET else self.number,
            day=None if self.date is strawberry.UNSET else self.date,
            link=None if self.link is strawberry.UNSET else self.link,
        )


@strawberry.input(description="A new value for one of the company's own fields.")
class ProfileFieldInput:
    field_id: strawberry.ID = strawberry.field(description="Which field.")
    value: ProfileValueInput | None = strawberry.field(default=None, description="Absent or null empties it.")


@strawberry.input(description="What one of the company's own fields must say to the viewer; hidden is as empty.")
class ProfileFieldFilterInput:
    field_id: strawberry.ID = strawberry.field(description="Which field.")
    value: ProfileValueInput = strawberry.field(
        description="A TEXT holds it somewhere, whatever its case; all else is exactly this."
    )


@strawberry.input(description="When somebody works, in their time zone.")
class WorkingHoursInput:
    from_: str = strawberry.field(name="from", description="Such as 09:00.")
    to: str = strawberry.field(description="Such as 17:30; past midnight where it is the earlier one.")


@strawberry.input(
    description="What to change of a profile: absent fields stay, null empties. Locked fields are HR's, required ones"
    " cannot be emptied."
)
class UpdateProfileInput:
    person_id: strawberry.ID = strawberry.field(description="Whose profile.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the profile is at another version."
    )
    bio: strawberry.Maybe[Markdown | None] = strawberry.field(description="At most 20,000 characters.")
    pronouns: strawberry.Maybe[str | None] = strawberry.field(description="At most 50 characters.")
    phone: strawberry.Maybe[str | None] = strawberry.field(
        description="Such as +41 44 668 18 00; at most 50 characters."
    )
    time_zone: strawberry.Maybe[TimeZone | None] = strawberry.field(description="Such as Europe/Berlin.")
    working_hours: strawberry.Maybe[WorkingHoursInput | None] = strawberry.field(description="In that time zone.")
    working_style: strawberry.Maybe[Markdown | None] = strawberry.field(description="At most 2,000 characters.")
    languages: strawberry.Maybe[list[Locale] | None] = strawberry.field(description="All of them; at most 20.")
    interests: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="All of them; at most 50 of at most 100 characters."
    )
    links: strawberry.Maybe[list[URL] | None] = strawberry.field(
        description="All of them, http or https; at most 20 of at most 2,000 characters."
    )
    fields: list[ProfileFieldInput] | None = strawberry.field(
        default=None, description="The company's own; those not named stay. Each once, at most 200."
    )

    def change(self) -> ProfileChange:
        """As the action takes it. Raises `NotFound` for an id of something else."""
        values = {name: some.value for name in CHANGEABLE if (some := getattr(self, name.value)) is not None}
        if hours := values.get(BuiltIn.WORKING_HOURS):
            values[BuiltIn.WORKING_HOURS] = Hours(hours.from_, hours.to)
        return ProfileChange(values, [_field_change(one, ["fields", i]) for i, one in enumerate(self.fields or ())])


CHANGEABLE = (
    BuiltIn.BIO,
    BuiltIn.PRONOUNS,
    BuiltIn.PHONE,
    BuiltIn.TIME_ZONE,
    BuiltIn.WORKING_HOURS,
    BuiltIn.WORKING_STYLE,
    BuiltIn.LANGUAGES,
    BuiltIn.INTERESTS,
    BuiltIn.LINKS,
)


@strawberry.type(description="What became of `updateProfile`.")
class UpdateProfilePayload:
    person: PersonRef | None = strawberry.field(default=None, description="The person as they are now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Change a profile: one's own, or as HR. Scope people:write.")
    @answers(UpdateProfilePayload)
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> UpdateProfilePayload:
        id = key("Person", input.person_id, ["personId"])
        person = await actions.update_profile(info.context, id, input.change(), expected_version=input.expected_version)
        return UpdateProfilePayload(person=person)  # pyright: ignore[reportArgumentType]


def field_filters(given: Sequence[ProfileFieldFilterInput] | None) -> tuple[FieldFilter, ...]:
    """As the directory takes them. Raises `NotFound` for an id of something else."""
    filters: list[FieldFilter] = []
    for i, one in enumerate(given or ()):
        path = ["filterBy", "fields", i]
        id = key("ProfileField", one.field_id, [*path, "fieldId"])
        filters.append(FieldFilter(id, one.value.given([*path, "value"])))
    return tuple(filters)


def _field_change(given: ProfileFieldInput, path: Sequence[str | int]) -> FieldChange:
    value = given.value.given([*path, "value"]) if given.value else None
    return FieldChange(key("ProfileField", given.field_id, [*path, "fieldId"]), value)
