"""Enums of the models as clients see them: every value with a description."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry

from models.audiences import AudienceKind
from models.errors import ErrorCode
from models.feed import PostKind
from models.positions import LineKind
from models.profiles import BuiltIn, FieldKind, FieldVisibility
from models.session import AccessKind, Role
from resolvers.org import Occupancy
from resolvers.streams import EndReason


def shown(of: type[Enum], description: str, values: Mapping[Any, str], *, name: str | None = None) -> None:
    """Make an enum one of the API. Raises `KeyError` for a value without a description."""
    strawberry.enum(of, name=name, description=description)
    definition: Any = of.__dict__["__strawberry_definition__"]
    for value in definition.values:
        value.description = values[of[value.name]]


shown(
    Role,
    "What a person may do beyond the ordinary, everywhere or within a unit. It never gives sight.",
    {
        Role.ADMIN: "Runs the network: people, roles, settings.",
        Role.HR: "Keeps people, units and reporting lines.",
        Role.SECURITY: "Watches over access and the audit trail.",
        Role.COMMUNICATOR: "Speaks for the organisation: announcements and must-reads.",
        Role.ANALYST: "Reads figures, never of single people.",
        Role.MODERATOR: "Keeps order in what was posted to a unit; its head and deputy are moderators by rule.",
        Role.MEMBER: "Everybody of the company.",
        Role.GUEST: "Somebody from outside.",
    },
)
shown(
    AccessKind,
    "What signing in is to give.",
    {
        AccessKind.SESSION: "A cookie, for browsers.",
        AccessKind.TOKEN: "A secret in the answer, for programs.",
    },
)
shown(
    AudienceKind,
    "What an audience is about.",
    {
        AudienceKind.COMPANY: "Everybody of the company; no guests.",
        AudienceKind.UNIT: "A unit of the org chart, with those below it.",
        AudienceKind.LOCATION: "Everybody who works at a location.",
        AudienceKind.GROUP: "The members of a group.",
        AudienceKind.CONVERSATION: "The people of a conversation.",
        AudienceKind.PEOPLE: "People named one by one.",
        AudienceKind.RULE: "Whoever a rule over HR's attributes describes.",
    },
)
shown(
    LineKind,
    "What a reporting line means.",
    {
        LineKind.SOLID: "Whom one reports to: it makes the chart.",
        LineKind.DOTTED: "Whom one reports to besides. It gives no rights.",
        LineKind.PROJECT: "Whom one reports to for a project. It gives no rights.",
    },
)
shown(
    Occupancy,
    "Whether somebody holds a position.",
    {
        Occupancy.FILLED: "Somebody does.",
        Occupancy.UNDISCLOSED: "Somebody does, but the name is not given.",
        Occupancy.VACANT: "Nobody does.",
    },
)
shown(
    FieldKind,
    "What the values of a field of profiles are.",
    {
        FieldKind.TEXT: "Words, on any number of lines.",
        FieldKind.CHOICE: "One of the field's choices.",
        FieldKind.DATE: "A day.",
        FieldKind.PERSON: "A person, shown to whoever sees that person.",
        FieldKind.LINK: "An address of the web.",
        FieldKind.NUMBER: "A number.",
    },
)
shown(
    FieldVisibility,
    "Who sees a field of a person whom they see; each includes those after it.",
    {
        FieldVisibility.PUBLIC: "Whoever sees the person.",
        FieldVisibility.UNIT: "Besides, everybody of their unit, of those above it and of those below it.",
        FieldVisibility.MANAGER: "Besides, everybody above them in the solid line.",
        FieldVisibility.HR: "HR and ADMIN, of all or of their unit, and the person.",
        FieldVisibility.SELF: "The person alone.",
    },
)
shown(
    BuiltIn,
    "A field that every profile has and a company may govern.",
    {
        BuiltIn.EMAIL: "`Person.email`; always locked.",
        BuiltIn.PHONE: "`Person.phone`.",
        BuiltIn.PHOTO: "`Person.photoUrl`.",
        BuiltIn.LOCATION: "`Person.location`; always locked.",
        BuiltIn.PRONOUNS: "`Person.pronouns`.",
        BuiltIn.BIO: "`Person.bio`.",
        BuiltIn.TIME_ZONE: "`Person.timeZone`.",
        BuiltIn.LANGUAGES: "`Person.languages`.",
        BuiltIn.INTERESTS: "`Person.interests`.",
        BuiltIn.LINKS: "`Person.links`.",
        BuiltIn.WORKING_STYLE: "`Person.workingStyle`.",
        BuiltIn.WORKING_HOURS: "`Person.workingHours`.",
    },
    name="BuiltInField",
)
shown(PostKind, "What a post is meant as.", {PostKind.DISCUSSION: "Something to talk about."})
shown(
    EndReason,
    "Why a stream stops.",
    {
        EndReason.LAGGED: "The client did not keep up. Resume behind the cursor.",
        EndReason.REVOKED: "The right to it has ended.",
        EndReason.TOO_OLD: "The cursor lies before what is kept. Load the snapshot anew.",
    },
    name="StreamEndReason",
)
shown(
    ErrorCode,
    "Why something was refused; stable, with the remedy in the documentation.",
    {
        ErrorCode.BAD_USER_INPUT: "The input cannot be taken as it is.",
        ErrorCode.INVALID_CURSOR: "The cursor is not one of this list.",
        ErrorCode.NOT_FOUND: "There is no such thing, or it is not visible.",
        ErrorCode.FORBIDDEN: "Visible, but not allowed.",
        ErrorCode.CONFLICT: "It has changed since it was read.",
        ErrorCode.RATE_LIMITED: "Too often.",
        ErrorCode.UNAUTHENTICATED: "Nobody is signed in.",
        ErrorCode.BAD_CREDENTIALS: "Login and password do not belong together.",
        ErrorCode.CODE_EXPIRED: "The one-time code is mistyped, used up or expired.",
        ErrorCode.WEAK_PASSWORD: "The password is short, long or easily guessed.",
        ErrorCode.FIELD_LOCKED: "Only HR, or the system it is imported from, writes the field.",
        ErrorCode.REQUIRED: "The field must not be emptied.",
        ErrorCode.REPORTING_CYCLE: "The line would lead back to where it begins.",
        ErrorCode.UNIT_CYCLE: "The unit would lie below itself.",
        ErrorCode.OVERLAPPING_LINE: "Such a line holds already on some of the days.",
        ErrorCode.BAD_DATES: "The days are out of order, or too far away.",
        ErrorCode.NOT_EMPTY: "Something is still in it or below it.",
        ErrorCode.ORPHAN: "A person, position or unit would be left without its place.",
        ErrorCode.HEADLESS_UNIT: "A unit would be left without a head; only drafts tell so.",
        ErrorCode.UNAVAILABLE: "Something this needs is away for the moment.",
    },
)
