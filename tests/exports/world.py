"""A company in which everything is that an export can hold, with its past and its plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models import audiences, db, timeline, today
from models.drafts import OrgDraft, OrgDraftChange
from models.feed import PostStatus
from models.follows import Block, Follow
from models.imports import ImportedRow, ImportSource
from models.keys import uuid7
from models.org import OrgUnit
from models.people import Person
from models.positions import LineKind
from models.profiles import FieldKind, FieldVisibility, ProfileField, ProfileValue
from models.session import Role, RoleGrant
from models.skills import Endorsement, MergedSkill, PersonSkill, Skill, SkillLevel, SkillSynonym
from tests.exports.chat import a_chat
from tests.exports.social import a_social_life
from tests.exports.surveys import some_surveys
from tests.factories.feed import a_comment, a_post
from tests.factories.people import NOW, a_guest, a_person, a_position, a_unit, post_of

PAST, NEXT = date(2023, 5, 1), date(2027, 1, 1)


@dataclass(frozen=True)
class World:
    """Some of those who are in it."""

    ann: Person
    bob: Person
    gil: Person


async def a_world() -> World:
    """Everything, at least once."""
    company = await a_unit("Company")
    kitchen = await a_unit("Kitchen", parent=company)
    ann = await a_person(
        "Ann “the hat” O’Neill",
        unit=company,
        title="Head",
        location="Paris",
        bio="Line\none",
        links=["https://a.example"],
    )
    bob = await a_person("Bob", unit=kitchen, manager=ann, title="Cook", languages=["de", "fr"], works_from="09:00")
    leo = await a_person("Leo", unit=kitchen, title="Cook", active=False)
    gil = await a_guest("Gil", bio="From outside", photo="https://gil.example/1.png")
    await _chart(company, kitchen, ann, bob)
    await _profiles(ann, bob)
    await _skills(ann, bob)
    await Follow.create(follower_id=bob.id, person_id=ann.id, created_at=NOW)
    await Block.create(blocker_id=ann.id, person_id=leo.id, created_at=NOW)
    await RoleGrant.create(person_id=ann.id, role=Role.HR)
    await RoleGrant.create(person_id=bob.id, role=Role.MODERATOR, unit_id=kitchen.id)
    await _feed(company, kitchen, ann, bob, gil)
    await a_social_life(kitchen, ann, bob, gil)
    await a_chat(kitchen, ann, bob, leo, gil)
    await some_surveys(kitchen, ann, bob, leo)
    draft = await OrgDraft.create(name="Next year", effective_on=NEXT, author_id=ann.id, created_at=NOW)
    for rank, kind in enumerate(("MOVE", "CLOSE")):
        await OrgDraftChange.create(draft_id=draft.id, rank=rank, kind=kind, refs={"unit": str(kitchen.id), "n": rank})
    await ImportSource.create(name="hr", owns=["title", "name"], updated_at=NOW)
    await ImportedRow.create(source="hr", type="person", external_id="4:711", subject_id=ann.id, content_hash=b"\1\2")
    return World(ann, bob, gil)


async def _chart(company: OrgUnit, kitchen: OrgUnit, ann: Person, bob: Person) -> None:
    """A past, a plan, a vacancy, somebody undisclosed, two on one post, a second line, a unit that is no more."""
    cellar = await a_unit("Cellar", parent=kitchen, since=PAST)
    vacant, secret = await a_position("Chef", unit=kitchen, grade="C1"), await a_position("Taster", unit=kitchen)
    cook, head = await post_of(bob), await post_of(ann)
    async with db.transaction():
        await timeline.change(timeline.MEMBERS, [{"person_id": ann.id, "name": "Ann O’Neill", "day": PAST}])
        await timeline.change(timeline.POSITIONS, [_place(cook, "Sous-chef", kitchen, NEXT)])
        await timeline.change(timeline.UNITS, [{"unit_id": cellar.id, "day": date(2025, 1, 1), "gone": True}])
        leaders = {"head_id": bob.id, "deputy_id": ann.id}
        await timeline.change(
            timeline.UNITS,
            [{"unit_id": kitchen.id, "name": "The kitchen", "parent_id": company.id, "day": PAST, **leaders}],
        )
        await timeline.change(
            timeline.HOLDINGS,
            [
                {"position_id": secret.id, "person_id": None, "day": PAST},
                {"position_id": vacant.id, "person_id": bob.id, "day": NEXT},
                {"position_id": cook, "person_id": ann.id, "day": PAST},
            ],
        )
        await timeline.change(
            timeline.SOLID_LINES,
            [
                {"position_id": post.id, "kind": LineKind.SOLID, "manager_id": head, "day": PAST}
                for post in (vacant, secret)
            ],
        )
        dotted = {"position_id": secret.id, "kind": LineKind.DOTTED, "manager_id": cook, "day": PAST}
        await timeline.change(timeline.OTHER_LINES, [dotted])
        ids = [ann.id, bob.id]
        posts = [cook, head, vacant.id, secret.id]
        await today.follow(NOW.date(), NOW, people=ids, positions=posts, units=[company.id, kitchen.id, cellar.id])


def _place(position: object, title: str, unit: OrgUnit, day: date) -> dict[str, object]:
    return {"position_id": position, "title": title, "grade": "C2", "unit_id": unit.id, "day": day}


async def _profiles(ann: Person, bob: Person) -> None:
    kinds = {kind: await _field(kind, rank) for rank, kind in enumerate(FieldKind)}
    values: dict[FieldKind, dict[str, Any]] = {
        FieldKind.TEXT: {"text": "Tea"},
        FieldKind.NUMBER: {"number": Decimal("123456789012345.0625")},
        FieldKind.DATE: {"day": date(1999, 12, 31)},
        FieldKind.PERSON: {"person_ref_id": bob.id, "source": "hr"},
    }
    for kind, said in values.items():
        await ProfileValue.create(person_id=ann.id, field_id=kinds[kind].id, updated_at=NOW, **said)


async def _field(kind: FieldKind, rank: int) -> ProfileField:
    return await ProfileField.create(
        name=f"My {kind.value.lower()}",
        key=f"my {kind.value.lower()}",
        kind=kind,
        choices=["a", "b"] if kind is FieldKind.CHOICE else [],
        visibility=FieldVisibility.HR,
        rank=rank,
        created_at=NOW,
        deleted_at=NOW if kind is FieldKind.LINK else None,
    )


async def _skills(ann: Person, bob: Person) -> None:
    rust = await Skill.create(name="Rust", key="rust", created_at=NOW)
    await Skill.create(name="C++", key="c++", created_at=NOW)
    await SkillSynonym.create(skill_id=rust.id, name="Rust Lang", key="rust lang")
    await MergedSkill.create(id=uuid7(), skill_id=rust.id, merged_at=NOW)
    hers = await PersonSkill.create(person_id=ann.id, skill_id=rust.id, level=SkillLevel.EXPERT, created_at=NOW)
    await PersonSkill.create(person_id=bob.id, skill_id=rust.id, created_at=NOW)
    await Endorsement.create(person_skill_id=hers.id, endorser_id=bob.id, created_at=NOW)


async def _feed(company: OrgUnit, kitchen: OrgUnit, ann: Person, bob: Person, gil: Person) -> None:
    """Posts to every kind of audience, one that was removed, and comments of two levels."""
    post = await a_post("To all\n\n**of you**", author=ann, title="Hello", client_id="1", edited_at=NOW)
    await a_post("To the kitchen", author=bob, audience=kitchen.id)
    async with db.transaction():
        paris = await audiences.of_location("Paris")
        few = await audiences.of_people([ann.id, bob.id, gil.id])
    await a_post("To Paris", author=ann, audience=paris)
    await a_post("To a few", author=gil, audience=few)
    await a_post("", author=bob, status=PostStatus.REMOVED)
    first = await a_comment(post, "Well said", author=bob)
    await a_comment(post, "Indeed", author=ann, reply_to_id=first.id)
    await a_comment(post, "", author=bob, removed=True)
