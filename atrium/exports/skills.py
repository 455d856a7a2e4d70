"""Skills, who has them and who agrees, as an export says them."""

from atrium.exports.sql import listed

MERGED = "SELECT m.id, m.merged_at FROM merged_skill m WHERE m.skill_id = s.id ORDER BY m.id"
SKILLS = f"""
SELECT s.id, s.name, s.created_at,
       ARRAY(SELECT y.name FROM skill_synonym y WHERE y.skill_id = s.id ORDER BY y.key COLLATE "C") AS synonyms,
       {listed(MERGED)} AS merged
FROM skill s ORDER BY s.id
"""

PERSON_SKILLS = """
SELECT s.id, s.person_id AS person, s.skill_id AS skill, s.level, s.created_at FROM person_skill s ORDER BY s.id
"""
ENDORSEMENTS = """
SELECT e.id, e.person_skill_id AS person_skill, e.endorser_id AS person, e.created_at FROM endorsement e ORDER BY e.id
"""
