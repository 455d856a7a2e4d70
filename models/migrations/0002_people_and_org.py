"""Positions and their lines in time, profiles, skills, follows and re-org drafts."""

from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops

from models.drafts import DraftStatus
from models.imports import ImportPhase
from models.keys import uuid7
from models.positions import LineKind
from models.profiles import FieldKind, FieldVisibility
from models.skills import SkillLevel

# What Tortoise cannot say: foreign keys by plain columns, checks, partial and expression indexes. What is there already
# is given its days: what a person, a unit or a line is today it has been since the row was made.
UP = """
ALTER TABLE person
  ADD CONSTRAINT person_position FOREIGN KEY (position_id) REFERENCES position DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT person_planned CHECK (NOT (planned AND active));
ALTER TABLE org_unit
  ADD CONSTRAINT org_unit_planned CHECK (NOT (planned AND active));

ALTER TABLE person_term
  ADD CONSTRAINT person_term_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT person_term_days CHECK (valid_from < valid_to);
ALTER TABLE unit_term
  ADD CONSTRAINT unit_term_unit FOREIGN KEY (unit_id) REFERENCES org_unit DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT unit_term_parent FOREIGN KEY (parent_id) REFERENCES org_unit DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT unit_term_head FOREIGN KEY (head_id) REFERENCES person DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT unit_term_deputy FOREIGN KEY (deputy_id) REFERENCES person DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT unit_term_not_own_parent CHECK (parent_id <> unit_id),
  ADD CONSTRAINT unit_term_days CHECK (valid_from < valid_to);
CREATE INDEX unit_term_leaders ON unit_term (head_id, deputy_id);

ALTER TABLE position
  ADD CONSTRAINT position_unit FOREIGN KEY (unit_id) REFERENCES org_unit DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT position_planned CHECK (NOT (planned AND active)),
  ADD CONSTRAINT position_filled CHECK (active OR NOT filled);
CREATE INDEX position_vacant ON position (id) WHERE NOT filled;
ALTER TABLE position_term
  ADD CONSTRAINT position_term_position FOREIGN KEY (position_id) REFERENCES position ON DELETE CASCADE,
  ADD CONSTRAINT position_term_unit FOREIGN KEY (unit_id) REFERENCES org_unit DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT position_term_days CHECK (valid_from < valid_to);
ALTER TABLE holding
  ADD CONSTRAINT holding_position FOREIGN KEY (position_id) REFERENCES position ON DELETE CASCADE,
  ADD CONSTRAINT holding_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE
    DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT holding_days CHECK (valid_from < valid_to),
  ADD CONSTRAINT holding_once UNIQUE NULLS NOT DISTINCT (position_id, person_id, valid_from);
ALTER TABLE reporting_line
  ADD CONSTRAINT reporting_line_position FOREIGN KEY (position_id) REFERENCES position ON DELETE CASCADE,
  ADD CONSTRAINT reporting_line_manager FOREIGN KEY (manager_id) REFERENCES position,
  ADD CONSTRAINT reporting_line_not_itself CHECK (position_id <> manager_id),
  ADD CONSTRAINT reporting_line_days CHECK (valid_from < valid_to),
  ADD CONSTRAINT reporting_line_kind CHECK (kind IN ('SOLID', 'DOTTED', 'PROJECT')),
  ADD CONSTRAINT reporting_line_once UNIQUE (position_id, kind, manager_id, valid_from);
CREATE UNIQUE INDEX reporting_line_solid ON reporting_line (position_id, valid_from) WHERE kind = 'SOLID';
CREATE INDEX reporting_line_below ON reporting_line (manager_id, kind) INCLUDE (position_id, valid_from, valid_to);

ALTER TABLE skill_synonym
  ADD CONSTRAINT skill_synonym_skill FOREIGN KEY (skill_id) REFERENCES skill ON DELETE CASCADE;
ALTER TABLE merged_skill
  ADD CONSTRAINT merged_skill_skill FOREIGN KEY (skill_id) REFERENCES skill ON DELETE CASCADE;
ALTER TABLE person_skill
  ADD CONSTRAINT person_skill_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT person_skill_skill FOREIGN KEY (skill_id) REFERENCES skill ON DELETE CASCADE,
  ADD CONSTRAINT person_skill_level CHECK (level IN ('BEGINNER', 'INTERMEDIATE', 'ADVANCED', 'EXPERT'));
ALTER TABLE endorsement
  ADD CONSTRAINT endorsement_of FOREIGN KEY (person_skill_id) REFERENCES person_skill ON DELETE CASCADE,
  ADD CONSTRAINT endorsement_by FOREIGN KEY (endorser_id) REFERENCES person ON DELETE CASCADE;
ALTER TABLE follow
  ADD CONSTRAINT follow_by FOREIGN KEY (follower_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT follow_of FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT follow_not_oneself CHECK (follower_id <> person_id);
ALTER TABLE block
  ADD CONSTRAINT block_by FOREIGN KEY (blocker_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT block_of FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT block_not_oneself CHECK (blocker_id <> person_id);

ALTER TABLE profile_field
  ADD CONSTRAINT profile_field_kind CHECK (kind IN ('TEXT', 'CHOICE', 'DATE', 'PERSON', 'LINK', 'NUMBER')),
  ADD CONSTRAINT profile_field_visibility CHECK (visibility IN ('PUBLIC', 'UNIT', 'MANAGER', 'HR', 'SELF'));
ALTER TABLE profile_value
  ADD CONSTRAINT profile_value_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT profile_value_field FOREIGN KEY (field_id) REFERENCES profile_field ON DELETE CASCADE,
  ADD CONSTRAINT profile_value_person_ref FOREIGN KEY (person_ref_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT profile_value_one CHECK (num_nonnulls(text, number, day, person_ref_id) = 1);

ALTER TABLE org_draft
  ADD CONSTRAINT org_draft_author FOREIGN KEY (author_id) REFERENCES person ON DELETE SET NULL,
  ADD CONSTRAINT org_draft_status CHECK (status IN ('DRAFT', 'APPLIED', 'WITHDRAWN'));
ALTER TABLE org_draft_change
  ADD CONSTRAINT org_draft_change_draft FOREIGN KEY (draft_id) REFERENCES org_draft ON DELETE CASCADE;

ALTER TABLE import_run
  ALTER report SET DEFAULT '{}', ALTER others SET DEFAULT '{}',
  ADD CONSTRAINT import_run_phase CHECK (phase IN ('STAGING', 'WRITING', 'DONE', 'GIVEN_UP'));
ALTER TABLE import_record
  ALTER is_new SET DEFAULT false, ALTER is_same SET DEFAULT false, ALTER is_back SET DEFAULT false,
  ALTER is_old SET DEFAULT false, ALTER was_member SET DEFAULT false, ALTER is_member SET DEFAULT false,
  ALTER outcome SET DEFAULT 'unchanged',
  -- Rows are updated where they stand, and nobody ever asks how their texts are spread.
  ALTER said SET STATISTICS 0, ALTER content_hash SET STATISTICS 0, SET (fillfactor = 45);
ALTER TABLE import_fact ALTER old SET DEFAULT '{}', ALTER old SET STATISTICS 0;
CREATE INDEX import_record_of_run ON import_record (run_id, type, external_id);
CREATE INDEX import_fact_of_run ON import_fact (run_id, fact);
CREATE INDEX import_touch_of_run ON import_touch (run_id);

INSERT INTO person_term (id, person_id, name, valid_from, valid_to)
SELECT uuidv7(), id, name, created_at::date, 'infinity' FROM person WHERE active AND NOT is_guest;
INSERT INTO unit_term (id, unit_id, name, parent_id, head_id, deputy_id, valid_from, valid_to)
SELECT uuidv7(), id, name, parent_id, head_id, deputy_id, created_at::date, 'infinity' FROM org_unit;
CREATE TEMPORARY TABLE post ON COMMIT DROP AS
SELECT uuidv7() AS id, id AS person_id, manager_id, title, unit_id, active, created_at FROM person WHERE NOT is_guest;
INSERT INTO position (id, title, unit_id, active, planned, filled, created_at)
SELECT id, title, unit_id, true, false, active, created_at FROM pg_temp.post;
INSERT INTO position_term (id, position_id, title, unit_id, valid_from, valid_to)
SELECT uuidv7(), id, title, unit_id, created_at::date, 'infinity' FROM pg_temp.post;
INSERT INTO holding (id, position_id, person_id, valid_from, valid_to)
SELECT uuidv7(), id, person_id, created_at::date, 'infinity' FROM pg_temp.post WHERE active;
INSERT INTO reporting_line (id, position_id, manager_id, kind, valid_from, valid_to)
SELECT uuidv7(), p.id, m.id, 'SOLID', p.created_at::date, 'infinity'
FROM pg_temp.post p JOIN pg_temp.post m ON m.person_id = p.manager_id;
UPDATE person SET position_id = t.id FROM pg_temp.post t WHERE t.person_id = person.id AND t.active;
DROP TABLE pg_temp.post;
"""

# The manager's column takes its own constraints with it.
TIGHTEN = "ALTER TABLE person ADD CONSTRAINT person_guest_outside CHECK (NOT is_guest OR unit_id IS NULL)"
LOOSEN = "ALTER TABLE person DROP CONSTRAINT person_guest_outside"
RESTORE = """
ALTER TABLE person
  ADD CONSTRAINT person_manager FOREIGN KEY (manager_id) REFERENCES person DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT person_not_own_manager CHECK (manager_id <> id),
  ADD CONSTRAINT person_guest_outside CHECK (NOT is_guest OR (unit_id IS NULL AND manager_id IS NULL));
"""

# Foreign keys bind the tables in rings, so they go before the tables do.
DOWN = (
    RESTORE
    + """
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
           WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
             AND conrelid::regclass::text = ANY (ARRAY['person_term', 'unit_term', 'position', 'position_term', 'holding',
               'reporting_line', 'skill_synonym', 'merged_skill', 'person_skill', 'endorsement', 'follow', 'block',
               'profile_value', 'org_draft', 'org_draft_change']) LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname);
  END LOOP;
END $$;
ALTER TABLE person DROP CONSTRAINT person_position, DROP CONSTRAINT person_planned;
ALTER TABLE org_unit DROP CONSTRAINT org_unit_planned;
"""
)


class Migration(migrations.Migration):
    dependencies = [("models", "0001_skeleton")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Block",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("blocker_id", fields.UUIDField()),
                ("person_id", fields.UUIDField(db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "block",
                "app": "models",
                "unique_together": (("blocker_id", "person_id"),),
                "pk_attr": "id",
                "table_description": "`blocker_id` has blocked `person_id`, who is not told.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Endorsement",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("person_skill_id", fields.UUIDField()),
                ("endorser_id", fields.UUIDField(db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "endorsement",
                "app": "models",
                "unique_together": (("person_skill_id", "endorser_id"),),
                "pk_attr": "id",
                "table_description": "Somebody agrees that a person has a skill; once each.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Follow",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("follower_id", fields.UUIDField()),
                ("person_id", fields.UUIDField(db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "follow",
                "app": "models",
                "unique_together": (("follower_id", "person_id"),),
                "pk_attr": "id",
                "table_description": "`follower_id` wants to hear of what `person_id` publishes.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Holding",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("position_id", fields.UUIDField(db_index=True)),
                ("person_id", fields.UUIDField(null=True, db_index=True)),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField()),
            ],
            options={
                "table": "holding",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Who held a position on some days; two people on the same days share it. No person: held, but undisclosed.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ImportFact",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("run_id", fields.UUIDField()),
                ("fact", fields.CharField(max_length=20)),
                ("line", fields.IntField()),
                ("external_id", fields.CharField(max_length=200)),
                ("person_id", fields.UUIDField(null=True)),
                ("unit_id", fields.UUIDField(null=True)),
                ("position_id", fields.UUIDField(null=True)),
                ("manager_id", fields.UUIDField(null=True)),
                ("parent_id", fields.UUIDField(null=True)),
                ("head_id", fields.UUIDField(null=True)),
                ("deputy_id", fields.UUIDField(null=True)),
                ("name", fields.CharField(null=True, max_length=200)),
                ("title", fields.CharField(null=True, max_length=200)),
                ("grade", fields.CharField(null=True, max_length=50)),
                ("kind", fields.CharField(null=True, max_length=16)),
                ("day", fields.DateField()),
                ("until", fields.DateField(null=True)),
                ("since", fields.DateField(null=True)),
                ("gone", fields.BooleanField()),
                ("held", fields.BooleanField()),
                ("same", fields.BooleanField()),
                ("old", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "import_fact",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A change of facts that a run makes: a row of one of the tables of facts, or the end of a thing.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ImportRecord",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("run_id", fields.UUIDField()),
                ("type", fields.CharField(max_length=20)),
                ("external_id", fields.CharField(max_length=200)),
                ("line", fields.IntField()),
                ("said", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("content_hash", fields.BinaryField()),
                ("is_thing", fields.BooleanField()),
                ("is_fact", fields.BooleanField()),
                ("is_named", fields.BooleanField()),
                ("is_gone", fields.BooleanField()),
                ("valid_from", fields.DateField(null=True)),
                ("valid_to", fields.DateField(null=True)),
                ("day", fields.DateField(null=True)),
                ("subject_id", fields.UUIDField(null=True)),
                ("is_new", fields.BooleanField(default=False)),
                ("is_same", fields.BooleanField(default=False)),
                ("is_back", fields.BooleanField(default=False)),
                ("is_old", fields.BooleanField(default=False)),
                ("was_member", fields.BooleanField(default=False)),
                ("is_member", fields.BooleanField(default=False)),
                ("leaves_on", fields.DateField(null=True)),
                ("owner_id", fields.UUIDField(null=True)),
                ("manager_id", fields.UUIDField(null=True)),
                ("outcome", fields.CharField(default="unchanged", max_length=12)),
            ],
            options={
                "table": "import_record",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A record of a run's file. A thing and its facts are one row, unless its history makes several of it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ImportRun",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("source", fields.CharField(db_index=True, max_length=200)),
                ("fingerprint", fields.BinaryField()),
                ("mode", fields.CharField(max_length=16)),
                ("effective_on", fields.DateField()),
                ("is_dry", fields.BooleanField()),
                ("others", ArrayField(default=list, element_type="TEXT")),
                (
                    "phase",
                    fields.CharEnumField(
                        default=ImportPhase.STAGING,
                        description="STAGING: STAGING\nWRITING: WRITING\nDONE: DONE\nGIVEN_UP: GIVEN_UP",
                        enum_type=ImportPhase,
                        max_length=16,
                    ),
                ),
                ("step", fields.SmallIntField(default=0)),
                ("reached", fields.BigIntField(default=0)),
                ("resumed", fields.IntField(default=0)),
                ("report", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "import_run",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One import of a file. Whoever runs the same one again goes on where this one was stopped.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ImportTouch",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("run_id", fields.UUIDField()),
                ("person_id", fields.UUIDField()),
                ("record_id", fields.BigIntField(null=True)),
                ("is_told", fields.BooleanField()),
            ],
            options={
                "table": "import_touch",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A person for whom a run may change something; `is_told`: something that is not in their row, as their manager.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ImportSource",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=200)),
                ("owns", ArrayField(default=list, element_type="TEXT")),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "import_source",
                "app": "models",
                "pk_attr": "name",
                "table_description": "A system people are imported from; `owns` names the fields of a person that only its imports and HR write.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MergedSkill",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("skill_id", fields.UUIDField(db_index=True)),
                ("merged_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "merged_skill",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A skill that has become part of another one, under the key that it had: old links lead to `skill_id`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrgDraft",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=200)),
                ("effective_on", fields.DateField()),
                (
                    "status",
                    fields.CharEnumField(
                        default=DraftStatus.DRAFT,
                        description="DRAFT: DRAFT\nAPPLIED: APPLIED\nWITHDRAWN: WITHDRAWN",
                        enum_type=DraftStatus,
                        max_length=16,
                    ),
                ),
                ("author_id", fields.UUIDField(null=True)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("applied_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "org_draft",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A set of changes that take effect together, on one day.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrgDraftChange",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("draft_id", fields.UUIDField(db_index=True)),
                ("rank", fields.IntField()),
                ("kind", fields.CharField(max_length=40)),
                ("refs", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "org_draft_change",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One change of a draft; they are applied by `rank`. `refs` holds its ids and texts, as its kind wants.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PersonSkill",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("person_id", fields.UUIDField()),
                ("skill_id", fields.UUIDField(db_index=True)),
                (
                    "level",
                    fields.CharEnumField(
                        null=True,
                        description="BEGINNER: BEGINNER\nINTERMEDIATE: INTERMEDIATE\nADVANCED: ADVANCED\nEXPERT: EXPERT",
                        enum_type=SkillLevel,
                        max_length=16,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "person_skill",
                "app": "models",
                "unique_together": (("person_id", "skill_id"),),
                "pk_attr": "id",
                "table_description": "A skill of one person, by their own word or HR's. Who sees the person sees it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PersonTerm",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("person_id", fields.UUIDField()),
                ("name", fields.CharField(max_length=200)),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField()),
            ],
            options={
                "table": "person_term",
                "app": "models",
                "unique_together": (("person_id", "valid_from"),),
                "pk_attr": "id",
                "table_description": "The days on which somebody belonged to the company, and the name they went by.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Position",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("title", fields.CharField(default="", max_length=200)),
                ("grade", fields.CharField(null=True, max_length=50)),
                ("unit_id", fields.UUIDField(null=True, db_index=True)),
                ("active", fields.BooleanField(default=True)),
                ("planned", fields.BooleanField(default=False)),
                ("filled", fields.BooleanField(default=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "position",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A post. `title`, `grade` and `unit_id` are those of today, or the last ones where it is not `active` any more.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PositionTerm",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("position_id", fields.UUIDField()),
                ("title", fields.CharField(default="", max_length=200)),
                ("grade", fields.CharField(null=True, max_length=50)),
                ("unit_id", fields.UUIDField(null=True, db_index=True)),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField()),
            ],
            options={
                "table": "position_term",
                "app": "models",
                "unique_together": (("position_id", "valid_from"),),
                "pk_attr": "id",
                "table_description": "What a position was called and where it stood on some days. Without a term it did not exist on that day.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProfileField",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=100)),
                ("key", fields.CharField(unique=True, max_length=100)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="TEXT: TEXT\nCHOICE: CHOICE\nDATE: DATE\nPERSON: PERSON\nLINK: LINK\nNUMBER: NUMBER",
                        enum_type=FieldKind,
                        max_length=16,
                    ),
                ),
                ("builtin", fields.CharField(null=True, unique=True, max_length=40)),
                ("choices", ArrayField(default=list, element_type="TEXT")),
                (
                    "visibility",
                    fields.CharEnumField(
                        default=FieldVisibility.PUBLIC,
                        description="PUBLIC: PUBLIC\nUNIT: UNIT\nMANAGER: MANAGER\nHR: HR\nSELF: SELF",
                        enum_type=FieldVisibility,
                        max_length=16,
                    ),
                ),
                ("is_required", fields.BooleanField(default=False)),
                ("is_locked", fields.BooleanField(default=False)),
                ("rank", fields.IntField(default=0)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("deleted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "profile_field",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A field of everybody's profile. `builtin` names the column of `person` that it governs; null: a custom one.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProfileValue",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("person_id", fields.UUIDField()),
                ("field_id", fields.UUIDField(db_index=True)),
                ("text", fields.TextField(null=True, unique=False)),
                ("number", fields.DecimalField(null=True, max_digits=30, decimal_places=10)),
                ("day", fields.DateField(null=True)),
                ("person_ref_id", fields.UUIDField(null=True, db_index=True)),
                ("source", fields.CharField(null=True, max_length=200)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "profile_value",
                "app": "models",
                "unique_together": (("person_id", "field_id"),),
                "pk_attr": "id",
                "table_description": "What one person's custom field says: in `text`, `number`, `day` or `person_ref_id`, as its kind wants.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReportingLine",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("position_id", fields.UUIDField(db_index=True)),
                ("manager_id", fields.UUIDField()),
                (
                    "kind",
                    fields.CharEnumField(
                        default=LineKind.SOLID,
                        description="SOLID: SOLID\nDOTTED: DOTTED\nPROJECT: PROJECT",
                        enum_type=LineKind,
                        max_length=16,
                    ),
                ),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField()),
            ],
            options={
                "table": "reporting_line",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Which position a position reported to on some days.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Skill",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=100)),
                ("key", fields.CharField(unique=True, max_length=200)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "skill",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A skill of the company's catalogue. `key` is its name folded, by which it is found however it is written.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SkillSynonym",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("skill_id", fields.UUIDField(db_index=True)),
                ("name", fields.CharField(max_length=100)),
                ("key", fields.CharField(unique=True, max_length=200)),
            ],
            options={
                "table": "skill_synonym",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Another name of a skill; a name means one skill only.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UnitTerm",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("unit_id", fields.UUIDField()),
                ("name", fields.CharField(max_length=200)),
                ("parent_id", fields.UUIDField(null=True, db_index=True)),
                ("head_id", fields.UUIDField(null=True)),
                ("deputy_id", fields.UUIDField(null=True)),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField()),
            ],
            options={
                "table": "unit_term",
                "app": "models",
                "unique_together": (("unit_id", "valid_from"),),
                "pk_attr": "id",
                "table_description": "What a unit was called, where it stood and who led it on some days. Without a term it did not exist then.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="ImportedRow",
            name="effective_on",
            field=fields.DateField(null=True),
        ),
        ops.AlterModelOptions(
            name="OrgUnit",
            options={
                "table": "org_unit",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A unit as it is today. Its audience has the same key. Without a parent it is a root; there may be several.",
            },
        ),
        ops.AddField(
            model_name="OrgUnit",
            name="active",
            field=fields.BooleanField(default=True, db_default=True),
        ),
        ops.AddField(
            model_name="OrgUnit",
            name="planned",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AlterModelOptions(
            name="Person",
            options={
                "table": "person",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A person of the company, or a guest, as they are today. `name` is the display name, never split.",
            },
        ),
        ops.AddField(
            model_name="Person",
            name="interests",
            field=ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="TEXT"),
        ),
        ops.AddField(
            model_name="Person",
            name="languages",
            field=ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="TEXT"),
        ),
        ops.AddField(
            model_name="Person",
            name="links",
            field=ArrayField(default=list, db_default=SqlDefault("'{}'"), element_type="TEXT"),
        ),
        ops.AddField(
            model_name="Person",
            name="phone",
            field=fields.CharField(null=True, max_length=50),
        ),
        ops.AddField(
            model_name="Person",
            name="photo",
            field=fields.CharField(null=True, max_length=2000),
        ),
        ops.AddField(
            model_name="Person",
            name="planned",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Person",
            name="position_id",
            field=fields.UUIDField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Person",
            name="working_style",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Person",
            name="works_from",
            field=fields.CharField(null=True, max_length=5),
        ),
        ops.AddField(
            model_name="Person",
            name="works_to",
            field=fields.CharField(null=True, max_length=5),
        ),
        ops.RunSQL(UP, DOWN),
        ops.RemoveField(model_name="Person", name="manager_id"),
        ops.RunSQL(TIGHTEN, LOOSEN),
    ]
