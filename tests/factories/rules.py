"""Rules, as rows, and who belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models import audiences, db
from models.audiences import Audience, AudienceKind
from models.groups import Group
from models.people import Person
from models.rule_terms import Conditions
from models.rules import AudienceRule
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.outsiders import ALL, Outsider
from tests.factories.people import NOW

if TYPE_CHECKING:
    from tests.leaks.ground import Ground


async def a_rule(name: str, *members: Person, conditions: Conditions | None = None, **more: Any) -> AudienceRule:
    """A rule with these members, whom it names where nothing else is said."""
    audience = await Audience.create(kind=AudienceKind.RULE)
    said = conditions or Conditions(people=tuple(person.id for person in members))
    values: dict[str, Any] = {"conditions": said.stored(), "created_at": NOW} | more
    rule = await AudienceRule.create(id=audience.id, name=name, **values)
    await audiences.add(rule.id, [person.id for person in members], listed=False)
    return rule


async def a_group_rule(group: Group, conditions: Conditions) -> AudienceRule:
    """The rule of a group, into which nobody has come by it yet."""
    return await AudienceRule.create(id=group.id, conditions=conditions.stored(), created_at=NOW)


async def members(of: AudienceRule | Group) -> list[str]:
    """The names of those in its audience."""
    found = await db.rows(
        "SELECT p.name FROM audience_member m JOIN person p ON p.id = m.person_id WHERE m.audience_id = $1"
        " ORDER BY p.name",
        of.id,
    )
    return [row[0] for row in found]


async def settle(ground: Ground) -> None:
    """A rule of the insiders, whose name they and those who keep rules may know, and a post to them."""
    hidden_from = ALL - {Outsider.ADMIN}
    rule = await a_rule(ground.word("rule", hidden_from), ground.ida, ground.ivan)
    ground.hide(global_id(rule), hidden_from)
    post = await a_post(ground.word("ruled"), author=ground.ivan, audience=rule.id)
    ground.hide(global_id(post))
