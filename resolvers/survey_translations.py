"""Texts of a questionnaire in several languages: checked as they are written, and found as they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from execution.values import InvalidValue, parse_locale
from models.errors import Invalid, Path
from models.questionnaires import LOCALES_MAX


@dataclass(frozen=True)
class NewTranslation:
    """A text in another language; `locale` is a tag of BCP 47."""

    locale: str
    text: str


def translations(given: Sequence[NewTranslation], clean: Callable[[str, Path], str], path: Path) -> dict[str, str]:
    """Texts by their languages, each as `clean` makes it of the given one. Raises `Invalid`."""
    if len(given) > LOCALES_MAX:
        raise Invalid(f"There are {len(given)} languages; at most {LOCALES_MAX} are allowed. Leave some out.", path)
    made: dict[str, str] = {}
    for i, one in enumerate(given):
        try:
            locale = parse_locale(one.locale)
        except InvalidValue as error:
            raise Invalid(str(error), [*path, i, "locale"]) from None
        if locale in made:
            raise Invalid("This language is there already. Keep one of the two.", [*path, i, "locale"])
        made[locale] = clean(one.text, [*path, i, "text"])
    return made


def in_locale(text: str, translated: Mapping[str, str], locale: str | None) -> str:
    """The text in the nearest language that there is: `de-CH`, else `de`, else as it was written."""
    # RFC 4647, 3.4: the wanted tag loses its last part until one is found, a single letter together with what it leads.
    wanted = locale or ""
    while wanted:
        if wanted in translated:
            return translated[wanted]
        wanted = wanted.rpartition("-")[0]
        if wanted[-2:-1] == "-":
            wanted = wanted[:-2]
    return text
