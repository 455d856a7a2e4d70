"""The lists of people who may see some posts, as an export says them."""

AUDIENCES = """
SELECT a.id, ARRAY(SELECT m.person_id FROM audience_member m WHERE m.audience_id = a.id ORDER BY m.person_id) AS people
FROM audience a WHERE a.kind = 'PEOPLE' ORDER BY a.id
"""
