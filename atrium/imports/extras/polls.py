"""Polls and votes, as files hold them."""

from __future__ import annotations

from atrium.imports.extras.declaring import PERSON, Column, Extra, ref, text
from models.polls import OPTION_MAX, PollResults

POLL = Extra(
    "poll",
    (
        ref("id", "post", "post", needed=True),
        Column("is_multiple", "boolean", default="false"),
        Column("results", one_of=tuple(PollResults), default=f"'{PollResults.AFTER_VOTE}'"),
        Column("closes_at", "timestamptz"),
    ),
    key="e.ref_post",
)
POLL_OPTION = Extra(
    "poll_option",
    (
        ref("poll_id", "poll", "poll", needed=True),
        Column("place", "smallint", needed=True),
        text("text", OPTION_MAX, needed=True),
    ),
    natural=("poll_id", "place"),
)
POLL_VOTE = Extra(
    "poll_vote",
    (
        Column("poll_id", sql="(SELECT o.poll_id FROM poll_option o WHERE o.id = e.ref_option)"),
        ref("option_id", "option", "poll_option", needed=True),
        ref("person_id", "person", *PERSON, needed=True),
    ),
    natural=("option_id", "person_id"),
    keyless=True,
    own_only=True,
)
