"""Re-org drafts: sets of changes of the org chart that are tried before their day."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.keys import uuid7

DRAFT_NAME_MAX = 200  # characters
CHANGES_MAX = 1_000  # of one draft


class DraftStatus(StrEnum):
    """Where a draft is in its life."""

    DRAFT = "DRAFT"
    APPLIED = "APPLIED"
    WITHDRAWN = "WITHDRAWN"


class OrgDraft(Model):
    """A set of changes that take effect together, on one day."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=DRAFT_NAME_MAX)
    effective_on = fields.DateField()
    status = fields.CharEnumField(DraftStatus, max_length=16, default=DraftStatus.DRAFT)
    author_id = fields.UUIDField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    applied_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "org_draft"


class OrgDraftChange(Model):
    """One change of a draft; they are applied by `rank`. `refs` holds its ids and texts, as its kind wants."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    draft_id = fields.UUIDField(db_index=True)
    rank = fields.IntField()
    kind = fields.CharField(max_length=40)
    refs: fields.Field[dict[str, object]] = fields.JSONField(default=dict)

    class Meta(Model.Meta):
        table = "org_draft_change"
