"""`examples/automation.py` as a process of its own, beside a server that is killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest_asyncio

from atrium.worker import Kept, trim
from execution.ids import encode_id
from models import db
from models.conversations import Conversation
from models.feed import Comment
from models.messages import Message
from models.people import Person
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.engine import ROOT, settled
from tests.factories.chat import a_conversation
from tests.factories.ids import global_id
from tests.factories.mentions import at
from tests.factories.people import a_person
from tests.messages.acting import said
from tests.serve.process import PATIENCE, Process, running
from tests.serve.test_serve import SERVING, until_ready

SCOPES = ["feed:read", "feed:write", "chat:read", "chat:write"]
WEEK = Kept(timedelta(days=7), 1_000_000)


class Office:
    """Ann and the bot, who talk to each other."""

    def __init__(self, ask: Ask, ann: Person, bot: Person, talk: Conversation) -> None:
        self.ask, self.ann, self.bot, self.talk = ask, ann, bot, talk

    async def token(self) -> tuple[str, str]:
        """The id and the secret of a token that reaches no further than the bot needs."""
        ends = (self.ask.services.clock.now() + timedelta(days=1)).isoformat()
        made = await self.ask(self.bot, "session/create_token", name="bot", scopes=SCOPES, expires_at=ends)
        return made["createToken"]["token"]["id"], made["createToken"]["secret"]

    async def say(self, body: str) -> str:
        """Ann says something to the bot; the id of the message."""
        return global_id(await said(self.ask, self.ann, self.talk, f"{at(self.bot)} {body}"))

    async def publish(self, body: str) -> str:
        """Ann publishes a post; its id."""
        return (await self.ask(self.ann, "posts/create_post", kind="DISCUSSION", body=body))["createPost"]["post"]["id"]

    async def comment(self, post: str, body: str) -> str:
        """Ann says something to the bot under a post; the comment's id."""
        data = await self.ask(self.ann, "comments/add_comment", post_id=post, body=f"{at(self.bot)} {body}")
        return data["addComment"]["comment"]["id"]

    async def answered(self) -> list[str]:
        """The ids of what the bot has answered, as often as it has."""
        messages = await Message.filter(author_id=self.bot.id).order_by("id")
        comments = await Comment.filter(author_id=self.bot.id).order_by("id")
        under = [
            encode_id("Comment", c.reply_to_id) if c.reply_to_id else encode_id("Post", c.post_id) for c in comments
        ]
        return [encode_id("Message", message.reply_to_id) for message in messages if message.reply_to_id] + under


@pytest_asyncio.fixture
async def office(ask: Ask, clock: TurnedClock) -> Office:
    clock.time = datetime.now(UTC)  # that of the server, which is a process of its own
    ann, bot = await a_person("Ann"), await a_person("Bot")
    return Office(ask, ann, bot, await a_conversation(ann, bot))


@contextlib.asynccontextmanager
async def serving(data: Path, dsn: str, port: str = "0") -> AsyncGenerator[Process]:
    """A server that is ready."""
    async with running(data, dsn, "serve", "--port", port, until=SERVING) as process:
        async with process.http() as http:
            await until_ready(http)
        yield process


@contextlib.asynccontextmanager
async def the_bot(server: Process, token: str, file: Path) -> AsyncGenerator[Process]:
    """The script, connected; it is killed in the end if it still runs."""
    script, address = ROOT / "examples" / "automation.py", f"http://{server.address}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, script, address, token, file),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    made = Process(process)
    try:
        yield made
    finally:
        await made.end(signal.SIGKILL)


async def last_words(bot: Process) -> str:
    """What it says as it ends by itself, which is a failure."""
    assert bot.process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        words = await bot.process.stdout.read()
        assert await bot.process.wait() == 1
    return words.decode()


async def test_it_answers_each_mention_once_though_the_server_is_killed(
    office: Office, dsn: str, tmp_path: Path
) -> None:
    _, token = await office.token()
    async with serving(tmp_path, dsn) as first, the_bot(first, token, tmp_path / "cursor") as bot:
        await bot.hear("Connected")
        before = await office.say("before")
        await bot.hear("before")

        await first.end(signal.SIGKILL)
        meanwhile = await office.say("meanwhile")
        post = await office.publish(f"{at(office.bot)}, who knows?")
        other = await office.publish("Lunch?")
        comment = await office.comment(other, "you, too?")
        for place in (post, other):
            gone = await office.comment(place, "never mind")
            await office.ask(office.ann, "comments/delete_comment", comment_id=gone)
        await bot.hear("The connection is lost")

        async with serving(tmp_path, dsn, first.address.rpartition(":")[2]):
            await bot.hear("you, too?")
            after = await office.say("after")
            await bot.hear("after")

    assert await office.answered() == [before, meanwhile, after, post, comment]


async def test_it_goes_on_behind_its_cursor_and_repeats_nothing_from_behind_an_older_one(
    office: Office, dsn: str, tmp_path: Path
) -> None:
    file = tmp_path / "cursor"
    _, token = await office.token()
    async with serving(tmp_path, dsn) as server:
        async with the_bot(server, token, file) as bot:
            await bot.hear("Connected")
            begun = file.read_text()
            first = await office.say("first")
            await bot.hear("first")
            while (older := file.read_text()) == begun:  # it keeps its place a moment after it has told of its answer
                await asyncio.sleep(0.01)
        second = await office.say("second")
        async with the_bot(server, token, file) as bot:
            await bot.hear("second")
            third = await office.say("third")
            await bot.hear("third")
            told = "".join(bot.said)

        file.write_text(older)  # as if it had been killed between an answer and the next cursor
        async with the_bot(server, token, file) as bot:
            await bot.hear("third")

    assert await office.answered() == [first, second, third]
    assert "first" not in told


async def test_it_ends_with_a_word_of_advice_where_going_on_is_of_no_use(
    office: Office, dsn: str, tmp_path: Path
) -> None:
    file = tmp_path / "cursor"
    id, token = await office.token()
    async with serving(tmp_path, dsn) as server:
        async with the_bot(server, token, file) as bot:
            await bot.hear("Connected")
            await office.say("hello")
            await bot.hear("hello")
            await office.ask(office.bot, "session/revoke_access", id=id)
            revoked = await last_words(bot)
        async with the_bot(server, token, file) as bot:
            unknown = await last_words(bot)

        _, token = await office.token()
        for body in ("while it is away", "long ago"):
            await office.say(body)
        await db.execute("UPDATE event SET occurred_at = occurred_at - interval '9 days'")
        await office.say("today")
        await settled()
        await trim(WEEK, office.ask.services.clock.now())
        async with the_bot(server, token, file) as bot:
            too_old = await last_words(bot)
        file.write_text("no cursor")
        async with the_bot(server, token, file) as bot:
            garbled = await last_words(bot)

    for words in (revoked, unknown):  # by the end of its stream, or by that of its connection
        assert "token" in words and "Trying again" not in words
    assert "`viewer { mentions }`" in too_old
    assert "This is no cursor of a stream." in garbled
    assert not any("Traceback" in words for words in (revoked, unknown, too_old, garbled))
