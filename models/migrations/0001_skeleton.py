"""The first tables."""

from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.audiences import AudienceKind
from models.feed import PostKind, PostStatus
from models.keys import uuid7
from models.session import AccessKind, CodePurpose, Role

# What Tortoise's CreateModel cannot say: foreign keys by plain columns, checks, partial and expression indexes.
UP = """
INSERT INTO audience (id, kind) VALUES ('00000000-0000-7000-8000-000000000001', 'COMPANY');

ALTER TABLE audience
  ADD CONSTRAINT audience_kind CHECK (kind IN ('COMPANY', 'UNIT', 'LOCATION', 'GROUP', 'CONVERSATION', 'PEOPLE', 'RULE')),
  ADD CONSTRAINT audience_location CHECK ((kind = 'LOCATION') = (location IS NOT NULL));
ALTER TABLE audience_member
  ADD CONSTRAINT audience_member_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT audience_member_audience FOREIGN KEY (audience_id) REFERENCES audience ON DELETE CASCADE;
CREATE INDEX audience_member_joined ON audience_member (person_id) INCLUDE (audience_id) WHERE NOT listed;

ALTER TABLE person
  ADD CONSTRAINT person_unit FOREIGN KEY (unit_id) REFERENCES org_unit DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT person_manager FOREIGN KEY (manager_id) REFERENCES person DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT person_not_own_manager CHECK (manager_id <> id),
  ADD CONSTRAINT person_email_lower CHECK (email = lower(email)),
  ADD CONSTRAINT person_name_given CHECK (name <> ''),
  ADD CONSTRAINT person_guest_outside CHECK (NOT is_guest OR (unit_id IS NULL AND manager_id IS NULL));
CREATE INDEX person_directory ON person (lower(name), id) WHERE active;
CREATE INDEX person_location ON person (location) WHERE location IS NOT NULL;

ALTER TABLE org_unit
  ADD CONSTRAINT org_unit_parent FOREIGN KEY (parent_id) REFERENCES org_unit DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT org_unit_head FOREIGN KEY (head_id) REFERENCES person DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT org_unit_deputy FOREIGN KEY (deputy_id) REFERENCES person DEFERRABLE INITIALLY IMMEDIATE,
  ADD CONSTRAINT org_unit_not_own_parent CHECK (parent_id <> id);
ALTER TABLE unit_closure
  ADD CONSTRAINT unit_closure_ancestor FOREIGN KEY (ancestor_id) REFERENCES org_unit ON DELETE CASCADE,
  ADD CONSTRAINT unit_closure_descendant FOREIGN KEY (descendant_id) REFERENCES org_unit ON DELETE CASCADE;

ALTER TABLE credential ADD CONSTRAINT credential_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE;
ALTER TABLE access
  ADD CONSTRAINT access_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT access_made_by FOREIGN KEY (made_by_id) REFERENCES access ON DELETE CASCADE,
  ADD CONSTRAINT access_kind CHECK (kind IN ('SESSION', 'TOKEN'));
ALTER TABLE one_time_code
  ADD CONSTRAINT one_time_code_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT one_time_code_purpose CHECK (purpose IN ('ACTIVATE', 'RESET'));
ALTER TABLE role_grant
  ADD CONSTRAINT role_grant_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT role_grant_unit FOREIGN KEY (unit_id) REFERENCES org_unit ON DELETE CASCADE,
  ADD CONSTRAINT role_grant_role
    CHECK (role IN ('ADMIN', 'HR', 'SECURITY', 'COMMUNICATOR', 'ANALYST', 'MODERATOR', 'MEMBER', 'GUEST')),
  ADD CONSTRAINT role_grant_once UNIQUE NULLS NOT DISTINCT (person_id, role, unit_id);

ALTER TABLE post
  ADD CONSTRAINT post_author FOREIGN KEY (author_id) REFERENCES person ON DELETE SET NULL,
  ADD CONSTRAINT post_audience FOREIGN KEY (audience_id) REFERENCES audience,
  ADD CONSTRAINT post_status CHECK (status IN ('PUBLISHED', 'REMOVED'));
CREATE INDEX post_feed ON post (audience_id, published_at DESC, id DESC) WHERE status = 'PUBLISHED';
CREATE INDEX post_by_author ON post (author_id, published_at DESC, id DESC) WHERE status = 'PUBLISHED';
ALTER TABLE comment
  ADD CONSTRAINT comment_post FOREIGN KEY (post_id) REFERENCES post ON DELETE CASCADE,
  ADD CONSTRAINT comment_reply_to FOREIGN KEY (reply_to_id) REFERENCES comment ON DELETE CASCADE,
  ADD CONSTRAINT comment_author FOREIGN KEY (author_id) REFERENCES person ON DELETE SET NULL,
  ADD CONSTRAINT comment_audience FOREIGN KEY (audience_id) REFERENCES audience;

CREATE INDEX event_order ON event (generation, xid, id);
ALTER TABLE event ADD CONSTRAINT event_generation FOREIGN KEY (generation) REFERENCES log_generation;

CREATE FUNCTION search_folded(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  regexp_replace(normalize(lower($1), NFKD), U&'[\\0300-\\036F]', '', 'g');
ALTER TABLE search_document ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS (
  setweight(to_tsvector('simple', search_folded(title)), 'A') || setweight(to_tsvector('simple', search_folded(body)), 'B')
) STORED;
CREATE INDEX search_document_words ON search_document USING gin (words);
"""

# Foreign keys bind the tables in rings, so they go before the tables do.
DOWN = """
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
           WHERE contype = 'f' AND connamespace = current_schema()::regnamespace LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname);
  END LOOP;
END $$;
ALTER TABLE search_document DROP COLUMN words;
DROP FUNCTION search_folded(text);
DELETE FROM audience;
"""


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Access",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="SESSION: SESSION\nTOKEN: TOKEN", enum_type=AccessKind, max_length=16
                    ),
                ),
                ("person_id", fields.UUIDField(db_index=True)),
                ("secret_hash", fields.CharField(unique=True, max_length=64)),
                ("name", fields.CharField(default="", max_length=100)),
                ("scopes", ArrayField(null=True, element_type="TEXT")),
                ("made_by_id", fields.UUIDField(null=True, db_index=True)),
                ("user_agent", fields.CharField(default="", max_length=300)),
                ("ip", fields.CharField(default="", max_length=45)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_used_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("idle_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "access",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A session or a token; only the SHA-256 of its secret is kept. `scopes` null: all the person's rights.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Audience",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="COMPANY: COMPANY\nUNIT: UNIT\nLOCATION: LOCATION\nGROUP: GROUP\nCONVERSATION: CONVERSATION\nPEOPLE: PEOPLE\nRULE: RULE",
                        enum_type=AudienceKind,
                        max_length=16,
                    ),
                ),
                ("location", fields.CharField(null=True, unique=True, max_length=200)),
            ],
            options={
                "table": "audience",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Who may see a thing. A unit's members follow from the tree; those of all other kinds are stored.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AudienceMember",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("person_id", fields.UUIDField()),
                ("audience_id", fields.UUIDField(db_index=True)),
                ("listed", fields.BooleanField(default=False)),
            ],
            options={
                "table": "audience_member",
                "app": "models",
                "unique_together": (("person_id", "audience_id"),),
                "pk_attr": "id",
                "table_description": "One person in one audience; `listed` repeats whether the audience is of a `LISTED` kind.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Comment",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("post_id", fields.UUIDField()),
                ("reply_to_id", fields.UUIDField(null=True, db_index=True)),
                ("author_id", fields.UUIDField(null=True)),
                ("audience_id", fields.UUIDField()),
                ("body", fields.TextField(unique=False)),
                ("removed", fields.BooleanField(default=False)),
                ("client_id", fields.CharField(null=True, max_length=100)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("edited_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "comment",
                "app": "models",
                "unique_together": (("author_id", "client_id"),),
                "indexes": [Index(fields=["post_id", "id"])],
                "pk_attr": "id",
                "table_description": "A comment under a post, or a reply to one (one level). It belongs to its post's audience.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Credential",
            fields=[
                ("person_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("password_hash", fields.CharField(max_length=255)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "credential",
                "app": "models",
                "pk_attr": "person_id",
                "table_description": "A person's password, hashed with argon2id.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ImportedRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("source", fields.CharField(max_length=200)),
                ("type", fields.CharField(max_length=20)),
                ("external_id", fields.CharField(max_length=200)),
                ("subject_id", fields.UUIDField(db_index=True)),
                ("content_hash", fields.BinaryField()),
            ],
            options={
                "table": "import_map",
                "app": "models",
                "unique_together": (("source", "type", "external_id"),),
                "pk_attr": "id",
                "table_description": "The row that `external_id` of `source` became; `content_hash` tells whether it has changed since.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LogGeneration",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("system_identifier", fields.CharField(max_length=40)),
            ],
            options={
                "table": "log_generation",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One row for each move of this database to another cluster, or back to one where it has lived before.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LoggedEvent",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("generation", fields.IntField()),
                ("xid", fields.BigIntField()),
                ("kind", fields.CharField(max_length=60)),
                ("stream", fields.CharField(max_length=100)),
                ("audience_id", fields.UUIDField(null=True)),
                ("actor_id", fields.UUIDField(null=True)),
                ("subject_id", fields.UUIDField()),
                ("refs", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("quiet", fields.BooleanField(default=False)),
                ("occurred_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "event",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Something that has happened, told by ids only. `quiet` ones (imports) reach the index but nobody's screen.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LoginThrottle",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=400)),
                ("failures", fields.IntField()),
                ("window_ends_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("next_try_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "login_throttle",
                "app": "models",
                "pk_attr": "key",
                "table_description": "Failed sign-ins of one account or address in the running window.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OneTimeCode",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("person_id", fields.UUIDField(db_index=True)),
                (
                    "purpose",
                    fields.CharEnumField(
                        description="ACTIVATE: ACTIVATE\nRESET: RESET", enum_type=CodePurpose, max_length=16
                    ),
                ),
                ("code_hash", fields.CharField(unique=True, max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "one_time_code",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Lets a person set a password once; only the SHA-256 of the code is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrgUnit",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=200)),
                ("parent_id", fields.UUIDField(null=True, db_index=True)),
                ("head_id", fields.UUIDField(null=True, db_index=True)),
                ("deputy_id", fields.UUIDField(null=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "org_unit",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A unit of the company. Its audience has the same key. Without a parent it is a root; there may be several.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ParkedEvent",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("reader", fields.CharField(db_index=True, max_length=60)),
                ("event_id", fields.BigIntField()),
                ("error", fields.TextField(unique=False)),
                ("parked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "parked_event",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An event that a reader could not digest after its last try: kept for a person to look at.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Person",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=200)),
                ("email", fields.CharField(null=True, unique=True, max_length=320)),
                ("employee_id", fields.CharField(null=True, unique=True, max_length=100)),
                ("title", fields.CharField(default="", max_length=200)),
                ("bio", fields.TextField(default="", unique=False)),
                ("pronouns", fields.CharField(null=True, max_length=50)),
                ("location", fields.CharField(null=True, max_length=200)),
                ("time_zone", fields.CharField(null=True, max_length=64)),
                ("unit_id", fields.UUIDField(null=True, db_index=True)),
                ("manager_id", fields.UUIDField(null=True, db_index=True)),
                ("is_guest", fields.BooleanField(default=False)),
                ("active", fields.BooleanField(default=True)),
                ("auth_epoch", fields.IntField(default=0)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "person",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A person of the company, or a guest. `name` is the display name, never split.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Post",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("author_id", fields.UUIDField(null=True)),
                ("audience_id", fields.UUIDField()),
                (
                    "kind",
                    fields.CharEnumField(
                        default=PostKind.DISCUSSION,
                        description="DISCUSSION: DISCUSSION",
                        enum_type=PostKind,
                        max_length=16,
                    ),
                ),
                (
                    "status",
                    fields.CharEnumField(
                        default=PostStatus.PUBLISHED,
                        description="PUBLISHED: PUBLISHED\nREMOVED: REMOVED",
                        enum_type=PostStatus,
                        max_length=16,
                    ),
                ),
                ("title", fields.CharField(null=True, max_length=300)),
                ("body", fields.TextField(unique=False)),
                ("client_id", fields.CharField(null=True, max_length=100)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("published_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("edited_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "post",
                "app": "models",
                "unique_together": (("author_id", "client_id"),),
                "pk_attr": "id",
                "table_description": "One entry of the feed. Removed, it keeps its place but not its text.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReaderPosition",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=60)),
                ("generation", fields.IntField(default=0)),
                ("xid", fields.BigIntField(default=0)),
                ("event_id", fields.BigIntField(default=0)),
                ("holder", fields.CharField(null=True, max_length=100)),
                ("held_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("failures", fields.IntField(default=0)),
                ("error", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "reader_position",
                "app": "models",
                "pk_attr": "name",
                "table_description": "How far a reader of the log has come, and who runs it until when. `failures` counts tries of the next event.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("person_id", fields.UUIDField(db_index=True)),
                (
                    "role",
                    fields.CharEnumField(
                        description="ADMIN: ADMIN\nHR: HR\nSECURITY: SECURITY\nCOMMUNICATOR: COMMUNICATOR\nANALYST: ANALYST\nMODERATOR: MODERATOR\nMEMBER: MEMBER\nGUEST: GUEST",
                        enum_type=Role,
                        max_length=16,
                    ),
                ),
                ("unit_id", fields.UUIDField(null=True)),
            ],
            options={
                "table": "role_grant",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A role of a person within a unit and its sub-units, or everywhere (`unit_id` null).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=16)),
                ("subject_id", fields.UUIDField(unique=True)),
                ("audience_id", fields.UUIDField()),
                ("version", fields.BigIntField()),
                ("title", fields.TextField(unique=False)),
                ("body", fields.TextField(unique=False)),
            ],
            options={
                "table": "search_document",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A thing as it can be found. `audience_id` null: everybody who is signed in and not a guest may find it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Timer",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=60)),
                ("key", fields.CharField(unique=True, max_length=200)),
                ("subject_id", fields.UUIDField(null=True)),
                ("due_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("tries", fields.IntField(default=0)),
                ("error", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "timer",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One thing to do at `due_at`. `key` makes setting it twice the same as once.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UnitClosure",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("ancestor_id", fields.UUIDField(db_index=True)),
                ("descendant_id", fields.UUIDField()),
                ("depth", fields.SmallIntField()),
            ],
            options={
                "table": "unit_closure",
                "app": "models",
                "unique_together": (("descendant_id", "ancestor_id"),),
                "pk_attr": "id",
                "table_description": "`ancestor` contains `descendant`, `depth` levels down; each unit contains itself at depth 0.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(UP, DOWN),
    ]
