"""Posts and comments put together from phrases and subjects: pure, given a seeded generator."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from atrium.demo.languages import LANGUAGES
from atrium.demo.phrases import CODE, Phrases
from atrium.demo.subjects import BY_KIND, COMMON, KIND_TAGS, Subject, subject_of

_KINDS = ("discussion", "question", "praise", "idea", "article", "poll")
_KIND_WEIGHTS = (45, 66, 80, 89, 95, 100)  # cumulative
_TITLED = {
    **{"discussion": 0.15, "question": 0.4, "announcement": 1.0, "praise": 0.15, "idea": 0.5, "article": 1.0},
    "poll": 0.3,
}
_WITH_CODE = ("discussion", "question", "article")
_SHORT, _MIDDLE = 0.45, 0.75  # of texts that are one paragraph, and up to two
_LENGTHS = {"article": 1.0, "praise": 0.0, "poll": 0.0}  # of kinds that are always long, always short
_HASHTAG = 0.08  # of texts that end in a tag
VALUES = ("Team spirit", "Courage", "Craft", "Reliability", "Care for customers", "Curiosity")  # of a praise
_OPENERS: Phrases = ("", "", "", "", "", "", "Hi all! ", "Good morning. ", "Hello everyone. ")


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, as far as the text shows it: the kind of their unit, their city, another one, someone to name."""

    kind: str
    city: str
    other_city: str
    colleague: str  # a full name, or a mention


@dataclass(frozen=True, slots=True)
class Draft:
    """A post without author and date. `options` are a poll's, `value` is what a praise is for."""

    kind: str
    title: str | None
    body: str
    language: str
    tags: tuple[str, ...]
    options: tuple[str, ...] = ()
    value: str | None = None


def write_post(
    rng: Random, writer: Writer, language: str, *, may_announce: bool, subjects: tuple[Subject, ...] = ()
) -> Draft:
    """A post of any kind and length, about one of the subjects where there are any; announcements are for leaders."""
    kind = "announcement" if may_announce and rng.random() < 0.25 else _draw_kind(rng)
    language = "en" if subjects else language
    subject = rng.choice(subjects) if subjects else draw_subject(rng, writer.kind, language)
    say = speaker(rng, language, subject, writer)
    phrases = LANGUAGES[language]
    title = say(phrases.titles[kind]) if rng.random() < _TITLED[kind] else None
    body = _body(rng, say, kind, language, subject.tag)
    tags = (subject.tag,) if subjects else _draw_tags(rng, kind, writer.kind, subject)
    if rng.random() < _HASHTAG:
        body += f"\n\n#{rng.choice(tags)}"
    options = rng.choice(phrases.choices) if kind == "poll" else ()
    return Draft(kind, title, body, language, tags, options, rng.choice(VALUES) if kind == "praise" else None)


def write_share(rng: Random, writer: Writer, language: str) -> str:
    """What somebody says beside a post that they pass on."""
    return speaker(rng, language, draw_subject(rng, writer.kind, language), writer)(LANGUAGES[language].shares)


def write_comment(
    rng: Random,
    writer: Writer,
    kind: str,
    tags: tuple[str, ...],
    language: str,
    subjects: tuple[Subject, ...] = (),
) -> str:
    """A comment on a post of that kind: on its subject if its tags tell one in that language, else a general one."""
    subject = subject_of(tags, language, subjects if language == "en" else ())
    phrases = LANGUAGES[language]
    general = subject is None or rng.random() < 0.2
    say = speaker(rng, language, subject or COMMON[language][0], writer)
    return say(phrases.cheers if general else phrases.answers.get(kind, phrases.cheers))


def write_reply(rng: Random, writer: Writer, language: str, *, by_author: bool) -> str:
    """A reply to a comment, by the post's author or someone else."""
    phrases = LANGUAGES[language]
    say = speaker(rng, language, COMMON[language][0], writer)
    return say(phrases.thanks if by_author else phrases.replies)


def _draw_kind(rng: Random) -> str:
    return rng.choices(_KINDS, cum_weights=_KIND_WEIGHTS)[0]


def draw_subject(rng: Random, unit_kind: str, language: str) -> Subject:
    own = BY_KIND.get(unit_kind)
    return rng.choice(own if own and language == "en" and rng.random() < 0.75 else COMMON[language])


def _draw_tags(rng: Random, kind: str, unit_kind: str, subject: Subject) -> tuple[str, ...]:
    tags = [subject.tag]
    if kind in KIND_TAGS and rng.random() < 0.5:
        tags.append(KIND_TAGS[kind])
    if unit_kind in BY_KIND and rng.random() < 0.3:
        tags.append(unit_kind)
    return tuple(dict.fromkeys(tags))


def _body(rng: Random, say: Callable[[Phrases], str], kind: str, language: str, tag: str) -> str:
    phrases = LANGUAGES[language]
    opening = say(phrases.posts[kind])
    if language == "en" and opening[0].isupper():
        opening = rng.choice(_OPENERS) + opening
    parts, length = [opening], _LENGTHS.get(kind, rng.random())
    if length > _SHORT:
        parts.append(say(phrases.more))
    if length > _MIDDLE:
        points = [say((point,)) for point in rng.sample(phrases.points, rng.randint(3, 5))]
        parts.append(say(phrases.list_heads) + "\n\n" + "\n".join(f"- {point}" for point in points))
    if tag in CODE and kind in _WITH_CODE and rng.random() < 0.5:
        parts.append(CODE[tag])
    if length > _MIDDLE:
        parts.append(say(phrases.ends))
    return "\n\n".join(parts)


def speaker(rng: Random, language: str, subject: Subject, writer: Writer) -> Callable[[Phrases], str]:
    """Fills phrases: the same subject and people throughout, the small things anew each time."""
    days = LANGUAGES[language].days

    def say(phrases: Phrases) -> str:
        phrase = rng.choice(phrases)
        if "{" not in phrase:
            return phrase
        return phrase.format(
            name=subject.name,
            Name=_capital(subject.name),
            problem=subject.problem,
            Problem=_capital(subject.problem),
            wish=subject.wish,
            gain=subject.gain,
            Gain=_capital(subject.gain),
            tag=subject.tag,
            place=writer.city,
            other=writer.other_city,
            colleague=writer.colleague,
            day=rng.choice(days),
            time=f"{rng.randint(8, 16)}:{rng.choice(('00', '15', '30', '45'))}",
            number=rng.randint(2, 9),
        )

    return say


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
