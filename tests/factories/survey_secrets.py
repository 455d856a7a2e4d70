"""What is hidden about surveys: that there are any, what they ask, and what single people have answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from models.people import Person
from models.session import Role
from tests.factories.ids import global_id
from tests.factories.outsiders import ALL, Outsider
from tests.factories.session import a_role
from tests.factories.surveys import committed

if TYPE_CHECKING:
    from tests.leaks.ground import Ground

LEAST = 3  # people behind a number, and texts together: as few as there may ever be
KNOWN_TO = frozenset({Outsider.MOVED})  # whoever was asked, and went on to another unit
UNKNOWN = ALL - KNOWN_TO


async def settle(ground: Ground) -> None:
    """Surveys that all were asked who were insiders once: one is open, and two are closed that told texts or none.

    A post to the whole company announces the one that is open.
    """
    await a_role(ground.ida, Role.ANALYST, ground.unit)
    announced = await _asked(ground, "ANONYMOUS", hidden_from=UNKNOWN)
    post = {"kind": "DISCUSSION", "body": "Please answer", "survey_id": announced["id"]}
    await _done(ground, ground.ida, "announce_survey", **post)
    shared = await _asked(ground, "ANONYMOUS", hidden_from=UNKNOWN, is_shared=True)
    await _answered(ground, shared, _here(ground), hidden_from=UNKNOWN)
    kept = await _asked(ground, "CONFIDENTIAL", hidden_from=UNKNOWN)
    await _answered(ground, kept, _here(ground), hidden_from=ALL)


async def plant(ground: Ground) -> None:
    """Surveys in every state, which few have answered or many, with names and without, a quiz, and a pulse."""
    await _made(ground, "ANONYMOUS")
    await _scheduled(ground)
    many, few = _here(ground), _here(ground)[: LEAST - 1]
    for anonymity in ("ANONYMOUS", "CONFIDENTIAL", "NAMED"):
        await _asked(ground, anonymity)
        await _answered(ground, await _asked(ground, anonymity), many)
        survey = await _asked(ground, anonymity)
        await _answered(ground, survey, few, is_told=anonymity == "NAMED")
    named = await _asked(ground, "NAMED")
    await _answered(ground, named, few, closes=False)
    await _quiz(ground)
    await _pulse(ground)


Made = dict[str, Any]
"""A survey as `createSurvey` gives it: its id, and its questions with their options."""


def _here(ground: Ground) -> list[Person]:
    """Those of the unit who answer; there are always so many."""
    return [ground.ida, ground.ivan, ground.iris]


async def _made(ground: Ground, anonymity: str, *, hidden_from: frozenset[Outsider] = ALL, **more: Any) -> Made:
    """A draft of Ida's for her unit."""
    asked = {
        "kind": "SURVEY",
        "title": f"Of {ground.word('asking', hidden_from)}",
        "description": ground.word("purport", hidden_from),
        "anonymity": anonymity,
        "audience": {"orgUnitId": global_id(ground.unit)},
        "segments": ["ORG_UNIT", "LOCATION"],
        "minimum_group_size": LEAST,
        "minimum_text_count": LEAST,
        **({} if "questions" in more else _questions(ground, hidden_from)),
    }
    survey: Made = (await _done(ground, ground.ida, "create_survey", **{**asked, **more}))["survey"]
    options = [option["id"] for question in survey["questions"] for option in question["options"]]
    for id in (survey["id"], *(question["id"] for question in survey["questions"]), *options):
        ground.hide(id, hidden_from)
    return survey


def _questions(ground: Ground, hidden_from: frozenset[Outsider]) -> dict[str, Any]:
    """A text, a choice and a scale, in a section."""

    def secret(about: str) -> str:
        return ground.word(about, hidden_from)

    ends = {"minimumLabel": secret("least"), "maximumLabel": secret("most")}
    asked: list[dict[str, Any]] = [
        {"kind": "TEXT", "description": secret("hint")},
        {"kind": "SINGLE_CHOICE", "options": [{"label": secret("option")}, {"label": secret("option")}]},
        {"kind": "SCALE", "scale": {"minimum": 1, "maximum": 5, **ends}},
    ]
    asked[1]["hasOther"] = True
    return {
        "sections": [{"key": "all", "title": secret("section")}],
        "questions": [{"prompt": secret("prompt"), "section": "all", **one} for one in asked],
    }


async def _asked(ground: Ground, anonymity: str, *, hidden_from: frozenset[Outsider] = ALL, **more: Any) -> Made:
    """An open one."""
    survey = await _made(ground, anonymity, hidden_from=hidden_from, **more)
    await _done(ground, ground.ida, "open_survey", survey_id=survey["id"], closes_at=_in_days(ground, 7))
    return survey


async def _answered(
    ground: Ground,
    survey: Made,
    people: Sequence[Person],
    *,
    hidden_from: frozenset[Outsider] = ALL,
    is_told: bool = True,
    closes: bool = True,
) -> None:
    """What these people write, which its author is told (`is_told`) or which nobody ever is."""
    text, chosen, *_ = survey["questions"]
    for person in people:
        words = [ground.word("opinion", hidden_from, is_told=is_told) for _ in range(2)]
        answers = [
            {"questionId": text["id"], "value": {"text": words[0]}},
            {"questionId": chosen["id"], "value": {"choice": {"otherText": words[1]}}},
        ]
        await _done(ground, person, "submit_survey_response", survey_id=survey["id"], answers=answers)
    if closes:
        await _done(ground, ground.ida, "close_survey", survey_id=survey["id"])


async def _scheduled(ground: Ground) -> None:
    survey = await _made(ground, "NAMED")
    times = {"opens_at": _in_days(ground, 1), "closes_at": _in_days(ground, 2)}
    await _done(ground, ground.ida, "schedule_survey", survey_id=survey["id"], **times)


async def _quiz(ground: Ground) -> None:
    """A quiz, whose right answer those who are asked are not told before it is closed."""
    right = ground.word("right")
    question = {"kind": "TEXT", "prompt": ground.word("prompt"), "correct": right}
    quiz = await _made(ground, "NAMED", kind="QUIZ", questions=[question])
    await _done(ground, ground.ida, "open_survey", survey_id=quiz["id"], closes_at=_in_days(ground, 7))
    answers = [{"questionId": quiz["questions"][0]["id"], "value": {"text": ground.word("opinion")}}]
    await _done(ground, ground.ivan, "start_survey_attempt", survey_id=quiz["id"])
    await _done(ground, ground.ivan, "submit_survey_response", survey_id=quiz["id"], answers=answers)


async def _pulse(ground: Ground) -> None:
    survey = await _made(ground, "ANONYMOUS")
    rule = {"rule": "FREQ=WEEKLY", "starts_at": _in_days(ground, 30), "time_zone": "UTC", "open_hours": 48}
    made = await _done(ground, ground.ida, "create_survey_series", survey_id=survey["id"], **rule)
    ground.hide(made["series"]["id"])


def _in_days(ground: Ground, days: int) -> str:
    return (ground.ask.services.clock.now() + timedelta(days=days)).isoformat()


async def _done(ground: Ground, who: Person, operation: str, **variables: Any) -> dict[str, Any]:
    """The payload of an operation that must succeed."""
    [payload] = (await ground.ask(who, committed(operation), **variables)).values()
    assert not payload["errors"], payload
    return payload
