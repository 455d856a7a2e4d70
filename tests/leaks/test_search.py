"""Searches, suggestions and experts: every planted word is asked for by every outsider, and is like any other word."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from auth.viewer import Viewer
from models.follows import Block
from models.people import Person
from schema.answer import execute
from tests.factories.outsiders import ALL, Outsider
from tests.leaks.answers import is_id
from tests.leaks.conftest import UNHEARD, Crawler
from tests.leaks.ground import Ground

AT_ONCE = 25  # words of one document

FOUND = """
  totalCount totalCountIsExact isDegraded
  edges {
    highlights { field html }
    node {
      __typename
      ... on Person { id name title } ... on Post { id body } ... on Comment { id body } ... on Message { id body }
      ... on Group { id name } ... on Tag { id name }
    }
  }
  facets { field values { value label count } }
  pageInfo { hasNextPage hasPreviousPage }
"""
ASKED = {
    "search": f"search(text: $w{{0}}, first: 20) {{{{ {FOUND.replace('{', '{{').replace('}', '}}')} }}}}",
    "suggest": "suggest(prefix: $w{0}, first: 20) {{ __typename ... on Person {{ name }} ... on Group {{ name }}"
    " ... on Tag {{ name }} }}",
    "experts": "experts(topic: $w{0}, first: 20) {{ totalCount nodes {{ person {{ name }} score reasons {{ text }} }}"
    " }}",
}
"""What each root field is asked, by the number of a word's variable."""

BESIDE = [
    *("good", "good morning", "morning everybody", '"good morning"', "morning -good", "gut", "mornin"),
    *("moring", "of", "among", "on", "in", "us", "no", "rather", "i", "from:me", "from:ida", "from:ivan"),
    *("-from:ida good", "in:laboratory", "in:sales", "in:cellar", "good in:laboratory", "good -in:laboratory"),
    *("tag:launch", "bern", "in:bern", "ida", "ivan", "iris", "pam", "elsa", "laboratory", "sales", "cellar"),
    *("ida laboratory", "ida bern", "after:2020", "before:2030", "good after:2020", "good before:2030"),
    *("company.example", "from:ida@company.example", "title", "body", "comment", "reply", "message", "group"),
    *("purpose", "inner", "answer", "label", "choice", "given", "written", "titl", "bod", "comm", "mess"),
    *("grou", "tag", "known", "about", "phone", "skill", "said"),
]
"""What is said in many places, and how planted words begin."""


@pytest.mark.parametrize("who", sorted(ALL), ids=lambda who: who.name.lower())
async def test_planted_words_are_like_words_that_nobody_has_said(crawl: Crawler, ground: Ground, who: Outsider) -> None:
    await ground.plant()
    viewer, hidden = await ground.viewer(who), ground.hidden_from(who)
    words = sorted(text for text in hidden if text.isalnum() and not is_id(text))
    assert len(words) > 50

    for field in ASKED:
        [unknown] = await told(crawl, viewer, field, [f"nobody{uuid.uuid4().hex[:12]}"])
        for word, said in zip(words, await told(crawl, viewer, field, words), strict=True):
            assert said == unknown, f"{field} tells {who} of {word}: {said}"


@pytest.mark.parametrize("who", sorted(ALL), ids=lambda who: who.name.lower())
async def test_planting_changes_no_search(crawl: Crawler, ground: Ground, who: Outsider) -> None:
    before = [await told(crawl, await ground.viewer(who), field, BESIDE) for field in ASKED]
    await ground.plant()
    await Block.all().delete()  # whoever has blocked somebody is not suggested to them as an expert

    viewer, hidden = await ground.viewer(who), ground.hidden_from(who)
    for field, earlier in zip(ASKED, before, strict=True):
        for text, was, said in zip(BESIDE, earlier, await told(crawl, viewer, field, BESIDE), strict=True):
            assert said == was, f"{field} {text} tells {who} that something was planted"
            assert not [word for word in hidden if word in said], f"{field} {text} tells {who} of what is hidden"


async def test_the_owner_finds_what_is_planted_by_its_words(crawl: Crawler, ground: Ground) -> None:
    await ground.plant()
    words = sorted(secret.text for secret in ground.secrets if secret.text.startswith(FINDABLE))

    found = await told(crawl, ground.ida, "search", words)

    assert len(words) > 30
    missed = [word for word, said in zip(words, found, strict=True) if json.loads(said)["totalCount"] == 0]
    assert not missed, "the hunt does not reach these: it would not find a leak of them"


FINDABLE = ("body", "comment", "reply", "group", "inner", "answer", "given", "written", "known", "duty", "label", "bio")
"""How the words begin that the owner of all finds, each in something that still stands."""


async def told(crawl: Crawler, who: Person | Viewer | None, field: str, words: Sequence[str]) -> list[str]:
    """What a root field answers for each of these words, as text; a refusal stands for all of them."""
    answers: list[str] = []
    for portion in portions(words):
        crawl.sent += 1
        names = [f"$w{at}: String!" for at in range(len(portion))]
        parts = [f"a{at}: {ASKED[field].format(at)}" for at in range(len(portion))]
        text = f"query Look({', '.join(names)}) {{ {' '.join(parts)} }}"
        values: dict[str, Any] = {f"w{at}": word for at, word in enumerate(portion)}
        answer = await execute(crawl.ask.schema, await crawl.ask.context(who), text, values)
        codes = {error["extensions"]["code"] for error in answer.errors}
        assert not codes & UNHEARD, answer.errors
        if answer.data is None:
            answers += [json.dumps(sorted(codes))] * len(portion)
        else:
            answers += [json.dumps(answer.data[f"a{at}"]) for at in range(len(portion))]
    return answers


def portions(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(words), AT_ONCE):
        yield words[at : at + AT_ONCE]
