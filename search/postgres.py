"""Search by PostgreSQL's full text: always there, nothing to install, complete but for how far it forgives."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from models import search as table
from models import search_finding
from models.audiences import COMPANY
from models.clock import Clock
from models.search_finding import Sought
from search import languages, lexemes, names
from search.engine import HITS_MAX, Document, Found, Hit, Sight
from search.query import Phrase, Query
from search.spelling import allowed, folds, lookups, near
from search.words import Token, tokens

PERSON = "PERSON"
TIMELESS = frozenset({PERSON, "GROUP", "TAG"})
ENOUGH = 10  # hits: with fewer, words that are misspelt or of no weight are forgiven
FORGIVEN = 1_000.0  # of the score: whatever matches as it was typed comes first
FORMS_MAX = 24  # words that one may be the beginning of
NEAR_MAX = 2_000  # words among which those are looked for that a misspelt one may stand for
BEGIN_MIN, LAST_MIN = 3, 2  # letters of a word that may be a beginning; fewer of the one that is being typed
WHOLE_MIN = 4  # letters of a beginning all of whose words are looked for, however many there are
PORTION = 1_000


class PostgresEngine:
    """Finds documents that hold all words of a search, as they are, inflected, or as beginnings of words."""

    name = "postgres"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    async def put(self, documents: Sequence[Document]) -> None:
        latest = {document.subject: document for document in documents}
        known: dict[str, bool] = {}
        rows: list[table.Row] = []
        for document in latest.values():
            place = (document.kind, document.subject, document.version, document.edition, document.moment)
            rows.append((*place, list(document.terms), lexemes.vector(document)))
            is_open = document.open or COMPANY in document.audiences
            for text in (document.title, document.keywords, document.body):
                for token in tokens(text):
                    for spelling in _spellings(token):
                        known[spelling] = is_open or known.get(spelling, False)
        accepted = await table.put(rows)
        await names.put([document for document in latest.values() if document.subject in accepted])
        new = sorted(await table.unknown(known))
        await table.learn([(word, folds(word), known[word]) for word in new])

    async def drop(self, subjects: Sequence[uuid.UUID]) -> None:
        await table.drop(subjects)
        await names.drop(subjects)

    async def drop_within(self, audience: uuid.UUID) -> None:
        said = lexemes.either(f"/kind:{kind}" for kind in ("POST", "COMMENT", "MESSAGE"))
        await table.drop_found(f"'{lexemes.within(audience)}' & ({said})", PORTION)

    async def find(self, query: Query, sight: Sight) -> Found:
        if not (query.wanted or query.terms or query.after or query.before):
            return Found((), whole=True)
        async with search_finding.by_index():
            begun = await _beginnings(query.wanted)
            strict = await self._find(query, sight, begun)
            if len(strict.hits) >= ENOUGH or all(phrase.exact for phrase in query.wanted):
                return strict
            if query.whole and len((await self._find(query.whole, sight, begun, ENOUGH)).hits) >= ENOUGH:
                return strict
            forgiving = replace(query, wanted=_of_weight(query.wanted))
            forms = await _near(forgiving.wanted, await _beginnings(forgiving.wanted))
            loose = await self._find(forgiving, sight, forms)
        had = {hit.subject for hit in strict.hits}
        hits = [*strict.hits, *(replace(h, score=h.score - FORGIVEN) for h in loose.hits if h.subject not in had)]
        return Found(hits[:HITS_MAX], loose.whole and len(hits) <= HITS_MAX)

    async def versions(self, subjects: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, tuple[int, int]]:
        return {row[0]: (row[1], row[2]) for row in await table.versions(subjects)}

    async def subjects(self, kind: str, after: uuid.UUID, most: int) -> Sequence[uuid.UUID]:
        return await table.subjects(kind, after, most)

    async def rebuilt(self) -> PostgresEngine:
        return self

    async def take_over(self) -> None:
        pass

    async def _find(self, query: Query, sight: Sight, forms: lexemes.Forms, most: int = HITS_MAX) -> Found:
        wanted = [*(lexemes.loosely(phrase, forms) for phrase in query.wanted), *lexemes.termed(query.terms)]
        unwanted = [*(lexemes.inflected(phrase) for phrase in query.unwanted), *lexemes.termed([query.without])]
        kinds = frozenset(query.kinds)
        sought = Sought(
            wanted="&".join(wanted),
            unwanted=tuple(unwanted),
            seen=lexemes.seen(sight),
            exact=lexemes.ranked(query.wanted, None),
            near=lexemes.ranked(query.wanted, forms),
            adjacent=lexemes.adjacent(query.wanted),
            timeless=_kinds(kinds & TIMELESS),
            said=_kinds(kinds - TIMELESS),
            people=tuple(sight.people) if PERSON in kinds else (),
            after=query.after,
            before=query.before,
        )
        found, whole = await search_finding.find(sought, query.as_of or self.clock.now(), most)
        hits = [
            Hit(r["kind"], r["subject_id"], r["version"], r["edition"], tuple(r["terms"]), r["score"]) for r in found
        ]
        return Found(hits, whole)


def _kinds(kinds: Iterable[str]) -> str:
    return lexemes.either(f"/kind:{kind}" for kind in sorted(kinds))


def _of_weight(phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """The phrases that are more than a word such as `the`; all of them where none is."""
    kept = tuple(
        phrase
        for phrase in phrases
        if phrase.exact or not all(languages.is_function_word(token.word) for token in phrase.words)
    )
    return kept or tuple(phrases)


async def _beginnings(phrases: Sequence[Phrase]) -> dict[str, list[str]]:
    """For each word what it may be the beginning of, in any of its spellings."""
    loose = _loose(phrases)
    starts = {
        token.word: [spelling for spelling in _spellings(token) if len(spelling) >= least]
        for token, least in zip(loose, [*[BEGIN_MIN] * (len(loose) - 1), LAST_MIN], strict=False)
    }
    known = await table.beginnings(sorted({start for found in starts.values() for start in found}), FORMS_MAX + 1)
    return {
        word: [form for start in found for form in _begun(start, known.get(start, ()))]
        for word, found in starts.items()
    }


def _begun(start: str, known: Sequence[Sequence[str]]) -> list[str]:
    """A few words as they are. Where there are many, all of them: a long beginning has few documents even so."""
    if len(start) >= WHOLE_MIN and any(len(words) > FORMS_MAX for words in known):
        return [lexemes.Beginning.of(start)]
    return [word for words in known for word in words[:FORMS_MAX]]


async def _near(phrases: Sequence[Phrase], forms: lexemes.Forms) -> dict[str, list[str]]:
    """The same with the words whose spelling is near."""
    asked = {token.word: [spelling for spelling in _spellings(token) if allowed(spelling)] for token in _loose(phrases)}
    wanted = {fold for found in asked.values() for spelling in found for fold in lookups(spelling)}
    candidates = await table.near(sorted(wanted), NEAR_MAX) if wanted else []
    return {
        word: [*forms.get(word, ()), *(form for one in found for form in near(one, candidates))]
        for word, found in asked.items()
    }


def _loose(phrases: Sequence[Phrase]) -> list[Token]:
    """The words that may stand for others."""
    return [token for phrase in phrases if not phrase.exact for token in phrase.words]


def _spellings(token: Token) -> tuple[str, ...]:
    return (token.word, *token.others)
