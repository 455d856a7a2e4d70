"""People and guests, as an export says them."""

from atrium.exports.sql import days, listed

OUTSIDE_CHART = """p.email, p.location, p.pronouns, p.bio, p.links, p.languages, p.interests, p.phone, p.photo,
       p.time_zone"""
PERSON_HISTORY = f"SELECT {days('t')}, t.name FROM person_term t WHERE t.person_id = p.id ORDER BY t.valid_from"
PEOPLE = f"""
SELECT p.id, p.name, p.employee_id, {OUTSIDE_CHART}, {listed(PERSON_HISTORY)} AS history
FROM person p WHERE NOT p.is_guest ORDER BY p.id
"""
GUESTS = f"""
SELECT p.id, p.name, p.active, p.expires_at, {OUTSIDE_CHART}, p.created_at
FROM person p WHERE p.is_guest ORDER BY p.id
"""
