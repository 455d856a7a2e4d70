"""Text from outside as values: moments, days, addresses, languages and time zones; strict, with one spelling each."""

import re
from datetime import UTC, date, datetime
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import orjson

URL_MAX = 2_048  # characters
EMAIL_MAX = 254  # characters; RFC 5321, 4.5.3.1.3
EMAIL_LOCAL_MAX = 64  # characters; RFC 5321, 4.5.3.1.1
LOCALE_MAX = 64  # characters


class InvalidValue(ValueError):
    """A text that does not stand for a value of the wanted kind."""


def parse_datetime(value: object) -> datetime:
    """An aware moment in UTC, from RFC 3339 with a zone; at most six digits of a second, none is ever cut off."""
    text = _text(value, "A moment")
    if _DATETIME.fullmatch(text):
        try:
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise InvalidValue("A moment is written like 2026-12-24T12:00:00Z, with its zone and at most six decimals.")


def format_datetime(value: object) -> str:
    """A moment as RFC 3339 in UTC, ending in Z. Raises `ValueError` for one without a zone."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"Not an aware datetime: {value!r}.")
    if value.tzinfo is UTC:
        return orjson.dumps(value, option=orjson.OPT_UTC_Z)[1:-1].decode()  # three times as quick as `isoformat`
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def parse_date(value: object) -> date:
    """A day of the calendar, from YYYY-MM-DD."""
    text = _text(value, "A day")
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise InvalidValue("A day is written like 2026-12-24.")


def format_date(value: object) -> str:
    """A day as YYYY-MM-DD. Raises `ValueError` for a moment, whose day depends on the zone."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"Not a date: {value!r}.")
    return value.isoformat()


def parse_url(value: object) -> str:
    """An address to open: http or https with a host and without a password, or mailto. Letters of any script pass."""
    text = _text(value, "An address")
    if len(text) > URL_MAX:
        raise InvalidValue(f"An address has at most {URL_MAX:,} characters.")
    if text.isprintable() and not _NEVER_IN_URL.search(text) and (_is_web(text) or _is_mailto(text)):
        return text
    raise InvalidValue("An address begins with https://, http:// or mailto:, and has no spaces and no password.")


def parse_email(value: object) -> str:
    """An e-mail address as it was written: the local part may differ by case."""
    text = _text(value, "An e-mail address")
    if len(text) <= EMAIL_MAX and text.find("@") <= EMAIL_LOCAL_MAX and _EMAIL.fullmatch(text):
        return text
    raise InvalidValue("An e-mail address is written like ann@example.com.")


def parse_locale(value: object) -> str:
    """A language tag of BCP 47 in its recommended case: `de-ch` gives `de-CH`."""
    text = _text(value, "A language")
    if len(text) <= LOCALE_MAX and (found := _LOCALE.fullmatch(text)) and _says_each_once(found):
        return _cased(text)
    raise InvalidValue("A language is a tag of BCP 47, like en, de-CH or zh-Hant-TW.")


def parse_time_zone(value: object) -> str:
    """The name of a time zone in the IANA database, in its exact spelling."""
    text = _text(value, "A time zone")
    if text in _time_zones():
        return text
    raise InvalidValue("A time zone is a name of the IANA database, like Europe/Zurich or UTC.")


def parse_text(value: object) -> str:
    """Any text that can be stored: no NUL, no half of a surrogate pair."""
    text = _text(value, "A text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidValue("A text is valid Unicode, without unpaired surrogates.") from None
    if "\0" in text:
        raise InvalidValue("A text must not hold the character U+0000.")
    return text


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise InvalidValue(f"{what} is sent as a string.")
    return value


# RFC 3339, 5.6; T and Z may be in lower case. The parser of the standard library takes much more than this.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(
    _DATE.pattern + r"[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-](0[0-9]|1[0-9]|2[0-3]):[0-5][0-9])"
)

# Characters that neither RFC 3986 nor RFC 3987 allows, and `\`, which browsers take for `/`.
_NEVER_IN_URL = re.compile(r"[\s<>\"\\^`{|}]")

# The addresses of HTML forms, less IP addresses and all-numeric top-level domains; dots neither end nor meet.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)*(?![0-9]+$){_LABEL}")

# RFC 5646, 2.1, without the irregular tags that were registered before it.
_LOCALE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"  # language
    r"(?:-[a-z]{4})?"  # script
    r"(?:-(?:[a-z]{2}|[0-9]{3}))?"  # region
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*)"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.ASCII | re.IGNORECASE,
)


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port  # the port raises when it is no number of 16 bits
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc


def _is_mailto(text: str) -> bool:
    scheme, _, rest = text.partition(":")
    if scheme.lower() != "mailto":
        return False
    addresses = rest.partition("?")[0].split(",")
    return all(_EMAIL.fullmatch(address) for address in addresses)


def _says_each_once(found: re.Match[str]) -> bool:
    # RFC 5646, 2.2.5 and 2.2.6: no variant and no extension comes twice.
    variants = found["variants"].lower().split("-")[1:]
    extensions = [tag for tag in found["extensions"].lower().split("-") if len(tag) == 1]
    return len(set(variants)) == len(variants) and len(set(extensions)) == len(extensions)


def _cased(text: str) -> str:
    """RFC 5646, 2.1.1: regions in capitals, scripts with one; all else, and all behind a single letter, small."""
    tags = text.lower().split("-")
    single = next((i for i, tag in enumerate(tags) if len(tag) == 1), len(tags))
    for i, tag in enumerate(tags[1:single], start=1):
        if len(tag) == 2:
            tags[i] = tag.upper()
        elif len(tag) == 4 and tag.isalpha():
            tags[i] = tag.title()
    return "-".join(tags)


@cache
def _time_zones() -> frozenset[str]:
    # Some systems add files that are no zones of the database, or no place's.
    return frozenset(available_timezones()) - {"Factory", "localtime", "posixrules"}
