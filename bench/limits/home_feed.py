"""The home feed: 20 posts, each with its author, place, reactions, and its three newest comments."""

from __future__ import annotations

from typing import Any

from bench.limits.asking import (
    READS,
    Connection,
    Who,
    Whole,
    Wish,
    author_sql,
    global_id,
    id_sql,
    people,
    reactions,
    reactions_sql,
)
from models.audiences import NAME, NAMED
from models.feed_pages import HOME

PAGE, NEWEST = 20, 3
ORDER = "p.published_at DESC, p.id DESC"
CHOSEN = HOME.format(after="", order=ORDER)

POSTS = f"""
SELECT p.id, p.author_id, p.audience_id, p.kind, p.title, p.body, p.published_at, p.edited_at, a.kind, {NAME} AS name
FROM ({CHOSEN}) p JOIN {NAMED} ON a.id = p.audience_id ORDER BY {ORDER}
"""
GROUPS = """
SELECT g.id, g.name FROM groups g WHERE g.id = ANY($1::uuid[]) AND (g.id = ANY($2::uuid[]) OR g.visibility <> 'SECRET')
"""
COUNTS = f"""
SELECT r.post_id, count(*) FROM comment r WHERE r.post_id = ANY($1::uuid[]) AND NOT r.removed AND {READS} GROUP BY 1
"""
COMMENTS = f"""
SELECT parent.id, c.id, c.author_id, c.body, c.created_at FROM unnest($1::uuid[]) parent(id) CROSS JOIN LATERAL (
    SELECT r.* FROM comment r WHERE (NOT r.removed OR r.kept) AND {READS} AND r.post_id = parent.id
    ORDER BY r.id DESC LIMIT {NEWEST}
) c
"""


async def flat(con: Connection, who: Who, _: Wish) -> Any:
    """Seven statements."""
    rows = await con.fetch(POSTS, who.audiences, who.person, PAGE + 1)
    posts = rows[:PAGE]
    keys = [post[0] for post in posts]
    authors = await people(con, (post[1] for post in posts))
    places = list({post[2] for post in posts})
    groups = dict(await con.fetch(GROUPS, places, who.audiences))
    counts = dict(await con.fetch(COUNTS, keys, who.audiences, who.person))
    felt = await reactions(con, keys, who.person)
    said = await con.fetch(COMMENTS, keys, who.audiences, who.person)
    authors |= await people(con, {comment[2] for comment in said} - authors.keys())
    comments: dict[Any, list[Any]] = {key: [] for key in keys}
    for parent, key, author, body, at in reversed(said):
        comments[parent].append(
            {"id": global_id(b"Comment", key), "body": body, "createdAt": at, "author": authors.get(author)}
        )
    nodes = [
        {
            "id": global_id(b"Post", key),
            "kind": kind,
            "title": title,
            "body": body,
            "publishedAt": at,
            "isEdited": edited is not None,
            "author": authors.get(author),
            "audience": {"kind": place, "name": name},
            "group": {"id": global_id(b"Group", audience), "name": groups[audience]} if audience in groups else None,
            "commentCount": counts.get(key, 0),
            "reactions": felt[key],
            "comments": {"nodes": comments[key]},
        }
        for key, author, audience, kind, title, body, at, edited, place, name in posts
    ]
    end = f"{posts[-1][6].isoformat()}|{keys[-1]}" if posts else None
    return {"feed": {"nodes": nodes, "pageInfo": {"hasNextPage": len(rows) > PAGE, "endCursor": end}}}


WHOLE = Whole(
    f"""
WITH chosen AS MATERIALIZED ({CHOSEN})
SELECT json_build_object('feed', json_build_object(
    'nodes', (SELECT coalesce(json_agg(row_to_json(n)), '[]') FROM (
        SELECT {id_sql("Post", "p.id")} AS id, p.kind, p.title, p.body, p.published_at AS "publishedAt",
            p.edited_at IS NOT NULL AS "isEdited", {author_sql("p.author_id")} AS author,
            (SELECT row_to_json(x) FROM (SELECT a.kind, {NAME} AS name) x) AS audience,
            CASE WHEN g.id IS NOT NULL THEN
                (SELECT row_to_json(x) FROM (SELECT {id_sql("Group", "g.id")} AS id, g.name) x) END AS group,
            (SELECT count(*) FROM comment c WHERE c.post_id = p.id AND NOT c.removed) AS "commentCount",
            {reactions_sql("p.id", "$2")} AS reactions,
            json_build_object('nodes', (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
                SELECT {id_sql("Comment", "c.id")} AS id, c.body, c.created_at AS "createdAt",
                    {author_sql("c.author_id")} AS author
                FROM (
                    SELECT * FROM comment c WHERE c.post_id = p.id AND (NOT c.removed OR c.kept)
                    ORDER BY c.id DESC LIMIT {NEWEST}
                ) c ORDER BY c.id
            ) x)) AS comments
        FROM (SELECT * FROM chosen p ORDER BY {ORDER} LIMIT {PAGE}) p JOIN {NAMED} ON a.id = p.audience_id
        ORDER BY {ORDER}
    ) n),
    'pageInfo', (
        SELECT json_build_object('hasNextPage', count(*) > {PAGE}, 'endCursor', min(p.published_at)) FROM chosen p
    )
))::text
""",
    lambda who, _: (who.audiences, who.person, PAGE + 1),
)
