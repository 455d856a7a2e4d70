"""Where texts hold what was searched, as HTML to show: the best passage, with what matches in `<mark>`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import islice

from search import languages
from search.lexemes import UNSAID
from search.matching import Form, sieve, wanted
from search.passages import around, widened
from search.places import CHUNK, spans
from search.query import Query
from search.words import WORD_MAX, Token, tokens, words

PASSAGE_MAX = 240  # characters
MARKS_MAX = 2_000  # of one text that are looked at
TOLD_BY = 500  # characters by which a language is known, or never
COMPARED_MAX = 50_000  # words of a page with words of the search: beyond, none is looked at for being misspelt
CUT = "…"
SIGNS = ",;:!?()\"'…"
"""What may stand around a plain word and changes nothing of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word of a text stands, and which words of which phrases it is, in which form.

    `fits` is empty for a word that is none of them: it keeps its neighbours apart.
    """

    start: int
    end: int
    fits: Mapping[tuple[int, int], Form]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a whole phrase stands in a text; `form` is that of its loosest word."""

    start: int
    end: int
    phrase: int
    form: Form


BREAK = Place(0, 0, {})
WORDLESS: Sequence[Place] = ()
"""What is known of a chunk that has no words; of one whose words fit nothing it is None."""
FEW, LONG = 40, 4  # so few chunks of so many letters or more are looked for one by one


def marked(query: Query, text: str, *, most: int = PASSAGE_MAX) -> str | None:
    """The passage of a text that shows best what was searched, as HTML; None where it holds nothing of that."""
    return Marker(query).marked([text], most=most)[0]


class Marker:
    """Marks texts for one search. It remembers the words that it has seen, so that a page of texts is quick."""

    def __init__(self, query: Query) -> None:
        self._phrases = wanted(query)
        self._sought = [((at, n), word) for at, phrase in enumerate(self._phrases) for n, word in enumerate(phrase)]
        self._sieves: dict[tuple[str, bool], Callable[[str, str], bool]] = {}
        self._left = COMPARED_MAX
        self._seen: dict[str, dict[str, Sequence[Place] | None]] = {}  # by language, by what stands between spaces

    def marked(self, texts: Sequence[str], *, language: str | None = None, most: int = PASSAGE_MAX) -> list[str | None]:
        """The best passage of each text of one document, as HTML with no elements but `<mark>`.

        It has at most `most` characters of the text, and an ellipsis where it is cut. None for a text that holds
        nothing of what was searched. Words that are misspelt are marked only where no text has them spelt right.
        """
        language = language or languages.language(words(" ".join(texts)[:TOLD_BY])) or UNSAID
        found = [list(islice(self._marks(text, language), MARKS_MAX)) for text in texts]
        spelt = {mark.phrase for marks in found for mark in marks if mark.form < Form.MISSPELT}
        return [
            _passage(text, [mark for mark in marks if mark.form < Form.MISSPELT or mark.phrase not in spelt], most)
            for text, marks in zip(texts, found, strict=True)
        ]

    def _marks(self, text: str, language: str) -> Iterator[Mark]:
        """The phrases that stand in a text, in their order."""
        places = self._places(text, language)
        for at, place in enumerate(places):
            for phrase, word in place.fits:
                length = len(self._phrases[phrase])
                run = places[at : at + length] if word == 0 else []
                forms = [form for i, one in enumerate(run) if (form := one.fits.get((phrase, i))) is not None]
                if len(forms) == length:
                    yield Mark(place.start, run[-1].end, phrase, max(forms))

    def _places(self, text: str, language: str) -> list[Place]:
        """The words of a text that fit, with a break wherever there are others between."""
        seen = self._seen.setdefault(language, {})
        chunks = set(text.split())
        self._learn(chunks.difference(seen), language, seen)
        places: list[Place] = []
        end = 0
        for start, chunk in _found(text, {chunk for chunk in chunks if seen[chunk]}):
            if any(seen[between] is not WORDLESS for between in text[end:start].split()):
                places.append(BREAK)
            places.extend(Place(start + place.start, start + place.end, place.fits) for place in seen[chunk] or ())
            end = start + len(chunk)
        return places

    def _learn(self, chunks: Iterable[str], language: str, seen: dict[str, Sequence[Place] | None]) -> None:
        split = {chunk: _tokens(chunk) for chunk in chunks}
        flat = [(chunk, token) for chunk, found in split.items() for token in found]
        stems = languages.stems(language, [token.word for _, token in flat])
        self._left -= len(flat) * len(self._sought)
        may_be = self._sieve(language, near=self._left > 0)
        near = {
            chunk
            for (chunk, token), stem in zip(flat, stems, strict=True)
            if may_be(token.word, stem) or (token.others and any(may_be(other, stem) for other in token.others))
        }
        for chunk, found in split.items():
            seen[chunk] = self._fitting(chunk, found, language) if chunk in near else None if found else WORDLESS

    def _sieve(self, language: str, *, near: bool) -> Callable[[str, str], bool]:
        if (language, near) not in self._sieves:
            self._sieves[language, near] = sieve([word for _, word in self._sought], language, near=near)
        return self._sieves[language, near]

    def _fitting(self, chunk: str, found: Sequence[Token], language: str) -> list[Place] | None:
        stems = languages.stems(language, [token.word for token in found])
        fits = [self._fits(token, stem, language) for token, stem in zip(found, stems, strict=True)]
        if not any(fits):
            return None
        return [Place(start, end, fit) for (start, end), fit in zip(spans(chunk, found), fits, strict=True)]

    def _fits(self, token: Token, stem: str, language: str) -> dict[tuple[int, int], Form]:
        return {
            place: form for place, sought in self._sought if (form := sought.form(token, stem, language)) is not None
        }


def _tokens(chunk: str) -> Sequence[Token]:
    """As `tokens`, which plain words, and they are most, do not need."""
    core = chunk.strip(SIGNS).rstrip(".")
    return _plain(core) if core.isascii() and core.isalnum() and len(core) <= WORD_MAX else tokens(chunk)


@lru_cache(maxsize=1 << 14)
def _plain(word: str) -> tuple[Token]:
    return (Token(word.lower(), (), False),)


def _found(text: str, chunks: Collection[str]) -> list[tuple[int, str]]:
    """Where these stand in a text between spaces, in their order."""
    if len(chunks) > FEW or any(len(chunk) < LONG for chunk in chunks):
        return [(match.start(), match[0]) for match in CHUNK.finditer(text) if match[0] in chunks]
    return sorted((at, chunk) for chunk in chunks for at in _places_of(text, chunk))


def _places_of(text: str, chunk: str) -> Iterator[int]:
    start = text.find(chunk)
    while start >= 0:
        end = start + len(chunk)
        if not text[start - 1 : start].strip() and not text[end : end + 1].strip():
            yield start
        start = text.find(chunk, end)


def _passage(text: str, marks: Sequence[Mark], most: int) -> str | None:
    """The part with most of what was searched, and of that most as it was typed; the first of several."""
    if not marks:
        return None
    start, end = _best(marks, most)
    first, last = around(text, *widened(text, start, end), most)
    if first == last:
        return None
    begun, html = first, list[str]()
    for bounds in _merged(widened(text, mark.start, mark.end) for mark in marks):
        left, right = max(bounds[0], first), min(bounds[1], last)
        if left < right:
            html += [escape(text[begun:left]), "<mark>", escape(text[left:right]), "</mark>"]
            begun = right
    html.append(escape(text[begun:last]))
    before, behind = CUT if text[:first].strip() else "", CUT if text[last:].strip() else ""
    return f"{before}{''.join(html)}{behind}"


def _best(marks: Sequence[Mark], most: int) -> tuple[int, int]:
    """From where to where the best of these stand that are within `most` characters."""
    held: Counter[object] = Counter()
    best, bounds, first = 0, (0, 0), 0
    for mark in marks:
        held.update(_worth(mark))
        while mark.end - marks[first].start > most and marks[first] is not mark:
            held.subtract(_worth(marks[first]))
            first += 1
        worth = sum(count > 0 for count in held.values())
        if worth > best:
            best, bounds = worth, (marks[first].start, mark.end)
    return bounds


def _worth(mark: Mark) -> list[object]:
    """What there is to be found of a phrase: it, and it in its own words."""
    return [mark.phrase, *([(mark.phrase,)] if mark.form <= Form.INFLECTED else [])]


def _merged(bounds: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Bounds in their order, those that overlap as one."""
    held: tuple[int, int] | None = None
    for start, end in sorted(bounds):
        if held and start < held[1]:
            held = held[0], max(held[1], end)
            continue
        if held:
            yield held
        held = start, end
    if held:
        yield held
