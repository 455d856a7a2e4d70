"""An operation runs the same number of statements whether it has much to tell or little, and few."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from graphql import OperationDefinitionNode, OperationType, parse
from graphql.language import NonNullTypeNode

from tests import engine
from tests.conftest import OPERATIONS, Ask
from tests.statements import answered as answered
from tests.statements import changed as changed
from tests.statements import conversing as conversing
from tests.statements import ended as ended
from tests.statements import grouped as grouped
from tests.statements import messaged as messaged
from tests.statements import posted as posted
from tests.statements import profiled as profiled
from tests.statements import pulsed as pulsed
from tests.statements import read as read
from tests.statements import ruled as ruled
from tests.statements import skilled as skilled  # what it arranges must be declared before anything is run
from tests.statements import surveyed as surveyed
from tests.statements import tagged as tagged
from tests.statements import taking_part as taking_part
from tests.statements.arranged import ARRANGED, Arranged, Company, a_company

FEW, MANY = 2, 20

MOST = {
    "survey_answering/own_survey_answers": 4,
    "survey_answering/save_survey_answers": 5,
    "survey_answering/submit_survey_response": 4,
    "survey_exports/export_survey_results": 12,
    "survey_questions/survey_questions": 2,
    "survey_quizzes/quiz": 2,
    "survey_quizzes/quiz_key": 3,
    "survey_quizzes/start_survey_attempt": 7,
    "survey_results/survey_figures": 7,
    "survey_results/survey_participation": 5,
    "survey_results/survey_results": 6,
    "conversation_people/add_conversation_members": 14,
    "conversation_people/conversation_members": 4,
    "conversation_people/join_conversation": 12,
    "conversation_people/leave_conversation": 10,
    "conversation_people/remove_conversation_member": 14,
    "conversation_reading/chat_settings": 1,
    "conversation_reading/conversation_badge": 1,
    "conversation_reading/mark_conversation_read": 7,
    "conversation_reading/mark_conversation_unread": 9,
    "receipts/message_readers": 5,
    "conversation_reading/mute_conversation": 8,
    "conversation_reading/update_chat_settings": 6,
    "conversations/archive_conversation": 13,
    "conversations/channels": 5,
    "conversations/conversation_list": 8,
    "conversations/conversation_page": 8,
    "conversations/conversations": 4,
    "conversations/start_conversation": 11,
    "conversations/update_conversation": 12,
    "conversations/wake_conversation": 13,
    "directory/people_facets": 4,
    "experts/expert_pages": 9,
    "experts/expert_suggestions": 1,
    "experts/experts": 10,
    "experts/set_expert_suggestions": 6,
    "drafts/add_org_draft_change": 10,
    "drafts/apply_org_draft": 43,
    "drafts/create_org_draft": 6,
    "drafts/org_draft": 37,
    "drafts/org_drafts": 4,
    "drafts/remove_org_draft_change": 7,
    "drafts/update_org_draft": 5,
    "drafts/withdraw_org_draft": 6,
    "comments/add_comment": 4,
    "posts/create_post": 11,
    "comments/delete_comment": 12,
    "posts/delete_post": 14,
    "comments/edit_comment": 9,
    "posts/edit_post": 10,
    "feed/feed_reasons": 3,
    "feed/home_feed": 11,
    "feed/newer_posts": 2,
    "posts/post": 11,
    "feed/person_posts": 2,
    "feed/unit_posts": 5,
    "follows/block_person": 11,
    "follows/blocked_people": 2,
    "follows/follow_person": 8,
    "follows/following": 3,
    "headcounts/head_count": 3,
    "lines/line": 10,
    "lines/org_path": 2,
    "org/add_reporting_line": 30,
    "org/assign_position": 31,
    "org/create_person": 68,
    "org/create_position": 41,
    "org/create_unit": 35,
    "org/deactivate_person": 32,
    "org/dissolve_unit": 22,
    "org/end_position": 22,
    "org/end_reporting_line": 25,
    "org/merge_units": 46,
    "org/move_person": 41,
    "org/move_unit": 33,
    "org/org_chart": 4,
    "org/org_unit": 6,
    "org/org_units": 4,
    "org/promote_person": 27,
    "org/record_leave": 36,
    "org/rehire_person": 57,
    "org/rename_person": 26,
    "org/rename_unit": 23,
    "org/set_manager": 34,
    "org/set_unit_head": 29,
    "org/vacate_position": 26,
    "people/directory": 3,
    "people/person_by": 2,
    "people/profile": 8,
    "people/reports": 4,
    "people/update_profile": 9,
    "positions/position": 11,
    "profile_fields/create_profile_field": 6,
    "profile_fields/delete_profile_field": 7,
    "profile_fields/govern_built_in_field": 6,
    "profile_fields/profile_fields": 1,
    "profile_fields/purge_profile_field": 6,
    "profile_fields/restore_profile_field": 7,
    "profile_fields/update_profile_field": 7,
    "profiles/change_profile": 12,
    "profiles/people_profiles": 7,
    "profiles/profile_details": 4,
    "readings/acknowledge_post": 9,
    "readings/must_reads": 7,
    "readings/reading_evidence": 5,
    "readings/reading_evidence_csv": 5,
    "readings/require_reading": 11,
    "readings/waive_reading": 8,
    "access/explain_access": 4,
    "audiences/audience_preview": 6,
    "group_rules/set_default_group": 10,
    "group_rules/set_group_rule": 18,
    "rules/audience_rule": 3,
    "rules/audience_rules": 3,
    "rules/create_audience_rule": 17,
    "rules/delete_audience_rule": 12,
    "rules/simulate_rule": 4,
    "rules/update_audience_rule": 15,
    "search/search": 15,
    "session/activate_account": 12,
    "session/change_password": 11,
    "session/create_token": 4,
    "session/me": 2,
    "session/revoke_access": 5,
    "session/sessions": 2,
    "session/sign_in": 12,
    "session/sign_out": 4,
    "skills/add_skill": 12,
    "skills/add_skill_synonym": 11,
    "skills/endorse_skill": 11,
    "skills/endorsers": 5,
    "skills/merge_skills": 22,
    "skills/person_skills": 6,
    "skills/remove_skill": 8,
    "skills/remove_skill_synonym": 10,
    "skills/rename_skill": 11,
    "skills/skill": 7,
    "skills/skills": 3,
    "skills/withdraw_endorsement": 9,
    "answers/accept_answer": 10,
    "bookmarks/bookmark_post": 3,
    "bookmarks/bookmarks": 4,
    "comments/thread": 11,
    "pins/close_comments": 8,
    "pins/pin_post": 9,
    "pins/pinned_posts": 6,
    "polls/close_poll": 10,
    "polls/poll": 4,
    "polls/polls": 4,
    "polls/update_poll": 13,
    "polls/vote_poll": 12,
    "revisions/comment_history": 4,
    "delegates/allow_delegate": 7,
    "delegates/delegates": 2,
    "publishing/drafts": 4,
    "sharing/move_post": 18,
    "posts/post_life": 9,
    "publishing/publish_post": 10,
    "publishing/review_post": 8,
    "publishing/review_queue": 6,
    "publishing/schedule_post": 8,
    "publishing/set_unit_moderation": 8,
    "sharing/share_post": 11,
    "publishing/unschedule_post": 5,
    "delegates/withdraw_delegate": 4,
    "praise/give_praise": 12,
    "praise/praises": 4,
    "presence/start_typing": 2,
    "presence/who_is_here": 4,
    "reactions/add_reaction": 4,
    "reactions/remove_reaction": 7,
    "reactions/reactors": 5,
    "reach/reach": 2,
    "seen/mark_seen": 2,
    "seen/unread": 6,
    "admissions/answer_join_request": 16,
    "admissions/decline_invitation": 11,
    "admissions/invite_to_group": 18,
    "admissions/withdraw_invitation": 14,
    "admissions/withdraw_join_request": 10,
    "group_ends/archive_group": 12,
    "group_ends/purge_group": 12,
    "group_ends/purge_preview": 2,
    "group_ends/transfer_group": 15,
    "group_ends/wake_group": 13,
    "guests/extend_guest": 13,
    "guests/group_guests": 4,
    "guests/invite_guest": 24,
    "guests/remove_guest": 16,
    "groups/create_group": 12,
    "groups/group_door": 5,
    "groups/group_members": 4,
    "groups/group_page": 7,
    "groups/groups": 6,
    "groups/update_group": 13,
    "memberships/add_group_members": 14,
    "memberships/ban_from_group": 14,
    "memberships/join_group": 16,
    "memberships/leave_group": 12,
    "memberships/lift_group_ban": 13,
    "memberships/remove_group_member": 14,
    "memberships/set_group_role": 13,
    "mentions/mention_in_comment": 11,
    "mentions/mention_in_edited_comment": 15,
    "mentions/mention_in_edited_post": 16,
    "mentions/mention_in_post": 13,
    "mentions/my_mentions": 4,
    "messages/chat_history": 7,
    "messages/conversation_snapshot": 3,
    "messages/delete_message": 12,
    "messages/edit_message": 12,
    "messages/mention_in_edited_message": 20,
    "messages/mention_in_message": 11,
    "messages/message": 11,
    "messages/message_history": 4,
    "messages/message_thread": 5,
    "messages/newer_messages": 15,
    "message_pins/pin_message": 11,
    "message_pins/pinned_messages": 3,
    "messages/send_message": 3,
    "message_pins/unpin_message": 9,
    "mentions/who_is_mentioned": 4,
    "suggestions/suggest": 4,
    "survey_posts/announce_survey": 12,
    "survey_posts/announced_surveys": 5,
    "survey_posts/edit_announcement": 14,
    "survey_series/create_survey_series": 14,
    "survey_series/end_survey_series": 8,
    "survey_series/remind_survey": 10,
    "survey_series/survey_series": 5,
    "survey_series/survey_series_list": 3,
    "survey_series/survey_trend": 5,
    "survey_series/update_survey_series": 10,
    "survey_life/archive_survey": 10,
    "survey_life/close_survey": 29,
    "survey_making/create_survey": 13,
    "survey_making/delete_survey": 10,
    "survey_making/duplicate_survey": 12,
    "surveys/find_surveys": 11,
    "survey_life/open_survey": 20,
    "surveys/questionnaire_file": 2,
    "survey_life/schedule_survey": 14,
    "surveys/survey": 7,
    "survey_audiences/survey_audience_preview": 3,
    "surveys/surveys": 4,
    "survey_life/unschedule_survey": 10,
    "survey_making/update_survey": 15,
    "tags/add_tag_synonym": 10,
    "tags/followed_tags": 1,
    "tags/follow_tag": 8,
    "tags/merge_tags": 22,
    "tags/post_tags": 2,
    "tags/remove_tag_synonym": 9,
    "tags/rename_tag": 11,
    "tags/set_post_tags": 16,
    "tags/tag": 7,
    "tags/tag_page": 6,
    "tags/tags": 3,
    "tags/trending_tags": 2,
    "tags/update_tag": 6,
}
"""The most statements of each operation, those that begin and end its transaction included."""


def committed() -> dict[str, OperationDefinitionNode]:
    """Every committed operation, by its path below `graphql/operations/`."""
    found: dict[str, OperationDefinitionNode] = {}
    for file in sorted(OPERATIONS.rglob("*.graphql")):
        [operation] = parse(file.read_text()).definitions
        assert isinstance(operation, OperationDefinitionNode)
        found[str(file.relative_to(OPERATIONS).with_suffix(""))] = operation
    return found


COMMITTED = committed()
# A stream asks anew at each event, by design: what it tells must be true at that moment.
COUNTED = [name for name, operation in COMMITTED.items() if operation.operation is not OperationType.SUBSCRIPTION]


CHANCE = 2
"""Two levels that ask one loader share a batch, or not, by which of two statements was answered first."""


@pytest.mark.parametrize("operation", COUNTED)
async def test_the_number_of_statements_is_constant(ask: Ask, statements: list[str], operation: str) -> None:
    few, little = await run(ask, statements, operation, FEW)
    many, much = await run(ask, statements, operation, MANY)

    # What is on its page from end to end is not counted again.
    assert all("SELECT count(*)" in text for text in kinds(many) ^ kinds(few)), "\n".join([operation, *many])
    assert abs(len(many) - len(few)) <= CHANCE, "\n".join([operation, *many])
    assert operation in MOST, (
        f"{operation} runs {len(many)} statements: if that is right, note it in MOST of {__file__}"
    )
    assert len(many) <= MOST[operation] + CHANCE, "\n".join([operation, *many])
    if "first" in {variable.variable.name.value for variable in COMMITTED[operation].variable_definitions or ()}:
        assert len(much) > len(little), f"{operation} gave no list: arrange one for it"


def kinds(statements: list[str]) -> set[str]:
    """The statements by their words: streams, and numbers of parameters and rows, differ; savepoints are numbered."""
    named = [re.sub(r"'\w+:[0-9a-f-]{36}'", "'stream'", text) for text in statements]
    return {re.sub(r"\$?\d+|savepoint_\w+", "n", re.sub(r"\((?:\$\d+, ?)*\$\d+\)", "(n)", text)) for text in named}


async def run(ask: Ask, statements: list[str], operation: str, size: int) -> tuple[list[str], str]:
    """The statements and the answer of an operation in a company of that size."""
    company = await engine.known(f"company_{size}", lambda: a_company(ask.services, size))
    arranged = await arrange(operation, replace(company, services=ask.services))
    statements.clear()
    data = await ask(arranged.viewer, operation, **arranged.variables)
    assert not refusals(data), f"{operation} was refused: {data}"
    return list(statements), str(data)


async def arrange(operation: str, company: Company) -> Arranged:
    """What the operation needs; those that need no variables are Ann's."""
    if operation in ARRANGED:
        return await ARRANGED[operation](company)
    needed = [v for v in COMMITTED[operation].variable_definitions or () if isinstance(v.type, NonNullTypeNode)]
    assert not needed, (
        f"Nothing tells with which variables to run {operation}: write a function that does into"
        f' tests/statements/arranged.py, under @arranges("{operation}").'
    )
    return Arranged(company.viewer, {})


def refusals(data: dict[str, Any]) -> list[Any]:
    """The user errors of a mutation's payload."""
    payloads: list[Any] = [payload for payload in data.values() if isinstance(payload, dict)]
    return [error for payload in payloads for error in payload.get("errors", ())]
