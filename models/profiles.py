"""Profiles: the fields that a company adds to those that every person has, and who may see each."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models.keys import uuid7

FIELD_NAME_MAX = 100  # characters
TEXT_MAX = 2_000  # characters of a value


class FieldKind(StrEnum):
    """What the values of a field are."""

    TEXT = "TEXT"
    CHOICE = "CHOICE"
    DATE = "DATE"
    PERSON = "PERSON"
    LINK = "LINK"
    NUMBER = "NUMBER"


class FieldVisibility(StrEnum):
    """Who sees a field of a person, besides that person and HR."""

    PUBLIC = "PUBLIC"
    UNIT = "UNIT"
    MANAGER = "MANAGER"
    HR = "HR"
    SELF = "SELF"


class ProfileField(Model):
    """A field of everybody's profile. `builtin` names the column of `person` that it governs; null: a custom one."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=FIELD_NAME_MAX)
    key = fields.CharField(max_length=FIELD_NAME_MAX, unique=True)
    kind = fields.CharEnumField(FieldKind, max_length=16)
    builtin = fields.CharField(max_length=40, null=True, unique=True)
    choices: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    visibility = fields.CharEnumField(FieldVisibility, max_length=16, default=FieldVisibility.PUBLIC)
    is_required = fields.BooleanField(default=False)
    is_locked = fields.BooleanField(default=False)  # only HR and imports write it
    rank = fields.IntField(default=0)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)  # its values stay until it is purged

    class Meta(Model.Meta):
        table = "profile_field"


class ProfileValue(Model):
    """What one person's custom field says: in `text`, `number`, `day` or `person_ref_id`, as its kind wants."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person_id = fields.UUIDField()
    field_id = fields.UUIDField(db_index=True)
    text = fields.TextField(null=True)
    number = fields.DecimalField(max_digits=30, decimal_places=10, null=True)
    day = fields.DateField(null=True)
    person_ref_id = fields.UUIDField(null=True, db_index=True)
    source = fields.CharField(max_length=200, null=True)  # the import that wrote it; null: a person did
    updated_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "profile_value"
        unique_together = (("person_id", "field_id"),)
