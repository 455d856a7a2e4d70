"""What must be read, and who says that they have, as an export says it."""

MUST_READS = """
SELECT m.id, m.id AS post, m.due_at, m.round, m.required_by, m.required_at, m.waived_at FROM must_read m ORDER BY m.id
"""
ACKNOWLEDGEMENTS = """
SELECT a.id, a.post_id AS post, a.person_id AS person, a.round, a.acknowledged_at FROM acknowledgement a ORDER BY a.id
"""
