"""What people write to each other in passing, by language: exchanges of a few lines, with the gaps of `phrases`."""

from collections.abc import Mapping
from dataclasses import dataclass

from atrium.demo.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Exchange:
    """How a few lines go: somebody opens, others answer, and whoever has opened ends it."""

    opens: Phrases
    answers: Phrases
    ends: Phrases


@dataclass(frozen=True, slots=True)
class Chatter:
    """All exchanges of one language: what `two` people say, what is said among `more`, and what fits all."""

    two: tuple[Exchange, ...]
    more: tuple[Exchange, ...]
    short: Phrases
    tails: Phrases  # what may follow upon any line
    calls: Phrases  # to all members at once


_PROBLEM = Exchange(
    opens=(
        "{Problem}. Is that only me?",
        "Does anybody else see this? {Problem}.",
        "Short question on {name}: {problem}. Any idea?",
        "Just so that you know: {problem}. I am on it.",
        "{Problem}, again. Who had a look at it last time?",
        "Hm, {name} once more. {Problem}.",
    ),
    answers=(
        "Same here since this morning.",
        "No, all is well in {place}.",
        "Have you asked {colleague}?",
        "We had that last week. It went away after {number} minutes.",
        "Let me look. One moment.",
        "Can you send me a screenshot?",
        "I would {wish}, then it does not come back.",
        "Known problem. There is a note at https://wiki.atrium.example/{tag}",
        "Which site are you at?",
        "Try it once more, please. I have changed something.",
        "On my list for this afternoon.",
        "Same in {other}. So it is not us.",
        "Since when?",
        "Oh no, not again 🙈",
    ),
    ends=(
        "It works again. Thank you!",
        "Found it. My own fault, sorry for the noise.",
        "Ok, I will wait then.",
        "That was it. You are the best 🙏",
        "Good to know that I am not alone.",
        "I will write it down so that we find it next time.",
    ),
)
_HELP = Exchange(
    opens=(
        "Who knows where I find the guide on {name}?",
        "Has anybody got {number} minutes for {name}?",
        "Could somebody read over my page on {name} {day}?",
        "Who is the right person for {name} now?",
        "Do we have numbers on {name} for {place}?",
        "How do you handle {name} in {other}?",
    ),
    answers=(
        "Look here: https://wiki.atrium.example/{tag}",
        "I can, at {time}.",
        "{colleague} knows all about it.",
        "Not me, sorry. Ask in {place}?",
        "Send it over.",
        "I have a list, but it is from last month.",
        "We just {wish}. Nothing more to it.",
        "Good question. I would like to know that, too.",
        "I can tell you more {day}.",
        "Here: https://files.atrium.example/{tag}.pdf",
    ),
    ends=(
        "Perfect, thank you!",
        "Thanks, that helps a lot.",
        "Great, I owe you a coffee ☕",
        "Got it 👍",
        "Thanks all!",
    ),
)
_NEWS = Exchange(
    opens=(
        "Good news: {gain} 🎉",
        "Just heard it: {gain}.",
        "{Gain}. I did not expect that.",
        "Small thing, but still: {gain}.",
        "Have you seen the numbers? {Gain}!",
    ),
    answers=(
        "Wow!",
        "Finally.",
        "Well done, all of you 👏",
        "That was worth the effort.",
        "Nice. Can we tell the others?",
        "And in {other}?",
        "🎉🎉",
        "Then we should {wish} next.",
        "Great work, {colleague} above all.",
        "Cake {day}?",
    ),
    ends=("Thank you! It was a joint effort.", "I will pass it on.", "Cake it is.", "On to the next one 😊"),
)
_MEETING = Exchange(
    opens=(
        "Can we move our call on {name} to {time}?",
        "Are you free {day} at {time}? It is about {name}.",
        "I am {number} minutes late, sorry. Please start without me.",
        "Who comes to the round on {name} {day}?",
        "Do we still need the meeting {day}? I think we can do it here.",
        "Room change: we meet in the small room at {time}.",
    ),
    answers=(
        "Fine for me.",
        "{time} would be better.",
        "I can only stay for {number} minutes.",
        "Yes, see you there.",
        "I am in {other} {day}. By phone?",
        "No need from my side.",
        "👍",
        "Can somebody take notes?",
        "I will send the points before.",
        "Count me in.",
        "Sorry, not {day}.",
    ),
    ends=(
        "Ok, I have moved it.",
        "Perfect, see you then.",
        "Then let us do it in writing.",
        "Done, you have a new invitation.",
    ),
)
_PLAN = Exchange(
    opens=(
        "What do you think, shall we {wish}?",
        "I would like to {wish}. Objections?",
        "Idea for {name}: we {wish}, first in {place}.",
        "Before I ask the others: does it make sense to {wish}?",
        "Next step for {name}? I would say: {wish}.",
    ),
    answers=(
        "Yes, please.",
        "Makes sense. Who does it?",
        "Not before the end of the month.",
        "We tried that once. Ask {colleague} how it went.",
        "I like it.",
        "Start with {number} people and see.",
        "What does it cost?",
        "As long as nobody has to fill in a form 😄",
        "Let us decide {day}, when all are back.",
        "Fine, but then {place} and {other} together.",
        "Hm. The problem is another one: {problem}.",
    ),
    ends=(
        "Good, I will write it up.",
        "Then I start {day}.",
        "Fair. Let us talk about it {day}.",
        "Thanks, that was what I needed.",
    ),
)
_LUNCH = Exchange(
    opens=(
        "Lunch at {time}?",
        "Who is hungry?",
        "Coffee? ☕",
        "There is cake in the kitchen. First come, first served.",
        "Canteen or the place around the corner?",
    ),
    answers=(
        "In {number} minutes.",
        "I have brought something, but I come along.",
        "Yes!",
        "Not today, sorry.",
        "Only if it is not soup again.",
        "Already on my way.",
        "Keep a seat for me.",
    ),
    ends=("Meet you at the door.", "See you there.", "Gone already, sorry 😅", "Good."),
)
_CHECK = Exchange(
    opens=(
        "How far are you with {name}?",
        "Did you get around to {name}?",
        "Could you have a look at {name} {day}?",
        "Do you have {number} minutes?",
        "Are you in {place} {day}?",
        "I have put the numbers on {name} into your folder.",
    ),
    answers=(
        "Nearly done.",
        "Tomorrow morning, promised.",
        "Yes, sent it at {time}.",
        "Not yet, {problem}.",
        "Sure, give me a call.",
        "I wait for {colleague}.",
        "Thanks, I will look at it {day}.",
        "Yes, all day.",
        "In {number} minutes?",
    ),
    ends=("Great, thank you.", "No hurry.", "Perfect.", "Ok, tell me if I can help.", "👍"),
)

ENGLISH = Chatter(
    two=(_CHECK, _CHECK, _PROBLEM, _MEETING, _PLAN, _LUNCH, _HELP),
    more=(_PROBLEM, _HELP, _NEWS, _MEETING, _PLAN, _PLAN, _LUNCH),
    short=(
        "👍",
        "Ok.",
        "Thanks!",
        "Will do.",
        "😂",
        "Yes.",
        "Right.",
        "+1",
        "Good morning!",
        "See you {day}.",
        "One moment.",
    ),
    tails=(
        "By the way, {gain}.",
        "{colleague} might know more.",
        "I have a call at {time}, then I am back.",
        "More on that {day}.",
        "In {place} it is like that.",
        "And greetings from {place}!",
        "It took {number} minutes, no more.",
        "Tell me if not.",
        "I write it into our list.",
        "Shall I ask {colleague}?",
        "I am in {other} {day}, by the way.",
        "That makes {number} this month.",
    ),
    calls=(
        "@everyone Please note: from next week on we {wish}. Questions here, please.",
        "@here {Problem}. We are on it and tell you when it is over.",
        "@everyone Last call for {name}: I close the list {day} at {time}.",
        "@here Is somebody in {place} who has {number} minutes?",
    ),
)
GERMAN = Chatter(
    two=(
        Exchange(
            (
                "Wie weit bist du ({name})?",
                "Hast du {day} kurz Zeit?",
                "Kannst du mal draufschauen? {Problem}.",
                "Bist du {day} in {place}?",
            ),
            (
                "Fast fertig.",
                "Ja, ab {time} Uhr.",
                "Klar, ruf an.",
                "Morgen früh, versprochen.",
                "Warte noch auf {colleague}.",
            ),
            ("Super, danke!", "Keine Eile.", "Passt.", "👍"),
        ),
        Exchange(
            ("Mittag?", "Kaffee? ☕", "{Problem}. Siehst du das auch?", "Sollen wir {wish}?"),
            ("Gern.", "In {number} Minuten.", "Hier auch.", "Frag mal {colleague}.", "Gute Idee."),
            ("Bis gleich.", "Alles klar.", "Danke dir!"),
        ),
    ),
    more=(
        Exchange(
            (
                "{Problem}. Geht das nur mir so?",
                "Wer kennt sich damit aus ({name})?",
                "Idee: {wish}. Was meint ihr?",
                "Gute Nachricht: {gain} 🎉",
            ),
            (
                "Bei uns in {place} auch.",
                "Frag {colleague}.",
                "Hatten wir letzte Woche auch, nach {number} Minuten war es weg.",
                "Ich schaue {day} nach.",
                "Steht im Wiki: https://wiki.atrium.example/{tag}",
                "Sehr gut!",
            ),
            ("Danke euch!", "Geht wieder, danke.", "Ich schreibe es auf.", "Perfekt 👍"),
        ),
        Exchange(
            ("Verschieben wir auf {time} Uhr?", "Wer kommt {day} mit?", "Brauchen wir den Termin {day} noch?"),
            ("Passt.", "Bin dabei.", "Von mir aus nicht.", "Lieber {day}.", "Kann jemand mitschreiben?"),
            ("Ok, ist verschoben.", "Bis dann!", "Erledigt."),
        ),
    ),
    short=("👍", "Ok.", "Danke!", "Mach ich.", "😂", "Guten Morgen!", "Ich melde mich {day}.", "Moment."),
    tails=(
        "Übrigens: {gain}.",
        "{colleague} weiß sicher mehr.",
        "Um {time} Uhr bin ich wieder da.",
        "Mehr dazu {day}.",
        "Grüße aus {place}!",
        "Das wären dann {number}.",
    ),
    calls=("@everyone Bitte beachten: {problem}. Wir melden uns {day}.",),
)
FRENCH = Chatter(
    two=(
        Exchange(
            ("Tu as {number} minutes ?", "Où en es-tu ({name}) ?", "Tu es à {place} {day} ?", "Un café ? ☕"),
            ("Presque fini.", "Oui, à {time}.", "Bien sûr, appelle-moi.", "J’attends {colleague}.", "Pas avant {day}."),
            ("Merci !", "Parfait.", "Pas de souci.", "👍"),
        ),
    ),
    more=(
        Exchange(
            (
                "{Problem}. Vous aussi ?",
                "Qui peut m’aider ({name}) ?",
                "On pourrait {wish}, non ?",
                "Bonne nouvelle : {gain} 🎉",
            ),
            (
                "Pareil à {place}.",
                "Demande à {colleague}.",
                "Bonne idée.",
                "Je regarde {day}.",
                "C’est ici : https://wiki.atrium.example/{tag}",
                "Bravo à tous !",
            ),
            ("Merci à tous !", "Ça remarche.", "Je note tout ça.", "Super 👍"),
        ),
    ),
    short=("👍", "Ok.", "Merci !", "D’accord.", "😂", "Bonjour !", "À {day} !"),
    tails=(
        "Au fait : {gain}.",
        "{colleague} en sait plus.",
        "Je reviens à {time}.",
        "Bonjour de {place} !",
    ),
    calls=("@everyone À noter : {problem}. Des nouvelles {day}.",),
)
SPANISH = Chatter(
    two=(
        Exchange(
            ("¿Tienes {number} minutos?", "¿Cómo vas ({name})?", "¿Estás en {place} {day}?", "¿Un café? ☕"),
            ("Casi listo.", "Sí, a las {time}.", "Claro, llámame.", "Espero a {colleague}.", "Mejor {day}."),
            ("¡Gracias!", "Perfecto.", "Sin prisa.", "👍"),
        ),
    ),
    more=(
        Exchange(
            (
                "{Problem}. ¿Os pasa también?",
                "¿Quién me ayuda ({name})?",
                "¿Y si pudiéramos {wish}?",
                "Buenas noticias: {gain} 🎉",
            ),
            (
                "En {place} igual.",
                "Pregunta a {colleague}.",
                "Buena idea.",
                "Lo miro {day}.",
                "Está aquí: https://wiki.atrium.example/{tag}",
                "¡Enhorabuena!",
            ),
            ("¡Gracias a todos!", "Ya funciona.", "Lo apunto.", "Genial 👍"),
        ),
    ),
    short=("👍", "Vale.", "¡Gracias!", "Hecho.", "😂", "¡Buenos días!", "Hasta {day}."),
    tails=(
        "Por cierto: {gain}.",
        "{colleague} sabe más.",
        "Vuelvo a las {time}.",
        "¡Saludos desde {place}!",
    ),
    calls=("@everyone Aviso: {problem}. Más noticias {day}.",),
)

CHATTER: Mapping[str, Chatter] = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}
