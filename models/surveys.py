"""Surveys: questions put to an audience for a time, what is kept of the answers, and what is told of them.

Of an anonymous survey nothing leads from an answer to whoever gave it: a ballot is spent by a person and holds the
sealed answers until they are moved, at least `min_group` at once and shuffled, to where no person is. `docs/surveys.md`
tells the whole way.
"""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import cast

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

TITLE_MAX = 200  # characters
ABOUT_MAX = 5_000  # characters
MIN_GROUP, MIN_TEXTS, MIN_FLOOR = 5, 10, 3  # people behind a number, texts shown together; never fewer than the floor
SEGMENTS_MAX = 4  # declared by one survey
CROSSED_MAX = 2  # of them asked for together


class SurveyKind(StrEnum):
    """What is asked for: opinions on one question or on many, or knowledge."""

    POLL = "POLL"
    SURVEY = "SURVEY"
    QUIZ = "QUIZ"


class Anonymity(StrEnum):
    """Who can come to know who answered what.

    `NAMED`: whoever sees the results. `CONFIDENTIAL`: nobody through Atrium; it is stored, and an administrator of the
    database could look. `ANONYMOUS`: nobody, since it is not stored.
    """

    NAMED = "NAMED"
    CONFIDENTIAL = "CONFIDENTIAL"
    ANONYMOUS = "ANONYMOUS"


class SurveyStatus(StrEnum):
    """Where a survey is in its life; it never goes back."""

    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    ARCHIVED = "ARCHIVED"


class SegmentKind(StrEnum):
    """What answers may be told apart by: as it was on the day that the survey opened."""

    ORG_UNIT = "ORG_UNIT"
    LOCATION = "LOCATION"
    TENURE = "TENURE"
    LEADERSHIP = "LEADERSHIP"


class Scoring(StrEnum):
    """Which of several attempts at a quiz counts."""

    BEST = "BEST"
    LAST = "LAST"
    AVERAGE = "AVERAGE"


class Feedback(StrEnum):
    """When whoever took a quiz is told what was right."""

    AFTER_ATTEMPT = "AFTER_ATTEMPT"
    AFTER_CLOSE = "AFTER_CLOSE"
    NEVER = "NEVER"


class Survey(Model):
    """A survey, whose audience of invited people has its key: they are written down when it opens.

    `target_id` is the audience that they are drawn from, `target_people` of it where it is a list, `excluded` audiences
    and people of which nobody is asked, `sample` the percentage that is. `edition` numbers the questionnaire that is
    answered now. `counted_at`: since when the results stand. Keys are random: they tell no order.
    """

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = fields.CharEnumField(SurveyKind, max_length=16)
    title = fields.CharField(max_length=TITLE_MAX)
    about = fields.TextField(default="")
    status = fields.CharEnumField(SurveyStatus, max_length=16, default=SurveyStatus.DRAFT)
    anonymity = fields.CharEnumField(Anonymity, max_length=16)
    author_id = fields.UUIDField(null=True)
    target_id = fields.UUIDField()
    excluded: fields.Field[list[uuid.UUID]] = ArrayField(element_type="UUID", default=list)
    sample: fields.Field[int] = fields.SmallIntField(default=100)  # percent
    segments: fields.Field[list[str]] = ArrayField(element_type="TEXT", default=list)
    min_group: fields.Field[int] = fields.SmallIntField(default=MIN_GROUP)
    min_texts: fields.Field[int] = fields.SmallIntField(default=MIN_TEXTS)
    shared = fields.BooleanField(default=False)  # those who are asked see the results once it is closed
    edition = fields.IntField(default=1)
    zone = fields.CharField(max_length=60, default="UTC")
    opens_at = fields.DatetimeField(null=True)
    closes_at = fields.DatetimeField(null=True)
    opened_at = fields.DatetimeField(null=True)
    opened_on = fields.DateField(null=True)
    closed_at = fields.DatetimeField(null=True)
    counted_at = fields.DatetimeField(null=True)
    reminded_at = fields.DatetimeField(null=True)
    refusal = cast("fields.Field[str | None]", fields.TextField(null=True))  # why it did not open by itself
    invited = fields.IntField(default=0)
    answered = fields.IntField(null=True)  # when it was closed
    time_limit = fields.IntField(null=True)  # seconds for an attempt
    attempts: fields.Field[int] = fields.SmallIntField(default=1)
    scoring = fields.CharEnumField(Scoring, max_length=16, default=Scoring.BEST)
    feedback = fields.CharEnumField(Feedback, max_length=16, default=Feedback.AFTER_CLOSE)
    series_id = fields.UUIDField(null=True)
    round = fields.IntField(null=True)
    client_id = fields.CharField(max_length=100, null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "survey"
        unique_together = (("author_id", "client_id"), ("series_id", "round"))


class SurveyEdition(Model):
    """A questionnaire as it was asked from some time on: what `models.questionnaires` reads.

    Once answered it is never changed.
    """

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    survey_id = fields.UUIDField()
    edition = fields.IntField()
    questionnaire: fields.Field[dict[str, object]] = fields.JSONField()

    class Meta(Model.Meta):
        table = "survey_edition"
        unique_together = (("survey_id", "edition"),)


class SurveyPlace(Model):
    """Somebody who is asked, and the block of people that their answers are counted with.

    Blocks of an anonymous or confidential survey hold at least `min_group` people each. Gone once an anonymous survey
    is counted.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    survey_id = fields.UUIDField()
    person_id = fields.UUIDField(db_index=True)
    block = fields.IntField()

    class Meta(Model.Meta):
        table = "survey_place"
        unique_together = (("survey_id", "person_id"),)


class SurveySegment(Model):
    """A part of those who are asked that results may be asked for, of one kind or two crossed.

    `blocks` make it up; null where it is not made of whole blocks, and so never told apart. `population` people.
    `parent`: the value of the unit above, of a unit. `value` is a unit's key, a location, or a band.
    """

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    survey_id = fields.UUIDField()
    kind = fields.CharEnumField(SegmentKind, max_length=16)
    value = fields.CharField(max_length=200)
    other_kind = fields.CharEnumField(SegmentKind, max_length=16, null=True)
    other_value = fields.CharField(max_length=200, null=True)
    label = fields.CharField(max_length=200)
    parent = fields.CharField(max_length=200, null=True)
    population = fields.IntField()
    blocks: fields.Field[list[int] | None] = ArrayField(element_type="INT", null=True)

    class Meta(Model.Meta):
        table = "survey_segment"


class SurveyKey(Model):
    """The key behind the ballots of an anonymous survey that is open, with the survey's own key. Destroyed at close."""

    id = fields.UUIDField(primary_key=True)
    key = fields.BinaryField()

    class Meta(Model.Meta):
        table = "survey_key"


class SurveyBallot(Model):
    """A spent right to answer an anonymous survey. `token` is made of the survey's key and the person.

    `sealed` holds the answers until they are moved; only the running installation can open it. All of an edition are of
    one length. Until then `block` and `edition` say with whose they may be moved, and `moving` that they are to be.
    """

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    survey_id = fields.UUIDField()
    token = fields.BinaryField()
    sealed = fields.BinaryField(null=True)
    block = fields.IntField(null=True)
    edition = fields.IntField(null=True)
    moving = fields.BooleanField(default=False)

    class Meta(Model.Meta):
        table = "survey_ballot"
        unique_together = (("survey_id", "token"),)


class SurveyResponse(Model):
    """What somebody gave to a survey that is not anonymous: begun, and handed in at `submitted_at`.

    A quiz has several of one person, one an `attempt` (from 1), each to be handed in by `due_at`.
    """

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    survey_id = fields.UUIDField()
    person_id = fields.UUIDField(db_index=True)
    attempt: fields.Field[int] = fields.SmallIntField(default=1)
    edition = fields.IntField()
    block = fields.IntField()
    started_at = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)
    submitted_at = fields.DatetimeField(null=True)
    points = fields.FloatField(null=True)
    maximum = fields.FloatField(null=True)

    class Meta(Model.Meta):
        table = "survey_response"
        unique_together = (("survey_id", "person_id", "attempt"),)


class SurveyAnswer(Model):
    """An answer to one question, apart from the same person's other answers unless the survey has `response_id`s.

    `slots` number the options, values or cells that were chosen (`models.survey_slots`), `text` is what was written.
    Without a question it stands for somebody having taken part. An anonymous survey's are gone once it is counted.
    """

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    survey_id = fields.UUIDField()
    response_id = fields.UUIDField(null=True, db_index=True)
    question_id = fields.UUIDField(null=True)
    block = fields.IntField()
    slots: fields.Field[list[int]] = ArrayField(element_type="SMALLINT", default=list)
    text = fields.TextField(null=True)

    class Meta(Model.Meta):
        table = "survey_answer"


class SurveyTally(Model):
    """What is told of all who took part, or of those in one segment. Nothing else is: there is nothing else to ask.

    `took_part` people; `questions` that are told of them, and of each how many `answered`, its `counts` by slot (those
    of one question after those of another), how many texts were `written` (null: that is not told), and in which
    `pools` these are. Written down once, when the survey is counted (`models.survey_sums`).
    """

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    survey_id = fields.UUIDField()
    segment_id = fields.UUIDField(null=True)
    took_part = fields.IntField()
    questions: fields.Field[list[uuid.UUID]] = ArrayField(element_type="UUID", default=list)
    answered: fields.Field[list[int]] = ArrayField(element_type="INT", default=list)
    counts: fields.Field[list[int]] = ArrayField(element_type="INT", default=list)
    written: fields.Field[list[int | None]] = ArrayField(element_type="INT", default=list)
    pools: fields.Field[list[int]] = ArrayField(element_type="INT", default=list)

    class Meta(Model.Meta):
        table = "survey_tally"


class SurveyText(Model):
    """What somebody wrote, in a pool of at least `min_texts` that are only told together; ordered by random keys."""

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    survey_id = fields.UUIDField()
    question_id = fields.UUIDField()
    pool = fields.IntField()
    text = fields.TextField()

    class Meta(Model.Meta):
        table = "survey_text"


class SurveySeries(Model):
    """A pulse: a survey asked again and again by a recurrence rule (RFC 5545), each round open for `open_hours`.

    `template_id` is the survey that each round is a copy of. `turns`: everybody is asked once in so many rounds. The
    next round begins at `next_at`; none does while it is paused, nor once it has ended. `refusal` says why there was no
    round when there last should have been one.
    """

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    title = fields.CharField(max_length=TITLE_MAX)
    template_id = fields.UUIDField()
    target_id = fields.UUIDField()
    rule = fields.CharField(max_length=500)
    starts_at = fields.DatetimeField()
    zone = fields.CharField(max_length=60)
    open_hours = fields.IntField()
    turns: fields.Field[int] = fields.SmallIntField(default=1)
    salt = fields.BinaryField()
    rounds = fields.IntField(default=0)
    paused = fields.BooleanField(default=False)
    next_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    refusal = cast("fields.Field[str | None]", fields.TextField(null=True))
    author_id = fields.UUIDField(null=True)
    client_id = fields.CharField(max_length=100, null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "survey_series"
        unique_together = (("author_id", "client_id"),)
