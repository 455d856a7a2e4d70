"""Which events of the log make which documents out of date."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.audiences import COMPANY
from models.profiles import FieldVisibility
from search.sources import COMMENTS, FIRST, GROUPS, MESSAGES, OF_POST, PEOPLE, POSTS, TAGS, Source
from subscriptions import (
    answers,
    chat,
    delegates,
    experts,
    feed,
    follows,
    groups,
    guests,
    mentions,
    org,
    people,
    pins,
    polls,
    profiles,
    reactions,
    readings,
    rules,
    search,
    session,
    skills,
    surveys,
    tags,
)
from subscriptions.events import Event


@dataclass(frozen=True, slots=True)
class One:
    """The document of one row."""

    source: Source
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Many:
    """The documents that a walk finds from `start`, behind `after`."""

    walk: str
    start: uuid.UUID
    after: uuid.UUID = FIRST


@dataclass(frozen=True, slots=True)
class Purged:
    """All that was said in an audience that is no more."""

    audience: uuid.UUID


Outdated = One | Many | Purged
Effect = Callable[[Any], Iterator[Outdated]]


def _person(event: Any) -> Iterator[Outdated]:
    yield One(PEOPLE, event.person)


def _field(event: Any) -> Iterator[Outdated]:
    """Every document tells by its edition which fields were public. A field may have been so before it was defined."""
    if event.old is None or _is_public(event.old) != _is_public(event.new):
        yield Many("everybody", COMPANY)


def _is_public(told: profiles.Said | None) -> bool:
    return told is not None and told["visibility"] == FieldVisibility.PUBLIC and told["deleted_at"] is None


def _unit(event: Any) -> Iterator[Outdated]:
    yield Many("people of unit", event.unit)


def _post(event: Any) -> Iterator[Outdated]:
    """Comments are found where their post is, and by its tags."""
    yield One(POSTS, event.post)
    for walk in OF_POST:
        yield Many(walk, event.post)


def _poll(event: Any) -> Iterator[Outdated]:
    yield One(POSTS, event.post)


def _comment(event: Any) -> Iterator[Outdated]:
    yield One(COMMENTS, event.comment)


def _answer(event: Any) -> Iterator[Outdated]:
    """Which comment was the answer until now is not told: all of the post's are looked at."""
    yield Many("comments of post", event.post)


def _message(event: Any) -> Iterator[Outdated]:
    yield One(MESSAGES, event.message)


def _forgotten_messages(event: Any) -> Iterator[Outdated]:
    for message in event.messages:
        yield One(MESSAGES, uuid.UUID(message))


def _group(event: Any) -> Iterator[Outdated]:
    yield One(GROUPS, event.group)


def _read_group(event: Any) -> Iterator[Outdated]:
    yield Many("posts of audience", event.group)


def _purged_group(event: Any) -> Iterator[Outdated]:
    yield One(GROUPS, event.group)
    yield Purged(event.group)


def _tag(event: Any) -> Iterator[Outdated]:
    yield One(TAGS, event.tag)


def _changed_tag(event: Any) -> Iterator[Outdated]:
    """Posts are found by the names of their tags. Another tag may have become part of it without a word."""
    yield One(TAGS, event.tag)
    yield Many("merged into tag", event.tag)
    yield Many("posts of tag", event.tag)


def _rest(event: Any) -> Iterator[Outdated]:
    yield Many(event.walk, event.start, event.after)


CHANGES: Mapping[type[Event], Effect] = {
    people.PersonJoined: _person,
    people.PersonChanged: _person,
    people.PersonDeactivated: _person,
    skills.PersonSkillsChanged: _person,
    skills.PersonSkillsRenamed: _person,
    profiles.ProfileUncovered: _person,
    profiles.ProfileFieldChanged: _field,
    org.UnitCreated: _unit,
    org.UnitChanged: _unit,
    org.UnitDissolved: _unit,
    feed.PostPublished: _post,
    feed.PostEdited: _post,
    feed.PostRemoved: _post,
    feed.CommentAdded: _comment,
    feed.CommentEdited: _comment,
    feed.CommentRemoved: _comment,
    answers.AnswerAccepted: _answer,
    answers.AnswerWithdrawn: _answer,
    polls.PollChanged: _poll,
    chat.MessagePosted: _message,
    chat.MessageEdited: _message,
    chat.MessageDeleted: _message,
    chat.MessagesForgotten: _forgotten_messages,
    groups.GroupCreated: _group,
    groups.GroupChanged: _group,
    groups.GroupReadersChanged: _read_group,
    groups.GroupPurged: _purged_group,
    tags.TagAdded: _tag,
    tags.TagChanged: _changed_tag,
    search.DocumentsOutdated: _rest,
}
"""Events that change documents, and which."""

UNCHANGING: frozenset[type[Event]] = frozenset(
    {
        *(chat.ConversationStarted, chat.ConversationChanged, chat.ConversationJoined, chat.ConversationLeft),
        *(chat.MessagesExpired, chat.MessagePinned, chat.MessageReacted, chat.ReadPointerMoved),
        *(chat.OwnReadPointerMoved, chat.ConversationMuted, chat.ChatSettingsChanged, chat.NamedInMessage),
        *(delegates.DelegateAllowed, delegates.DelegateWithdrawn),
        experts.ExpertSuggestionsChanged,
        *(feed.PostSubmitted, feed.PostReturned, feed.UnitModerationSet),
        *(follows.PersonFollowed, follows.PersonUnfollowed, follows.PersonBlocked, follows.PersonUnblocked),
        *(groups.MemberJoined, groups.MemberLeft, groups.GroupRoleChanged, groups.JoinRequested),
        *(groups.JoinRequestDeclined, groups.JoinRequestWithdrawn, groups.InvitedToGroup, groups.InvitationDeclined),
        *(groups.InvitationWithdrawn, groups.InvitationExpired, groups.BannedFromGroup, groups.GroupBanLifted),
        guests.GuestStayChanged,
        mentions.PersonMentioned,
        *(org.PositionChanged, org.HrChanged),
        *(pins.PostPinned, pins.PostUnpinned, pins.CommentsClosed, pins.CommentsOpened),
        *(polls.PollVoted, polls.PollClosed),
        profiles.ProfileCorrected,
        *(reactions.ReactionAdded, reactions.ReactionRemoved),
        *(readings.ReadingRequired, readings.ReadingWaived, readings.PostAcknowledged, readings.ReadingDue),
        *(rules.AudienceRuleCreated, rules.AudienceRuleChanged, rules.AudienceRuleDeleted),
        *(session.AccessRevoked, session.RightsChanged),
        *(skills.SkillEndorsed, skills.EndorsementWithdrawn, skills.SkillChanged, skills.SkillAdded),
        *(skills.SkillRenamed, skills.SkillSynonymAdded, skills.SkillSynonymRemoved, skills.SkillMerged),
        *(surveys.SurveyCreated, surveys.SurveyEdited, surveys.SurveyDeleted, surveys.SurveyOpened),
        *(surveys.SurveyChanged, surveys.SurveyReminded, surveys.SurveyClosed, surveys.SurveyCounted),
        *(surveys.SurveyExported, surveys.SurveySeriesChanged),
        *(tags.TagFollowed, tags.TagUnfollowed, tags.TagRenamed, tags.TagSynonymAdded, tags.TagSynonymRemoved),
        *(tags.TagRuled, tags.TagMerged),
    }
)
"""Events that change none: what they mean for documents, if anything, is told by another one beside them."""
