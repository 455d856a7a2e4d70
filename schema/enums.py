"""Enums of the models as clients see them: every value with a description."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry

from models.audiences import AudienceKind
from models.errors import ErrorCode
from models.feed import PostKind, PostStatus
from models.groups import GroupRole, JoinPolicy, MembershipSource, MembershipStatus, Visibility
from models.polls import PollResults
from models.positions import LineKind
from models.profiles import BuiltIn, FieldKind, FieldVisibility
from models.session import AccessKind, Role
from models.surveys import Anonymity, SegmentKind, SurveyKind, SurveyStatus
from resolvers.access import AccessReasonCode
from resolvers.audience_preview import AudienceWarningCode
from resolvers.org import Occupancy
from resolvers.reviewing import Verdict
from resolvers.sharing import ShareWarningCode
from resolvers.streams import EndReason
from resolvers.survey_audiences import SurveyWarningCode


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
        AudienceKind.SURVEY: "Those who were asked when a survey opened.",
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
shown(
    PostKind,
    "What a post is meant as.",
    {
        PostKind.DISCUSSION: "Something to talk about.",
        PostKind.QUESTION: "A question; its author, or who moderates there, accepts one comment as the answer.",
        PostKind.ANNOUNCEMENT: "Official word, by who may speak for its audience.",
        PostKind.ARTICLE: "A longer text, with a title.",
        PostKind.PRAISE: "Thanks to people, for all to see.",
        PostKind.IDEA: "A proposal.",
        PostKind.POLL: "A question with options to vote on.",
    },
)
shown(
    PostStatus,
    "Where a post is in its life.",
    {
        PostStatus.DRAFT: "Seen by who writes it alone.",
        PostStatus.SCHEDULED: "Will be published by itself.",
        PostStatus.IN_REVIEW: "Waits until somebody who moderates there lets it pass.",
        PostStatus.PUBLISHED: "Seen by its audience.",
        PostStatus.REMOVED: "Gone.",
    },
)
shown(
    PollResults,
    "When it is told how people have voted; never who voted what.",
    {
        PollResults.ALWAYS: "At any time.",
        PollResults.AFTER_VOTE: "Once one has voted, or the poll is closed.",
        PollResults.AFTER_CLOSE: "Once the poll is closed.",
    },
)
shown(
    Visibility,
    "Who may know of a group, and read it. Guests know only of the groups that they are in.",
    {
        Visibility.OPEN: "Everybody of the company reads it; members write.",
        Visibility.PRIVATE: "Everybody of the company knows of it; members read and write.",
        Visibility.SECRET: "Only members and those who are invited know of it.",
    },
    name="GroupVisibility",
)
shown(
    JoinPolicy,
    "How people come into a group by themselves.",
    {
        JoinPolicy.OPEN: "Whoever knows of it joins.",
        JoinPolicy.REQUEST: "One asks, and a moderator decides.",
        JoinPolicy.INVITE: "By invitation only.",
    },
    name="GroupJoinPolicy",
)
shown(
    GroupRole,
    "What a member may do in a group.",
    {
        GroupRole.OWNER: "All of it, also hand it over, archive and delete it. A group has one at least.",
        GroupRole.MODERATOR: "Lets people and posts in, and takes them out.",
        GroupRole.MEMBER: "Reads and writes.",
        GroupRole.GUEST: "Somebody from outside: reads and writes here.",
    },
)
shown(
    MembershipStatus,
    "Where a person stands towards a group.",
    {
        MembershipStatus.MEMBER: "In it.",
        MembershipStatus.REQUESTED: "Has asked to come in.",
        MembershipStatus.INVITED: "Has been invited, and has not answered yet.",
        MembershipStatus.BANNED: "Cannot come back unless a moderator lifts the ban.",
        MembershipStatus.REMOVED: "Taken out, or gone, although the group's rule would have them in it.",
    },
)
shown(
    MembershipSource,
    "How a member came in.",
    {
        MembershipSource.JOINED: "By themselves, or by an invitation that they accepted.",
        MembershipSource.ADDED: "Added by somebody.",
        MembershipSource.RULE: "By the group's rule; they go when they meet it no more.",
        MembershipSource.DEFAULT: "As everybody who joins the company does.",
    },
)
shown(
    AudienceWarningCode,
    "What one should know before posting to an audience.",
    {
        AudienceWarningCode.EMPTY: "Nobody would see it.",
        AudienceWarningCode.ONE_PERSON: "Only one person would see it.",
        AudienceWarningCode.LARGE: "A thousand people or more would see it.",
        AudienceWarningCode.INCLUDES_GUESTS: "People from outside would see it.",
        AudienceWarningCode.NOT_SECRET: "It reaches some, and the whole company may read it.",
        AudienceWarningCode.SNAPSHOT: "Those who met the rule when it was saved, whoever meets it since.",
    },
)
shown(
    AccessReasonCode,
    "Why a person sees a thing, or does not.",
    {
        AccessReasonCode.AUTHOR: "They have written it.",
        AccessReasonCode.MODERATES: "They moderate what is posted there.",
        AccessReasonCode.IN_COMPANY: "It is for the company, and they are of it.",
        AccessReasonCode.IN_UNIT: "They belong to the unit, or to one below it.",
        AccessReasonCode.IN_LOCATION: "They work at the location.",
        AccessReasonCode.IN_GROUP: "They are in the group.",
        AccessReasonCode.IN_CONVERSATION: "They are in the conversation.",
        AccessReasonCode.IN_LIST: "They are among the people named.",
        AccessReasonCode.MEETS_RULE: "They are among those whom the rule names.",
        AccessReasonCode.OPEN_GROUP: "The group is open to the company's reading.",
        AccessReasonCode.PRIVATE_GROUP: "The company knows of the group, though only members read it.",
        AccessReasonCode.INVITED: "They are invited to the group.",
        AccessReasonCode.REMOVED: "It was removed, and only its place is left.",
        AccessReasonCode.DEACTIVATED: "They have left, or have not joined yet.",
        AccessReasonCode.GUEST_OUTSIDE: "They are a guest, and it was not named to them.",
        AccessReasonCode.DRAFT: "It is a draft.",
        AccessReasonCode.SCHEDULED: "It will be published later.",
        AccessReasonCode.IN_REVIEW: "It waits until somebody lets it pass.",
        AccessReasonCode.NOT_IN_UNIT: "They belong neither to the unit nor to one below it.",
        AccessReasonCode.NOT_IN_LOCATION: "They do not work at the location.",
        AccessReasonCode.NOT_IN_GROUP: "They are not in the group.",
        AccessReasonCode.NOT_IN_CONVERSATION: "They are not in the conversation.",
        AccessReasonCode.NOT_IN_LIST: "They are not among the people named.",
        AccessReasonCode.NOT_IN_RULE: "They are not among those whom the rule names.",
    },
)
shown(
    Verdict,
    "What becomes of a post that waits to be looked at.",
    {
        Verdict.APPROVE: "It is published.",
        Verdict.RETURN: "It goes back to its author, with the reason.",
    },
    name="ReviewVerdict",
)
shown(
    ShareWarningCode,
    "What one should know of having passed a post on.",
    {ShareWarningCode.NOT_VISIBLE_TO_ALL: "Some of those it is for do not see the original."},
)
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
    SurveyKind,
    "What a survey asks for.",
    {
        SurveyKind.POLL: "An opinion on one question.",
        SurveyKind.SURVEY: "Opinions on any number of questions.",
        SurveyKind.QUIZ: "Knowledge, for points.",
    },
)
shown(
    Anonymity,
    "Who can come to know who answered what; `Survey.anonymityNotice` says it in full.",
    {
        Anonymity.NAMED: "Whoever sees the results.",
        Anonymity.CONFIDENTIAL: "Nobody through the network. It is stored: who administers the database could look.",
        Anonymity.ANONYMOUS: "Nobody: nothing is kept that leads from an answer to a person.",
    },
    name="SurveyAnonymity",
)
shown(
    SurveyStatus,
    "Where a survey is in its life. Once it has been opened it never goes back.",
    {
        SurveyStatus.DRAFT: "Seen by its author alone; nobody is asked.",
        SurveyStatus.SCHEDULED: "Will open by itself; seen by its author alone.",
        SurveyStatus.OPEN: "People are asked.",
        SurveyStatus.CLOSED: "Nobody can answer any more; what was answered is told where that may be.",
        SurveyStatus.ARCHIVED: "Closed, and put away: listed only where it is asked for.",
    },
)
shown(
    SegmentKind,
    "What answers may be told apart by, as it was on the day that the survey opened.",
    {
        SegmentKind.ORG_UNIT: "The unit, and all above it.",
        SegmentKind.LOCATION: "Where somebody works.",
        SegmentKind.TENURE: "How long somebody has been in the company, in five bands.",
        SegmentKind.LEADERSHIP: "Whether anybody reports to somebody in the solid line.",
    },
    name="SurveySegmentKind",
)
shown(
    SurveyWarningCode,
    "What one should know before asking an audience.",
    {
        SurveyWarningCode.EMPTY: "Nobody would be asked: it could not be opened.",
        SurveyWarningCode.TOO_FEW: "So few would be asked that it could not be opened, unless it is NAMED.",
        SurveyWarningCode.FEW_FOR_TEXTS: "So few would be asked that no text would ever be shown.",
        SurveyWarningCode.HIDDEN_SEGMENTS: "Some segments would be hidden.",
        SurveyWarningCode.INCLUDES_GUESTS: "People from outside would be asked.",
    },
    name="SurveyAudienceWarningCode",
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
        ErrorCode.CONFIRMATION_REQUIRED: "It has consequences, told in the message: confirm it.",
        ErrorCode.UNAVAILABLE: "Something this needs is away for the moment.",
    },
)
