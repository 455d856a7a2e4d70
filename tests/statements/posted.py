"""What the operations of the life of posts need before they can be run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.delegates import Delegate
from models.feed import Comment, Post, PostStatus
from models.revisions import Revision
from models.surveys import SurveyStatus
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import NOW
from tests.statements.arranged import Arranged, Company, arranges
from tests.statements.surveyed import an_analyst, hers


@arranges("publishing/drafts")
async def drafts_of_anns(company: Company) -> Arranged:
    for _ in range(company.size):
        await _unpublished(company, PostStatus.DRAFT)
    return Arranged(company.viewer, {"first": company.size})


@arranges("publishing/publish_post")
async def a_draft_for_now(company: Company) -> Arranged:
    return Arranged(company.viewer, {"post_id": global_id(await _unpublished(company, PostStatus.DRAFT))})


@arranges("publishing/schedule_post")
async def a_draft_for_later(company: Company) -> Arranged:
    at = company.services.clock.now() + timedelta(days=1)
    draft = await _unpublished(company, PostStatus.DRAFT)
    return Arranged(company.viewer, {"post_id": global_id(draft), "scheduled_at": at.isoformat()})


@arranges("publishing/unschedule_post")
async def a_post_for_later(company: Company) -> Arranged:
    post = await _unpublished(company, PostStatus.SCHEDULED, scheduled_at=NOW + timedelta(days=9))
    return Arranged(company.viewer, {"post_id": global_id(post)})


@arranges("publishing/review_queue")
async def posts_that_wait(company: Company) -> Arranged:
    for person in company.people:
        await a_post(author=person, audience=company.top.id, status=PostStatus.IN_REVIEW, published_at=None)
    return Arranged(company.viewer, {"first": company.size})


@arranges("publishing/review_post")
async def a_post_that_waits(company: Company) -> Arranged:
    author = company.people[0]
    post = await a_post(author=author, audience=company.top.id, status=PostStatus.IN_REVIEW, published_at=None)
    return Arranged(company.viewer, {"post_id": global_id(post), "verdict": "RETURN", "reason": "No"})


@arranges("publishing/set_unit_moderation")
async def a_unit_to_look_after(company: Company) -> Arranged:
    return Arranged(company.viewer, {"unit_id": global_id(company.top), "is_moderated": True})


@arranges("sharing/move_post")
async def a_post_for_fewer(company: Company) -> Arranged:
    post = await a_post(author=company.ann)
    for person in company.people:
        await a_comment(post, author=person)
    there = {"orgUnitId": global_id(company.top)}
    return Arranged(company.viewer, {"post_id": global_id(post), "audience": there, "confirmed": True})


@arranges("sharing/share_post")
async def a_post_to_pass_on(company: Company) -> Arranged:
    return Arranged(company.viewer, {"post_id": global_id(company.posts[0]), "body": "Look", "client_id": "s1"})


@arranges("survey_posts/announce_survey")
async def a_survey_to_announce(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    survey = await hers(company, SurveyStatus.OPEN)
    given = {"kind": "DISCUSSION", "body": "Please", "survey_id": global_id(survey), "client_id": "a1"}
    return Arranged(viewer, given)


@arranges("survey_posts/edit_announcement")
async def an_announcement(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    post = await a_post(author=company.ann)
    survey = await hers(company, SurveyStatus.OPEN)
    return Arranged(viewer, {"post_id": global_id(post), "survey_id": global_id(survey), "is_major": True})


@arranges("survey_posts/announced_surveys")
async def announcements(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    for _ in range(company.size):
        await a_post(author=company.ann, survey_id=(await hers(company, SurveyStatus.OPEN)).id)
    return Arranged(viewer, {"first": company.size})


@arranges("posts/post_life")
async def a_post_with_a_past(company: Company) -> Arranged:
    post = await a_post(author=company.ann)
    await _edited(company, post)
    return Arranged(company.viewer, {"id": global_id(post), "first": company.size})


@arranges("revisions/comment_history")
async def a_comment_with_a_past(company: Company) -> Arranged:
    comment = await a_comment(company.posts[0], author=company.ann)
    await _edited(company, comment)
    return Arranged(company.viewer, {"id": global_id(comment), "first": company.size})


@arranges("delegates/allow_delegate")
async def a_delegate_more(company: Company) -> Arranged:
    return Arranged(company.viewer, {"person_id": global_id(company.people[0])})


@arranges("delegates/withdraw_delegate")
async def a_delegate_less(company: Company) -> Arranged:
    await _allow(company)
    return Arranged(company.viewer, {"person_id": global_id(company.people[0])})


@arranges("delegates/delegates")
async def delegates_of_anns(company: Company) -> Arranged:
    await _allow(company)
    return Arranged(company.viewer, {"first": company.size})


async def _allow(company: Company) -> None:
    for person in company.people:
        await Delegate.create(person_id=company.ann.id, delegate_id=person.id, created_at=NOW)


async def _unpublished(company: Company, status: PostStatus, **more: Any) -> Post:
    return await a_post(author=company.ann, status=status, published_at=None, **more)


async def _edited(company: Company, subject: Post | Comment) -> None:
    for version in range(1, company.size + 1):
        times: dict[str, Any] = {"written_at": NOW, "replaced_at": NOW}
        await Revision.create(subject_id=subject.id, version=version, body="Hello", replaced_by=company.ann.id, **times)
