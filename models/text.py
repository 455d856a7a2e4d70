"""Text as people write it, made fit to store; what cannot be stored is refused with a sentence."""

from __future__ import annotations

import re
import unicodedata

from models.errors import Invalid, Path

EMAIL = re.compile(r"[^\s@\"(),:;<>\[\\\]]+@[^\s@\"(),:;<>\[\\\]]+\.[^\s@\"(),:;<>\[\\\].]{2,}")
EMAIL_MAX = 320  # characters
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
"""What a line neither shows nor needs: controls, separators, and marks that would turn the text around."""
MARKS_MAX = 30  # combining marks on one letter: UAX 15, 13.1, the stream-safe format


def clean(text: str, *, most: int, path: Path, what: str = "This text") -> str:
    """A text in normal form, trimmed, at most `most` characters and not empty. Raises `Invalid`."""
    cleaned = clean_optional(text, most=most, path=path, what=what)
    if not cleaned:
        raise Invalid(f"{what} is empty. Write something.", path)
    return cleaned


def clean_optional(text: str, *, most: int, path: Path, what: str = "This text") -> str:
    """As `clean`, but it may be empty, as what shows nothing is. Line ends become LF."""
    if len(text) > 4 * most:  # before anything that costs more than looking at the length
        raise Invalid(too_long(what, len(text), most), path)
    storable(text, path=path, what=what)
    _few_marks(text, path=path, what=what)
    cleaned = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(cleaned) > most:
        raise Invalid(too_long(what, len(cleaned), most), path)
    return cleaned if any(map(_shows, cleaned)) else ""


def clean_line(text: str, *, most: int, path: Path, what: str) -> str:
    """One line of text: as `clean`, with runs of white space folded and unseen characters dropped."""
    storable(text, path=path, what=what)
    return clean(" ".join(UNSEEN.sub("", text).split()), most=most, path=path, what=what)


def line_key(line: str) -> str:
    """A line folded: two of one key would look alike."""
    return " ".join(unicodedata.normalize("NFKC", line).casefold().split())


def clean_email(text: str, *, path: Path) -> str:
    """An e-mail address in lower case. Raises `Invalid`."""
    email = text.strip().lower()
    if len(email) > EMAIL_MAX or not EMAIL.fullmatch(email):
        raise Invalid("This is not an e-mail address. Write one like ann@company.example.", path)
    return email


def storable(text: str, *, path: Path, what: str = "This text") -> None:
    """Raise `Invalid` for what UTF-8 or PostgreSQL cannot hold."""
    if "\x00" in text:
        raise Invalid(f"{what} contains a NUL character. Remove it.", path)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid(f"{what} contains half of a character (a lone surrogate). Remove it.", path) from None


def _shows(character: str) -> bool:
    """Whether there is something to see of it: neither a space nor one of the marks that only steer others."""
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc")


def _few_marks(text: str, *, path: Path, what: str) -> None:
    """Refuse piles of combining marks: no language has them, and putting them in order takes quadratic time."""
    if text.isascii():
        return
    pile = 0
    for character in text:
        pile = pile + 1 if unicodedata.combining(character) else 0
        if pile > MARKS_MAX:
            raise Invalid(f"{what} has more than {MARKS_MAX} accents on one letter. Remove some.", path)


def too_long(what: str, length: int, most: int) -> str:
    """The sentence for a text over its limit."""
    return f"{what} has {length:,} characters; at most {most:,} are allowed. Shorten it."
