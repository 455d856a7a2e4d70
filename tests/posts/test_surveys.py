"""Posts that announce a survey: who may have them do so, who sees it there, and what they never tell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from atrium.worker import fire
from auth import sessions
from models.feed import Post, PostStatus
from models.log import LoggedEvent
from models.revisions import Revision
from models.session import Role
from models.surveys import Anonymity, Survey, SurveyStatus
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import a_role
from tests.factories.surveys import a_survey, scale
from tests.posts.telling import codes, heard, said, told
from tests.surveys.asking import a_crowd, an_analyst, an_open

OVER = (SurveyStatus.CLOSED, SurveyStatus.ARCHIVED)


async def announced(ask: Ask, who: Any, survey: Survey, **more: Any) -> dict[str, Any]:
    values = {"kind": "DISCUSSION", "body": "Please answer", "survey_id": global_id(survey)} | more
    return (await ask(who, "survey_posts/announce_survey", **values))["createPost"]


async def edited(ask: Ask, who: Any, post: Post, **more: Any) -> dict[str, Any]:
    return (await ask(who, "survey_posts/edit_announcement", post_id=global_id(post), **more))["editPost"]


async def in_feed(ask: Ask, who: Any) -> list[str | None]:
    """The titles of the surveys that somebody sees in the posts of their feed."""
    nodes = (await ask(who, "survey_posts/announced_surveys", first=50))["feed"]["nodes"]
    return [node["survey"] and node["survey"]["title"] for node in nodes]


@pytest.mark.parametrize("status", [SurveyStatus.SCHEDULED, SurveyStatus.OPEN, *OVER])
async def test_its_author_announces_a_survey(ask: Ask, status: SurveyStatus) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, status=status, asked=[ana])

    payload = await announced(ask, ana, survey)

    assert codes(payload) == []
    assert payload["post"]["survey"] == {"id": global_id(survey), "title": "Pulse", "status": status.value}
    assert (await Post.get()).survey_id == survey.id


async def test_who_is_asked_answers_from_the_post_and_others_see_the_post_alone(ask: Ask) -> None:
    ana, bob, cem = await an_analyst(), await a_person("Bob"), await a_person("Cem")
    await announced(ask, ana, await a_survey(ana, asked=[bob]))

    [seen] = (await ask(bob, "survey_posts/announced_surveys", first=9))["feed"]["nodes"]

    assert (seen["survey"]["viewerCanAnswer"], seen["survey"]["viewerHasResponded"]) == (True, False)
    assert await in_feed(ask, cem) == [None]


async def test_nobody_is_shown_a_survey_before_it_opens(ask: Ask) -> None:
    ana, bob = await an_analyst(), await a_person("Bob")

    await announced(ask, ana, await a_survey(ana, status=SurveyStatus.SCHEDULED))

    assert (await in_feed(ask, ana), await in_feed(ask, bob)) == (["Pulse"], [None])


async def test_a_token_that_does_not_reach_surveys_shows_none(ask: Ask) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, asked=[ana])
    await announced(ask, ana, survey)
    now = ask.services.clock.now()
    _, token = await sessions.open_token(ana.id, "bot", ["feed:read", "feed:write"], now + timedelta(days=1), now=now)
    bot = await sessions.again(token.id, now)

    payload = await announced(ask, bot, survey)

    assert (codes(payload), await in_feed(ask, bot)) == (["FORBIDDEN"], [None])
    assert "surveys:read" in said(payload)


async def test_a_draft_is_not_announced_but_by_a_draft(ask: Ask) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, status=SurveyStatus.DRAFT)

    now, later = await announced(ask, ana, survey), await announced(ask, ana, survey, is_draft=True)

    assert (codes(now), codes(later)) == (["BAD_USER_INPUT"], [])
    assert "Open or schedule it first" in said(now)
    assert now["errors"][0]["path"] == ["input", "surveyId"]
    assert (await Post.get()).status is PostStatus.DRAFT


@pytest.mark.parametrize("operation", ["publish_post", "schedule_post"])
async def test_a_post_goes_out_once_its_survey_can_be_answered(ask: Ask, operation: str) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, status=SurveyStatus.DRAFT)
    await announced(ask, ana, survey, is_draft=True)
    given = {"post_id": global_id(await Post.get())}
    given |= {"scheduled_at": "2026-03-05T08:00:00Z"} if operation == "schedule_post" else {}

    [before] = (await ask(ana, f"publishing/{operation}", **given)).values()
    await Survey.filter(id=survey.id).update(status=SurveyStatus.SCHEDULED)
    [after] = (await ask(ana, f"publishing/{operation}", **given)).values()

    assert (codes(before), codes(after)) == (["BAD_USER_INPUT"], [])
    assert "still a draft" in said(before)


async def test_a_scheduled_post_comes_back_where_its_survey_is_a_draft_again(ask: Ask, clock: TurnedClock) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, status=SurveyStatus.SCHEDULED)
    await announced(ask, ana, survey, scheduled_at="2026-03-03T12:00:00Z")
    post = await Post.get()
    await Survey.filter(id=survey.id).update(status=SurveyStatus.DRAFT)

    clock.turn(days=5)
    await fire(ask.services)

    await post.refresh_from_db()
    assert post.status is PostStatus.DRAFT
    assert post.returned is not None
    assert "still a draft" in post.returned


async def test_only_who_runs_a_survey_announces_it(ask: Ask) -> None:
    ana, bob, cem = await an_analyst(), await a_person("Bob"), await a_person("Cem")
    survey = await a_survey(ana, asked=[bob])

    asked, stranger = await announced(ask, bob, survey), await announced(ask, cem, survey)

    assert (codes(asked), codes(stranger)) == (["FORBIDDEN"], ["NOT_FOUND"])
    assert stranger["errors"][0]["path"] == ["input", "surveyId"]
    assert await Post.all().count() == 0


async def test_hr_announces_what_others_ask_but_no_draft_of_theirs(ask: Ask) -> None:
    ana, hal = await an_analyst(), await a_person("Hal")
    await a_role(hal, Role.HR)
    draft, open_ = await a_survey(ana, status=SurveyStatus.DRAFT), await a_survey(ana, asked=[ana])

    assert codes(await announced(ask, hal, draft, is_draft=True)) == ["NOT_FOUND"]
    assert codes(await announced(ask, hal, open_)) == []


async def test_the_id_of_something_else_is_no_survey(ask: Ask) -> None:
    ana = await an_analyst()
    post = await a_post(author=ana)

    made = (await ask(ana, "survey_posts/announce_survey", kind="IDEA", body="x", survey_id=global_id(ana)))[
        "createPost"
    ]
    changed = await edited(ask, ana, post, survey_id="nothing")

    assert (codes(made), codes(changed)) == (["NOT_FOUND"], ["NOT_FOUND"])


async def test_a_post_has_a_poll_or_a_survey(ask: Ask) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, asked=[ana])
    poll = {"options": ["Yes", "No"]}

    refused = await announced(ask, ana, survey, kind="POLL", poll=poll)
    await ask(ana, "posts/create_post", kind="POLL", body="Well?", poll=poll)
    later = await edited(ask, ana, await Post.get(), survey_id=global_id(survey))

    assert (codes(refused), codes(later)) == (["BAD_USER_INPUT"], ["BAD_USER_INPUT"])
    assert "not both" in said(refused)


async def test_the_same_client_id_is_the_same_announcement(ask: Ask) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, asked=[ana])

    first, second = [await announced(ask, ana, survey, client_id="a1") for _ in range(2)]

    assert first["post"] == second["post"]


async def test_a_survey_is_put_into_a_post_and_taken_out(ask: Ask) -> None:
    ana = await an_analyst()
    one, other = await a_survey(ana, asked=[ana]), await a_survey(ana, asked=[ana], title="Other")
    post = await a_post("Please", author=ana)

    titles = [
        (await edited(ask, ana, post, **given))["post"]["survey"]
        for given in (
            {"survey_id": global_id(one)},
            {"survey_id": global_id(other)},
            {"body": "Please do"},
            {"survey_id": None},
            {"survey_id": None},
        )
    ]

    assert [one and one["title"] for one in titles] == ["Pulse", "Other", "Other", None, None]
    await post.refresh_from_db()
    assert (post.version, post.survey_id) == (5, None)  # the last time nothing changed
    assert await heard(post) == ["PostEdited"] * 4
    assert await Revision.filter(subject_id=post.id).count() == 1  # of the text alone


async def test_another_survey_is_no_edit_of_the_text(ask: Ask) -> None:
    ana = await an_analyst()
    post = await a_post("Please", author=ana)

    payload = await edited(ask, ana, post, survey_id=global_id(await a_survey(ana, asked=[ana])))

    assert (payload["post"]["isEdited"], payload["post"]["version"]) == (False, 2)


async def test_what_was_announced_stays_with_who_no_longer_runs_it(ask: Ask) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, asked=[ana])
    bob = await a_person("Bob")
    post = await a_post("Please", author=bob, survey_id=survey.id)

    again = await edited(ask, bob, post, body="Please, please", survey_id=global_id(survey))

    assert codes(again) == []
    assert (await Post.get(id=post.id)).survey_id == survey.id


async def test_a_survey_that_is_deleted_leaves_the_post(ask: Ask) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, status=SurveyStatus.SCHEDULED)
    await announced(ask, ana, survey)

    await ask(ana, "survey_making/delete_survey", survey_id=global_id(survey))

    assert await in_feed(ask, ana) == [None]
    assert (await Post.get()).status is PostStatus.PUBLISHED


async def test_a_removed_post_announces_nothing(ask: Ask) -> None:
    ana = await an_analyst()
    await announced(ask, ana, await a_survey(ana, asked=[ana]))
    post = await Post.get()

    await ask(ana, "posts/delete_post", post_id=global_id(post))

    assert (await Post.get()).survey_id is None


async def test_a_share_and_a_move_keep_it(ask: Ask) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, asked=[ana])
    await announced(ask, ana, survey)
    post = await Post.get()

    there = {"personIds": [global_id(await a_person("Bob"))]}
    await ask(ana, "sharing/move_post", post_id=global_id(post), audience=there, confirmed=True)
    await ask(ana, "sharing/share_post", post_id=global_id(post), body="Look")

    [share] = await Post.exclude(id=post.id)
    assert ((await Post.get(id=post.id)).survey_id, share.survey_id, share.shared_id) == (survey.id, None, post.id)


async def test_an_answer_is_told_to_nobody_by_the_post(ask: Ask) -> None:
    ana, crowd = await an_analyst(), await a_crowd(9)
    survey = await an_open(ask, ana)
    await announced(ask, ana, survey)
    post = await Post.get()
    before, stored = await LoggedEvent.all().count(), await _row(post)

    for person in crowd:
        [question] = (await ask(person, "survey_questions/survey_questions", id=global_id(survey)))["survey"][
            "questions"
        ]
        answer = {"questionId": question["id"], "value": {"number": 4}}
        await ask(person, "survey_answering/submit_survey_response", survey_id=global_id(survey), answers=[answer])

    assert await LoggedEvent.all().count() == before
    assert await told(post) == ["PostPublished"]
    assert await _row(post) == stored


async def test_the_surveys_of_posts_are_one_statement_at_most_whatever_there_are(
    ask: Ask, statements: list[str]
) -> None:
    ana = await an_analyst()
    document = "query Feed {{ feed(first: 50) {{ nodes {{ id body {} }} }} }}"
    for i in range(30):
        survey = await a_survey(ana, scale(f"S{i}"), asked=[ana], anonymity=Anonymity.NAMED)
        await a_post(author=ana, survey_id=survey.id)

    counts: list[int] = []
    for fields in ("", "survey { id title status }"):
        context = await ask.context(ana)
        statements.clear()
        answer = await ask.text(context.viewer, document.format(fields))
        assert not answer.errors
        counts.append(len(statements))

    assert counts[1] <= counts[0] + 1  # none where they come along with their posts


async def _row(post: Post) -> Post:
    return await Post.get(id=post.id)
