"""Posts and comments, as an export says them."""

POSTS = """
SELECT p.id, p.author_id AS author, p.written_by, CASE WHEN a.kind = 'UNIT' THEN a.id END AS org_unit, a.location,
       CASE WHEN a.kind = 'GROUP' THEN a.id END AS group,
       CASE WHEN a.kind NOT IN ('COMPANY', 'UNIT', 'LOCATION', 'GROUP') THEN a.id END AS audience, p.kind, p.status,
       p.title, p.body,
       ARRAY(SELECT t.tag_id FROM post_tag t WHERE t.post_id = p.id ORDER BY t.id) AS tags,
       ARRAY(SELECT t.tag_id FROM post_tag t WHERE t.post_id = p.id AND NOT t.given ORDER BY t.id) AS text_tags,
       ARRAY(SELECT r.person_id FROM praised_person r WHERE r.post_id = p.id ORDER BY r.id) AS praised, p.praise_value,
       p.shared_id AS shared, p.survey_id AS survey, p.comments_closed, p.pinned_at, p.client_id, p.version,
       p.created_at, p.published_at, p.edited_at, p.scheduled_at, p.returned
FROM post p JOIN audience a ON a.id = p.audience_id ORDER BY p.id
"""
COMMENTS = """
SELECT c.id, c.post_id AS post, c.reply_to_id AS reply_to, c.author_id AS author, c.body,
       EXISTS (SELECT 1 FROM post p WHERE p.id = c.post_id AND p.accepted_id = c.id) AS accepted, c.removed, c.kept,
       c.client_id, c.version, c.created_at, c.edited_at
FROM comment c ORDER BY c.id
"""
