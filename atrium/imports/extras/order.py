"""All types that files may hold beside the org chart, and their way into the tables, once the chart is written."""

from __future__ import annotations

from collections.abc import Mapping

from atrium.imports.extras import (
    audiences,
    conversations,
    delegates,
    drafts,
    feed,
    follows,
    groups,
    mentions,
    messages,
    org,
    people,
    polls,
    profiles,
    reactions,
    readings,
    revisions,
    rules,
    seen,
    session,
    skills,
    sources,
    survey_results,
    surveys,
    tags,
)
from atrium.imports.extras.declaring import Extra, Given
from atrium.imports.extras.taking import begin, take
from atrium.resuming import resume_timers
from models import db

ORDER = (
    profiles.PROFILE_FIELD,
    skills.SKILL,
    people.GUEST,
    org.UNIT_MODERATION,
    profiles.PROFILE,
    skills.PERSON_SKILL,
    skills.ENDORSEMENT,
    follows.FOLLOW,
    follows.BLOCK,
    session.ROLE,
    delegates.DELEGATE,
    drafts.DRAFT,
    tags.TAG,
    tags.TAG_FOLLOW,
    groups.GROUP,
    groups.MEMBERSHIP,
    audiences.AUDIENCE,
    rules.RULE,
    feed.POST,
    readings.MUST_READ,
    readings.ACKNOWLEDGEMENT,
    polls.POLL,
    polls.POLL_OPTION,
    polls.POLL_VOTE,
    feed.COMMENT,
    conversations.CONVERSATION,
    conversations.CONVERSATION_MEMBER,
    messages.MESSAGE,
    revisions.REVISION,
    mentions.MENTION,
    reactions.REACTION,
    seen.SEEN,
    seen.BOOKMARK,
    surveys.SURVEY,
    surveys.SURVEY_EDITION,
    surveys.SURVEY_SERIES,
    surveys.SURVEY_ROUND,
    survey_results.SURVEY_SEGMENT,
    survey_results.SURVEY_PLACE,
    survey_results.SURVEY_RESPONSE,
    survey_results.SURVEY_ANSWER,
    survey_results.SURVEY_TALLY,
    survey_results.SURVEY_TEXT,
)
"""The types in the order in which they are written: what others speak of comes first."""

EXTRAS: Mapping[str, Extra] = {extra.type: extra for extra in ORDER}

TABLES: Mapping[str, str] = {extra.type: extra.table for extra in ORDER}


def may_hold(type: str, *, is_own: bool) -> bool:
    """Whether a file may hold records of this type beside the chart; some come only from our own exports."""
    extra = EXTRAS.get(type)
    return (is_own and type in sources.TYPES) or (extra is not None and (is_own or not extra.own_only))


async def write_extras(staged: str, given: Given) -> None:
    """Write the records in the relation `staged` (line, type, id, fields, deleted). Wants a transaction."""
    await begin(given)
    types = {row[0] for row in await db.rows(f"SELECT DISTINCT type FROM {staged}")}
    for extra in ORDER:
        if extra.type in types and may_hold(extra.type, is_own=given.is_own):
            await take(extra, staged, given, TABLES)
    if given.is_dry:
        return
    if given.is_own:
        await sources.remember_imports(staged, given)
    await resume_timers(given.now)
