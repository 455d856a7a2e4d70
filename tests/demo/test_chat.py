"""The chat of the demonstration company, as it is made up: how much there is, of what, and that it reads well."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from statistics import median

import pytest

from atrium.demo.accounts import EMAILS
from atrium.demo.company import Company
from atrium.demo.ids import to_ms
from models.conversations import MEMBERS_MAX, ConversationKind
from models.messages import MESSAGE_MAX
from tests.demo.test_company import TODAY, a_company, a_size

GAPS = re.compile(r"\{|\b(until|before|for) on\b")


@a_size
def test_messages_are_texts_of_those_who_are_in_it(size: int) -> None:
    company = a_company(size)
    ids: set[object] = set()

    for talk in company.chat.talks():
        room, joined = talk.room, dict(zip(talk.room.seats, talk.room.joined, strict=True))
        assert len(joined) == len(room.seats) <= MEMBERS_MAX
        assert list(room.joined) == sorted(room.joined)
        assert [said.at for said in talk.said] == sorted(said.at for said in talk.said)
        begun = set[object]()
        for said in talk.said:
            assert joined[said.seat] <= said.at < room.closed
            assert said.parent is None or said.parent in begun
            assert 0 < len(said.body) < MESSAGE_MAX or said.removed
            assert not GAPS.search(said.body)
            begun |= set() if said.parent else {said.id}
            ids.add(said.id)
        assert room.kind is not ConversationKind.CHANNEL or room.title

    assert len(ids) == sum(len(talk.said) for talk in company.chat.talks())


@pytest.mark.parametrize("seed", range(4))
@a_size
def test_two_people_have_one_conversation_and_guests_are_put_into_theirs(size: int, seed: int) -> None:
    company = a_company(size, seed)
    guest = next(seat for seat, person in enumerate(company.chat.people) if person.unit_id is None)

    rooms = [talk.room for talk in company.chat.talks()]

    pairs = [frozenset(room.seats) for room in rooms if room.kind is ConversationKind.DIRECT]
    assert len({*pairs}) == len(pairs)
    assert [room.title for room in rooms if guest in room.seats] == ["Brightwell audit"]
    assert len({room.id for room in rooms}) == len(rooms) == len(company.chat)


def test_there_is_as_much_as_asked_for() -> None:
    scenes = sum(len(talk.said) for talk in a_company().chat.talks()) - 5_100

    asked = Company.generate(300, 1, 30, TODAY, messages=1_234)
    none = Company.generate(10, 1, 1, TODAY, messages=0)

    assert 0 < scenes < 200
    assert sum(len(talk.said) for talk in asked.chat.talks()) == 1_234 + scenes
    assert all(talk.said for talk in a_company().chat.talks())
    assert sum(len(talk.said) for talk in none.chat.talks()) < 200


def test_chat_is_skewed() -> None:
    talks = list(a_company(5_000).chat.talks())
    counts, sizes = sorted(len(talk.said) for talk in talks), sorted(len(talk.room.seats) for talk in talks)
    authors = sorted(Counter(said.seat for talk in talks for said in talk.said).values())

    assert sum(counts[-len(counts) // 10 :]) > 0.4 * sum(counts)
    assert median(sizes) == 2
    assert sizes[-1] > 4_000
    assert sum(authors[-len(authors) // 10 :]) > 0.25 * sum(authors)
    assert Counter(talk.room.kind for talk in talks).most_common(1)[0][0] is ConversationKind.DIRECT


def test_chat_is_in_four_languages_and_repeats_itself_seldom() -> None:
    texts = Counter(said.body for talk in a_company(5_000).chat.talks() for said in talk.said)

    assert any("Könnt" in text or "Wer kennt" in text for text in texts)
    assert any("Qui peut" in text for text in texts)
    assert any("¿" in text for text in texts)
    assert len(texts) > 0.25 * texts.total()
    assert sum(count for _, count in texts.most_common(20)) < 0.25 * texts.total()


def test_the_four_accounts_have_their_own_conversations() -> None:
    company = a_company()
    seats = {person.email: seat for seat, person in enumerate(company.chat.people) if person.email in EMAILS}
    newest = to_ms(datetime.combine(TODAY.date(), datetime.min.time(), UTC))

    for email, seat in seats.items():
        mine = [talk for talk in company.chat.talks() if seat in talk.room.seats]
        assert any(talk.unread.get(seat) for talk in mine), email
        assert newest - max(talk.said[-1].at for talk in mine) < 24 * 3_600_000, email
