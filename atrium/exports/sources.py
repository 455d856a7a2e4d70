"""What other systems call the things that came from them, as an export says it."""

OWN_SOURCE = "atrium"
"""What the header of an export says where it comes from: ids are our own keys."""

SOURCES = f"""
SELECT s.name AS id, s.owns, s.updated_at AS changed_at FROM import_source s WHERE s.name <> '{OWN_SOURCE}'
ORDER BY s.name COLLATE "C"
"""
IMPORTED = f"""
SELECT md5(m.source || '/' || m.type || '/' || m.external_id) AS id, m.source, m.type AS of, m.external_id,
       m.subject_id AS subject, m.effective_on, encode(m.content_hash, 'hex') AS hash
FROM import_map m WHERE m.source <> '{OWN_SOURCE}'
ORDER BY m.source COLLATE "C", m.type COLLATE "C", m.external_id COLLATE "C"
"""
