"""Units, positions, who holds them and who reports to whom, as an export says them."""

from atrium.exports.sql import days, listed

UNIT_HISTORY = f"""
SELECT {days("t")}, t.name, t.parent_id AS parent, t.head_id AS head, t.deputy_id AS deputy
FROM unit_term t WHERE t.unit_id = u.id ORDER BY t.valid_from
"""
UNITS = f"SELECT u.id, u.name, u.created_at, {listed(UNIT_HISTORY)} AS history FROM org_unit u ORDER BY u.id"

MODERATED_UNITS = "SELECT u.id, u.id AS org_unit, u.moderated FROM org_unit u WHERE u.moderated ORDER BY u.id"

POSITION_HISTORY = f"""
SELECT {days("t")}, t.title, t.grade, t.unit_id AS org_unit
FROM position_term t WHERE t.position_id = p.id ORDER BY t.valid_from
"""
POSITIONS = f"SELECT p.id, p.created_at, {listed(POSITION_HISTORY)} AS history FROM position p ORDER BY p.id"
HOLDINGS = f"""
SELECT h.position_id AS position, h.person_id AS person, {days("h")}
FROM holding h ORDER BY h.position_id, h.valid_from, h.person_id NULLS FIRST
"""
LINES = f"""
SELECT l.position_id AS position, l.manager_id AS manager, lower(l.kind) AS kind, {days("l")}
FROM reporting_line l ORDER BY l.position_id, l.valid_from, l.kind COLLATE "C", l.manager_id
"""
