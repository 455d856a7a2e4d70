"""Enums of the models as clients see them: every value with a description."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry

from models.audiences import AudienceKind
from models.errors import ErrorCode
from models.feed import PostKind
from models.session import AccessKind, Role
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
        ErrorCode.REPORTING_CYCLE: "The line would lead back to where it begins.",
        ErrorCode.UNAVAILABLE: "Something this needs is away for the moment.",
    },
)
