"""Skills: what people say they can do, how well, and who agrees."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.keys import uuid7

SKILL_MAX = 100  # characters of a name


class SkillLevel(StrEnum):
    """How well somebody knows a skill, by their own word."""

    BEGINNER = "BEGINNER"
    INTERMEDIATE = "INTERMEDIATE"
    ADVANCED = "ADVANCED"
    EXPERT = "EXPERT"


class Skill(Model):
    """A skill of the company's catalogue. `key` is its name folded, by which it is found however it is written."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=SKILL_MAX)
    key = fields.CharField(max_length=SKILL_MAX * 2, unique=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "skill"


class SkillSynonym(Model):
    """Another name of a skill; a name means one skill only."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    skill_id = fields.UUIDField(db_index=True)
    name = fields.CharField(max_length=SKILL_MAX)
    key = fields.CharField(max_length=SKILL_MAX * 2, unique=True)

    class Meta(Model.Meta):
        table = "skill_synonym"


class PersonSkill(Model):
    """A skill of one person, by their own word or HR's. Who sees the person sees it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person_id = fields.UUIDField()
    skill_id = fields.UUIDField(db_index=True)
    level = fields.CharEnumField(SkillLevel, max_length=16, null=True)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "person_skill"
        unique_together = (("person_id", "skill_id"),)


class Endorsement(Model):
    """Somebody agrees that a person has a skill; once each."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person_skill_id = fields.UUIDField()
    endorser_id = fields.UUIDField(db_index=True)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "endorsement"
        unique_together = (("person_skill_id", "endorser_id"),)
