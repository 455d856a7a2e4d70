"""Surveys: what they are, how they are found, and what they ask."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument

from auth.policies import surveys as policy
from execution.fields import batched, column, computed, relation
from execution.rows import read
from execution.scalars import HTML, Markdown, TimeZone
from models.questionnaires import QUESTIONS_MAX, SECTIONS_MAX
from models.surveys import SEGMENTS_MAX, Anonymity, SegmentKind, SurveyKind, SurveyStatus
from resolvers import survey_answering as answering
from resolvers import surveys as reads
from resolvers.lists import PageArgs
from resolvers.markdown import to_html
from resolvers.survey_notices import anonymity_notice
from resolvers.survey_times import local_of
from resolvers.surveys import SurveyFilter
from schema.audiences import Audience
from schema.connections import Connection, connection
from schema.nodes import Info, Node, found_key, identity, node
from schema.policies import may
from schema.refs import PersonRef
from schema.survey_answering import SurveyAnswering
from schema.survey_questions import SurveyQuestion, SurveySection
from schema.survey_quizzes import SurveyQuiz
from schema.survey_results import SurveyResults
from schema.survey_series import SurveyRound


@node("surveys", description="Questions put to an audience for a time.")
class Survey(Node, SurveyAnswering, SurveyResults, SurveyQuiz, SurveyRound):
    id: strawberry.ID = identity("Survey")
    kind: SurveyKind = column("What is asked for.")
    title: str = column("One line of at most 200 characters.")
    description: Markdown = column("What it is about; at most 5,000 characters, empty if not said.", source="about")
    description_html: HTML = computed(
        lambda survey: to_html(read(survey, "about")), description="What it is about, safe to show."
    )
    status: SurveyStatus = column("Where it is in its life.")
    anonymity: Anonymity = column("Who can come to know who answered what; as it is since it opened.")
    anonymity_notice: str = computed(
        anonymity_notice,
        description="What is stored of an answer and who sees what, with the thresholds: to be shown before one"
        " answers. In English.",
    )
    minimum_group_size: int = column(
        "How many people stand behind each number that is told, at least; unless it is NAMED.", source="min_group"
    )
    minimum_text_count: int = column(
        "How many texts are shown together, at least; unless it is NAMED.", source="min_texts"
    )
    segments: list[SegmentKind] = column(
        "What answers are told apart by, the most important first, and nothing else: as of the day that it opened.",
        most=SEGMENTS_MAX,
    )
    questions: list[SurveyQuestion] = batched(
        reads.questions, description="What it asks now, in order; 1 to 200.", most=QUESTIONS_MAX, usual=20
    )
    sections: list[SurveySection] = batched(
        reads.sections, description="The sections that its questions stand in; at most 50.", most=SECTIONS_MAX, usual=3
    )
    edition: int = column("Rises when its questions change while it is open; answers are to one edition.")
    questionnaire_file: str | None = batched(
        reads.files,
        description="Its questions as a file of JSON, with what is right in a quiz, for `createSurvey` and"
        " `updateSurvey`; null unless the viewer may copy it: its author and, but for a quiz, HR and"
        " analysts.",
    )
    is_shared: bool = column("Whether all who were asked see the results once it is closed.", source="shared")
    time_zone: TimeZone = column("The zone that its times were said in.", source="zone")
    opens_at: datetime | None = column("When it opens by itself, or opened; null if that is not said.")
    opens_at_local: str | None = computed(
        lambda survey: local_of(read(survey, "opens_at"), read(survey, "zone")),
        description="The same by the clocks of its zone, such as 2026-12-24T18:00.",
    )
    closes_at: datetime | None = column("When it closes by itself; null while that is not said.")
    closes_at_local: str | None = computed(
        lambda survey: local_of(read(survey, "closes_at"), read(survey, "zone")),
        description="The same by the clocks of its zone, such as 2026-12-24T18:00.",
    )
    opened_at: datetime | None = column("When people were asked; null while nobody is.")
    closed_at: datetime | None = column("When it was closed; null while it is not.")
    refused_reason: str | None = column(
        "Why it did not open when it should have, and is a draft again; null unless so.", source="refusal"
    )
    audience: Audience | None = batched(
        reads.audiences,
        description="Whom it is for: those of them are asked who belong to it when it opens. Null for everybody but its"
        " author, and where it was deleted.",
    )
    sample_percent: int = column("How many of these are asked, chosen at random.", source="sample")
    audience_count: int | None = computed(
        lambda survey: read(survey, "invited") or None,
        description="How many people were asked when it opened; null before, and where it was held elsewhere and"
        " that is not known.",
    )
    author: PersonRef | None = relation(
        "people", key="author_id", description="Who asks; null once their account is erased, or where not visible."
    )
    created_at: datetime = column("When it was made.")
    version: int = column("Rises with each change; edits may expect one.")
    viewer_can_answer: bool = batched(
        answering.can_answer,
        description="Whether the viewer is asked, it is open, and they have not answered; of a quiz, whether they may"
        " hand in another attempt.",
    )
    viewer_can_announce: bool = may(policy.can_announce, "Whether the viewer may have a post announce it.")
    viewer_can_update: bool = may(
        policy.can_edit | policy.can_manage & policy.is_open,
        "Whether the viewer may change it: all of it before it opens, then its end, and as its author its questions.",
    )
    viewer_can_manage: bool = may(
        policy.can_manage, "Whether the viewer may remind people of it, close it and put it away."
    )
    viewer_can_see_results: bool = may(
        policy.can_see_results, "Whether the viewer is told what was answered, once that is told."
    )


@strawberry.input(
    name="SurveyFilter",
    description="What surveys must have in common; what is absent or null asks nothing. Archived ones are listed only"
    " where `status` asks for them.",
)
class SurveyFilterInput:
    status: SurveyStatus | None = strawberry.field(default=None, description="At this point of their life.")
    kind: SurveyKind | None = strawberry.field(default=None, description="Of this kind.")
    is_mine: bool | None = strawberry.field(default=None, description="Made by the viewer, or not.")
    awaits_viewer: bool | None = strawberry.field(
        default=None, description="They are open, ask the viewer, and have no answer of theirs yet; or not."
    )
    text: str | None = strawberry.field(default=None, description="With this in their title; at most 100 characters.")


@strawberry.type
class Query:
    @strawberry.field(
        description="A survey, for who is asked, its author, HR and analysts; null where there is none or it is not"
        " visible. Scope surveys:read."
    )
    async def survey(
        self, info: Info, id: Annotated[strawberry.ID, argument(description="Which one.")]
    ) -> Survey | None:
        return await reads.survey(info.context, found_key("Survey", id))

    @connection(
        description="The surveys that the viewer is asked by, has made, or answers for as HR or an analyst; the newest"
        " first. Scope surveys:read."
    )
    async def surveys(
        self,
        info: Info,
        filter_by: Annotated[SurveyFilterInput | None, argument(description="Only some of them.")] = None,
        *,
        page: PageArgs,
    ) -> Connection[Survey]:
        given = filter_by or SurveyFilterInput()
        asked = SurveyFilter(given.status, given.kind, given.is_mine, given.awaits_viewer, given.text)
        return await reads.surveys(info.context, asked, page)  # pyright: ignore[reportReturnType]
