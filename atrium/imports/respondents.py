"""What responses to surveys say of people, kept out of them before anything is stored.

A response to an anonymous survey is stored with nothing but its answers, under an id that leads back to none: the ids
of other systems are often those of their respondents. Whether a survey is anonymous must be known by then, so its
record stands before those of its responses.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from secrets import token_bytes
from typing import NoReturn, cast

from atrium.imports.records import Record
from atrium.imports.report import Code, Report
from atrium.imports.values import Useless
from resolvers.survey_file_people import about_people

SURVEY, RESPONSE = "survey", "survey_response"
ASKED = (
    *(
        "title",
        "description",
        "anonymous",
        "questions",
        "sections",
        "author",
        "org_unit",
        "group",
        "location",
        "invited",
    ),
    *("opened_at", "closed_at", "created_at", "updated_at"),
)
GIVEN = ("survey", "answers", "created_at", "submitted_at", "updated_at")
ANSWER = ("question", "value", "values", "scale", "other")
"""The fields of a survey, of a response to one that is anonymous, and of one of its answers; others are dropped."""
NAMED = ("person",)
"""Those that a response has besides where the survey says who answered."""
SHOWN = 60  # characters of an id

Fields = Mapping[str, object]


@dataclass
class Dropped:
    """What the responses to a survey held that was dropped: how many of them, since which line, and what it was."""

    line: int
    count: int = 0
    kinds: set[str] = field(default_factory=set[str])


@dataclass
class Respondents:
    """Looks at the records of another system, one after the other."""

    report: Report
    _are_named: dict[str, bool] = field(default_factory=dict[str, bool])
    _dropped: dict[str, Dropped] = field(default_factory=dict[str, Dropped])
    _key: bytes = field(default_factory=lambda: token_bytes(32), repr=False)

    def kept(self, record: Record) -> Record:
        """The record as it may be stored. Raises `Useless` for a response to what has not come before it."""
        match record.type:
            case "survey":
                return self._survey(record)
            case "survey_response":
                return self._response(record)
            case _:
                return record

    def tell(self) -> None:
        """Note once for each survey what was dropped of its responses, now that all have been seen."""
        for survey, dropped in self._dropped.items():
            message = (
                f"{dropped.count:,} responses to the survey {survey[:SHOWN]} held {_told(dropped.kinds)}: dropped."
            )
            self.report.warn(dropped.line, None, _code(dropped.kinds), None, message, type=RESPONSE)

    def _survey(self, record: Record) -> Record:
        self._are_named[record.id] = record.fields.get("anonymous") is False
        strange = _strange(record.fields, ASKED)
        if strange:
            kinds = _kinds(strange)
            message = f"It held {_told(kinds)} in fields that a survey does not have: dropped."
            self.report.warn(record.line, record.id, _code(kinds), None, message, type=SURVEY)
        return replace(record, fields=_only(record.fields, ASKED))

    def _response(self, record: Record) -> Record:
        if record.deleted:  # what was counted is not taken back, and where nobody is named nobody knows which it was
            self.report.skip(RESPONSE)
            self._leave_out(record)
        survey = str(record.fields.get("survey"))
        is_named = self._are_named.get(survey)
        if is_named is None:
            message = f"No survey {survey[:SHOWN]} stands before it: the response was left out. Write the survey first."
            self.report.error(record.line, None, Code.UNKNOWN_REF, "survey", message, type=RESPONSE)
            self._leave_out(record)
        known = (*GIVEN, *NAMED) if is_named else GIVEN
        answers = _objects(record.fields.get("answers"))
        strange = _strange(record.fields, known)
        for answer in answers or ():
            strange += _strange(answer, ANSWER)
        if strange:
            dropped = self._dropped.setdefault(survey, Dropped(record.line))
            dropped.count += 1
            dropped.kinds |= _kinds(strange)
        fields = dict(_only(record.fields, known if is_named else ("survey",)))
        fields["answers"] = None if answers is None else [_only(answer, ANSWER) for answer in answers]
        return replace(record, id=record.id if is_named else self._hidden(record.id), fields=fields)

    def _leave_out(self, record: Record) -> NoReturn:
        """Raise `Useless` for a record that has been told of: the file had it."""
        self.report.rejected.add((RESPONSE, self._hidden(record.id)))
        raise Useless

    def _hidden(self, id: str) -> str:
        """The same for the same id, as long as this lasts."""
        return f"hidden-{hmac.digest(self._key, id.encode(), 'sha256').hex()[:32]}"


def _objects(told: object) -> list[Fields] | None:
    """The objects of a list, empty ones for what is none; None where it is no list."""
    if not isinstance(told, list):
        return None
    return [cast(Fields, one) if isinstance(one, dict) else {} for one in cast("list[object]", told)]


def _only(fields: Fields, names: Sequence[str]) -> Fields:
    return {name: fields[name] for name in names if name in fields}


def _strange(fields: Fields, known: Sequence[str]) -> list[tuple[str, object]]:
    return [(name, value) for name, value in fields.items() if name not in known and value is not None]


def _kinds(strange: Sequence[tuple[str, object]]) -> set[str]:
    """What of people such fields hold."""
    return {kind for name, value in strange for kind in about_people(name, value)}


def _told(kinds: set[str]) -> str:
    return " and ".join(sorted(kinds)) or "what means nothing here"


def _code(kinds: set[str]) -> Code:
    return Code.FORBIDDEN_PII if kinds else Code.UNKNOWN_FIELD
