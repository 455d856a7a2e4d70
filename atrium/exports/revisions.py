"""What posts, comments and messages said before, as an export says it."""

REVISIONS = """
SELECT r.id, r.subject_id AS subject, r.version, r.title, r.body, r.written_at, r.replaced_by, r.replaced_at
FROM revision r ORDER BY r.id
"""
