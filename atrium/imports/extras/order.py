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
    held_responses,
    held_surveys,
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
from atrium.imports.report import Progress, unwatched
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
    conversations.CONVERSATION,
    conversations.CONVERSATION_MEMBER,
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
    feed.POST,
    readings.MUST_READ,
    readings.ACKNOWLEDGEMENT,
    polls.POLL,
    polls.POLL_OPTION,
    polls.POLL_VOTE,
    feed.COMMENT,
    messages.MESSAGE,
    revisions.REVISION,
    mentions.MENTION,
    reactions.REACTION,
    seen.SEEN,
    seen.BOOKMARK,
)
"""The types in the order in which they are written: what others speak of comes first."""

EXTRAS: Mapping[str, Extra] = {extra.type: extra for extra in ORDER}

ELSEWHERE: Mapping[str, Extra] = {extra.type: extra for extra in (held_surveys.SURVEY,)}
"""The types that other systems say otherwise than our own exports do."""

TABLES: Mapping[str, str] = {extra.type: extra.table for extra in ORDER}


def may_hold(type: str, *, is_own: bool) -> bool:
    """Whether a file may hold records of this type beside the chart; some come only from our own exports."""
    if is_own:
        return type in sources.TYPES or type in EXTRAS
    extra = _form(type, is_own=False)
    return type == held_responses.TYPE or (extra is not None and not extra.own_only)


PHASE = "besides"  # of progress: types of records that are not of the chart


async def write_extras(staged: str, given: Given, progress: Progress = unwatched) -> None:
    """Write the records in the relation `staged` (line, type, id, fields, deleted). Wants a transaction."""
    await begin(given)
    types = {row[0] for row in await db.rows(f"SELECT DISTINCT type FROM {staged}")}
    forms = [_form(type, is_own=given.is_own) for type in EXTRAS if type in types]
    wanted = [one for one in forms if one and (given.is_own or not one.own_only)]
    for done, extra in enumerate(wanted):
        progress(done, len(wanted), PHASE)
        await take(extra, staged, given, TABLES)
    progress(len(wanted), len(wanted), PHASE)
    if not given.is_own and held_surveys.TYPE in types:
        await held_responses.count_held(staged, given)
    if given.is_dry:
        return
    if given.is_own:
        await sources.remember_imports(staged, given)
    await resume_timers(given.now)


def _form(type: str, *, is_own: bool) -> Extra | None:
    """How a file says this type."""
    return EXTRAS.get(type) if is_own else ELSEWHERE.get(type, EXTRAS.get(type))
