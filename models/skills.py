"""Skills: what people say they can do, how well, and who agrees."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7

SKILL_MAX = 100  # characters of a name
KEY_MAX = 200  # characters of a folded name
SKILLS_MAX = 100  # of one person
SYNONYMS_MAX = 50  # of one skill
CATALOGUE = "skills"
"""The stream of the catalogue: its writers hold the lock alone, those who change a person's skills share it."""


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


class MergedSkill(Model):
    """A skill that has become part of another one, under the key that it had: old links lead to `skill_id`."""

    id = fields.UUIDField(primary_key=True)
    skill_id = fields.UUIDField(db_index=True)
    merged_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "merged_skill"


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


# The better level of two: what is not said is the least.
_RANK = "coalesce(array_position(ARRAY['BEGINNER', 'INTERMEDIATE', 'ADVANCED', 'EXPERT'], {}.level::text), 0)"

NAMED = """
SELECT key, id FROM skill WHERE key = ANY($1::text[])
UNION ALL SELECT key, skill_id FROM skill_synonym WHERE key = ANY($1::text[])
"""

SKILL_WORDS = """(
    SELECT string_agg(n.name, ', ' ORDER BY n.name) FROM person_skill h CROSS JOIN LATERAL (
        SELECT s.name FROM skill s WHERE s.id = h.skill_id
        UNION ALL SELECT y.name FROM skill_synonym y WHERE y.skill_id = h.skill_id) n
    WHERE h.person_id = p.id)"""
"""An expression for an index: what the skills of the person `p` are called, by any of their names."""

ENDORSE = """
INSERT INTO endorsement (id, person_skill_id, endorser_id, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_skill_id, endorser_id) DO NOTHING
"""

WITHDRAW_BETWEEN = """
DELETE FROM endorsement e USING person_skill s WHERE s.id = e.person_skill_id
AND (e.endorser_id = $1 AND s.person_id = $2 OR e.endorser_id = $2 AND s.person_id = $1)
"""

WITHDRAW_ALL = "DELETE FROM endorsement e USING person_skill s WHERE s.id = e.person_skill_id AND s.skill_id = $1"

# One statement for however many people, each of whom is indexed anew in their turn; nobody's screen shows it.
TELL = """
INSERT INTO event (generation, xid, kind, stream, audience_id, actor_id, subject_id, refs, quiet, occurred_at)
SELECT (SELECT max(id) FROM log_generation), pg_current_xact_id()::text::bigint, $2, $3, NULL, $4, s.person_id,
       jsonb_build_object('person', s.person_id), true, $5
FROM person_skill s WHERE s.skill_id = $1
"""

# $1 becomes part of $2. Who has both keeps the row of $2, with the better level and everybody's endorsement once.
MERGE = (
    f"""
UPDATE person_skill t SET level = f.level FROM person_skill f
WHERE f.skill_id = $1 AND t.skill_id = $2 AND t.person_id = f.person_id AND {_RANK.format("f")} > {_RANK.format("t")}
""",
    """
UPDATE endorsement e SET person_skill_id = t.id FROM person_skill f JOIN person_skill t USING (person_id)
WHERE f.skill_id = $1 AND t.skill_id = $2 AND e.person_skill_id = f.id
AND NOT EXISTS (SELECT 1 FROM endorsement x WHERE x.person_skill_id = t.id AND x.endorser_id = e.endorser_id)
""",
    """
DELETE FROM person_skill f USING person_skill t
WHERE f.skill_id = $1 AND t.skill_id = $2 AND t.person_id = f.person_id
""",
    "UPDATE person_skill SET skill_id = $2 WHERE skill_id = $1",
    "UPDATE skill_synonym SET skill_id = $2 WHERE skill_id = $1",
    "UPDATE merged_skill SET skill_id = $2 WHERE skill_id = $1",
)


def skill_key(name: str) -> str:
    """A name folded: width, case, accents and spaces make no difference, signs do. Empty where nothing is left."""
    wide = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    # Only the accents of letters: the marks of other scripts (Japanese, Hindi) make other letters.
    kept = (c for c in wide if not "\u0300" <= c <= "\u036f" and unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


async def named(names: Sequence[str]) -> dict[str, uuid.UUID]:
    """The skills that these names mean, as names or synonyms, by folded name; unknown ones are left out."""
    return {r["key"]: r["id"] for r in await db.rows(NAMED, [skill_key(name) for name in names])}


async def share_catalogue() -> None:
    """Keep the catalogue as it is until the transaction ends, beside others who do; before its first write."""
    await db.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", CATALOGUE)


async def endorse(person_skill: uuid.UUID, endorser: uuid.UUID, now: datetime) -> bool:
    """Endorse a skill; False where they had done so before."""
    return await db.execute(ENDORSE, uuid7(), person_skill, endorser, now) == 1


async def withdraw_between(one: uuid.UUID, other: uuid.UUID) -> None:
    """Delete what two people have endorsed of each other."""
    await db.execute(WITHDRAW_BETWEEN, one, other)


async def withdraw_all(skill: uuid.UUID) -> None:
    """Delete everybody's endorsements of a skill."""
    await db.execute(WITHDRAW_ALL, skill)


async def tell_of_people(skill: uuid.UUID, *, kind: str, stream: str, actor: uuid.UUID | None, now: datetime) -> int:
    """Write an event `kind` for each person who has a skill; how many. Wants the stream's lock."""
    return await db.execute(TELL, skill, kind, stream, actor, now)


async def merge(skill: uuid.UUID, into: uuid.UUID, now: datetime) -> None:
    """Move people, endorsements, synonyms and old keys of a skill to another one, and delete it."""
    for statement in MERGE:
        await db.execute(statement, skill, into)
    await db.execute("DELETE FROM skill WHERE id = $1", skill)
    await MergedSkill.create(id=skill, skill_id=into, merged_at=now)
