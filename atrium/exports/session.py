"""What people may do, as an export says it."""

ROLES = "SELECT g.id, g.person_id AS person, g.role, g.unit_id AS org_unit FROM role_grant g ORDER BY g.id"
