"""What both engines promise, on real ones: the documents are our own, and nothing looks at rows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.audiences import COMPANY
from search.engine import HITS_MAX, Document, Engine, Sight
from search.query import Query, typed

KINDS = ("PERSON", "POST", "COMMENT", "MESSAGE", "GROUP", "TAG")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MEMBER = Sight(frozenset({COMPANY}), is_member=True)


def a_document(kind: str = "POST", **values: Any) -> Document:
    moment = None if kind in ("PERSON", "GROUP", "TAG") else NOON
    given: dict[str, Any] = {"version": 1, "audiences": (COMPANY,), "moment": moment} | values
    return Document(kind, uuid.uuid4(), **given)


def a_query(text: str, kinds: Sequence[str] = KINDS, **values: Any) -> Query:
    read = typed(text)
    return Query(tuple(kinds), read.wanted, read.unwanted, **values)


async def found(engine: Engine, text: str, sight: Sight = MEMBER, **values: Any) -> list[uuid.UUID]:
    return [hit.subject for hit in (await engine.find(a_query(text, **values), sight)).hits]


async def bodies(engine: Engine, *texts: str, **values: Any) -> list[uuid.UUID]:
    """Put a post for each text; their keys."""
    documents = [a_document(body=text, **values) for text in texts]
    await engine.put(documents)
    return [document.subject for document in documents]


async def test_a_hit_is_what_was_put(engine: Engine) -> None:
    post = a_document(body="Lemons for all", version=7, edition=42, terms=("author:x", "tag:y"))
    await engine.put([post])

    answer = await engine.find(a_query("lemons"), MEMBER)

    [hit] = answer.hits
    assert (hit.kind, hit.subject, hit.version, hit.edition) == ("POST", post.subject, 7, 42)
    assert set(hit.terms) == {"author:x", "tag:y"}
    assert answer.whole


async def test_all_words_must_be_there_in_any_order_and_field(engine: Engine) -> None:
    ann = a_document("PERSON", title="Anna Müller", keywords="Nurse, Ward 7", body="Likes lemons")
    await engine.put([ann, a_document("PERSON", title="Anna Meier", keywords="Clerk")])

    assert await found(engine, "muller anna") == [ann.subject]
    assert await found(engine, "lemons nurse anna") == [ann.subject]
    assert await found(engine, "anna nurse archery") == []


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("Müller", "muller"),
        ("Müller", "mueller"),
        ("MÜLLER", "müller"),
        ("Łukasz", "lukasz"),
        ("Ольга Иванова", "olga"),
        ("Ольга Иванова", "ивано"),
        ("François", "francois"),
        ("Søren", "soren"),
        ("O’Brien", "o'brien"),
        ("O'Brien", "obrien"),
        ("東京オフィス", "東京"),
        ("Ayşe Yıldız", "yildiz"),
    ],
)
async def test_names_are_found_by_other_spellings(engine: Engine, text: str, searched: str) -> None:
    person = a_document("PERSON", title=text)
    await engine.put([person, a_document("PERSON", title="Zoe Quist")])

    assert await found(engine, searched) == [person.subject]


@pytest.mark.parametrize("searched", ["Jonathon", "Jonatan", "Jnoathan", "Jonathann", "Kubernets", "kuberentes"])
async def test_misspelt_words_find_what_was_meant(engine: Engine, searched: str) -> None:
    person = a_document("PERSON", title="Jonathan Kubernetes")
    await engine.put([person, a_document("PERSON", title="Zoe Quist")])

    assert await found(engine, searched) == [person.subject]


async def test_quotes_ask_for_these_very_words_side_by_side(engine: Engine) -> None:
    right, apart, misspelt = await bodies(
        engine, "The annual report is out", "A report that is annual", "Der annual reprot"
    )

    assert await found(engine, '"annual report"') == [right]
    assert set(await found(engine, "annual report")) >= {right, apart}
    assert misspelt not in await found(engine, '"annual report"')
    assert await found(engine, '"annual repor"') == []


async def test_signs_make_other_words(engine: Engine) -> None:
    c, plus, sharp, net = await bodies(engine, "I write C every day", "We use C++ here", "C# for us", "Ported to .NET")

    assert (await found(engine, "c++"))[0] == plus
    assert await found(engine, '"c++"') == [plus]
    assert await found(engine, '"c#"') == [sharp]
    assert await found(engine, '"c"') == [c]
    assert (await found(engine, ".net"))[0] == net
    assert (await found(engine, "dotnet"))[0] == net


async def test_codes_are_not_forgiven(engine: Engine) -> None:
    right, _ = await bodies(engine, "See ABC-123 for details", "See ABC-124 for details")

    assert await found(engine, "ABC-123") == [right]


async def test_a_minus_leaves_out(engine: Engine) -> None:
    plain, _ = await bodies(engine, "Coffee with milk", "Coffee with sugar")

    assert await found(engine, "coffee -sugar") == [plain]
    assert await found(engine, 'coffee -"with sugar"') == [plain]


async def test_beginnings_are_found_as_one_types(engine: Engine) -> None:
    [post] = await bodies(engine, "Kubernetes for beginners")

    for text in ("ku", "kub", "kubernet", "beginners kube"):
        assert await found(engine, text) == [post], text


async def test_inflections_are_found_in_the_language_of_the_text(engine: Engine) -> None:
    english, german = await bodies(engine, "We are deploying the databases", "x", terms=("language:en",))
    await engine.put([a_document(body="Die Datenbanken wurden verschoben", terms=("language:de",))])

    assert (await found(engine, "deployed database"))[0] == english
    assert german not in await found(engine, "deployed")


async def test_only_what_one_may_find_is_found(engine: Engine) -> None:
    mine, other = uuid.uuid4(), uuid.uuid4()
    inside = a_document(body="plan of the picnic", audiences=(mine,))
    outside = a_document(body="plan of the picnic", audiences=(other,))
    opened = a_document(body="plan of the picnic", audiences=(other,), open=True)
    several = a_document("TAG", title="picnic", audiences=(other, mine))
    await engine.put([inside, outside, opened, several])

    member, guest = Sight(frozenset({COMPANY, mine}), is_member=True), Sight(frozenset({mine}), is_member=False)

    assert set(await found(engine, "picnic", member)) == {inside.subject, opened.subject, several.subject}
    assert set(await found(engine, "picnic", guest)) == {inside.subject, several.subject}
    assert await found(engine, "picnic", Sight(frozenset(), is_member=False)) == []


async def test_a_guest_finds_the_people_beside_them(engine: Engine) -> None:
    ann, bob = a_document("PERSON", title="Ann Lee"), a_document("PERSON", title="Bob Lee")
    await engine.put([ann, bob])

    guest = Sight(frozenset({uuid.uuid4()}), is_member=False, people=frozenset({ann.subject}))

    assert await found(engine, "lee", guest) == [ann.subject]


async def test_kinds_and_terms_narrow(engine: Engine) -> None:
    a, b, c = "author:a", "author:b", "tag:c"
    one = a_document(body="tea", terms=(a, c))
    two = a_document("COMMENT", body="tea", terms=(b, c))
    three = a_document("MESSAGE", body="tea", terms=(b,))
    await engine.put([one, two, three])

    assert set(await found(engine, "tea", kinds=("POST", "COMMENT"))) == {one.subject, two.subject}
    assert set(await found(engine, "tea", terms=(frozenset({a, b}), frozenset({c})))) == {one.subject, two.subject}
    assert await found(engine, "tea", without=frozenset({c})) == [three.subject]
    assert await found(engine, "tea", terms=(frozenset({"author:nobody"}),)) == []
    assert set(await found(engine, "", terms=(frozenset({c}),))) == {one.subject, two.subject}


async def test_time_bounds_what_was_said(engine: Engine) -> None:
    days = [NOON - timedelta(days=days) for days in (0, 3, 40, 400, 4_000)]
    said = [a_document(body="weekly tea", moment=day) for day in days]
    await engine.put([*said, a_document("GROUP", title="weekly tea")])

    def of(*places: int) -> set[uuid.UUID]:
        return {said[place].subject for place in places}

    assert set(await found(engine, "tea", after=days[3])) == of(0, 1, 2, 3)
    assert set(await found(engine, "tea", before=days[1])) == of(2, 3, 4)
    assert set(await found(engine, "tea", after=days[2], before=days[0])) == of(1, 2)
    assert len(await found(engine, "tea")) == 6


async def test_what_is_called_so_comes_before_what_mentions_it(engine: Engine) -> None:
    group = a_document("GROUP", title="Rowing")
    await engine.put([a_document(body=f"we talked of rowing and of {n} other things") for n in range(20)] + [group])

    assert (await found(engine, "rowing"))[0] == group.subject


async def test_an_older_version_replaces_nothing(engine: Engine) -> None:
    new = a_document(body="fresh lemons", version=3)
    await engine.put([new])
    await engine.put([replace(new, body="stale melons", version=2)])

    assert await found(engine, "lemons") == [new.subject]
    assert await found(engine, "melons") == []
    assert await engine.versions([new.subject, uuid.uuid4()]) == {new.subject: (3, 0)}


async def test_what_was_replaced_or_dropped_is_found_no_more(engine: Engine) -> None:
    one, two = a_document(body="first words"), a_document(body="first words")
    await engine.put([one, two])
    await engine.put([replace(one, body="second words", version=2)])
    await engine.drop([two.subject, uuid.uuid4()])

    assert await found(engine, "first") == []
    assert await found(engine, "second") == [one.subject]


async def test_all_of_an_audience_is_dropped_at_once(engine: Engine) -> None:
    group, other = uuid.uuid4(), uuid.uuid4()
    gone = [a_document(kind, body="minutes", audiences=(group,)) for kind in ("POST", "COMMENT", "MESSAGE")]
    kept = [
        a_document("POST", body="minutes", audiences=(other,)),
        a_document("GROUP", title="minutes", audiences=(group,)),
    ]
    await engine.put([*gone, *kept])

    await engine.drop_within(group)

    sight = Sight(frozenset({group, other}), is_member=True)
    assert set(await found(engine, "minutes", sight)) == {document.subject for document in kept}


async def test_its_subjects_are_told_by_key(engine: Engine) -> None:
    posts = sorted(await bodies(engine, *(f"text {n}" for n in range(7))))
    await engine.put([a_document("TAG", title="text")])

    first = await engine.subjects("POST", uuid.UUID(int=0), 4)
    rest = await engine.subjects("POST", first[-1], 100)

    assert [*first, *rest] == posts


async def test_a_thousand_hits_are_told_to_be_not_all(engine: Engine) -> None:
    await engine.put([a_document(body="common word") for _ in range(HITS_MAX + 50)])

    answer = await engine.find(a_query("common"), MEMBER)

    assert len(answer.hits) == HITS_MAX
    assert len({hit.subject for hit in answer.hits}) == HITS_MAX
    assert not answer.whole


SIGNS = [
    "'",
    '"',
    "\\",
    ":",
    "*",
    "&",
    "|",
    "!",
    "<->",
    "(",
    ")",
    "%",
    "_",
    "AND",
    "OR",
    "NOT",
    "IN",
    "EXISTS",
    "=",
    "[]",
]


@given(text=st.one_of(st.text(max_size=60), st.lists(st.sampled_from(SIGNS), max_size=12).map(" ".join)))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
async def test_no_text_is_a_command(engine: Engine, text: str) -> None:
    stranger = Sight(frozenset({uuid.uuid4()}), is_member=False)
    said = text.replace("\x00", "")
    await engine.put([a_document(body=f"hidden {said}")])

    assert await found(engine, text, stranger) == []
    assert await found(engine, "hidden", stranger, terms=(frozenset({said}),)) == []


@pytest.mark.parametrize(
    "text", ["", "!!!", '"', "-", '""', "-nothing", "🎉", "a" * 500, "%", "*", "'; DROP TABLE person"]
)
async def test_odd_texts_find_little_and_break_nothing(engine: Engine, text: str) -> None:
    await bodies(engine, "Something else entirely")

    assert await found(engine, text) == []
