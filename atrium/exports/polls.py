"""Polls and votes, as an export says them."""

from atrium.exports.sql import handle

POLLS = "SELECT p.id, p.id AS post, p.is_multiple, p.results, p.closes_at FROM poll p ORDER BY p.id"
POLL_OPTIONS = "SELECT o.id, o.poll_id AS poll, o.place, o.text FROM poll_option o ORDER BY o.id"
POLL_VOTES = f"""
SELECT {handle("v.option_id", "v.person_id")} AS id, v.option_id AS option, v.person_id AS person
FROM poll_vote v ORDER BY v.poll_id, v.option_id, v.person_id
"""
