"""Suggestions: people, groups and tags by the beginnings of the words of their names, the viewer's own circles first.

The words stand in `search_name`, folded, one row for each audience that may find its subject so: the company's for
what all of it may know. What somebody may not find is thus never even looked at, and takes nobody's place.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from models import db
from models.audiences import COMPANY
from models.positions import on

CANDIDATES = 200  # by a word's beginning, of the names that an audience may find
SCANNED = 4_000  # names that begin with one of several typed words, in which the others are looked for
CIRCLE = 200  # people of each circle around the viewer
AROUND_GUEST = 2_000  # people who are in a group with a guest
CONVERSATIONS = 100  # of the viewer, those last written in
SMALL = 12  # members of a conversation whose people are close to each other
POSTS, MESSAGES = 30, 100  # of the viewer, the newest, in which they named people

PUT = """
WITH said AS (
    SELECT n.* FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[])
        AS n(audience_id, kind, word, subject_id, said)
), gone AS (
    DELETE FROM search_name s WHERE s.subject_id = ANY($1::uuid[]) AND NOT EXISTS (
        SELECT 1 FROM said n WHERE n.audience_id = s.audience_id AND n.kind = s.kind AND n.word = s.word
        AND n.subject_id = s.subject_id)
)
INSERT INTO search_name (audience_id, kind, word, subject_id, said)
SELECT n.audience_id, n.kind, n.word, n.subject_id, n.said FROM said n ORDER BY 1, 2, 3, 4
ON CONFLICT (audience_id, kind, word, subject_id) DO UPDATE SET said = excluded.said
WHERE search_name.said <> excluded.said
"""
DROP = "DELETE FROM search_name WHERE subject_id = ANY($1::uuid[])"

Row = tuple[uuid.UUID, str, str, uuid.UUID, str]
"""Audience, kind, word, subject, and all words of the subject's names, each after a space."""

# What a statement is given, whether its circles ask for it or not: $1 the viewer, $2 the organisation's day, $3 the
# viewer's unit, $4 the audiences that they have joined, $5 all those that they belong to, $6 the beginning of the first
# word typed. Then come the spellings of the longest word, and an array of patterns for each of the other ones. Nothing
# of which there is one stands in an array: the planner takes those for ten, and would plan each time anew.
GIVEN = "SELECT $1::uuid, $2::date, $3::uuid, $4::uuid[], $5::uuid[]"
FIXED = 6

BEGINS = "s.word >= b.start AND s.word < b.start || U&'\\+10FFFF'"

SUGGESTED = """
WITH given AS ({given}), typed (start) AS (VALUES {starts}), circle (id, closeness) AS (
    SELECT c.id, sum(c.closeness) FROM ({circle}) c (id, closeness) GROUP BY c.id
), found AS (
    SELECT c.id, c.closeness, s.word, s.said FROM circle c CROSS JOIN LATERAL (
        SELECT s.word, s.said FROM search_name s, typed b
        WHERE s.subject_id = c.id AND s.kind = '{kind}' AND {begins} AND {others} ORDER BY s.word LIMIT 1
    ) s
    UNION ALL
    (SELECT s.subject_id, 0, s.word, s.said FROM {audiences} CROSS JOIN typed b CROSS JOIN LATERAL (
        SELECT s.* FROM (
            SELECT s.* FROM search_name s WHERE s.audience_id = a.id AND s.kind = '{kind}' AND {begins}
            ORDER BY s.word, s.subject_id LIMIT {scanned}
        ) s WHERE {others} ORDER BY s.word, s.subject_id LIMIT {candidates}
    ) s ORDER BY s.word, s.subject_id LIMIT {candidates})
), best AS (
    SELECT DISTINCT ON (f.id) f.* FROM found f ORDER BY f.id, f.closeness DESC, f.word
)
SELECT r.*, '{type}' AS _type, {names} AS _names
FROM best JOIN {table} r ON r.id = best.id
WHERE {stands} AND {condition}
ORDER BY ({last}) IS TRUE, best.closeness + {nearness} DESC, starts_with(best.said, ' ' || $6::text) DESC, best.word,
    lower(r.name), r.id
LIMIT {most}
"""

OF_THE_COMPANY = f"(SELECT '{COMPANY}'::uuid AS id WHERE '{COMPANY}' = ANY($5::uuid[])) a"
OF_ALL = "unnest($5::uuid[]) a(id)"

FOLLOWED = f"(SELECT f.person_id, 4 FROM follow f WHERE f.follower_id = $1 ORDER BY f.id DESC LIMIT {CIRCLE})"
COLLEAGUES = f"(SELECT p.id, 0 FROM person p WHERE p.unit_id = $3 AND p.active LIMIT {CIRCLE})"
PARTNERS = f"""(
    SELECT o.person_id, 4 FROM (
        SELECT m.conversation_id AS id FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
        WHERE m.person_id = $1 AND c.kind <> 'CHANNEL' ORDER BY c.moved_at DESC, c.id LIMIT {CONVERSATIONS}
    ) mine CROSS JOIN LATERAL (
        SELECT m.person_id, count(*) OVER () AS members FROM (
            SELECT m.person_id FROM conversation_member m WHERE m.conversation_id = mine.id LIMIT {SMALL} + 1
        ) m
    ) o WHERE o.members <= {SMALL} GROUP BY o.person_id
)"""
LINE = f"""(
    WITH mine AS (
        SELECT h.position_id FROM holding h WHERE h.person_id = $1 AND {on("h", "$2")}
    ), above AS (
        SELECT l.manager_id AS position_id FROM mine
        JOIN reporting_line l ON l.position_id = mine.position_id AND l.kind = 'SOLID' AND {on("l", "$2")}
    )
    SELECT h.person_id, 4 FROM above JOIN holding h ON h.position_id = above.position_id AND {on("h", "$2")}
    UNION ALL
    SELECT b.person_id, m.closeness FROM (
        SELECT mine.position_id, 4 FROM mine UNION ALL SELECT above.position_id, 2 FROM above
    ) m (position_id, closeness) CROSS JOIN LATERAL (
        SELECT h.person_id FROM reporting_line l JOIN holding h ON h.position_id = l.position_id AND {on("h", "$2")}
        WHERE l.manager_id = m.position_id AND l.kind = 'SOLID' AND {on("l", "$2")} LIMIT {CIRCLE}
    ) b
)"""
_NAMED = "(SELECT n.person_id, 3 FROM ({}) x(id) JOIN mention n ON n.subject_id = x.id GROUP BY n.person_id)"
NAMED_IN_POSTS = _NAMED.format(
    f"""SELECT p.id FROM post p WHERE p.author_id = $1 AND p.status = 'PUBLISHED'
    ORDER BY p.published_at DESC, p.id DESC LIMIT {POSTS}"""
)
NAMED_IN_MESSAGES = _NAMED.format(
    f"SELECT m.id FROM message m WHERE m.author_id = $1 ORDER BY m.id DESC LIMIT {MESSAGES}"
)
AROUND = f"(SELECT m.person_id, 0 FROM audience_member m WHERE m.audience_id = ANY($4::uuid[]) LIMIT {AROUND_GUEST})"
MYSELF = "(SELECT $1::uuid, 0)"

JOINED = "(SELECT m.id, 2 FROM unnest($4::uuid[]) m(id))"
INVITED = "(SELECT m.group_id, 1 FROM membership m WHERE m.person_id = $1 AND m.status = 'INVITED')"
FOLLOWED_TAGS = "(SELECT f.tag_id, 1 FROM tag_follow f WHERE f.person_id = $1)"

_UNBLOCKED = "NOT EXISTS (SELECT 1 FROM block b WHERE b.blocker_id = $1 AND b.person_id = r.id)"
_SYNONYMS = "ARRAY(SELECT y.name FROM tag_synonym y WHERE y.tag_id = r.id)"


@dataclass(frozen=True, slots=True)
class Sort:
    """One kind of what is suggested: its rows `r`, what must hold of them, and how they are ordered.

    They are found in `audiences`. `last` comes after all others, whatever its closeness; `nearness` is added to that;
    `names` are other names.
    """

    kind: str
    type: str
    table: str
    audiences: str = OF_THE_COMPANY
    stands: str = "TRUE"
    last: str = "FALSE"
    nearness: str = "0"
    names: str = "'{}'::text[]"


PEOPLE = Sort(
    "PERSON",
    "Person",
    "person",
    stands=f"r.active AND {_UNBLOCKED}",
    last="r.id = $1",
    nearness="(CASE WHEN r.unit_id = $3 THEN 1 ELSE 0 END)",
)
GROUPS = Sort("GROUP", "Group", "groups", last="r.archived_at IS NOT NULL")
TAGS = Sort("TAG", "Tag", "tag", audiences=OF_ALL, names=_SYNONYMS)

Words = Sequence[Sequence[str]]
"""Words as they were typed, at least one, each with its other spellings."""


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom names are looked up: where they are, what they have joined, and all that they belong to."""

    person: uuid.UUID
    day: date
    unit: uuid.UUID | None
    joined: Collection[uuid.UUID]
    audiences: Collection[uuid.UUID]


def params(asker: Asker, words: Words) -> list[object]:
    """The parameters of `statement` for the same words."""
    starts, *others = _by_length(words)
    given = [asker.person, asker.day, asker.unit, list(asker.joined), list(asker.audiences), words[0][0]]
    return [*given, *starts, *([f"% {_like(word)}%" for word in other] for other in others)]


def statement(sort: Sort, circles: Iterable[str], words: Words, condition: str, most: int) -> str:
    """The statement that finds at most `most` rows for these words, best first; `_names` are other names of each.

    `condition` is the viewer's scope over `r`, with parameters that come after those of `params`.
    """
    starts, *others = _by_length(words)
    numbers = range(FIXED + 1 + len(starts), FIXED + 1 + len(starts) + len(others))
    return SUGGESTED.format(
        given=GIVEN,
        starts=", ".join(f"(${FIXED + 1 + i}::text)" for i in range(len(starts))),
        circle=" UNION ALL ".join(circles),
        kind=sort.kind,
        begins=BEGINS,
        others=" AND ".join(f"s.said LIKE ANY(${number}::text[])" for number in numbers) or "TRUE",
        audiences=sort.audiences,
        scanned=SCANNED if others else CANDIDATES,
        candidates=CANDIDATES,
        type=sort.type,
        names=sort.names,
        table=sort.table,
        stands=sort.stands,
        condition=condition,
        last=sort.last,
        nearness=sort.nearness,
        most=most,
    )


def _by_length(words: Words) -> list[Sequence[str]]:
    """The words with the longest first: the fewest names begin with it."""
    return sorted(words, key=lambda spellings: -len(spellings[0]))


async def put(subjects: Sequence[uuid.UUID], rows: Sequence[Row]) -> None:
    """Have these subjects be found by these words and no others."""
    if subjects:
        await db.execute(PUT, list(subjects), *([row[i] for row in rows] for i in range(5)))


async def drop(subjects: Sequence[uuid.UUID]) -> None:
    """Have these subjects be found by no words."""
    if subjects:
        await db.execute(DROP, list(subjects))


def _like(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return text
