"""Surveys and pulses of a world: put to every audience, in every state, to people who may be gone or guests by now."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from hypothesis import strategies as st

from models.audiences import Audience, AudienceKind, AudienceMember
from models.surveys import Anonymity, Survey, SurveyKind, SurveySeries, SurveyStatus
from tests.factories.people import NOW

UNOPENED = (SurveyStatus.DRAFT, SurveyStatus.SCHEDULED)
OVER = (SurveyStatus.CLOSED, SurveyStatus.ARCHIVED)
CROWDS = 7  # so many that every crowd is asked in every state


@dataclass(frozen=True)
class Inquiry:
    """A survey; `asked` were written down when it opened, and none are before."""

    id: uuid.UUID
    target: uuid.UUID
    author: uuid.UUID | None
    status: SurveyStatus
    shared: bool
    named: bool
    asked: frozenset[uuid.UUID]


@dataclass(frozen=True)
class Pulse:
    """A survey that is asked again and again."""

    id: uuid.UUID
    target: uuid.UUID
    author: uuid.UUID | None
    template: uuid.UUID


@st.composite
def inquiries(
    draw: st.DrawFn,
    id: Callable[[int], uuid.UUID],
    people: Sequence[uuid.UUID],
    targets: Sequence[uuid.UUID],
    authors: Sequence[uuid.UUID | None],
) -> tuple[Inquiry, ...]:
    """A survey of every author in every state for each of `targets`; some of `people` are asked."""
    some = st.frozensets(st.sampled_from(people), max_size=4)
    crowds = draw(st.lists(some, min_size=CROWDS, max_size=CROWDS))
    return tuple(
        Inquiry(
            id(i),
            target,
            author,
            status,
            shared=i % 2 == 0,
            named=i % 3 == 0,
            asked=frozenset() if status in UNOPENED else crowds[i % CROWDS],
        )
        for i, (target, author, status) in enumerate(product(targets, authors, SurveyStatus))
    )


def pulses(id: Callable[[int], uuid.UUID], found: Sequence[Inquiry]) -> tuple[Pulse, ...]:
    """One of every author for each target, by their drafts."""
    drafts = [one for one in found if one.status is SurveyStatus.DRAFT]
    return tuple(Pulse(id(i), one.target, one.author, one.id) for i, one in enumerate(drafts))


async def ask(found: Sequence[Inquiry], series: Sequence[Pulse]) -> None:
    """Store them."""
    await Audience.bulk_create(Audience(id=one.id, kind=AudienceKind.SURVEY) for one in found)
    await AudienceMember.bulk_create(
        AudienceMember(person_id=person, audience_id=one.id, listed=True) for one in found for person in one.asked
    )
    await Survey.bulk_create(
        Survey(
            id=one.id,
            kind=SurveyKind.SURVEY,
            title="x",
            status=one.status,
            anonymity=Anonymity.NAMED if one.named else Anonymity.ANONYMOUS,
            author_id=one.author,
            target_id=one.target,
            shared=one.shared,
            opened_at=None if one.status in UNOPENED else NOW,
            opened_on=None if one.status in UNOPENED else NOW.date(),
            closed_at=NOW if one.status in OVER else None,
            created_at=NOW,
        )
        for one in found
    )
    await SurveySeries.bulk_create(
        SurveySeries(
            id=one.id,
            title="x",
            template_id=one.template,
            target_id=one.target,
            rule="FREQ=MONTHLY",
            starts_at=NOW,
            zone="UTC",
            open_hours=24,
            salt=b"x",
            author_id=one.author,
            created_at=NOW,
        )
        for one in series
    )
