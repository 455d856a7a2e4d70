"""What changes many documents at once is told to the index by whoever does it."""

from __future__ import annotations

from datetime import timedelta

from atrium.worker import fire
from models.conversations import Conversation
from models.groups import Visibility
from models.timers import Timer
from resolvers import retention
from resolvers.context import Context
from search.indexer import Indexer
from search.sources import MESSAGES
from subscriptions.feed import PostEdited
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message
from tests.factories.feed import a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.search.indexing import Index, tell
from tests.search.test_indexer import found, within


async def test_messages_that_are_kept_no_longer_are_forgotten(ask: Ask) -> None:
    index, ann, bob = Index(ask.services), await a_person("Ann"), await a_person("Bob")
    talk, now = await a_conversation(ann, bob), ask.services.clock.now()
    old = [await a_message(talk, f"Jam {i}", author=ann, created_at=now - timedelta(days=30)) for i in range(3)]
    new = await a_message(talk, "Honey", author=ann, created_at=now)
    await Indexer(index.engine).refresh([one.id for one in (*old, new)], MESSAGES.load)
    await Conversation.filter(id=talk.id).update(retention_days=7)
    ctx = Context(ask.services, viewer=None)

    async with ctx.transaction():
        await retention.follow(ctx, talk.id)
    assert await Timer.filter(due_at__lte=now).exists()
    await fire(ask.services)
    await index()

    assert await index.held() == {new.id}


async def test_what_is_in_a_group_that_opens_or_closes_is_found_by_the_company_or_no_longer(ask: Ask) -> None:
    index, ann = Index(ask.services), await a_person("Ann")
    group = await a_group("Sailing", owner=ann, visibility=Visibility.PRIVATE)
    post = await a_post("Boats", author=ann, audience=group.id)
    await tell(PostEdited(post.id, group.id))

    for visibility, seen in (("OPEN", [post.id]), ("SECRET", [])):
        payload = await ask(
            ann, "groups/update_group", group_id=global_id(group), visibility=visibility, confirmed=True
        )
        assert not payload["updateGroup"]["errors"], payload
        await index()

        assert await found(index, "boats", within()) == seen
