"""Rules and whom they meet, as our own exports hold it."""

from __future__ import annotations

from atrium.imports.extras.audiences import ADD_MEMBERS
from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, Given, ref, text
from models import db
from models.rules import RULE_NAME_MAX

# A group's rule is about the audience of the group, which is there already.
ADD_AUDIENCES = """
INSERT INTO audience (id, kind) SELECT id, 'RULE' FROM extra WHERE is_new AND NOT deleted ON CONFLICT (id) DO NOTHING
"""


async def _add_audiences(_: Given) -> None:
    await db.execute(ADD_AUDIENCES)


async def _add_members(given: Given) -> None:
    await db.execute(ADD_MEMBERS.format(listed="false"), given.source)


RULE = Extra(
    "audience_rule",
    (
        text("name", RULE_NAME_MAX),
        Column("conditions", "jsonb", needed=True),
        Column("is_snapshot", "boolean", default="false"),
        ref("created_by", "created_by", *PERSON),
        Column("version", "integer", default="1"),
        CREATED,
    ),
    own_only=True,
    ready=_add_audiences,
    after=_add_members,
)
