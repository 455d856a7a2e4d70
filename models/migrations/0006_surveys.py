"""Surveys: those who are asked, their ballots and answers, and what is told of them."""

from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from models.audiences import AudienceKind
from models.surveys import Anonymity, Feedback, Scoring, SegmentKind, SurveyKind, SurveyStatus

# What CreateModel cannot say: foreign keys by plain columns, checks, partial indexes.
UP = """
ALTER TABLE audience DROP CONSTRAINT audience_kind, ADD CONSTRAINT audience_kind
  CHECK (kind IN ('COMPANY', 'UNIT', 'LOCATION', 'GROUP', 'CONVERSATION', 'PEOPLE', 'RULE', 'SURVEY'));
ALTER TABLE survey
  ADD CONSTRAINT survey_audience FOREIGN KEY (id) REFERENCES audience ON DELETE CASCADE,
  ADD CONSTRAINT survey_target FOREIGN KEY (target_id) REFERENCES audience,
  ADD CONSTRAINT survey_author FOREIGN KEY (author_id) REFERENCES person ON DELETE SET NULL,
  ADD CONSTRAINT survey_kind CHECK (kind IN ('POLL', 'SURVEY', 'QUIZ')),
  ADD CONSTRAINT survey_status CHECK (status IN ('DRAFT', 'SCHEDULED', 'OPEN', 'CLOSED', 'ARCHIVED')),
  ADD CONSTRAINT survey_anonymity CHECK (anonymity IN ('NAMED', 'CONFIDENTIAL', 'ANONYMOUS')),
  ADD CONSTRAINT survey_floor CHECK (min_group >= 3 AND min_texts >= min_group),
  ADD CONSTRAINT survey_sample CHECK (sample BETWEEN 1 AND 100),
  ADD CONSTRAINT survey_begun CHECK (status IN ('DRAFT', 'SCHEDULED') = (opened_at IS NULL)),
  ADD CONSTRAINT survey_ended CHECK (status IN ('CLOSED', 'ARCHIVED') = (closed_at IS NOT NULL)),
  ADD CONSTRAINT survey_quiz_scored CHECK (kind <> 'QUIZ' OR anonymity <> 'ANONYMOUS'),
  ADD CONSTRAINT survey_attempts CHECK (attempts BETWEEN 1 AND 100 AND time_limit > 0);
CREATE INDEX survey_by_author ON survey (author_id, id);
CREATE INDEX survey_newest ON survey (created_at DESC, id DESC);
ALTER TABLE survey_edition
  ADD CONSTRAINT survey_edition_of FOREIGN KEY (survey_id) REFERENCES survey ON DELETE CASCADE;
ALTER TABLE survey_place
  ADD CONSTRAINT survey_place_of FOREIGN KEY (survey_id) REFERENCES survey ON DELETE CASCADE,
  ADD CONSTRAINT survey_place_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE;
ALTER TABLE survey_segment
  ADD CONSTRAINT survey_segment_of FOREIGN KEY (survey_id) REFERENCES survey ON DELETE CASCADE,
  ADD CONSTRAINT survey_segment_crossed CHECK ((other_kind IS NULL) = (other_value IS NULL));
CREATE UNIQUE INDEX survey_segment_named
  ON survey_segment (survey_id, kind, value, other_kind, other_value) NULLS NOT DISTINCT;
ALTER TABLE survey_key ADD CONSTRAINT survey_key_of FOREIGN KEY (id) REFERENCES survey ON DELETE CASCADE;
ALTER TABLE survey_ballot
  ADD CONSTRAINT survey_ballot_of FOREIGN KEY (survey_id) REFERENCES survey ON DELETE CASCADE,
  ADD CONSTRAINT survey_ballot_moved
    CHECK (sealed IS NOT NULL OR (block IS NULL AND edition IS NULL AND NOT moving));
ALTER TABLE survey_response
  ADD CONSTRAINT survey_response_of FOREIGN KEY (survey_id) REFERENCES survey ON DELETE CASCADE,
  ADD CONSTRAINT survey_response_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT survey_response_attempt CHECK (attempt > 0);
ALTER TABLE survey_answer
  ADD CONSTRAINT survey_answer_of FOREIGN KEY (survey_id) REFERENCES survey ON DELETE CASCADE,
  ADD CONSTRAINT survey_answer_response FOREIGN KEY (response_id) REFERENCES survey_response ON DELETE CASCADE;
CREATE INDEX survey_answer_to ON survey_answer (survey_id, question_id);
ALTER TABLE survey_tally
  ADD CONSTRAINT survey_tally_of FOREIGN KEY (survey_id) REFERENCES survey ON DELETE CASCADE,
  ADD CONSTRAINT survey_tally_segment FOREIGN KEY (segment_id) REFERENCES survey_segment ON DELETE CASCADE;
CREATE UNIQUE INDEX survey_tally_to ON survey_tally (survey_id, segment_id) NULLS NOT DISTINCT;
CREATE INDEX survey_tally_by_segment ON survey_tally (segment_id);
ALTER TABLE survey_text
  ADD CONSTRAINT survey_text_of FOREIGN KEY (survey_id) REFERENCES survey ON DELETE CASCADE;
CREATE INDEX survey_text_to ON survey_text (survey_id, question_id, id);
ALTER TABLE survey_series
  ADD CONSTRAINT survey_series_template FOREIGN KEY (template_id) REFERENCES survey ON DELETE CASCADE,
  ADD CONSTRAINT survey_series_target FOREIGN KEY (target_id) REFERENCES audience,
  ADD CONSTRAINT survey_series_author FOREIGN KEY (author_id) REFERENCES person ON DELETE SET NULL,
  ADD CONSTRAINT survey_series_turns CHECK (turns BETWEEN 1 AND 100 AND open_hours > 0);
ALTER TABLE survey ADD CONSTRAINT survey_of_series FOREIGN KEY (series_id) REFERENCES survey_series ON DELETE SET NULL;
"""
DOWN = """
ALTER TABLE survey DROP CONSTRAINT survey_of_series, DROP CONSTRAINT survey_audience;
ALTER TABLE survey_series DROP CONSTRAINT survey_series_template;
ALTER TABLE survey_text DROP CONSTRAINT survey_text_of;
ALTER TABLE survey_tally DROP CONSTRAINT survey_tally_of, DROP CONSTRAINT survey_tally_segment;
ALTER TABLE survey_answer DROP CONSTRAINT survey_answer_of, DROP CONSTRAINT survey_answer_response;
ALTER TABLE survey_response DROP CONSTRAINT survey_response_of;
ALTER TABLE survey_ballot DROP CONSTRAINT survey_ballot_of;
ALTER TABLE survey_key DROP CONSTRAINT survey_key_of;
ALTER TABLE survey_segment DROP CONSTRAINT survey_segment_of;
ALTER TABLE survey_place DROP CONSTRAINT survey_place_of;
ALTER TABLE survey_edition DROP CONSTRAINT survey_edition_of;
DELETE FROM audience WHERE kind = 'SURVEY';
ALTER TABLE audience DROP CONSTRAINT audience_kind, ADD CONSTRAINT audience_kind
  CHECK (kind IN ('COMPANY', 'UNIT', 'LOCATION', 'GROUP', 'CONVERSATION', 'PEOPLE', 'RULE'));
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0005_search")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Survey",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="POLL: POLL\nSURVEY: SURVEY\nQUIZ: QUIZ", enum_type=SurveyKind, max_length=16
                    ),
                ),
                ("title", fields.CharField(max_length=200)),
                ("about", fields.TextField(default="", unique=False)),
                (
                    "status",
                    fields.CharEnumField(
                        default=SurveyStatus.DRAFT,
                        description="DRAFT: DRAFT\nSCHEDULED: SCHEDULED\nOPEN: OPEN\nCLOSED: CLOSED\nARCHIVED: ARCHIVED",
                        enum_type=SurveyStatus,
                        max_length=16,
                    ),
                ),
                (
                    "anonymity",
                    fields.CharEnumField(
                        description="NAMED: NAMED\nCONFIDENTIAL: CONFIDENTIAL\nANONYMOUS: ANONYMOUS",
                        enum_type=Anonymity,
                        max_length=16,
                    ),
                ),
                ("author_id", fields.UUIDField(null=True)),
                ("target_id", fields.UUIDField()),
                ("excluded", ArrayField(default=list, element_type="UUID")),
                ("sample", fields.SmallIntField(default=100)),
                ("segments", ArrayField(default=list, element_type="TEXT")),
                ("min_group", fields.SmallIntField(default=5)),
                ("min_texts", fields.SmallIntField(default=10)),
                ("shared", fields.BooleanField(default=False)),
                ("edition", fields.IntField(default=1)),
                ("zone", fields.CharField(default="UTC", max_length=60)),
                ("opens_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closes_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("opened_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("opened_on", fields.DateField(null=True)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("counted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reminded_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("refusal", fields.TextField(null=True, unique=False)),
                ("invited", fields.IntField(default=0)),
                ("answered", fields.IntField(null=True)),
                ("time_limit", fields.IntField(null=True)),
                ("attempts", fields.SmallIntField(default=1)),
                (
                    "scoring",
                    fields.CharEnumField(
                        default=Scoring.BEST,
                        description="BEST: BEST\nLAST: LAST\nAVERAGE: AVERAGE",
                        enum_type=Scoring,
                        max_length=16,
                    ),
                ),
                (
                    "feedback",
                    fields.CharEnumField(
                        default=Feedback.AFTER_CLOSE,
                        description="AFTER_ATTEMPT: AFTER_ATTEMPT\nAFTER_CLOSE: AFTER_CLOSE\nNEVER: NEVER",
                        enum_type=Feedback,
                        max_length=16,
                    ),
                ),
                ("series_id", fields.UUIDField(null=True)),
                ("round", fields.IntField(null=True)),
                ("client_id", fields.CharField(null=True, max_length=100)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "survey",
                "app": "models",
                "unique_together": (("author_id", "client_id"), ("series_id", "round")),
                "pk_attr": "id",
                "table_description": "A survey, whose audience of invited people has its key: they are written down when it opens.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyAnswer",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("survey_id", fields.UUIDField()),
                ("response_id", fields.UUIDField(null=True, db_index=True)),
                ("question_id", fields.UUIDField(null=True)),
                ("block", fields.IntField()),
                ("slots", ArrayField(default=list, element_type="SMALLINT")),
                ("text", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "survey_answer",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An answer to one question, apart from the same person's other answers unless the survey has `response_id`s.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyBallot",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("survey_id", fields.UUIDField()),
                ("token", fields.BinaryField()),
                ("sealed", fields.BinaryField(null=True)),
                ("block", fields.IntField(null=True)),
                ("edition", fields.IntField(null=True)),
                ("moving", fields.BooleanField(default=False)),
            ],
            options={
                "table": "survey_ballot",
                "app": "models",
                "unique_together": (("survey_id", "token"),),
                "pk_attr": "id",
                "table_description": "A spent right to answer an anonymous survey. `token` is made of the survey's key and the person.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyEdition",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("survey_id", fields.UUIDField()),
                ("edition", fields.IntField()),
                ("questionnaire", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "survey_edition",
                "app": "models",
                "unique_together": (("survey_id", "edition"),),
                "pk_attr": "id",
                "table_description": "A questionnaire as it was asked from some time on: what `models.questionnaires` reads.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyKey",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("key", fields.BinaryField()),
            ],
            options={
                "table": "survey_key",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The key behind the ballots of an anonymous survey that is open, with the survey's own key. Destroyed at close.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyPlace",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("survey_id", fields.UUIDField()),
                ("person_id", fields.UUIDField(db_index=True)),
                ("block", fields.IntField()),
            ],
            options={
                "table": "survey_place",
                "app": "models",
                "unique_together": (("survey_id", "person_id"),),
                "pk_attr": "id",
                "table_description": "Somebody who is asked, and the block of people that their answers are counted with.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyResponse",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("survey_id", fields.UUIDField()),
                ("person_id", fields.UUIDField(db_index=True)),
                ("attempt", fields.SmallIntField(default=1)),
                ("edition", fields.IntField()),
                ("block", fields.IntField()),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("submitted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("points", fields.FloatField(null=True)),
                ("maximum", fields.FloatField(null=True)),
            ],
            options={
                "table": "survey_response",
                "app": "models",
                "unique_together": (("survey_id", "person_id", "attempt"),),
                "pk_attr": "id",
                "table_description": "What somebody gave to a survey that is not anonymous: begun, and handed in at `submitted_at`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveySegment",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("survey_id", fields.UUIDField()),
                (
                    "kind",
                    fields.CharEnumField(
                        description="ORG_UNIT: ORG_UNIT\nLOCATION: LOCATION\nTENURE: TENURE\nLEADERSHIP: LEADERSHIP",
                        enum_type=SegmentKind,
                        max_length=16,
                    ),
                ),
                ("value", fields.CharField(max_length=200)),
                (
                    "other_kind",
                    fields.CharEnumField(
                        null=True,
                        description="ORG_UNIT: ORG_UNIT\nLOCATION: LOCATION\nTENURE: TENURE\nLEADERSHIP: LEADERSHIP",
                        enum_type=SegmentKind,
                        max_length=16,
                    ),
                ),
                ("other_value", fields.CharField(null=True, max_length=200)),
                ("label", fields.CharField(max_length=200)),
                ("parent", fields.CharField(null=True, max_length=200)),
                ("population", fields.IntField()),
                ("blocks", ArrayField(null=True, element_type="INT")),
            ],
            options={
                "table": "survey_segment",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A part of those who are asked that results may be asked for, of one kind or two crossed.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveySeries",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("title", fields.CharField(max_length=200)),
                ("template_id", fields.UUIDField()),
                ("target_id", fields.UUIDField()),
                ("rule", fields.CharField(max_length=500)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("zone", fields.CharField(max_length=60)),
                ("open_hours", fields.IntField()),
                ("turns", fields.SmallIntField(default=1)),
                ("salt", fields.BinaryField()),
                ("rounds", fields.IntField(default=0)),
                ("paused", fields.BooleanField(default=False)),
                ("next_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("refusal", fields.TextField(null=True, unique=False)),
                ("author_id", fields.UUIDField(null=True)),
                ("client_id", fields.CharField(null=True, max_length=100)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "survey_series",
                "app": "models",
                "unique_together": (("author_id", "client_id"),),
                "pk_attr": "id",
                "table_description": "A pulse: a survey asked again and again by a recurrence rule (RFC 5545), each round open for `open_hours`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyTally",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("survey_id", fields.UUIDField()),
                ("segment_id", fields.UUIDField(null=True)),
                ("took_part", fields.IntField()),
                ("questions", ArrayField(default=list, element_type="UUID")),
                ("answered", ArrayField(default=list, element_type="INT")),
                ("counts", ArrayField(default=list, element_type="INT")),
                ("written", ArrayField(default=list, element_type="INT")),
                ("pools", ArrayField(default=list, element_type="INT")),
            ],
            options={
                "table": "survey_tally",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What is told of all who took part, or of those in one segment. Nothing else is: there is nothing else to ask.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyText",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("survey_id", fields.UUIDField()),
                ("question_id", fields.UUIDField()),
                ("pool", fields.IntField()),
                ("text", fields.TextField(unique=False)),
            ],
            options={
                "table": "survey_text",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What somebody wrote, in a pool of at least `min_texts` that are only told together; ordered by random keys.",
            },
            bases=["Model"],
        ),
        ops.AlterField(
            model_name="Audience",
            name="kind",
            field=fields.CharEnumField(
                description="COMPANY: COMPANY\nUNIT: UNIT\nLOCATION: LOCATION\nGROUP: GROUP\nCONVERSATION: CONVERSATION\nPEOPLE: PEOPLE\nRULE: RULE\nSURVEY: SURVEY",
                enum_type=AudienceKind,
                max_length=16,
            ),
        ),
        ops.RunSQL(UP, DOWN),
    ]
