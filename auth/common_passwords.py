"""What people make passwords of: an offline rule that stands in for a list of the most common ones.

Published lists hold few passwords of twelve characters or more, and those are words, walks over the keyboard, dates and
repeats, put together. So this module knows the pieces instead: it counts how few of them a password takes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator

PIECES_MIN = 5  # a password of fewer guessable pieces is common

_WORDS = """
password passwort passwd pass word passphrase motdepasse contrasena senha parola haslo wachtwoord losenord salasana
secret geheim letmein access login logon signin welcome willkommen bienvenue bienvenido hello hallo bonjour hola ciao
admin administrator administrador root toor sysadmin superuser user username guest gast demo test tester testing temp
temporary temppass default changeme change newpass newpassword mypassword mypass master system server database oracle
cisco windows microsoft google apple facebook instagram linkedin twitter youtube yahoo hotmail gmail amazon netflix
samsung iphone android linux ubuntu computer laptop internet wireless network router security secure private company
office intranet social atrium work team staff manager employee business corporate project support helpdesk service
iloveyou ilove loveyou love lover lovely loveme lovers forever together always baby babygirl babyboy honey sweet
sweetheart sweetie darling angel angels princess prince queen king princesa beautiful pretty cutie kitty kitten
hellokitty dragon monkey tiger lion panther eagle falcon hawk phoenix wolf bear horse chicken turtle dolphin rabbit
bunny puppy butterfly spider snake shark pony cat cats dog dogs fish bird buster bailey charlie max maxwell rocky
shadow ginger pepper cookie cheese chocolate banana orange apple cherry strawberry lemon peanut butter coffee pizza
sugar candy bubbles flower flowers rose lily daisy jasmine sunflower rainbow sunshine sunny moonlight moon star stars
starlight sky ocean river mountain forest snow snowball winter spring summer autumn fall january february march april
may june july august september october november december monday tuesday wednesday thursday friday saturday sunday
sommer herbst fruhling printemps hiver verano invierno primavera today tomorrow birthday christmas halloween easter
football soccer baseball basketball hockey tennis golf rugby cricket volleyball swimming running runner player
arsenal chelsea liverpool everton manchester united tottenham barcelona realmadrid juventus inter milan bayern
yankees lakers cowboys steelers eagles raiders packers patriots dallas boston chicago newyork london paris berlin
madrid rome vienna zurich moscow tokyo sydney toronto texas florida california america american canada germany
deutschland france england scotland ireland brazil mexico india china japan poland russia spain italy espana
superman batman spiderman ironman avengers marvel starwars skywalker vader yoda jedi trekkie startrek harrypotter
hogwarts gandalf hobbit frodo matrix neo terminator rambo bond pokemon pikachu naruto sonic mario zelda minecraft
fortnite warcraft starcraft counterstrike playstation xbox nintendo gamer gaming games game ninja samurai warrior
killer hunter ranger fighter wizard magic merlin legend hero knight pirate captain soldier sniper slayer
michael jordan jennifer jessica ashley amanda nicole michelle daniel andrew matthew joshua anthony robert thomas
william richard charles george james john david joseph steven kevin brian jason justin brandon tyler austin alexander
alex samantha sarah stephanie elizabeth victoria hannah emma olivia sophie anna maria julia laura lisa andrea sandra
martin peter stefan thorsten juergen hans pierre jean carlos jose juan pedro luis antonio francesco giuseppe mohamed
mercedes porsche ferrari lamborghini bmw audi toyota honda mustang camaro corvette chevy ford harley yamaha ducati
metallica nirvana slipknot eminem beatles guitar music piano drummer rockstar rock metal punk dance singer
jesus christ jesuschrist god godisgood godislove heaven faith hope bless blessed church bible amen grace peace
money cash rich million dollar gold golden silver diamond platinum crystal lucky winner success freedom power
energy fire ice storm thunder lightning blue red green black white purple yellow pink orange brown gray grey silver
happy smile friend friends family mother father mommy daddy mama papa brother sister children mykids mylove mylife
life live dream dreams trustno trust nobody nothing whatever anything everything something someone trustnoone
unbelievable international communication congratulations understanding independence entertainment organization
relationship professional construction architecture intelligence university engineering development management
information technology transformers revolution thunderbirds thunderbird undertaker motherfucker fuckyou fuckoff fuck
shit bitch asshole sexy sex hottie hot bigdaddy cool awesome rocks sucks stupid crazy loser boss chief number one two
three four five six seven eight nine ten zero abc the and you are not for this that your my mine our me is it isa new
old big little good best first last yes super mega ultra ever never again open sesame opensesame correct battery
staple blink donald trump obama bitcoin crypto blockchain corona covid quarantine vaccine qwerty qwertz azerty asdf
zxcv yxcv qazwsx wsxedc dvorak keyboard monitor mouse
"""

_ROWS = [
    "`1234567890-=",
    "~!@#$%^&*()_+",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiop",
    "yxcvbnm,.-",
    "azertyuiop",
    "qsdfghjklm",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1a2b3c4d5e6f7g8h9i0j",
    "a1b2c3d4e5f6g7h8i9j0",
]
_WALKS = "\n".join([*_ROWS, *(row[::-1] for row in _ROWS)])
_LEET = str.maketrans("@4301!|l5$7+8", "aaeoiiiissttb")


def folded(text: str) -> str:
    """The text as guessers see it: one case, no accents, no look-alikes of other alphabets' widths."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def plain(text: str) -> str:
    """Folded, and with figures and signs read as the letters that they stand for; as long as `folded` gives it."""
    return folded(text).translate(_LEET)


COMMON = frozenset(plain(word) for word in _WORDS.split() if len(word) > 2)


def is_common(password: str, about: Iterable[str] = ()) -> bool:
    """Whether it takes only a few pieces; `about` are further words that a guesser would try first."""
    text = folded(password)
    words = COMMON | {plain(word) for word in about}
    unit = text[: (text + text).find(text, 1)]  # shorter than the text where that only repeats it
    return pieces(unit, words) + (len(unit) < len(text)) < PIECES_MIN


def pieces(text: str, words: frozenset[str]) -> int:
    """The least number of pieces that a folded text is made of; a character that is part of none counts as one."""
    letters = text.translate(_LEET)
    longest = max(map(len, words), default=0)
    least = list(range(len(text) + 1))
    for start in range(len(text)):
        for end in _ends(text, letters, start, words, longest):
            least[end] = min(least[end], least[start] + 1)
    return least[-1]


def _ends(text: str, letters: str, start: int, words: frozenset[str], longest: int) -> Iterator[int]:
    """Where the pieces that begin at `start` may end."""
    rest = range(start + 1, len(text) + 1)
    yield start + 1
    yield from (end for end in rest[:longest] if letters[start:end] in words)
    for is_piece, least, most in _RUNS:
        for end in rest[least - 1 : most]:
            if not is_piece(text[start:end]):
                break
            yield end


def _is_repeat(part: str) -> bool:
    return part == part[0] * len(part)


def _is_walk(part: str) -> bool:
    return part in _WALKS


def _is_signs(part: str) -> bool:
    return not any(map(str.isalnum, part))


# What a run must be at any length, and its least and most characters.
_RUNS: list[tuple[Callable[[str], bool], int, int]] = [
    (str.isdigit, 2, 8),  # a date, the end of a telephone number
    (_is_repeat, 2, 128),
    (_is_walk, 3, 128),
    (_is_signs, 2, 128),
]
