"""The flat statements by name, for servers in other languages that are to ask the same."""

from __future__ import annotations

from bench.limits import asking, chat_history, home_feed

STATEMENTS = {
    "audiences": asking.AUDIENCES,
    "people": asking.PEOPLE,
    "reactions": asking.REACTIONS,
    "posts": home_feed.POSTS,
    "groups": home_feed.GROUPS,
    "counts": home_feed.COUNTS,
    "comments": home_feed.COMMENTS,
    "conversation": chat_history.CONVERSATION,
    "messages": chat_history.MESSAGES.format(most=chat_history.PAGE + 1),
    "replies": chat_history.REPLIES,
}
