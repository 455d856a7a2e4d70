"""Kinds of events, as streams choose from them."""

from __future__ import annotations

from enum import StrEnum

from subscriptions import chat, feed, groups, org, people, surveys
from subscriptions.answers import AnswerAccepted, AnswerWithdrawn
from subscriptions.events import KINDS, Event
from subscriptions.mentions import PersonMentioned
from subscriptions.pins import CommentsClosed, CommentsOpened, PostPinned, PostUnpinned
from subscriptions.polls import PollChanged, PollClosed, PollVoted
from subscriptions.reactions import ReactionAdded, ReactionRemoved
from subscriptions.readings import ReadingRequired, ReadingWaived
from subscriptions.skills import PersonSkillsChanged

Kind = type[Event]

POSTS: tuple[Kind, ...] = (
    feed.PostPublished,
    feed.PostEdited,
    feed.PostRemoved,
    PostPinned,
    PostUnpinned,
    CommentsClosed,
    CommentsOpened,
    AnswerAccepted,
    AnswerWithdrawn,
    PollVoted,
    PollChanged,
    PollClosed,
    ReadingRequired,
    ReadingWaived,
)
FEED: tuple[Kind, ...] = (
    *POSTS,
    feed.CommentAdded,
    feed.CommentEdited,
    feed.CommentRemoved,
    ReactionAdded,
    ReactionRemoved,
)
CONVERSATION: tuple[Kind, ...] = (
    chat.MessagePosted,
    chat.MessageEdited,
    chat.MessageDeleted,
    chat.MessagesExpired,
    chat.MessagePinned,
    chat.MessageReacted,
    chat.ReadPointerMoved,
    chat.ConversationStarted,
    chat.ConversationChanged,
    chat.ConversationJoined,
    chat.ConversationLeft,
)
GROUP: tuple[Kind, ...] = (
    groups.GroupCreated,
    groups.GroupChanged,
    groups.MemberJoined,
    groups.MemberLeft,
    groups.GroupRoleChanged,
)
PEOPLE: tuple[Kind, ...] = (people.PersonJoined, people.PersonChanged, people.PersonDeactivated, PersonSkillsChanged)
DIRECTORY: tuple[Kind, ...] = (*PEOPLE, org.UnitCreated, org.UnitChanged, org.UnitDissolved, org.PositionChanged)
SURVEY: tuple[Kind, ...] = (
    surveys.SurveyOpened,
    surveys.SurveyChanged,
    surveys.SurveyReminded,
    surveys.SurveyClosed,
    surveys.SurveyCounted,
)
TO_ANSWER: tuple[Kind, ...] = (surveys.SurveyOpened, surveys.SurveyReminded, surveys.SurveyClosed)
ABOUT_ONESELF: tuple[Kind, ...] = (chat.ReadPointerMoved, chat.ConversationJoined)
INBOX: tuple[Kind, ...] = (
    chat.MessagePosted,
    chat.MessageDeleted,
    chat.MessagesExpired,
    chat.ConversationMuted,
    chat.OwnReadPointerMoved,
    chat.NamedInMessage,
    PersonMentioned,
    groups.InvitedToGroup,
    *ABOUT_ONESELF,
)


class EventKind(StrEnum):
    """What automation may follow; the names are those of the events' types."""

    POST_PUBLISHED = "PostPublished"
    POST_EDITED = "PostEdited"
    POST_CHANGED = "PostChanged"
    POST_REMOVED = "PostRemoved"
    COMMENT_ADDED = "CommentAdded"
    COMMENT_EDITED = "CommentEdited"
    COMMENT_REMOVED = "CommentRemoved"
    REACTIONS_CHANGED = "ReactionsChanged"
    MENTIONED = "Mentioned"
    MESSAGE_POSTED = "MessagePosted"
    MESSAGE_EDITED = "MessageEdited"
    MESSAGE_DELETED = "MessageDeleted"
    CONVERSATION_JOINED = "ConversationJoined"
    CONVERSATION_LEFT = "ConversationLeft"
    GROUP_CHANGED = "GroupChanged"
    MEMBER_JOINED = "MemberJoined"
    MEMBER_LEFT = "MemberLeft"
    PERSON_JOINED = "PersonJoined"
    PERSON_CHANGED = "PersonChanged"
    PERSON_DEACTIVATED = "PersonDeactivated"
    UNIT_CHANGED = "UnitChanged"
    UNIT_DISSOLVED = "UnitDissolved"
    POSITION_CHANGED = "PositionChanged"
    SURVEY_OPENED = "SurveyOpened"
    SURVEY_CHANGED = "SurveyChanged"
    SURVEY_REMINDED = "SurveyReminded"
    SURVEY_CLOSED = "SurveyClosed"


_CHAT = ("Message", "Conversation")
_GROUPS = ("Group", "Member")
_ORG = ("Unit", "Position")


def _scope(kind: EventKind) -> str:
    if kind.value.startswith(_CHAT):
        return "chat:read"
    if kind.value.startswith(_GROUPS):
        return "groups:read"
    if kind.value.startswith(_ORG):
        return "org:read"
    if kind.value.startswith("Survey"):
        return "surveys:read"
    return "people:read" if kind.value.startswith("Person") else "feed:read"


SCOPES = {kind: _scope(kind) for kind in EventKind}
"""What a token must carry to follow a kind."""


def told_as(kind: EventKind) -> tuple[Kind, ...]:
    """The events of the log that clients know under this name."""
    public = {*FEED, *CONVERSATION, *GROUP, *DIRECTORY, *INBOX, *SURVEY}
    return tuple(cls for cls in KINDS.values() if cls in public and (cls.told_as or cls.__name__) == kind.value)
