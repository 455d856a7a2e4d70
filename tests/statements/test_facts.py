"""Fields side by side that need the same fact of the same rows share the statement that asks for it."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from auth.policies import feed as policy
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person

POSTS = """
query Posts($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Post {
      id viewerCanUpdate viewerCanDelete viewerCanComment viewerCanReact
      comments(first: 5) { nodes { id viewerCanUpdate viewerCanDelete viewerCanReact } }
    }
  }
}
"""


@pytest.mark.parametrize("who", ["a member", "a guest"])
async def test_what_the_viewer_may_do_with_posts_is_asked_once_for_each_fact(
    ask: Ask, statements: list[str], who: str
) -> None:
    ann, asker = await a_person("Ann"), await (a_guest("Gil") if who == "a guest" else a_person("Bob"))
    group = await a_group(owner=ann)
    await a_member(group, asker)
    posts = [await a_post(f"{i}", author=(ann, asker)[i % 2], audience=group.id) for i in range(6)]
    for post in posts:
        await a_comment(post, author=asker)
    viewer = (await ask.context(asker)).viewer
    statements.clear()

    answer = await ask.text(viewer, POSTS, {"ids": [global_id(one) for one in posts]})

    assert answer.data and all(one["viewerCanReact"] for one in answer.data["nodes"])
    assert not repeated(statements)


async def test_who_waits_for_a_fact_learns_it_though_who_asked_was_cancelled(ask: Ask, statements: list[str]) -> None:
    ann = await a_person("Ann")
    posts = [await a_post(f"{i}", author=ann) for i in range(3)]
    ctx = await ask.context(ann)
    statements.clear()

    first, *others = [asyncio.create_task(ctx.holds(policy.can_take_part, posts)) for _ in range(4)]
    await asyncio.sleep(0)
    first.cancel()

    assert await asyncio.gather(*others) == [[True] * 3] * 3
    assert first.cancelled()
    assert len(statements) <= 2


def repeated(statements: list[str]) -> list[str]:
    """Those that were run more than once."""
    return [text for text, times in Counter(statements).items() if times > 1]
