"""Who may write in whose name, as an export says it."""

from atrium.exports.sql import handle

DELEGATES = f"""
SELECT {handle("d.person_id", "d.delegate_id")} AS id, d.person_id AS person, d.delegate_id AS delegate, d.created_at
FROM delegate d ORDER BY d.person_id, d.delegate_id
"""
