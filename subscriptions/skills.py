"""What happens to the catalogue of skills, and to the skills of people."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from models.audiences import COMPANY
from models.skills import CATALOGUE
from subscriptions.events import Event, person_stream
from subscriptions.people import PersonEvent


@dataclass(frozen=True, slots=True)
class PersonSkillsChanged(PersonEvent):
    """A person has another skill, one less, or one at another level."""

    told_as: ClassVar[str] = "PersonChanged"


@dataclass(frozen=True, slots=True)
class Endorsing(Event):
    """Something between somebody who endorses and a person's skill; nobody's screen shows it."""

    person: uuid.UUID
    skill: uuid.UUID
    endorser: uuid.UUID

    @property
    def stream(self) -> str:
        return person_stream(self.person)

    @property
    def subject(self) -> uuid.UUID:
        return self.person


@dataclass(frozen=True, slots=True)
class SkillEndorsed(Endorsing):
    """Somebody has agreed that a person has a skill."""


@dataclass(frozen=True, slots=True)
class EndorsementWithdrawn(Endorsing):
    """Somebody no longer says so."""


@dataclass(frozen=True, slots=True)
class CatalogueEvent(Event):
    """Something about a skill of the catalogue, in the order of the whole catalogue."""

    skill: uuid.UUID

    @property
    def stream(self) -> str:
        return CATALOGUE

    @property
    def subject(self) -> uuid.UUID:
        return self.skill


@dataclass(frozen=True, slots=True)
class SkillChanged(CatalogueEvent):
    """A skill has other names, or also the people of another one."""

    @property
    def audience(self) -> uuid.UUID:
        return COMPANY


@dataclass(frozen=True, slots=True)
class PersonSkillsRenamed(Event):
    """A skill of this person has other names than before: their document must be made anew."""

    person: uuid.UUID

    @property
    def stream(self) -> str:
        return CATALOGUE

    @property
    def subject(self) -> uuid.UUID:
        return self.person


@dataclass(frozen=True, slots=True)
class SkillAdded(CatalogueEvent):
    """Audit: somebody has a skill that nobody had named before."""

    new: str


@dataclass(frozen=True, slots=True)
class SkillRenamed(CatalogueEvent):
    """Audit: `old` is called `new`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SkillSynonymAdded(CatalogueEvent):
    """Audit: `new` means the skill, too."""

    new: str


@dataclass(frozen=True, slots=True)
class SkillSynonymRemoved(CatalogueEvent):
    """Audit: `old` no longer means the skill."""

    old: str


@dataclass(frozen=True, slots=True)
class SkillMerged(CatalogueEvent):
    """Audit: `merged`, which was called `old`, is part of the skill `new` from now on."""

    merged: uuid.UUID
    old: str
    new: str
