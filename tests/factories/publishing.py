"""Posts that are not out, have said something else before, or were put aside by those who no longer see them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from models.feed import PostStatus
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.outsiders import Outsider

if TYPE_CHECKING:
    from tests.leaks.ground import Ground


async def settle(ground: Ground) -> None:
    """A post of the unit that somebody has put aside, and seen, before they moved."""
    post = await _made(ground, body=ground.word("aside"))
    mona = ground.outsiders[Outsider.MOVED]
    await ground.ask(mona, "bookmarks/bookmark_post", post_id=post, is_bookmarked=True)
    await ground.ask(mona, "seen/mark_seen", post_ids=[post])


async def plant(ground: Ground) -> None:
    """A draft, a post for later and one that waits to be looked at, for the company; an edited one for the unit."""
    later = (ground.ask.services.clock.now() + timedelta(days=3)).isoformat()
    await _made(ground, body=ground.word("draft"), audience=None, is_draft=True)
    await _made(ground, body=ground.word("later"), audience=None, scheduled_at=later)
    waiting = await a_post(ground.word("waiting"), author=ground.ida, status=PostStatus.IN_REVIEW, published_at=None)
    ground.hide(global_id(waiting))
    edited = await _made(ground, body=ground.word("before"))
    now = {"post_id": edited, "expected_version": 1, "body": ground.word("after")}
    data = await ground.ask(ground.ida, "posts/edit_post", **now)
    assert not data["editPost"]["errors"], data


async def _made(ground: Ground, **more: Any) -> str:
    """A post of Ida's, to her unit if nothing else is said."""
    values: dict[str, Any] = {"kind": "DISCUSSION", "audience": {"orgUnitId": global_id(ground.unit)}} | more
    data = await ground.ask(ground.ida, "posts/create_post", **values)
    assert not data["createPost"]["errors"], data
    ground.hide(data["createPost"]["post"]["id"])
    return data["createPost"]["post"]["id"]
