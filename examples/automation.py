"""A bot that answers whoever mentions it. It misses no mention, and answers none twice, whatever is restarted.

It needs `gql[websockets]`, a person of its own, and a token of theirs that reaches just as far as it has to:

    python -m atrium token bot@company.example \
        --scope feed:read --scope feed:write --scope chat:read --scope chat:write
    python examples/automation.py http://127.0.0.1:8000 TOKEN bot.cursor

`feed:read` hears of mentions and reads posts and comments, `chat:read` reads messages; the other two write the answers.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any, NoReturn

from gql import Client, GraphQLRequest, gql
from gql.client import AsyncClientSession
from gql.transport.exceptions import TransportError, TransportQueryError
from gql.transport.websockets import WebsocketsTransport
from websockets.exceptions import ConnectionClosed

START = gql("query Start { eventCursor viewer { person { id } } }")
MENTIONS = gql("""
    subscription Mentions($after: String) {
      events(kinds: [MENTIONED], after: $after) {
        __typename cursor
        ... on Mentioned {
          subjectId
          message { id body conversation { id } }
          comment { id body }
          post { id body }
        }
        ... on StreamEnded { reason }
      }
    }
""")
SEND_MESSAGE = gql("mutation Answer($input: SendMessageInput!) { sendMessage(input: $input) { errors { message } } }")
ADD_COMMENT = gql("mutation Answer($input: AddCommentInput!) { addComment(input: $input) { errors { message } } }")

SHORTEST, LONGEST = 0.5, 30.0  # seconds between two tries to connect
PASSING = {"UNAVAILABLE", "TIMEOUT", "RATE_LIMITED"}  # codes of errors that time heals
FINAL = {4400, 4401, 4406}  # codes with which a socket is closed for good: trying again would not help
ENDS = {
    "REVOKED": "The token is not valid any more, or its account is closed. Make a new token.",
    "TOO_OLD": "The server does not keep events for as long as the bot was away. What it has missed is listed by"
    " `viewer { mentions }`; without the file of the cursor it starts from now.",
}


class Ended(SystemExit):
    """The bot cannot go on by itself; the text says why, and what to do."""


def reply_to(text: str) -> str:
    """What the bot has to say to a text. This is the place for your own."""
    return f"I have read your {len(text.split())} words, and I am only an example."


async def run(address: str, token: str, file: Path) -> NoReturn:
    """Answer mentions, and come back whenever the connection is lost. Raises `Ended`."""
    url = address.replace("http", "ws", 1).rstrip("/") + "/graphql"
    greeting = {"authorization": f"Bearer {token}"}
    wait = SHORTEST
    while True:
        transport = WebsocketsTransport(url, init_payload=greeting, subprotocols=["graphql-transport-ws"])
        try:
            async with Client(transport=transport) as session:
                wait = SHORTEST
                await follow(session, file)
        except (TransportError, TimeoutError) as error:
            stop_if_final(error)
            print(f"The connection is lost ({error}). Trying again in {wait:g} seconds.", flush=True)
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST)


async def follow(session: AsyncClientSession, file: Path) -> None:
    """Answer one mention after the other, from behind the cursor in the file on. Raises `Ended`."""
    start: dict[str, Any] = await session.execute(START)
    me = start["viewer"]["person"]["id"]
    after = kept(file, start["eventCursor"])
    print("Connected.", flush=True)
    stream = session.subscribe(GraphQLRequest(MENTIONS, variable_values={"after": after}))
    async with aclosing(stream):
        async for told in stream:
            event: dict[str, Any] = told["events"]
            if event["__typename"] == "StreamEnded":
                if event["reason"] in ENDS:
                    raise Ended(ENDS[event["reason"]])
                return  # LAGGED: it has taken too long, and goes on behind its cursor
            await answer(session, event, me)
            keep(file, event["cursor"])  # not before: a mention that was not answered comes again


async def answer(session: AsyncClientSession, event: dict[str, Any], me: str) -> None:
    """Answer where the mention is. By its `clientId` the server knows an answer that it has already."""
    texts = (event["message"], event["comment"], event["post"])
    said = next((text for text in texts if text and text["id"] == event["subjectId"]), None)
    if said is None or f"@[{me}]" not in said["body"]:
        return  # removed or reworded meanwhile
    words = {"body": reply_to(said["body"]), "clientId": said["id"]}
    if event["message"]:
        mutation, place = SEND_MESSAGE, {"conversationId": said["conversation"]["id"], "replyToId": said["id"]}
    else:
        reply_to_id = said["id"] if event["comment"] else None
        mutation, place = ADD_COMMENT, {"postId": event["post"]["id"], "replyToId": reply_to_id}
    data: dict[str, Any] = await session.execute(GraphQLRequest(mutation, variable_values={"input": words | place}))
    errors = [error["message"] for payload in data.values() for error in payload["errors"]]
    print(f"Not answered: {' '.join(errors)}" if errors else f"Answered: {said['body']}", flush=True)


def kept(file: Path, first: str) -> str:
    """The cursor in the file; the `first` one is put there where there is none."""
    if not file.exists():
        keep(file, first)  # at once: it may be restarted before anything happens
    return file.read_text()


def keep(file: Path, cursor: str) -> None:
    """Replace the cursor in the file at once: whenever the bot is killed, there is a whole one."""
    new = file.with_name(f"{file.name}.new")
    new.write_text(cursor)
    new.replace(file)


def stop_if_final(error: BaseException) -> None:
    """Raise `Ended` for what would be the same next time."""
    if isinstance(error, TransportQueryError):
        refused = [one for one in error.errors or () if one.get("extensions", {}).get("code") not in PASSING]
        if refused:
            raise Ended(" ".join(one["message"] for one in refused)) from None
    closed: BaseException | None = error
    while closed and not isinstance(closed, ConnectionClosed):
        closed = closed.__cause__
    if closed and closed.rcvd and closed.rcvd.code in FINAL:
        raise Ended(f"The server has closed the connection: {closed.rcvd.reason}") from None


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Answers whoever mentions the person that the token belongs to.")
    parser.add_argument("address", help="such as http://127.0.0.1:8000")
    parser.add_argument("token", help="with the scopes feed:read, feed:write, chat:read and chat:write")
    parser.add_argument("file", type=Path, help="where the cursor is kept; made when it is not there")
    arguments = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(run(arguments.address, arguments.token, arguments.file))
