"""What a rule says of people, and the SQL that finds whom it means: attributes of HR's, never a guest."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, cast

import orjson

from models.lines import heads
from models.positions import on

TERMS_MAX = 200  # of each list


@dataclass(frozen=True)
class Conditions:
    """Whom a rule means: people who meet all that is said, or who are among `people`; exceptions come before both.

    Of a list one is enough; a unit stands for those below it, too. `hired_from` and `hired_before` are about the first
    day of their present time in the company. `is_manager`: somebody reports to them today.
    """

    units: tuple[uuid.UUID, ...] = ()
    locations: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    is_manager: bool | None = None
    hired_from: date | None = None
    hired_before: date | None = None
    people: tuple[uuid.UUID, ...] = ()
    except_units: tuple[uuid.UUID, ...] = ()
    except_locations: tuple[str, ...] = ()
    except_titles: tuple[str, ...] = ()
    except_grades: tuple[str, ...] = ()
    except_people: tuple[uuid.UUID, ...] = ()

    @property
    def names_somebody(self) -> bool:
        """Whether it says whom it means, not only whom it does not."""
        return any(getattr(self, name) not in ((), None) for name in (*ATTRIBUTES, "people"))

    def stored(self) -> dict[str, object]:
        """As JSON holds it: what is not said is left out."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: _plain(value) for name, value in said.items() if value not in ((), None)}

    def json(self) -> str:
        """The same, as a parameter of a statement."""
        return orjson.dumps(self.stored()).decode()


ATTRIBUTES = ("units", "locations", "titles", "grades", "is_manager", "hired_from", "hired_before")
OF_UNITS = ("units", "except_units")
OF_KEYS = (*OF_UNITS, "people", "except_people")
OF_DAYS = ("hired_from", "hired_before")


def conditions(stored: Mapping[str, Any]) -> Conditions:
    """What stands in a rule's row."""
    return Conditions(**{name: _value(name, value) for name, value in stored.items()})


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [str(one) for one in cast("tuple[object, ...]", value)]
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, value: Any) -> Any:
    if name in OF_DAYS:
        return date.fromisoformat(value)
    if isinstance(value, list):
        listed = cast("list[str]", value)
        return tuple(uuid.UUID(one) for one in listed) if name in OF_KEYS else tuple(listed)
    return value


def _folded(part: str) -> str:
    """Whether the title of `s` is one of the rule's, however written."""
    titles = f"jsonb_array_elements_text(r.conditions->'{part}')"
    return f"lower(s.title) IN (SELECT lower(t.title) FROM {titles} AS t(title))"


def _within(part: str) -> str:
    """Whether the unit of `s` is one of the rule's, or below one."""
    return f"(r.id, '{part}', s.unit_id) IN (SELECT w.rule_id, w.part, w.unit_id FROM inside w)"


_HIRED = """(
    SELECT max(t.valid_from) FROM person_term t WHERE t.person_id = s.id AND t.valid_from <= {day} AND NOT EXISTS (
        SELECT 1 FROM person_term b WHERE b.person_id = t.person_id AND b.valid_to = t.valid_from))"""

# Of people who are in one of the units, where these are named.
_TERMS = {
    "locations": "r.conditions->'locations' ? s.location",
    "titles": _folded("titles"),
    "grades": "r.conditions->'grades' ? s.grade",
    "is_manager": "(r.conditions->'is_manager')::boolean = (s.id IN (SELECT l.person_id FROM managing l))",
    "hired_from": f"{_HIRED} >= (r.conditions->>'hired_from')::date",
    "hired_before": f"{_HIRED} < (r.conditions->>'hired_before')::date",
}
_EXCEPTIONS = {
    "except_units": _within("except_units"),
    "except_locations": "r.conditions->'except_locations' ? s.location",
    "except_titles": _folded("except_titles"),
    "except_grades": "r.conditions->'except_grades' ? s.grade",
    "except_people": "r.conditions->'except_people' ? s.id::text",
}
_OTHERS = ", ".join(f"'{name}'" for name in ATTRIBUTES if name != "units")
_HOLD = " AND ".join(f"(NOT r.conditions ? '{name}' OR {term})" for name, term in _TERMS.items())
_EXCEPTED = " OR ".join(f"r.conditions ? '{name}' AND {term}" for name, term in _EXCEPTIONS.items())

_MANAGERS = "ARRAY(SELECT s.id FROM someone s WHERE EXISTS (SELECT 1 FROM rule WHERE rule.conditions ? 'is_manager'))"

MEETING = f"""
rule AS MATERIALIZED ({{rules}}),
someone AS MATERIALIZED (
    SELECT p.id, p.unit_id, p.title, p.location, q.grade
    FROM person p LEFT JOIN position q ON q.id = p.position_id WHERE p.active AND NOT p.is_guest AND {{people}}
),
inside AS MATERIALIZED (
    SELECT r.id AS rule_id, part.name AS part, c.descendant_id AS unit_id
    FROM rule r CROSS JOIN (VALUES {", ".join(f"('{part}')" for part in OF_UNITS)}) AS part(name)
    CROSS JOIN jsonb_array_elements_text(r.conditions->part.name) AS named(unit)
    JOIN unit_closure c ON c.ancestor_id = named.unit::uuid
    WHERE c.descendant_id IN (SELECT s.unit_id FROM someone s)
),
{heads(_MANAGERS, "{day}", is_today=False)},
managing AS MATERIALIZED (
    SELECT DISTINCT x.manager AS person_id FROM heads x
    JOIN reporting_line l ON l.manager_id = x.position_id AND l.kind = 'SOLID' AND {on("l", "{day}")}
    JOIN holding h ON h.position_id = l.position_id AND {on("h", "{day}")}
    WHERE h.person_id <> x.manager
),
met AS MATERIALIZED (
    SELECT r.id AS rule_id, s.id AS person_id
    FROM rule r JOIN inside w ON w.rule_id = r.id AND w.part = 'units' JOIN someone s ON s.unit_id = w.unit_id
    WHERE {_HOLD} AND ({_EXCEPTED}) IS NOT TRUE
    UNION
    SELECT r.id, s.id FROM rule r CROSS JOIN someone s
    WHERE NOT r.conditions ? 'units' AND r.conditions ?| ARRAY[{_OTHERS}] AND {_HOLD} AND ({_EXCEPTED}) IS NOT TRUE
    UNION
    SELECT r.id, s.id FROM rule r CROSS JOIN jsonb_array_elements_text(r.conditions->'people') AS named(person)
    JOIN someone s ON s.id = named.person::uuid WHERE ({_EXCEPTED}) IS NOT TRUE
    UNION
    SELECT r.id, s.id FROM rule r JOIN someone s ON s.id = r.made_by
)"""
"""Common tables for WITH RECURSIVE, the last of them `met`: pairs of `rule_id` and `person_id`.

`rules` is a statement that gives `id`, `conditions` and `made_by`, who belongs to it whatever it says (or null);
`people` a condition on the person `p`; `day` a parameter. Positions need not be up to date, but grades are read there.
"""
