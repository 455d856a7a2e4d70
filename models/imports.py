"""What was imported from where, and the tables through which it comes in."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models.keys import uuid7


class ImportedRow(Model):
    """The row that `external_id` of `source` became; `content_hash` tells whether it has changed since.

    An empty hash: a full file had it no more. `effective_on` is the day of the latest file that had it.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    source = fields.CharField(max_length=200)
    type = fields.CharField(max_length=20)
    external_id = fields.CharField(max_length=200)
    subject_id = fields.UUIDField(db_index=True)
    content_hash = fields.BinaryField()
    effective_on = fields.DateField(null=True)

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


class ImportPhase(StrEnum):
    """How far a run has come. While it is staging it has changed nothing yet."""

    STAGING = "STAGING"
    WRITING = "WRITING"
    DONE = "DONE"
    GIVEN_UP = "GIVEN_UP"


class ImportRun(Model):
    """One import of a file. Whoever runs the same one again goes on where this one was stopped."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    source = fields.CharField(max_length=200, db_index=True)
    fingerprint = fields.BinaryField()  # of the file, and of how it is read
    mode = fields.CharField(max_length=16)
    effective_on = fields.DateField()
    is_dry = fields.BooleanField()
    others: fields.Field[list[str]] = ArrayField(element_type="text", default=list)  # sources that it refers to
    phase = fields.CharEnumField(ImportPhase, max_length=16, default=ImportPhase.STAGING)
    step = fields.SmallIntField(default=0)  # of the writing: the one under way
    reached = fields.BigIntField(default=0)  # the last row of that step that is written
    resumed = fields.IntField(default=0)  # how many times
    report: fields.Field[dict[str, object]] = fields.JSONField(default=dict)
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "import_run"


class ImportRecord(Model):
    """A record of a run's file. A thing and its facts are one row, unless its history makes several of it."""

    id = fields.BigIntField(primary_key=True, generated=True)
    run_id = fields.UUIDField()
    type = fields.CharField(max_length=20)
    external_id = fields.CharField(max_length=200)
    line = fields.IntField()
    said: fields.Field[dict[str, object]] = fields.JSONField()  # its fields; what is not said stays as it is
    content_hash = fields.BinaryField()
    is_thing = fields.BooleanField()  # it tells which thing there is
    is_fact = fields.BooleanField()  # it tells what holds of it
    is_named = fields.BooleanField()  # it names somebody active, so no other row of the same id goes before it
    is_gone = fields.BooleanField()
    valid_from = fields.DateField(null=True)
    valid_to = fields.DateField(null=True)
    day = fields.DateField(null=True)  # the day from which on it holds
    subject_id = fields.UUIDField(null=True)
    is_new = fields.BooleanField(default=False)
    is_same = fields.BooleanField(default=False)  # as the last file had it
    is_back = fields.BooleanField(default=False)  # a full file had it no more
    is_old = fields.BooleanField(default=False)  # a file of a later day has had it already
    was_member = fields.BooleanField(default=False)  # a person who belongs to the company on `day`, as things stand
    is_member = fields.BooleanField(default=False)  # and as the file has it
    leaves_on = fields.DateField(null=True)  # the first day on which they do not
    owner_id = fields.UUIDField(null=True)  # whose own position it is
    manager_id = fields.UUIDField(null=True)  # whom they report to, where only a name told
    outcome = fields.CharField(max_length=12, default="unchanged")

    class Meta(Model.Meta):
        table = "import_record"


class ImportFact(Model):
    """A change of facts that a run makes: a row of one of the tables of facts, or the end of a thing."""

    id = fields.BigIntField(primary_key=True, generated=True)
    run_id = fields.UUIDField()
    fact = fields.CharField(max_length=20)  # see atrium.imports.facts
    line = fields.IntField()
    external_id = fields.CharField(max_length=200)
    person_id = fields.UUIDField(null=True)
    unit_id = fields.UUIDField(null=True)
    position_id = fields.UUIDField(null=True)
    manager_id = fields.UUIDField(null=True)
    parent_id = fields.UUIDField(null=True)
    head_id = fields.UUIDField(null=True)
    deputy_id = fields.UUIDField(null=True)
    name = fields.CharField(max_length=200, null=True)
    title = fields.CharField(max_length=200, null=True)
    grade = fields.CharField(max_length=50, null=True)
    kind = fields.CharField(max_length=16, null=True)
    day = fields.DateField()
    until = fields.DateField(null=True)  # null: for as long as what held on the day would have held
    since = fields.DateField(null=True)  # a day before, from which on it has held already
    gone = fields.BooleanField()
    held = fields.BooleanField()  # something held before
    same = fields.BooleanField()  # just that: nothing changes
    old: fields.Field[dict[str, object]] = fields.JSONField(default=dict)  # what, by column

    class Meta(Model.Meta):
        table = "import_fact"


class ImportTouch(Model):
    """A person for whom a run may change something; `is_told`: something that is not in their row, as their manager."""

    id = fields.BigIntField(primary_key=True, generated=True)
    run_id = fields.UUIDField()
    person_id = fields.UUIDField()
    record_id = fields.BigIntField(null=True)  # what the file says of them
    is_told = fields.BooleanField()

    class Meta(Model.Meta):
        table = "import_touch"
