"""What was imported from where: external ids and ours."""

from __future__ import annotations

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model


class ImportedRow(Model):
    """The row that `external_id` of `source` became; `content_hash` tells whether it has changed since."""

    id = fields.BigIntField(primary_key=True, generated=True)
    source = fields.CharField(max_length=200)
    type = fields.CharField(max_length=20)
    external_id = fields.CharField(max_length=200)
    subject_id = fields.UUIDField(db_index=True)
    content_hash = fields.BinaryField()

    class Meta(Model.Meta):
        table = "import_map"
        unique_together = (("source", "type", "external_id"),)


class ImportSource(Model):
    """A system people are imported from; `owns` names the fields of a person that only its imports and HR write."""

    name = fields.CharField(max_length=200, primary_key=True)
    owns: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    updated_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "import_source"
