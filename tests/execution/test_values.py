"""Values from text: what is taken, in which form it is given back, and what is refused."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from execution.values import (
    InvalidValue,
    format_date,
    format_datetime,
    parse_date,
    parse_datetime,
    parse_email,
    parse_locale,
    parse_text,
    parse_time_zone,
    parse_url,
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-24T12:00:00Z", datetime(2026, 12, 24, 12, tzinfo=UTC)),
        ("2026-12-24t12:00:00z", datetime(2026, 12, 24, 12, tzinfo=UTC)),
        ("2026-12-24T12:00:00+01:30", datetime(2026, 12, 24, 10, 30, tzinfo=UTC)),
        ("2026-12-24T12:00:00-00:00", datetime(2026, 12, 24, 12, tzinfo=UTC)),
        ("2026-12-24T12:00:00.1Z", datetime(2026, 12, 24, 12, 0, 0, 100_000, tzinfo=UTC)),
        ("2026-12-24T12:00:00.123456Z", datetime(2026, 12, 24, 12, 0, 0, 123_456, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    assert parse_datetime(text) == moment
    assert parse_datetime(text).tzinfo is UTC
    assert parse_datetime(format_datetime(moment)) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-24", "20240101", "2024-W05", "2024-W05-1T12:00:00Z", "2026-12-24T12:00:00", "2026-12-24T12:00Z",
        "2026-12-24 12:00:00Z", "2026-12-24T12:00:00.Z", "2026-12-24T12:00:00.1234567Z", "2026-12-24T12:00:00,5Z",
        "2026-12-24T12:00:00+0100", "2026-12-24T12:00:00+01", "2026-12-24T12:00:00+24:00", "2026-12-24T12:00:00+01:60",
        "2026-12-24T12:00:00+01:00:30", "2026-02-30T12:00:00Z", "2026-13-01T12:00:00Z", "2026-12-24T24:00:00Z",
        "2026-12-24T12:60:00Z", "2026-12-24T23:59:60Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00", "+2026-12-24T12:00:00Z", "12026-12-24T12:00:00Z", "2026-12-24T12:00:00Z\n",
        " 2026-12-24T12:00:00Z", "\uff12026-12-24T12:00:00Z", "", "now",
    ],
)  # fmt: skip
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_datetime(text)


def test_moments_are_given_in_utc() -> None:
    assert format_datetime(datetime(2026, 12, 24, 12, tzinfo=timezone(timedelta(hours=1)))) == "2026-12-24T11:00:00Z"
    assert format_datetime(datetime(1, 1, 1, 0, 0, 0, 5, tzinfo=UTC)) == "0001-01-01T00:00:00.000005Z"
    for wrong in (datetime(2026, 1, 1), date(2026, 1, 1), "2026-12-24T11:00:00Z"):
        with pytest.raises(ValueError, match="aware"):
            format_datetime(wrong)


def test_days() -> None:
    assert parse_date("2024-02-29") == date(2024, 2, 29)
    assert format_date(date(1, 1, 1)) == "0001-01-01"
    with pytest.raises(ValueError, match="date"):
        format_date(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "text", ["2023-02-29", "20240101", "2024-W05-1", "2024-1-1", "24-01-01", "2024-01-01T00:00:00Z", "0000-01-01", ""]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com", "http://example.com:8080/a/b?c=d&e=%20#f", "HTTPS://Example.COM/", "https://[::1]:8000/",
        "https://de.wikipedia.org/wiki/Köln", "https://例え.jp/", "https://localhost/x(y)'~", "mailto:ann@example.com",
        "mailto:ann@example.com,bob@example.com?subject=Hi%20there", "https://example.com/" + "a" * 2_028,
    ],
)  # fmt: skip
def test_addresses(text: str) -> None:
    assert parse_url(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "example.com", "//example.com", "/path", "https://", "https:///x", "https:example.com", "http://:80/",
        "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x", "ftp://example.com",
        "file:///etc/passwd", "vbscript:x", "https://ann:secret@example.com", "https://ann@example.com",
        "https://example.com/a b", "https://example.com/\n", "https://exa\tmple.com", "https://example.com\\@evil.com",
        "https://example.com/<script>", 'https://example.com/"', "https://example.com:99999/", "https://example.com:x/",
        "https://[::1/", "https://example.com/\u202egpj.exe", "https://example.com/\u200b", "https://example.com/\0",
        "mailto:", "mailto:ann", "mailto:ann@example.com,", "mailto:ann@example.com\r\nBcc: x@example.com",
        "https://example.com/" + "a" * 2_029,
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_url(text)


@pytest.mark.parametrize(
    "text",
    [
        "simple@example.com", "very.common@example.com", "user.name+tag+sorting@example.com", "x@example.com",
        "example-indeed@strange-example.com", "test/test@test.com", "admin@mailserver1", "example@s.example",
        "mailhost!username@example.org", "user%example.com@example.org", "user-@example.org", "a@domain.g2g",
        "Ann@Example.com", "a" * 64 + "@example.com",
    ],
)  # fmt: skip
def test_e_mail_addresses(text: str) -> None:
    assert parse_email(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "ann", "@example.com", "ann@", "Abc.example.com", "A@b@c@example.com",
        'a"b(c)d,e:f;g<h>i[j\\k]l@example.com',
        'just"not"right@example.com', 'this is"not\\allowed@example.com', "i@but_its_not_allowed.example.com",
        "a" * 65 + "@example.com", "a@domain.3778", "a@127.0.0.1", "a@[127.0.0.1]", "a@-x.com", "a@x-.com", "a@x..com",
        ".a@x.com", "a.@x.com", "a..b@x.com", "a@" + "b" * 64 + ".com", "a@x.com\n", " a@x.com", "a@x.com.", "ä@x.com",
        "a@" + "b." * 125 + "com", "Ann <ann@example.com>", "a\0@x.com",
    ],
)  # fmt: skip
def test_what_is_no_e_mail_address(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_email(text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"), ("EN", "en"), ("de-ch", "de-CH"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"),
        ("sl-rozaj-biske-1994", "sl-rozaj-biske-1994"), ("DE-CH-1996", "de-CH-1996"), ("sr-LATN", "sr-Latn"),
        ("en-u-ca-GREGORY", "en-u-ca-gregory"), ("zh-cmn-hans-cn", "zh-cmn-Hans-CN"),
        ("de-x-Internal", "de-x-internal"),
        ("en-a-bbb-x-a-ccc", "en-a-bbb-x-a-ccc"), ("hy-latn-it-arevela", "hy-Latn-IT-arevela"),
    ],
)  # fmt: skip
def test_languages(text: str, tag: str) -> None:
    assert parse_locale(text) == tag


@pytest.mark.parametrize(
    "text",
    ["", "e", "en_US", "en-", "-en", "en--US", "en-US-GB", "deutsch-swiss-german-x", "de-419-DE", "a-DE",
     "ar-a-aaa-b-bbb-a-ccc", "de-1996-1996", "en-u", "en-x", "x-private", "i-klingon", "ñn", "en\n",
     "en-" + "abcde-" * 20 + "x"],
)  # fmt: skip
def test_what_is_no_language(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_locale(text)


@pytest.mark.parametrize(
    "text", ["Europe/Zurich", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Asia/Kolkata"]
)
def test_time_zones(text: str) -> None:
    assert parse_time_zone(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "europe/zurich", "Europe/Zürich", "Zurich", "+01:00", "CEST", "../../etc/passwd", "Europe/", "/etc/localtime",
     "localtime", "Factory", "posix/UTC", "Europe/Zurich\0"],
)  # fmt: skip
def test_what_is_no_time_zone(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_time_zone(text)


def test_text() -> None:
    assert parse_text("# Grüezi 👋\n") == "# Grüezi 👋\n"
    for wrong in ("a\0b", "\ud800"):
        with pytest.raises(InvalidValue):
            parse_text(wrong)


PARSERS = [
    parse_datetime, parse_date, parse_url, parse_email, parse_locale, parse_time_zone, parse_text
]  # fmt: skip


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, ["en"], b"en", date(2026, 1, 1)])
def test_only_strings_are_values(parse: Callable[[object], Any], value: object) -> None:
    with pytest.raises(InvalidValue, match="string"):
        parse(value)


@pytest.mark.parametrize("parse", PARSERS[:-1])
@pytest.mark.parametrize("piece", ["a", "a.", "a-", "a@", "1", "-", "https://a", "mailto:a@b.c,", "x-a", "%"])
def test_no_text_is_dear_to_refuse(parse: Callable[[object], Any], piece: str) -> None:
    started = time.process_time()

    with pytest.raises(InvalidValue):
        parse(piece * 50_000 + "!")

    assert time.process_time() - started < 0.5
