"""Names of people from many cultures, and the mailbox that goes with each."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random

from atrium.demo.cultures import CULTURES, Culture, Form

OWN_SCRIPT = 0.2  # share of names written in their own script, of those whose script is not Latin
NAMESAKES = 0.01  # share of names that stay although someone has them already
DOMAIN = "atrium.example"

# What decomposing accents does not turn into ASCII letters.
_LETTERS = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "ø": "o", "å": "a", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i",
        "ə": "e", "ħ": "h", "ŋ": "ng", "ä": "ae", "ö": "oe", "ü": "ue",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name: in full, what friends call them, and its Latin parts for the mailbox (`last` may be empty)."""

    full: str
    given: str
    first: str
    last: str
    female: bool


class NameBook:
    """Gives names, seldom the same full name twice; a mailbox never twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._mailboxes: dict[str, int] = {}

    def draw(self, rng: Random, culture: str) -> Name:
        """A name of that culture, mostly one that nobody has; a few people share theirs, as in life."""
        name = _compose(rng, CULTURES[culture], 0)
        for attempt in range(1, 10):
            if name.full not in self._taken or rng.random() < NAMESAKES:
                break
            name = _compose(rng, CULTURES[culture], attempt)
        self._taken.add(name.full)
        return name

    def reserve(self, full: str) -> None:
        """Keeps a name from being drawn."""
        self._taken.add(full)

    def email(self, name: Name) -> str:
        """`first.last@atrium.example`, numbered from the second bearer on; ASCII."""
        local = ".".join(filter(None, (fold(name.first), fold(name.last))))
        count = self._mailboxes[local] = self._mailboxes.get(local, 0) + 1
        return f"{local}{count if count > 1 else ''}@{DOMAIN}"


def fold(text: str) -> str:
    """Lower-case ASCII letters and hyphens that stand for a name in Latin letters: `Łukasz` is `lukasz`."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return re.sub(r"[^a-z-]", "", plain)


def _compose(rng: Random, culture: Culture, attempt: int) -> Name:
    """A name; the more attempts have failed, the likelier a second given or family name makes it one of its own."""
    female = rng.random() < 0.5
    pool, families = (culture.female, culture.family_female) if female else (culture.male, culture.family_male)
    given, family = rng.choice(pool), rng.choice(families)
    if attempt == 0 and rng.random() < culture.single:
        return Name(given.latin, given.latin, given.latin, "", female)
    if culture.native_join is not None and rng.random() < OWN_SCRIPT:
        return _in_own_script(culture, culture.native_join, given, family, female)
    lift = attempt * 0.25
    second = _another(rng, pool, given) if rng.random() < culture.second + lift else None
    other = _another(rng, families, family) if culture.double and rng.random() < culture.double + lift / 2 else None
    return _in_latin(culture, given, second, family, other, female=female)


def _another(rng: Random, pool: tuple[Form, ...], first: Form) -> Form | None:
    found = rng.choice(pool)
    return None if found is first else found


def _in_own_script(culture: Culture, join: str, given: Form, family: Form, female: bool) -> Name:
    parts = (family.native, given.native) if culture.native_family_first else (given.native, family.native)
    return Name(join.join(parts), given.native, given.latin, family.latin, female)


def _in_latin(
    culture: Culture, given: Form, second: Form | None, family: Form, other: Form | None, *, female: bool
) -> Name:
    givens = given.latin if second is None else f"{given.latin} {second.latin}"
    families = family.latin if other is None else f"{family.latin}{culture.joiner}{other.latin}"
    full = f"{families} {givens}" if culture.family_first else f"{givens} {families}"
    last = families if culture.joiner == "-" else family.latin
    return Name(full, given.latin, given.latin, last, female)
