"""What happens to rules, and to those whom they bring into groups."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import asyncpg

from subscriptions.events import Event, audience_stream
from subscriptions.groups import MemberJoined, MemberLeft


@dataclass(frozen=True, slots=True)
class RuleEvent(Event):
    """Audit: something about a rule, in the order of its audience. Nobody's screen shows it."""

    rule: uuid.UUID

    @property
    def stream(self) -> str:
        return audience_stream(self.rule)

    @property
    def subject(self) -> uuid.UUID:
        return self.rule


@dataclass(frozen=True, slots=True)
class AudienceRuleCreated(RuleEvent):
    """A rule was made, or bound to a group."""


@dataclass(frozen=True, slots=True)
class AudienceRuleChanged(RuleEvent):
    """A rule has another name or other conditions."""


@dataclass(frozen=True, slots=True)
class AudienceRuleDeleted(RuleEvent):
    """A rule is gone; of a group, whoever is in it stays."""


def memberships_told(changes: Iterable[asyncpg.Record]) -> Iterator[Event]:
    """What is to be told of groups whose members have followed a rule: `models.rules.Changes`."""
    for one in changes:
        if one["is_group"]:
            kind = MemberJoined if one["is_in"] else MemberLeft
            yield kind(one["audience_id"], one["person_id"])
