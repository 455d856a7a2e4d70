"""The lists of people who may see some posts, as files hold them."""

from __future__ import annotations

from atrium.imports.extras.declaring import PERSON, Column, Extra, Given, found
from models import db

# The same people are the same list. Of lists of a file that are equal all the same, one is known by its people.
TELL_APART = f"""
UPDATE extra e SET f = f || jsonb_build_object('digest', d.digest) FROM (
    SELECT x.external_id, x.digest, row_number() OVER (PARTITION BY x.digest ORDER BY x.external_id) AS place FROM (
        SELECT s.external_id, (
            SELECT encode(sha256(coalesce(string_agg(uuid_send(k.id), ''::bytea ORDER BY k.id), ''::bytea)), 'hex')
            FROM (SELECT DISTINCT {found("x", *PERSON)} AS id FROM jsonb_array_elements_text(s.f->'people') x) k
            WHERE k.id IS NOT NULL) AS digest
        FROM extra s WHERE NOT s.deleted AND jsonb_typeof(s.f->'people') = 'array'
    ) x
) d WHERE d.external_id = e.external_id AND d.place = 1
"""
ADD_MEMBERS = f"""
INSERT INTO audience_member (person_id, audience_id, listed)
SELECT DISTINCT p.id, e.id, {{listed}}
FROM extra e CROSS JOIN jsonb_array_elements_text(e.f->'people') x
CROSS JOIN LATERAL (SELECT {found("x", *PERSON)} AS id) p
WHERE e.id IS NOT NULL AND NOT e.deleted AND p.id IS NOT NULL
ON CONFLICT (person_id, audience_id) DO NOTHING
"""


async def _tell_apart(given: Given) -> None:
    await db.execute(TELL_APART, given.source)


async def _add_members(given: Given) -> None:
    await db.execute(ADD_MEMBERS.format(listed="true"), given.source)


AUDIENCE = Extra(
    "audience",
    (Column("kind", sql="'PEOPLE'"), Column("people", sql="decode(e.f->>'digest', 'hex')")),
    natural=("people",),
    own_only=True,
    before=_tell_apart,
    after=_add_members,
)
