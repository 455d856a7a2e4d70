"""Rules and whom they meet, as an export says it. Who is in a group by its rule is a member of the group."""

RULES = """
SELECT r.id, r.name, r.conditions, r.is_snapshot, r.created_by, r.created_at,
       ARRAY(SELECT m.person_id FROM audience_member m JOIN audience a ON a.id = m.audience_id
             WHERE m.audience_id = r.id AND a.kind = 'RULE' ORDER BY m.person_id) AS people
FROM audience_rule r ORDER BY r.id
"""
