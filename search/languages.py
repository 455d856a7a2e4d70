"""Languages: which one a text is in, told by its function words, and what its words have in common, their stems.

Words come folded (`search.words`), documents' and searches' alike, and are stemmed so: who types without accents finds
what is written with them. Snowball's algorithms look for accents in some endings, though; `RESTORED` gives them back.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import Stemmer

from search.words import fold

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "en": "english",
        "de": "german",
        "fr": "french",
        "es": "spanish",
        "it": "italian",
        "pt": "portuguese",
        "nl": "dutch",
        "sv": "swedish",
        "da": "danish",
        "no": "norwegian",
        "fi": "finnish",
        "pl": "polish",
        "ro": "romanian",
        "hu": "hungarian",
        "ru": "russian",
        "tr": "turkish",
    }
)
"""Snowball's algorithm by the language's code (BCP 47)."""

# What tells a language, folded. Left out is what is a name or a word of weight as well: war, it, us, can, ben, ci, os.
FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    code: frozenset(told.split())
    for code, told in {
        "en": "the of and to in is that for with as are this be have from at by not which but we you they "
        "their our has were been would there these those its i a an was your if what when who how do "
        "does did or",
        "de": "der die das und ist nicht von mit den dem des ein eine einer einem einen fur fuer auf sich im "
        "zu wird auch bei wir sie werden sind oder uber ueber nach aus wie als zum zur haben ich hat es "
        "wenn noch diese dass",
        "fr": "le la les des et est une un du dans que qui pour pas sur au aux avec par ce cette nous vous ils "
        "sont ne se ont mais ou leur tres je il elle en l d qu de etre ces",
        "es": "el la los las de y que en un una es por con para no se del al su sus como mas pero lo esta este "
        "hay muy nos tiene todos ha fue cuando",
        "it": "il lo la gli le di che e un una per non con del della dei delle nel nella alla sono piu questo "
        "questa anche si ma ha al da i dal sul sulla essere l",
        "pt": "o as um uma de do da dos das e que em no na nos nas para com nao por se mais como ao pelo pela "
        "foi sao este esta isso tem mas seu sua muito voce ele",
        "nl": "de het een en van is niet dat op te zijn voor met die aan er ook als bij naar uit wordt deze om "
        "maar door wij hebben heeft worden over ik je kunnen nog dit geen",
        "sv": "och att det som en ett ar inte med pa av for till den har de jag vi kan om fran eller ska vid "
        "men alla vara detta efter nar blir hur mycket",
        "da": "og at det som en et er ikke med pa af for til den har de jeg vi kan om fra eller skal ved men "
        "alle vaere dette efter nar bliver hvordan meget hvad noget mig",
        "no": "og at det som en et er ikke med pa av for til den har de jeg vi kan om fra eller skal ved men "
        "alle vaere dette etter nar blir hvordan mye hva noe meg",
        "fi": "ja on ei se etta oli joka ovat mutta tai myos kun niin kuin sen ole tama mita meidan hanen voi "
        "olla jos vain nyt jo minun ne tassa kanssa",
        "pl": "i w na z nie sie do to jest ze o jak za od co przez dla ale sa oraz ktory ktora ktore tym tego "
        "juz czy jego bedzie moze przy tylko",
        "ro": "si in de la nu cu pe este un o care sa ca din mai pentru au sunt fost ce dar sau lui prin dupa "
        "cum acest aceasta foarte noi",
        "hu": "a az es hogy nem is egy ez van volt meg csak de ha mar mint vagy azt minden el le lesz nagyon "
        "ezt sem kell majd ami aki itt",
        "ru": "и в не на что с по как это но он она мы вы они из у за от к для то же бы так или все было уже "
        "также если при только я его",
        "tr": "ve bir bu da de icin ile cok ama gibi daha olarak olan ne mi degil her kadar sonra biz veya hem "
        "en var yok oldugu bunu tum",
    }.items()
}
_HELD_BY = Counter(word for held in FUNCTION_WORDS.values() for word in held)
_WEIGHTS = {word: 1 / languages**2 for word, languages in _HELD_BY.items()}
"""What a word says of a text: the more languages have it, the less."""

HITS_MIN = 2  # different function words that tell a language
LEAD = 1.25  # times the weight of the runner-up's words
SHARE_MIN = 1 / 25  # of a text's words
TOLD_BY = 500  # words of a text that are looked at
CACHED = 1 << 16  # words that are stemmed once in a language; some 20 MB

Accented = str | Callable[[re.Match[str]], str]


def _dotless(found: re.Match[str]) -> str:
    return found[0].replace("i", "ı")


# In how many of the pairs of words to which Snowball's own vocabularies give one stem they keep it when they are folded
# first, without these and with them: fr 0.79, 0.91; es 0.88, 0.96; it 0.95, 0.97; pt 0.92, 0.98; pl 0.74, 0.86;
# ro 0.82, 0.95; hu 0.67, 0.89; tr 0.72, 0.80. In all other languages it is 0.99 and more, and needs none.
ENDINGS: Mapping[str, Sequence[tuple[str, Accented]]] = {
    "fr": [("ees?$", "e")],
    "es": [
        ("i(a|as|an|amos)$", r"í\1"),
        ("io$", "ió"),
        ("(?<!i)([ei]r)a(n|s|)$", r"\1á\2"),
    ],
    "it": [("([ei]r)a$", r"\1à"), ("([ei]r)o$", r"\1ò")],
    "pt": [
        ("ca(os?)$", r"çã\1"),
        ("coes$", "ções"),
        ("([rs])ao$", r"\1ão"),
        ("soes$", "sões"),
        ("avel$", "ável"),
        ("ivel$", "ível"),
    ],
    "pl": [
        ("ow$", "ów"),
        ("osc(i|ia|)$", r"ość\1"),
        ("([aeiy])c$", r"\1ć"),
        ("([aei])l(a|o|i|y|)$", r"\1ł\2"),
        ("a$", "ą"),
    ],
    "ro": [
        ("ti(|a|e|i|ei|ile|ilor|une|unea|uni)$", r"ţi\1"),
        ("eaza$", "ează"),
        ("and(u?)$", r"ând\1"),
        ("est[ei]$", "ește"),
        ("easca$", "ească"),
        ("([ai])sera$", r"\1seră"),
    ],
    "hu": [("([brt])ol$", r"\1ól"), ("sag", "ság"), ("seg", "ség"), ("e([rn])t$", r"é\1t")],
    # After an a there follows ı, never i.
    "tr": [("a(?:[^aeiou]*i)+", _dotless)],
}
RESTORED = {code: [(re.compile(ending), accented) for ending, accented in endings] for code, endings in ENDINGS.items()}


class _Stemmers(threading.local):
    """A thread's stemmers by language: each has a state, so no two threads may share one."""

    def __init__(self) -> None:
        self.of: dict[str, Callable[[str], str]] = {}


_stemmers = _Stemmers()


def language(text_words: Sequence[str]) -> str | None:
    """The code of the language that folded words are in; None where they are too few or it is not clear."""
    told = text_words[:TOLD_BY]
    common = Counter(word for word in told if word in _WEIGHTS)
    if len(common) < HITS_MIN:
        return None
    weights = {
        code: sum(times * _WEIGHTS[word] for word, times in common.items() if word in held)
        for code, held in FUNCTION_WORDS.items()
    }
    second, best = sorted(weights, key=weights.__getitem__)[-2:]
    held = FUNCTION_WORDS[best]
    hits = [times for word, times in common.items() if word in held]
    is_clear = weights[best] >= LEAD * weights[second] and sum(hits) >= SHARE_MIN * len(told)
    return best if is_clear and len(hits) >= HITS_MIN else None


def stems(language: str, words: Sequence[str]) -> list[str]:
    """The stem of each folded word, itself folded; `language` is one of `LANGUAGES`."""
    return [_stem(language, word) for word in words]


def is_function_word(word: str) -> bool:
    """Whether a folded word holds sentences together in some language, and says nothing by itself."""
    return word in _WEIGHTS


@lru_cache(maxsize=CACHED)
def _stem(language: str, word: str) -> str:
    return fold(_stemmer(language)(_restored(language, word))) or word


def _stemmer(language: str) -> Callable[[str], str]:
    known = _stemmers.of
    if language not in known:
        # It has no types; its own cache takes longer on a new word than stemming does.
        known[language] = getattr(getattr(Stemmer, "Stemmer")(LANGUAGES[language], 0), "stemWord")
    return known[language]


def _restored(language: str, word: str) -> str:
    """A folded word with the accents of its ending, where the language's stemmer goes by them."""
    for ending, accented in RESTORED.get(language, ()):
        restored = ending.sub(accented, word)
        if restored != word:
            return restored
    return word
