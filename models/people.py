"""People: one row a person, whether they sign in or not."""

from __future__ import annotations

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

from models.keys import uuid7

NAME_MAX = 200  # characters
TITLE_MAX = 200  # characters
BIO_MAX = 20_000  # characters
NONE = SqlDefault("'{}'")


class Person(Model):
    """A person of the company, or a guest, as they are today. `name` is the display name, never split."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=NAME_MAX)
    email = fields.CharField(max_length=320, null=True, unique=True)  # lower case
    employee_id = fields.CharField(max_length=100, null=True, unique=True)
    title = fields.CharField(max_length=TITLE_MAX, default="")
    bio = fields.TextField(default="")
    pronouns = fields.CharField(max_length=50, null=True)
    location = fields.CharField(max_length=200, null=True)
    time_zone = fields.CharField(max_length=64, null=True)
    phone = fields.CharField(max_length=50, null=True)
    photo = fields.CharField(max_length=2000, null=True)  # an address, or a path below our own
    languages: fields.Field[list[str]] = ArrayField(element_type="text", default=list, db_default=NONE)
    interests: fields.Field[list[str]] = ArrayField(element_type="text", default=list, db_default=NONE)
    links: fields.Field[list[str]] = ArrayField(element_type="text", default=list, db_default=NONE)
    working_style = fields.TextField(null=True)
    works_from = fields.CharField(max_length=5, null=True)  # such as 09:00, in their zone
    works_to = fields.CharField(max_length=5, null=True)
    position_id = fields.UUIDField(null=True, db_index=True)  # today's, the one they have held longest
    unit_id = fields.UUIDField(null=True, db_index=True)
    is_guest = fields.BooleanField(default=False)
    expires_at = fields.DatetimeField(null=True)  # when a guest's account closes
    active = fields.BooleanField(default=True)
    planned = fields.BooleanField(default=False, db_default=False)  # they have not joined yet: only HR may know of them
    shows_reading = fields.BooleanField(default=True, db_default=True)  # how far they have read, to others
    shows_presence = fields.BooleanField(default=True, db_default=True)  # that they are here, or write
    suggested = fields.BooleanField(default=True, db_default=True)  # as an expert, to others
    auth_epoch = fields.IntField(default=0)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "person"


class PersonTerm(Model):
    """The days on which somebody belonged to the company, and the name they went by."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person_id = fields.UUIDField()
    name = fields.CharField(max_length=NAME_MAX)
    valid_from = fields.DateField()
    valid_to = fields.DateField()

    class Meta(Model.Meta):
        table = "person_term"
        unique_together = (("person_id", "valid_from"),)
