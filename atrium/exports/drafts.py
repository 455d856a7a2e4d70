"""Drafts of re-orgs, as an export says them."""

from atrium.exports.sql import listed

CHANGES = "SELECT c.kind, c.refs FROM org_draft_change c WHERE c.draft_id = d.id ORDER BY c.rank, c.id"
DRAFTS = f"""
SELECT d.id, d.name, d.effective_on, d.status, d.author_id AS author, d.created_at, d.applied_at,
       {listed(CHANGES)} AS changes
FROM org_draft d ORDER BY d.id
"""
