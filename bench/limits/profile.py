"""A profile: one person, where they stand, who reports to them, and what they know."""

from __future__ import annotations

from typing import Any

from bench.limits.asking import Connection, Who, Whole, Wish, global_id, id_sql, people

PERSON = """
SELECT id, name, title, email, phone, pronouns, bio, location, time_zone, languages, interests, active, unit_id
FROM person WHERE id = $1 AND NOT planned
"""
FOLLOWS = "SELECT EXISTS (SELECT 1 FROM follow f WHERE f.follower_id = $1 AND f.person_id = $2)"
UNIT = "SELECT id, name FROM org_unit WHERE id = $1 AND NOT planned"
# Nobody in these companies shares a position, and none is vacant: a line is one step.
NOW = "{0}.valid_from <= current_date AND current_date < {0}.valid_to"
MANAGER = f"""
SELECT b.person_id FROM holding h
JOIN reporting_line l ON l.position_id = h.position_id AND l.kind = 'SOLID' AND {NOW.format("l")}
JOIN holding b ON b.position_id = l.manager_id AND {NOW.format("b")}
WHERE h.person_id = {{person}} AND {NOW.format("h")} LIMIT 1
"""
REPORTING = f"""
SELECT b.person_id FROM holding h
JOIN reporting_line l ON l.manager_id = h.position_id AND l.kind = 'SOLID' AND {NOW.format("l")}
JOIN holding b ON b.position_id = l.position_id AND {NOW.format("b")}
WHERE h.person_id = {{person}} AND {NOW.format("h")}
"""
REPORTS = f"""
SELECT r.id, r.name, r.title FROM person r WHERE r.id IN ({REPORTING.format(person="$1")}) AND NOT r.planned
ORDER BY lower(r.name), r.id LIMIT 10
"""
REPORT_COUNT = f"SELECT count(*) FROM person r WHERE r.id IN ({REPORTING.format(person='$1')}) AND NOT r.planned"
BEST = "coalesce(array_position(ARRAY['EXPERT', 'ADVANCED', 'INTERMEDIATE', 'BEGINNER'], s.level::text), 5)"
SKILLS = f"""
SELECT s.id, s.level, s.skill_id FROM person_skill s JOIN skill k ON k.id = s.skill_id
WHERE s.person_id = $1 ORDER BY {BEST}, k.key, s.id LIMIT 10
"""
NAMES = "SELECT id, name FROM skill WHERE id = ANY($1::uuid[])"
ENDORSED = "SELECT person_skill_id, count(*) FROM endorsement WHERE person_skill_id = ANY($1::uuid[]) GROUP BY 1"


async def flat(con: Connection, who: Who, wish: Wish) -> Any:
    """Ten statements."""
    id = wish["person"]
    row = await con.fetchrow(PERSON, id)
    if row is None:
        return {"person": None}
    follows = await con.fetchval(FOLLOWS, who.person, id)
    unit = await con.fetchrow(UNIT, row["unit_id"])
    above = await con.fetchval(MANAGER.format(person="$1"), id)
    managers = await people(con, [above])
    reports = await con.fetch(REPORTS, id)
    count = await con.fetchval(REPORT_COUNT, id)
    skills = await con.fetch(SKILLS, id)
    names = dict(await con.fetch(NAMES, [skill[2] for skill in skills]))
    endorsed = dict(await con.fetch(ENDORSED, [skill[0] for skill in skills]))
    return {
        "person": {
            "id": global_id(b"Person", row["id"]),
            "name": row["name"],
            "title": row["title"] or None,
            "email": row["email"],
            "phone": row["phone"],
            "pronouns": row["pronouns"],
            "bio": row["bio"],
            "location": row["location"],
            "timeZone": row["time_zone"],
            "languages": row["languages"],
            "interests": row["interests"],
            "isActive": row["active"],
            "viewerIsFollowing": follows,
            "orgUnit": unit and {"id": global_id(b"OrgUnit", unit[0]), "name": unit[1]},
            "manager": managers.get(above),
            "reports": {
                "totalCount": count,
                "nodes": [
                    {"id": global_id(b"Person", one), "name": name, "title": t or None} for one, name, t in reports
                ],
            },
            "skills": {
                "nodes": [
                    {
                        "id": global_id(b"PersonSkill", one),
                        "level": level,
                        "endorsementCount": endorsed.get(one, 0),
                        "skill": {"id": global_id(b"Skill", skill), "name": names[skill]},
                    }
                    for one, level, skill in skills
                ]
            },
        }
    }


WHOLE = Whole(
    f"""
SELECT json_build_object('person', (SELECT row_to_json(n) FROM (
    SELECT {id_sql("Person", "p.id")} AS id, p.name, nullif(p.title, '') AS title, p.email, p.phone, p.pronouns, p.bio,
        p.location, p.time_zone AS "timeZone", p.languages, p.interests, p.active AS "isActive",
        EXISTS (SELECT 1 FROM follow f WHERE f.follower_id = $1 AND f.person_id = p.id) AS "viewerIsFollowing",
        (SELECT row_to_json(x) FROM (
            SELECT {id_sql("OrgUnit", "u.id")} AS id, u.name FROM org_unit u WHERE u.id = p.unit_id) x) AS "orgUnit",
        (SELECT row_to_json(x) FROM (
            SELECT {id_sql("Person", "m.id")} AS id, m.name, nullif(m.title, '') AS title
            FROM person m WHERE m.id = ({MANAGER.format(person="p.id")})) x) AS manager,
        json_build_object(
            'totalCount', (SELECT count(*) FROM ({REPORTING.format(person="p.id")}) x),
            'nodes', (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
                SELECT {id_sql("Person", "r.id")} AS id, r.name, nullif(r.title, '') AS title
                FROM person r WHERE r.id IN ({REPORTING.format(person="p.id")})
                ORDER BY lower(r.name), r.id LIMIT 10) x)) AS reports,
        json_build_object('nodes', (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
            SELECT {id_sql("PersonSkill", "s.id")} AS id, s.level,
                (SELECT count(*) FROM endorsement e WHERE e.person_skill_id = s.id) AS "endorsementCount",
                (SELECT row_to_json(y) FROM (SELECT {id_sql("Skill", "k.id")} AS id, k.name) y) AS skill
            FROM person_skill s JOIN skill k ON k.id = s.skill_id
            WHERE s.person_id = p.id ORDER BY {BEST}, k.key, s.id LIMIT 10) x)) AS skills
    FROM person p WHERE p.id = $2 AND NOT p.planned
) n))::text
""",
    lambda who, wish: (who.person, wish["person"]),
)
