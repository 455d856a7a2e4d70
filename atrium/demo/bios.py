"""Short texts of profiles: a bio of one or two sentences, and pronouns."""

from random import Random

_HOBBIES = """
cycling;sourdough;choir;chess;beekeeping;long-distance trains;watercolours;volleyball;bouldering;gardening;old radios;
salsa;birdwatching;marathons;board games;street photography;knitting;canoeing;jazz piano;science fiction;cricket;
community theatre;table tennis;mushroom hunting;sewing;wheelchair basketball;astronomy;street food
""".replace("\n", "").split(";")

_BIOS: dict[str, tuple[str, ...]] = {
    "en": (
        "{years} years with Atrium, most of them in {city}.",
        "Joined for one summer, stayed {years} years. Ask me about {skill}.",
        "{title} in {city}. Outside work: {hobby} and {hobby2}.",
        "I like problems that cross team borders.",
        "Happy to share what I know about {skill}; always learning from those who do it every day.",
        "Based in {city}. Parent of two, friend of {hobby}.",
        "Before Atrium I was a teacher. I still explain things with chalk.",
        "Ask me about {skill} or {hobby}, in either order.",
        "I keep lists. If we agreed on something, it is on one.",
        "Returned from parental leave this year; part time until summer.",
    ),
    "de": (
        "{title} in {city}, seit {years} Jahren dabei. Fragt mich gern zu {skill}.",
        "Ich mag klare Absprachen und kurze Wege.",
        "In {city} zu Hause. Nach der Arbeit im Garten oder auf dem Rad.",
    ),
    "fr": (
        "{title} à {city}, dans l'entreprise depuis {years} ans.",
        "J'aime les solutions simples et les pauses café utiles.",
        "Basé à {city}. Une question sur {skill} ? Écrivez-moi.",
    ),
    "es": (
        "{title} en {city}; llevo {years} años en la empresa.",
        "Me gusta explicar las cosas con un dibujo. Preguntadme por {skill}.",
        "Vivo en {city}. Los domingos, montaña.",
    ),
}

_PRONOUNS = {
    "en": ("she/her", "he/him"),
    "de": ("sie/ihr", "er/ihm"),
    "fr": ("elle", "il"),
    "es": ("ella", "él"),
}


def draw_bio(rng: Random, language: str, *, title: str, city: str, years: int, skills: tuple[str, ...]) -> str | None:
    """One or two sentences about someone; None for those who left it empty, nearly half."""
    if rng.random() < 0.45:
        return None
    bio = rng.choice(_BIOS[language])
    if ("{skill}" in bio and not skills) or ("{years}" in bio and years < 2):
        return None
    first, second = rng.sample(_HOBBIES, 2)
    skill = skills[0] if skills else ""
    return bio.format(title=title, city=city, years=years, skill=skill, hobby=first, hobby2=second)


def draw_pronouns(rng: Random, language: str, *, female: bool) -> str | None:
    """Pronouns as written by those who give them, about a third."""
    dice = rng.random()
    if dice > 0.35:
        return None
    if dice < 0.012:
        return "they/them"
    return _PRONOUNS["en" if dice < 0.25 else language][0 if female else 1]
