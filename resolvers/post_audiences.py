"""The audience of a post in the making: whoever writes must know of it, and whose post it is must belong to it."""

from __future__ import annotations

import uuid

from auth.policies import feed as policy
from models import audiences as table
from models import db
from models.errors import Forbidden
from resolvers import audiences
from resolvers.audiences import AudienceChoice
from resolvers.context import Context
from resolvers.post_rows import ARCHIVED


async def for_whom(ctx: Context, author: Context, choice: AudienceChoice | None) -> uuid.UUID:
    """The audience that a choice names and `author` may write to; a list's is made if there is none yet.

    Raises `NotFound` for what the viewer does not know of, `Forbidden` where the author does not belong to it, or it is
    archived. A list's is there before the transaction of the post: the stream of an audience is held from the start.
    """
    choice = choice or AudienceChoice()
    if choice.people is not None:
        return await _list(ctx, author, choice)
    if author is ctx:
        wanted = await audiences.chosen(ctx, choice)
        assert wanted is not None
        return wanted
    wanted, path = await audiences.named(ctx, choice)
    row = {"audience_id": wanted}
    if not (await author.holds(policy.can_post, [row]))[0]:
        archived = not (await author.holds(policy.is_live, [row]))[0]
        raise Forbidden(ARCHIVED if archived else "The author does not belong to this audience.", path)
    return wanted


async def _list(ctx: Context, author: Context, choice: AudienceChoice) -> uuid.UUID:
    async with db.transaction():
        if author is ctx:
            return await audiences.of_people(ctx, choice)
        return await table.of_people(await audiences.visible_people(ctx, choice) | {author.me.person_id})
