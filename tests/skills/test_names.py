"""Names of skills: how they are written makes no difference, what they mean does."""

from __future__ import annotations

import pytest

from models.skills import skill_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rust", "  rUST  "),
        ("Project  Management", "project management"),
        ("Résumé", "resume"),
        ("Straße", "STRASSE"),
        ("Ｃ＋＋", "c++"),
        ("C#", "ｃ＃"),
        ("Soft\u00adware", "software"),
        ("re\u0301sume\u0301", "résumé"),
        ("Ελλάδα", "ελλαδα"),
    ],
)
def test_the_same_however_it_is_written(one: str, other: str) -> None:
    assert skill_key(one) == skill_key(other)


@pytest.mark.parametrize(
    "names", [("C", "C#", "C++", "F#"), ("Go", "Go!"), (".NET", "NET"), ("ガ", "カ"), ("कि", "की")]
)
def test_signs_and_letters_of_other_scripts_make_another_skill(names: tuple[str, ...]) -> None:
    assert len({skill_key(name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ["", " ", "\u200d", "´", "\u0301"])
def test_of_nothing_nothing_is_left(name: str) -> None:
    assert skill_key(name) == ""
