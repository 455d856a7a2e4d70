"""Chat: conversations and messages; and how far back the log reaches."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.conversations import ConversationKind, ConversationRole, ReceiptPolicy
from models.keys import uuid7

# What CreateModel cannot say: foreign keys by plain columns, checks, partial indexes.
UP = """
ALTER TABLE conversation
  ADD CONSTRAINT conversation_audience FOREIGN KEY (id) REFERENCES audience ON DELETE CASCADE,
  ADD CONSTRAINT conversation_home FOREIGN KEY (home_id) REFERENCES audience ON DELETE SET NULL,
  ADD CONSTRAINT conversation_creator FOREIGN KEY (created_by) REFERENCES person ON DELETE SET NULL,
  ADD CONSTRAINT conversation_kind CHECK (kind IN ('DIRECT', 'GROUP', 'CHANNEL')),
  ADD CONSTRAINT conversation_receipts CHECK (receipts IN ('OFF', 'COUNTS', 'NAMES')),
  ADD CONSTRAINT conversation_of_two CHECK ((kind = 'DIRECT') = (pair IS NOT NULL)),
  ADD CONSTRAINT conversation_at_home CHECK (home_id IS NULL OR kind = 'CHANNEL'),
  ADD CONSTRAINT conversation_channel_titled CHECK (kind <> 'CHANNEL' OR title <> ''),
  ADD CONSTRAINT conversation_retention CHECK (retention_days > 0);
CREATE INDEX conversation_channels ON conversation (lower(title), id) WHERE kind = 'CHANNEL';
CREATE INDEX conversation_kept_for ON conversation (id) WHERE retention_days IS NOT NULL;
ALTER TABLE conversation_member
  ADD CONSTRAINT conversation_member_of FOREIGN KEY (conversation_id) REFERENCES conversation ON DELETE CASCADE,
  ADD CONSTRAINT conversation_member_person FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE,
  ADD CONSTRAINT conversation_member_by FOREIGN KEY (added_by) REFERENCES person ON DELETE SET NULL,
  ADD CONSTRAINT conversation_member_role CHECK (role IN ('OWNER', 'MEMBER')),
  ADD CONSTRAINT conversation_member_read CHECK (read_up_to >= 0 AND since >= 0);
CREATE INDEX conversation_member_theirs ON conversation_member (person_id, conversation_id);
ALTER TABLE message
  ADD CONSTRAINT message_of FOREIGN KEY (conversation_id) REFERENCES conversation ON DELETE CASCADE,
  ADD CONSTRAINT message_author FOREIGN KEY (author_id) REFERENCES person ON DELETE SET NULL,
  ADD CONSTRAINT message_thread FOREIGN KEY (reply_to_id) REFERENCES message ON DELETE SET NULL,
  ADD CONSTRAINT message_pinned CHECK (pinned_at IS NULL OR NOT removed);
CREATE INDEX message_replies ON message (reply_to_id, sequence) WHERE reply_to_id IS NOT NULL;
CREATE INDEX message_pins ON message (conversation_id, pinned_at DESC) WHERE pinned_at IS NOT NULL;
CREATE INDEX message_to_all ON message (conversation_id, sequence) WHERE everyone;
CREATE INDEX message_by_author ON message (author_id, id);
ALTER TABLE mention
  ADD CONSTRAINT mention_conversation FOREIGN KEY (conversation_id) REFERENCES conversation ON DELETE CASCADE,
  ADD CONSTRAINT mention_somewhere CHECK ((post_id IS NULL) <> (conversation_id IS NULL));
CREATE INDEX event_of_stream ON event (stream, generation, xid, id);
"""

# Before there was chat, nobody was named in it, and nothing was heard of it.
DOWN = """
DROP INDEX event_of_stream;
DELETE FROM mention WHERE conversation_id IS NOT NULL;
ALTER TABLE mention DROP CONSTRAINT mention_somewhere, DROP CONSTRAINT mention_conversation;
DELETE FROM reaction r USING message m WHERE m.id = r.subject_id;
DELETE FROM revision r USING message m WHERE m.id = r.subject_id;
ALTER TABLE message DROP CONSTRAINT message_of, DROP CONSTRAINT message_thread;
ALTER TABLE conversation_member DROP CONSTRAINT conversation_member_of;
ALTER TABLE conversation DROP CONSTRAINT conversation_audience;
DELETE FROM audience WHERE kind = 'CONVERSATION';
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0003_feed_groups_tags")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Conversation",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="DIRECT: DIRECT\nGROUP: GROUP\nCHANNEL: CHANNEL",
                        enum_type=ConversationKind,
                        max_length=16,
                    ),
                ),
                ("title", fields.CharField(null=True, max_length=100)),
                ("purpose", fields.CharField(default="", max_length=500)),
                ("pair", fields.CharField(null=True, unique=True, max_length=73)),
                ("home_id", fields.UUIDField(null=True)),
                ("sequence", fields.BigIntField(default=0)),
                (
                    "receipts",
                    fields.CharEnumField(
                        default=ReceiptPolicy.NAMES,
                        description="OFF: OFF\nCOUNTS: COUNTS\nNAMES: NAMES",
                        enum_type=ReceiptPolicy,
                        max_length=16,
                    ),
                ),
                ("retention_days", fields.IntField(null=True)),
                ("client_id", fields.CharField(null=True, max_length=100)),
                ("version", fields.IntField(default=1)),
                ("created_by", fields.UUIDField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("moved_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("archived_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "conversation",
                "app": "models",
                "unique_together": (("created_by", "client_id"),),
                "pk_attr": "id",
                "table_description": "People who write to each other. Its audience has its key; `sequence` is that of its newest message.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ConversationMember",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("conversation_id", fields.UUIDField()),
                ("person_id", fields.UUIDField()),
                (
                    "role",
                    fields.CharEnumField(
                        default=ConversationRole.MEMBER,
                        description="OWNER: OWNER\nMEMBER: MEMBER",
                        enum_type=ConversationRole,
                        max_length=16,
                    ),
                ),
                ("since", fields.BigIntField(default=0)),
                ("read_up_to", fields.BigIntField(default=0)),
                ("seen_up_to", fields.BigIntField(default=0)),
                ("muted_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("added_by", fields.UUIDField(null=True)),
                ("joined_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "conversation_member",
                "app": "models",
                "unique_together": (("conversation_id", "person_id"),),
                "pk_attr": "id",
                "table_description": "One person in one conversation, with what is theirs alone in it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LogStart",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("generation", fields.IntField()),
                ("xid", fields.BigIntField()),
                ("event_id", fields.BigIntField()),
            ],
            options={
                "table": "log_start",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The position of the last event that was deleted for its age, one row then. Nobody resumes from before it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Message",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("conversation_id", fields.UUIDField()),
                ("sequence", fields.BigIntField()),
                ("author_id", fields.UUIDField(null=True)),
                ("body", fields.TextField(unique=False)),
                ("reply_to_id", fields.UUIDField(null=True)),
                ("everyone", fields.BooleanField(default=False)),
                ("removed", fields.BooleanField(default=False)),
                ("client_id", fields.CharField(null=True, max_length=100)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("edited_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("pinned_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("pinned_by", fields.UUIDField(null=True)),
            ],
            options={
                "table": "message",
                "app": "models",
                "unique_together": (("conversation_id", "sequence"), ("author_id", "client_id")),
                "pk_attr": "id",
                "table_description": "One message. Removed, it keeps its place and its author, but not its text.",
            },
            bases=["Model"],
        ),
        ops.AlterModelOptions(
            name="Mention",
            options={
                "table": "mention",
                "app": "models",
                "unique_together": (("subject_id", "person_id"),),
                "pk_attr": "id",
                "table_description": "A person named in a post, a comment or a message, which is the `subject`. Visible with it.",
            },
        ),
        ops.AlterModelOptions(
            name="Revision",
            options={
                "table": "revision",
                "app": "models",
                "unique_together": (("subject_id", "version"),),
                "pk_attr": "id",
                "table_description": "The text of a post, a comment or a message at one `version`, until it was replaced. Wiped with its subject.",
            },
        ),
        ops.AlterField(
            model_name="Mention",
            name="post_id",
            field=fields.UUIDField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Mention",
            name="conversation_id",
            field=fields.UUIDField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Person",
            name="shows_presence",
            field=fields.BooleanField(default=True, db_default=True),
        ),
        ops.AddField(
            model_name="Person",
            name="shows_reading",
            field=fields.BooleanField(default=True, db_default=True),
        ),
        ops.RunSQL(UP, DOWN),
    ]
