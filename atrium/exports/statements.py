"""What an export says of each type: one statement a type, whose rows are the records.

A column of a statement is a field of its records. Rows come by key, and lists within them by something unique, so that
equal databases give equal files. No secret is in it, nor what follows from the rest: closures, today's values, the
audiences of units and places, the log, the index.

Each domain has its statements in a module of its own; `atrium.imports.extras` has one of the same name, which says how
they are read again, and how a domain adds a type.
"""

from __future__ import annotations

from collections.abc import Mapping

from atrium.exports import (
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
    surveys,
    tags,
)

STATEMENTS: Mapping[str, str] = {
    "profile_field": profiles.PROFILE_FIELDS,
    "skill": skills.SKILLS,
    "org_unit": org.UNITS,
    "person": people.PEOPLE,
    "guest": people.GUESTS,
    "position": org.POSITIONS,
    "holding": org.HOLDINGS,
    "line": org.LINES,
    "unit_moderation": org.MODERATED_UNITS,
    "profile": profiles.PROFILES,
    "person_skill": skills.PERSON_SKILLS,
    "endorsement": skills.ENDORSEMENTS,
    "follow": follows.FOLLOWS,
    "block": follows.BLOCKS,
    "role": session.ROLES,
    "delegate": delegates.DELEGATES,
    "org_draft": drafts.DRAFTS,
    "tag": tags.TAGS,
    "tag_follow": tags.TAG_FOLLOWS,
    "group": groups.GROUPS,
    "membership": groups.MEMBERSHIPS,
    "audience": audiences.AUDIENCES,
    "audience_rule": rules.RULES,
    "conversation": conversations.CONVERSATIONS,
    "conversation_member": conversations.CONVERSATION_MEMBERS,
    "survey": surveys.SURVEYS,
    "survey_edition": surveys.SURVEY_EDITIONS,
    "survey_series": surveys.SURVEY_SERIES,
    "survey_round": surveys.SURVEY_ROUNDS,
    "survey_segment": surveys.SURVEY_SEGMENTS,
    "survey_place": surveys.SURVEY_PLACES,
    "survey_response": surveys.SURVEY_RESPONSES,
    "survey_answer": surveys.SURVEY_ANSWERS,
    "survey_tally": surveys.SURVEY_TALLIES,
    "survey_text": surveys.SURVEY_TEXTS,
    "post": feed.POSTS,
    "must_read": readings.MUST_READS,
    "acknowledgement": readings.ACKNOWLEDGEMENTS,
    "poll": polls.POLLS,
    "poll_option": polls.POLL_OPTIONS,
    "poll_vote": polls.POLL_VOTES,
    "comment": feed.COMMENTS,
    "message": messages.MESSAGES,
    "revision": revisions.REVISIONS,
    "mention": mentions.MENTIONS,
    "reaction": reactions.REACTIONS,
    "seen": seen.SEEN,
    "bookmark": seen.BOOKMARKS,
    "import_source": sources.SOURCES,
    "imported": sources.IMPORTED,
}
"""The types in the order of the file: what others speak of comes first, where that can be."""
