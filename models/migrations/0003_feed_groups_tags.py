"""Groups, tags, and a feed of many kinds of posts."""

from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from models.feed import PostKind, PostStatus
from models.groups import GroupRole, JoinPolicy, MembershipSource, MembershipStatus, Visibility
from models.keys import uuid7
from models.polls import PollResults

# What CreateModel cannot say: foreign keys by plain columns, checks, partial and expression indexes.
UP = """
ALTER TABLE audience
  ADD CONSTRAINT audience_people CHECK (people IS NULL OR kind = 'PEOPLE'),
  ADD CONSTRAINT audience_people_once UNIQUE (people);
CREATE INDEX audience_member_listed ON audience_member (person_id) INCLUDE (audience_id) WHERE listed;

ALTER TABLE groups
  ADD CONSTRAINT groups_audience FOREIGN KEY (id) REFERENCES audience ON DELETE CASCADE,
  ADD CONSTRAINT groups_creator FOREIGN KEY (created_by) REFERENCES person ON DELETE SET NULL,
  ADD CONSTRAINT groups_name_given CHECK (name <> ''),
  ADD CONSTRAINT groups_visibility CHECK (visibility IN ('OPEN', 'PRIVATE', 'SECRET')),
  ADD CONSTRAINT groups_join_policy CHECK (join_policy IN ('OPEN', 'REQUEST', 'INVITE')),
  ADD CONSTRAINT groups_secret_by_invitation CHECK (visibility <> 'SECRET' OR join_policy = 'INVITE'),
  ADD CONSTRAINT groups_purged_once_archived CHECK (purge_at IS NULL OR archived_at IS NOT NULL);
CREATE INDEX groups_by_name ON groups (lower(name), id);
CREATE INDEX groups_default ON groups (id) WHERE is_default;
ALTER TABLE membership
  ADD CONSTRAINT membership_group FOREIGN KEY (group_id) REFERENCES groups ON DELETE CASCADE,
  ADD CONSTRAINT membership_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT membership_by FOREIGN KEY (by_id) REFERENCES person ON DELETE SET NULL,
  ADD CONSTRAINT membership_role CHECK (role IN ('OWNER', 'MODERATOR', 'MEMBER', 'GUEST')),
  ADD CONSTRAINT membership_status CHECK (status IN ('MEMBER', 'REQUESTED', 'INVITED', 'BANNED', 'REMOVED')),
  ADD CONSTRAINT membership_source CHECK (source IN ('JOINED', 'ADDED', 'RULE', 'DEFAULT')),
  ADD CONSTRAINT membership_joined CHECK ((status = 'MEMBER') = (joined_at IS NOT NULL)),
  ADD CONSTRAINT membership_leads_as_member CHECK (status = 'MEMBER' OR role IN ('MEMBER', 'GUEST'));
CREATE INDEX membership_members ON membership (group_id, joined_at, person_id) WHERE status = 'MEMBER';
CREATE INDEX membership_others ON membership (group_id, status, id) WHERE status <> 'MEMBER';
CREATE INDEX membership_leading ON membership (person_id) INCLUDE (group_id, role)
  WHERE status = 'MEMBER' AND role IN ('OWNER', 'MODERATOR');
ALTER TABLE audience_rule
  ADD CONSTRAINT audience_rule_audience FOREIGN KEY (id) REFERENCES audience ON DELETE CASCADE,
  ADD CONSTRAINT audience_rule_creator FOREIGN KEY (created_by) REFERENCES person ON DELETE SET NULL;

ALTER TABLE tag
  ADD CONSTRAINT tag_name_given CHECK (name <> ''),
  ADD CONSTRAINT tag_creator FOREIGN KEY (created_by) REFERENCES person ON DELETE SET NULL;
CREATE INDEX tag_by_name ON tag (lower(name), id);
ALTER TABLE tag_synonym ADD CONSTRAINT tag_synonym_tag FOREIGN KEY (tag_id) REFERENCES tag ON DELETE CASCADE;
ALTER TABLE merged_tag ADD CONSTRAINT merged_tag_tag FOREIGN KEY (tag_id) REFERENCES tag ON DELETE CASCADE;
ALTER TABLE tag_follow
  ADD CONSTRAINT tag_follow_tag FOREIGN KEY (tag_id) REFERENCES tag ON DELETE CASCADE,
  ADD CONSTRAINT tag_follow_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE;
ALTER TABLE post_tag
  ADD CONSTRAINT post_tag_post FOREIGN KEY (post_id) REFERENCES post ON DELETE CASCADE,
  ADD CONSTRAINT post_tag_tag FOREIGN KEY (tag_id) REFERENCES tag ON DELETE CASCADE,
  ADD CONSTRAINT post_tag_audience FOREIGN KEY (audience_id) REFERENCES audience ON DELETE CASCADE;
CREATE INDEX post_tag_feed ON post_tag (tag_id, audience_id, published_at DESC, post_id DESC)
  WHERE published_at IS NOT NULL;
CREATE INDEX post_tag_unpublished ON post_tag (tag_id) WHERE published_at IS NULL;
CREATE INDEX post_tag_newest ON post_tag (published_at) WHERE published_at IS NOT NULL;

ALTER TABLE post
  DROP CONSTRAINT post_status,
  ADD CONSTRAINT post_status CHECK (status IN ('DRAFT', 'SCHEDULED', 'IN_REVIEW', 'PUBLISHED', 'REMOVED')),
  ADD CONSTRAINT post_kind
    CHECK (kind IN ('DISCUSSION', 'QUESTION', 'ANNOUNCEMENT', 'ARTICLE', 'PRAISE', 'IDEA', 'POLL')),
  ADD CONSTRAINT post_published CHECK (status <> 'PUBLISHED' OR published_at IS NOT NULL),
  ADD CONSTRAINT post_scheduled CHECK ((status = 'SCHEDULED') = (scheduled_at IS NOT NULL)),
  ADD CONSTRAINT post_writer FOREIGN KEY (written_by) REFERENCES person ON DELETE SET NULL,
  ADD CONSTRAINT post_shared FOREIGN KEY (shared_id) REFERENCES post ON DELETE SET NULL,
  ADD CONSTRAINT post_accepted FOREIGN KEY (accepted_id) REFERENCES comment ON DELETE SET NULL;
CREATE INDEX post_unpublished ON post (author_id, id) WHERE status IN ('DRAFT', 'SCHEDULED', 'IN_REVIEW');
CREATE INDEX post_written_for ON post (written_by, id) WHERE written_by IS NOT NULL;
CREATE INDEX post_in_review ON post (audience_id, id) WHERE status = 'IN_REVIEW';
CREATE INDEX post_not_published ON post (audience_id) WHERE status <> 'PUBLISHED';
CREATE INDEX post_by_answer ON post (accepted_id) WHERE accepted_id IS NOT NULL;
CREATE INDEX post_pinned ON post (audience_id, pinned_at DESC) WHERE pinned_at IS NOT NULL;
ALTER TABLE praised_person
  ADD CONSTRAINT praised_person_post FOREIGN KEY (post_id) REFERENCES post ON DELETE CASCADE,
  ADD CONSTRAINT praised_person_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE;
ALTER TABLE delegate
  ADD CONSTRAINT delegate_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT delegate_delegate FOREIGN KEY (delegate_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT delegate_not_oneself CHECK (delegate_id <> person_id);

ALTER TABLE poll
  ADD CONSTRAINT poll_post FOREIGN KEY (id) REFERENCES post ON DELETE CASCADE,
  ADD CONSTRAINT poll_results CHECK (results IN ('ALWAYS', 'AFTER_VOTE', 'AFTER_CLOSE'));
ALTER TABLE poll_option
  ADD CONSTRAINT poll_option_poll FOREIGN KEY (poll_id) REFERENCES poll ON DELETE CASCADE,
  ADD CONSTRAINT poll_option_of_poll UNIQUE (id, poll_id);
ALTER TABLE poll_vote
  ADD CONSTRAINT poll_vote_option FOREIGN KEY (option_id, poll_id) REFERENCES poll_option (id, poll_id) ON DELETE CASCADE,
  ADD CONSTRAINT poll_vote_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE;

ALTER TABLE reaction ADD CONSTRAINT reaction_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE;
ALTER TABLE mention
  ADD CONSTRAINT mention_post FOREIGN KEY (post_id) REFERENCES post ON DELETE CASCADE,
  ADD CONSTRAINT mention_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE;
CREATE INDEX mention_of_person ON mention (person_id, created_at DESC);
ALTER TABLE seen
  ADD CONSTRAINT seen_post FOREIGN KEY (post_id) REFERENCES post ON DELETE CASCADE,
  ADD CONSTRAINT seen_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE;
ALTER TABLE bookmark
  ADD CONSTRAINT bookmark_post FOREIGN KEY (post_id) REFERENCES post ON DELETE CASCADE,
  ADD CONSTRAINT bookmark_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE;
CREATE INDEX bookmark_newest ON bookmark (person_id, created_at DESC, id DESC);
ALTER TABLE must_read
  ADD CONSTRAINT must_read_post FOREIGN KEY (id) REFERENCES post ON DELETE CASCADE,
  ADD CONSTRAINT must_read_by FOREIGN KEY (required_by) REFERENCES person ON DELETE SET NULL;
ALTER TABLE acknowledgement
  ADD CONSTRAINT acknowledgement_post FOREIGN KEY (post_id) REFERENCES must_read (id) ON DELETE CASCADE,
  ADD CONSTRAINT acknowledgement_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE;
"""

# Back at the first version there are no groups: what was posted to them, or not published yet, goes with them.
DOWN = """
DELETE FROM post WHERE status NOT IN ('PUBLISHED', 'REMOVED') OR published_at IS NULL;
DELETE FROM post p USING audience a WHERE a.id = p.audience_id AND a.kind IN ('GROUP', 'RULE');
DELETE FROM audience WHERE kind IN ('GROUP', 'RULE');
UPDATE post SET kind = 'DISCUSSION';
DROP INDEX audience_member_listed;
DROP INDEX post_unpublished, post_written_for, post_in_review, post_pinned, post_not_published, post_by_answer;
ALTER TABLE post
  DROP CONSTRAINT post_status, DROP CONSTRAINT post_kind, DROP CONSTRAINT post_published,
  DROP CONSTRAINT post_scheduled, DROP CONSTRAINT post_writer, DROP CONSTRAINT post_shared,
  DROP CONSTRAINT post_accepted,
  ADD CONSTRAINT post_status CHECK (status IN ('PUBLISHED', 'REMOVED'));
ALTER TABLE audience DROP CONSTRAINT audience_people, DROP CONSTRAINT audience_people_once;
ALTER TABLE audience_rule DROP CONSTRAINT audience_rule_audience, DROP CONSTRAINT audience_rule_creator;
ALTER TABLE membership DROP CONSTRAINT membership_group;
ALTER TABLE tag_synonym DROP CONSTRAINT tag_synonym_tag;
ALTER TABLE merged_tag DROP CONSTRAINT merged_tag_tag;
ALTER TABLE tag_follow DROP CONSTRAINT tag_follow_tag;
ALTER TABLE post_tag DROP CONSTRAINT post_tag_tag;
ALTER TABLE poll_option DROP CONSTRAINT poll_option_poll;
ALTER TABLE poll_vote DROP CONSTRAINT poll_vote_option;
ALTER TABLE acknowledgement DROP CONSTRAINT acknowledgement_post;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0002_people_and_org")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("post_id", fields.UUIDField()),
                ("person_id", fields.UUIDField(db_index=True)),
                ("round", fields.IntField()),
                ("acknowledged_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "acknowledgement",
                "app": "models",
                "unique_together": (("post_id", "round", "person_id"),),
                "pk_attr": "id",
                "table_description": "A person says that they have read the post, as it stood in that round.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AudienceRule",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("name", fields.CharField(null=True, max_length=100)),
                ("conditions", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("is_snapshot", fields.BooleanField(default=False)),
                ("created_by", fields.UUIDField(null=True)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "audience_rule",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A rule over attributes that HR owns, bound to the audience of the same key: one of its own, or a group's.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Bookmark",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("person_id", fields.UUIDField()),
                ("post_id", fields.UUIDField(db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "bookmark",
                "app": "models",
                "unique_together": (("person_id", "post_id"),),
                "pk_attr": "id",
                "table_description": "A person has put a post aside, for nobody's eyes but theirs.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Delegate",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("person_id", fields.UUIDField()),
                ("delegate_id", fields.UUIDField(db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "delegate",
                "app": "models",
                "unique_together": (("person_id", "delegate_id"),),
                "pk_attr": "id",
                "table_description": "`delegate_id` may publish posts in the name of `person_id`; the posts keep both.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Group",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=100)),
                ("description", fields.TextField(default="", unique=False)),
                (
                    "visibility",
                    fields.CharEnumField(
                        description="OPEN: OPEN\nPRIVATE: PRIVATE\nSECRET: SECRET", enum_type=Visibility, max_length=16
                    ),
                ),
                (
                    "join_policy",
                    fields.CharEnumField(
                        description="OPEN: OPEN\nREQUEST: REQUEST\nINVITE: INVITE", enum_type=JoinPolicy, max_length=16
                    ),
                ),
                ("is_default", fields.BooleanField(default=False)),
                ("moderated", fields.BooleanField(default=False)),
                ("archived_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("purge_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_by", fields.UUIDField(null=True)),
                ("client_id", fields.CharField(null=True, max_length=100)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "groups",
                "app": "models",
                "unique_together": (("created_by", "client_id"),),
                "pk_attr": "id",
                "table_description": "A group. Archived, it is read as before, and nothing in it changes. `purge_at`: deleted then, content and all.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Membership",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("group_id", fields.UUIDField()),
                ("person_id", fields.UUIDField()),
                (
                    "role",
                    fields.CharEnumField(
                        default=GroupRole.MEMBER,
                        description="OWNER: OWNER\nMODERATOR: MODERATOR\nMEMBER: MEMBER\nGUEST: GUEST",
                        enum_type=GroupRole,
                        max_length=16,
                    ),
                ),
                (
                    "status",
                    fields.CharEnumField(
                        description="MEMBER: MEMBER\nREQUESTED: REQUESTED\nINVITED: INVITED\nBANNED: BANNED\nREMOVED: REMOVED",
                        enum_type=MembershipStatus,
                        max_length=16,
                    ),
                ),
                (
                    "source",
                    fields.CharEnumField(
                        default=MembershipSource.JOINED,
                        description="JOINED: JOINED\nADDED: ADDED\nRULE: RULE\nDEFAULT: DEFAULT",
                        enum_type=MembershipSource,
                        max_length=16,
                    ),
                ),
                ("by_id", fields.UUIDField(null=True)),
                ("joined_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "membership",
                "app": "models",
                "unique_together": (("person_id", "group_id"),),
                "pk_attr": "id",
                "table_description": "Where one person stands towards one group. `expires_at`: of an invitation, or of a guest's stay.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Mention",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("subject_id", fields.UUIDField()),
                ("post_id", fields.UUIDField(db_index=True)),
                ("person_id", fields.UUIDField()),
                ("told", fields.BooleanField(default=False, db_default=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "mention",
                "app": "models",
                "unique_together": (("subject_id", "person_id"),),
                "pk_attr": "id",
                "table_description": "A person named in a post or a comment, which is the `subject`. Visible with it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MergedTag",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("tag_id", fields.UUIDField(db_index=True)),
                ("merged_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "merged_tag",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A tag that has become part of another one, under the key that it had: old links lead to `tag_id`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MustRead",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("round", fields.IntField(default=1)),
                ("required_by", fields.UUIDField(null=True)),
                ("required_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("waived_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "must_read",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A post that must be read; it has the post's key. `round` rises when a major edit asks everybody again.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Poll",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("is_multiple", fields.BooleanField(default=False)),
                (
                    "results",
                    fields.CharEnumField(
                        default=PollResults.AFTER_VOTE,
                        description="ALWAYS: ALWAYS\nAFTER_VOTE: AFTER_VOTE\nAFTER_CLOSE: AFTER_CLOSE",
                        enum_type=PollResults,
                        max_length=16,
                    ),
                ),
                ("closes_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "poll",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The poll of a post, whose key it has. Nobody is told who chose what.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PollOption",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("poll_id", fields.UUIDField()),
                ("place", fields.SmallIntField()),
                ("text", fields.CharField(max_length=200)),
            ],
            options={
                "table": "poll_option",
                "app": "models",
                "unique_together": (("poll_id", "place"),),
                "pk_attr": "id",
                "table_description": "One of a poll's options, in the order of `place` (from 0).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PollVote",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("poll_id", fields.UUIDField()),
                ("option_id", fields.UUIDField(db_index=True)),
                ("person_id", fields.UUIDField()),
            ],
            options={
                "table": "poll_vote",
                "app": "models",
                "unique_together": (("poll_id", "person_id", "option_id"),),
                "pk_attr": "id",
                "table_description": "A person's choice of one option.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PostTag",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("post_id", fields.UUIDField()),
                ("tag_id", fields.UUIDField()),
                ("audience_id", fields.UUIDField()),
                ("published_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("given", fields.BooleanField(default=True, db_default=True)),
            ],
            options={
                "table": "post_tag",
                "app": "models",
                "unique_together": (("post_id", "tag_id"),),
                "pk_attr": "id",
                "table_description": "A tag on a post. Audience and moment are the post's, so that a tag's page is read as a feed is.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PraisedPerson",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("post_id", fields.UUIDField()),
                ("person_id", fields.UUIDField(db_index=True)),
            ],
            options={
                "table": "praised_person",
                "app": "models",
                "unique_together": (("post_id", "person_id"),),
                "pk_attr": "id",
                "table_description": "One of the people whom a post praises.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reaction",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("subject_id", fields.UUIDField()),
                ("person_id", fields.UUIDField()),
                ("emoji", fields.CharField(max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "reaction",
                "app": "models",
                "unique_together": (("subject_id", "emoji", "person_id"),),
                "pk_attr": "id",
                "table_description": "One emoji of one person on one subject, whose audience it shares.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Revision",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("subject_id", fields.UUIDField()),
                ("version", fields.IntField()),
                ("title", fields.CharField(null=True, max_length=300)),
                ("body", fields.TextField(unique=False)),
                ("written_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("replaced_by", fields.UUIDField(null=True)),
                ("replaced_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "revision",
                "app": "models",
                "unique_together": (("subject_id", "version"),),
                "pk_attr": "id",
                "table_description": "The text of a post or a comment at one `version`, until it was replaced. Wiped with its subject.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Seen",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("post_id", fields.UUIDField()),
                ("person_id", fields.UUIDField(db_index=True)),
                ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "seen",
                "app": "models",
                "unique_together": (("post_id", "person_id"),),
                "pk_attr": "id",
                "table_description": "A person has seen a post, first at that moment.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Tag",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=60)),
                ("key", fields.CharField(unique=True, max_length=120)),
                ("description", fields.CharField(default="", max_length=1000)),
                ("restricted", fields.BooleanField(default=False)),
                ("priority", fields.BooleanField(default=False)),
                ("kept", fields.BooleanField(default=False)),
                ("created_by", fields.UUIDField(null=True)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "tag",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A tag. `key` is its name folded, by which it is found however it is written.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TagFollow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("person_id", fields.UUIDField()),
                ("tag_id", fields.UUIDField(db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "tag_follow",
                "app": "models",
                "unique_together": (("person_id", "tag_id"),),
                "pk_attr": "id",
                "table_description": "Somebody follows a tag.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TagSynonym",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("tag_id", fields.UUIDField(db_index=True)),
                ("name", fields.CharField(max_length=60)),
                ("key", fields.CharField(unique=True, max_length=120)),
            ],
            options={
                "table": "tag_synonym",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Another name of a tag; a name means one tag only.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Audience",
            name="open",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Audience",
            name="people",
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name="Audience",
            name="read_only",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Comment",
            name="kept",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="OrgUnit",
            name="moderated",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Person",
            name="expires_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterField(
            model_name="Post",
            name="kind",
            field=fields.CharEnumField(
                default=PostKind.DISCUSSION,
                description="DISCUSSION: DISCUSSION\nQUESTION: QUESTION\nANNOUNCEMENT: ANNOUNCEMENT\nARTICLE: ARTICLE\nPRAISE: PRAISE\nIDEA: IDEA\nPOLL: POLL",
                enum_type=PostKind,
                max_length=16,
            ),
        ),
        ops.AlterField(
            model_name="Post",
            name="published_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterField(
            model_name="Post",
            name="status",
            field=fields.CharEnumField(
                default=PostStatus.PUBLISHED,
                description="DRAFT: DRAFT\nSCHEDULED: SCHEDULED\nIN_REVIEW: IN_REVIEW\nPUBLISHED: PUBLISHED\nREMOVED: REMOVED",
                enum_type=PostStatus,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Post",
            name="accepted_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name="Post",
            name="comments_closed",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Post",
            name="pinned_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Post",
            name="praise_value",
            field=fields.CharField(null=True, max_length=60),
        ),
        ops.AddField(
            model_name="Post",
            name="returned",
            field=fields.CharField(null=True, max_length=2000),
        ),
        ops.AddField(
            model_name="Post",
            name="scheduled_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Post",
            name="shared_id",
            field=fields.UUIDField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Post",
            name="written_by",
            field=fields.UUIDField(null=True),
        ),
        ops.RunSQL(UP, DOWN),
    ]
