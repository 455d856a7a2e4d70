"""The fields of a questionnaire's file: one table for reading and writing, so that nothing is lost on the way.

They are named as the inputs of the API are, and left out where they say nothing. What a file holds besides is left out,
and noted; a note never repeats a value, since that may be about a person.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol, cast

from models.errors import Invalid, Path
from models.questionnaires import (
    BRANCHES_MAX,
    LOCALES_MAX,
    OPTIONS_MAX,
    QUESTIONS_MAX,
    SECTIONS_MAX,
    QuestionKind,
)
from resolvers.survey_file_people import about_people
from resolvers.survey_questions import NewBranch, NewOption, NewQuestion, NewScale, NewSection, NewTranslation

NOTES_MAX = 50
NAME_MAX = 60  # characters of a field's name in a note
NAME = re.compile(r"[^\W\d][\w-]*")
"""What looks like the name of a field; answers by people have their names or addresses in its place."""
UNNAMED = "…"


@dataclass(frozen=True)
class Place:
    """Where in a file one is, and the notes of the whole file."""

    path: tuple[str | int, ...] = ()
    notes: list[str] = field(default_factory=list[str])

    def at(self, step: str | int) -> Place:
        return Place((*self.path, step), self.notes)

    def note(self, sentence: str) -> None:
        if len(self.notes) < NOTES_MAX:
            self.notes.append(sentence)
        elif len(self.notes) == NOTES_MAX:
            self.notes.append("There is more of this kind, which is left out, too.")

    def refuse(self, sentence: str) -> NoReturn:
        raise Invalid(sentence, self.path)


class Codec(Protocol):
    """How a value is read from JSON, and written as it. Reading raises `Invalid`."""

    def read(self, value: object, place: Place) -> Any: ...

    def write(self, value: Any) -> Any: ...


@dataclass(frozen=True)
class Plain:
    """A value that JSON has itself."""

    types: tuple[type, ...]
    what: str

    def read(self, value: object, place: Place) -> Any:
        if not isinstance(value, self.types) or (isinstance(value, bool) and bool not in self.types):
            place.refuse(f"This is no {self.what}. Write one.")
        return value

    def write(self, value: Any) -> Any:
        return value


@dataclass(frozen=True)
class Kind:
    """One of the kinds of questions, by its name."""

    def read(self, value: object, place: Place) -> QuestionKind:
        if not isinstance(value, str) or value not in QuestionKind.__members__:
            place.refuse(f"There is no such kind. Write one of {', '.join(QuestionKind)}.")
        return QuestionKind(value)

    def write(self, value: QuestionKind) -> str:
        return value.value


@dataclass(frozen=True)
class Field:
    """Which attribute a field of JSON is; `needed` where it has no default."""

    attribute: str
    codec: Codec
    needed: bool = False


@dataclass(frozen=True)
class Record:
    """An object of JSON, which a dataclass is made of."""

    make: type[Any]
    fields: Mapping[str, Field]

    def read(self, value: object, place: Place) -> Any:
        given = as_object(value, place)
        note_unknown(given, self.fields, place)
        found: dict[str, Any] = {}
        for name, one in self.fields.items():
            if given.get(name) is not None:
                found[one.attribute] = one.codec.read(given[name], place.at(name))
            elif one.needed:
                place.at(name).refuse(f"There is no `{name}` here. Add it.")
        return self.make(**found)

    def write(self, value: Any) -> dict[str, Any]:
        said = {name: getattr(value, one.attribute) for name, one in self.fields.items()}
        return {name: self.fields[name].codec.write(now) for name, now in said.items() if self._says(name, now)}

    def _says(self, name: str, value: object) -> bool:
        """Whether a field holds anything else than it would if it were left out."""
        default = {one.name: one.default for one in dataclasses.fields(self.make)}[self.fields[name].attribute]
        return value not in (default, [])


@dataclass(frozen=True)
class Several:
    """A list of records, at most so many."""

    record: Record
    most: int

    def read(self, value: object, place: Place) -> list[Any]:
        if not isinstance(value, list):
            place.refuse("This is no list. Write one, in [ and ].")
        items = cast("list[object]", value)
        if len(items) > self.most:
            place.refuse(f"There are {len(items):,} of them; at most {self.most} are allowed. Leave some out.")
        return [self.record.read(item, place.at(i)) for i, item in enumerate(items)]

    def write(self, value: Sequence[Any]) -> list[Any]:
        return [self.record.write(item) for item in value]


def as_object(value: object, place: Place) -> dict[str, object]:
    """The fields of an object of JSON. Raises `Invalid`."""
    if not isinstance(value, dict):
        place.refuse("This is no object. Write one, in { and }.")
    return cast("dict[str, object]", value)


def note_unknown(given: Mapping[str, object], known: Collection[str], place: Place) -> None:
    """Note what is left out, and what it was where it is about people."""
    for name, value in given.items():
        if name in known:
            continue
        where, kinds = told(place.at(shown(name)).path), about_people(name, value)
        if kinds:
            place.note(f"{where} held {' and '.join(kinds)}: dropped. A questionnaire says nothing of people.")
        else:
            place.note(f"{where} is no field of a questionnaire: left out.")


def shown(name: str) -> str:
    """A name from a file as a note may repeat it."""
    return name[:NAME_MAX] if NAME.fullmatch(name) else UNNAMED


def told(path: Path) -> str:
    """A place as people read it: `questions[3].options[1].label`."""
    steps = (f"[{step}]" if str(step).isdecimal() else f".{step}" for step in path)
    return "".join(steps).removeprefix(".") or "The file"


TEXT = Plain((str,), "text")
FLAG = Plain((bool,), "true or false")
WHOLE = Plain((int,), "whole number")
NUMBER = Plain((int, float), "number")

_TRANSLATION = Record(
    NewTranslation, {"locale": Field("locale", TEXT, needed=True), "text": Field("text", TEXT, needed=True)}
)
_TRANSLATIONS = Field("translations", Several(_TRANSLATION, LOCALES_MAX))
_OPTION = Record(
    NewOption,
    {"label": Field("label", TEXT, needed=True), "points": Field("points", NUMBER), "translations": _TRANSLATIONS},
)
_SCALE = Record(
    NewScale,
    {
        "minimum": Field("minimum", WHOLE, needed=True),
        "maximum": Field("maximum", WHOLE, needed=True),
        "minimumLabel": Field("minimum_label", TEXT),
        "maximumLabel": Field("maximum_label", TEXT),
    },
)
_BRANCH = Record(
    NewBranch,
    {
        "optionIndex": Field("option_index", WHOLE),
        "optionLabel": Field("option_label", TEXT),
        "least": Field("least", WHOLE),
        "most": Field("most", WHOLE),
        "to": Field("to", TEXT),
    },
)
_SECTION = Record(
    NewSection,
    {
        "key": Field("key", TEXT, needed=True),
        "title": Field("title", TEXT, needed=True),
        "description": Field("description", TEXT),
        "isShuffled": Field("shuffled", FLAG),
        "translations": _TRANSLATIONS,
    },
)
_QUESTION = Record(
    NewQuestion,
    {
        "key": Field("key", TEXT),
        "kind": Field("kind", Kind(), needed=True),
        "prompt": Field("prompt", TEXT, needed=True),
        "description": Field("description", TEXT),
        "isRequired": Field("required", FLAG),
        "section": Field("section", TEXT),
        "options": Field("options", Several(_OPTION, OPTIONS_MAX)),
        "rows": Field("rows", Several(_OPTION, OPTIONS_MAX)),
        "hasOther": Field("has_other", FLAG),
        "mostChoices": Field("most", WHOLE),
        "isMultiple": Field("multiple", FLAG),
        "isShuffled": Field("shuffled", FLAG),
        "scale": Field("scale", _SCALE),
        "branches": Field("branches", Several(_BRANCH, BRANCHES_MAX)),
        "points": Field("points", NUMBER),
        "correct": Field("correct", TEXT),
        "translations": _TRANSLATIONS,
    },
)
QUESTIONS = Several(_QUESTION, QUESTIONS_MAX)
SECTIONS = Several(_SECTION, SECTIONS_MAX)
