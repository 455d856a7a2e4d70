"""Languages of texts, and the stems of their words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.languages import FUNCTION_WORDS, LANGUAGES, is_function_word, language, stems
from search.words import fold, tokens, words

TEXTS = {
    "en": [
        "The release of the new warehouse system is planned for Monday, and we have tested it with all teams.",
        "Does anybody know who is on call this week?",
        "Our kitchen has been closed since yesterday, but there will be coffee in the lobby.",
    ],
    "de": [
        "Die neue Fassung des Lagersystems ist für Montag geplant, und wir haben sie mit allen Teams geprüft.",
        "Weiß jemand, wer in dieser Woche Bereitschaft hat und nicht im Urlaub ist?",
        "Die Küche ist seit gestern geschlossen, aber es gibt Kaffee im Foyer.",
        "Wir treffen uns nach der Mittagspause auf der Dachterrasse.",
    ],
    "fr": [
        "La nouvelle version du logiciel est prévue pour lundi et nous avons fait les essais avec toutes les équipes.",
        "Est-ce que quelqu'un sait qui est d'astreinte cette semaine ?",
        "L'équipe de Lyon a présenté ses résultats dans la grande salle.",
    ],
    "es": [
        "La nueva versión del sistema está prevista para el lunes y la hemos probado con todos los equipos.",
        "¿Alguien sabe quién está de guardia esta semana? No lo encuentro en el calendario.",
        "Muchas gracias por los comentarios, hay que revisar el informe.",
    ],
    "it": [
        "La nuova versione del sistema è prevista per lunedì e la stiamo provando con tutti i gruppi.",
        "Qualcuno sa chi è di turno questa settimana? Non lo trovo nel calendario.",
        "Il rapporto della riunione di ieri è sul portale.",
    ],
    "pt": [
        "A nova versão do sistema está prevista para segunda-feira e foi testada com as equipes.",
        "Alguém sabe quem está de plantão esta semana? Não encontro isso no calendário.",
        "O relatório da reunião não foi enviado, mas ele será publicado pela manhã.",
    ],
    "nl": [
        "De nieuwe versie van het systeem is gepland voor maandag en we hebben die met alle teams getest.",
        "Weet iemand wie er deze week dienst heeft? Ik kan het niet vinden in de agenda.",
        "Het verslag van de vergadering wordt morgen door ons op het portaal gezet.",
    ],
    "sv": [
        "Den nya versionen av systemet är planerad till måndag och vi har testat den med alla team.",
        "Vet någon vem som har jour den här veckan? Jag hittar det inte i kalendern.",
        "Köket är stängt sedan i går, men det finns kaffe i lobbyn och vi får mycket frukt.",
    ],
    "da": [
        "Den nye udgave af systemet er planlagt til mandag, og vi har prøvet den af med alle hold.",
        "Er der nogen, der ved, hvad vi skal gøre efter mødet? Jeg har ikke fået noget at vide.",
    ],
    "no": [
        "Den nye utgaven av systemet er planlagt til mandag, og vi har prøvd den med alle lag etter møtet.",
        "Er det noen som vet hva vi skal gjøre etter møtet? Jeg har ikke fått vite noe.",
    ],
    "fi": [
        "Järjestelmän uusi versio on suunniteltu maanantaiksi ja se on testattu, mutta kaikki eivät ole vielä mukana.",
        "Keittiö on kiinni, mutta aulassa on kahvia ja myös hedelmiä kun kokous alkaa.",
    ],
    "pl": [
        "Nowa wersja systemu jest zaplanowana na poniedziałek i nie została jeszcze sprawdzona przez zespoły.",
        "Czy ktoś wie, kto ma dyżur w tym tygodniu? Nie ma tego w kalendarzu.",
    ],
    "ro": [
        "Noua versiune a sistemului este planificată pentru luni și au fost făcute teste cu toate echipele.",
        "Bucătăria nu este deschisă, dar sunt cafea și fructe în hol după prânz.",
    ],
    "hu": [
        "A rendszer új változata hétfőre van tervezve, és már minden csapattal kipróbáltuk.",
        "Tudja valaki, hogy ki az ügyeletes ezen a héten? Nem találom a naptárban, és ez nagyon sürgős.",
    ],
    "ru": [
        "Новая версия системы запланирована на понедельник, и мы уже проверили её со всеми командами.",
        "Кто-нибудь знает, кто дежурит на этой неделе? Я не нашёл этого в календаре.",
    ],
    "tr": [
        "Sistemin yeni sürümü pazartesi günü için planlandı ve bütün ekipler ile denendi.",
        "Bu hafta nöbetçi kim? Takvimde bir şey yok ama çok acil, daha sonra bakarım.",
    ],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in TEXTS.items() for text in texts])
def test_a_text_tells_its_language(code: str, text: str) -> None:
    assert language(words(text)) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the",
        "the the the",
        "Hello",
        "Ann Müller",
        "Maria de la Cruz",
        "Charles de Gaulle",
        "Jan van der Berg",
        "Leonardo da Vinci",
        "Per Andersson",
        "Kubernetes, PostgreSQL, Redis",
        "OK 👍",
        "def main(args): return 0",
        "今日は会議があります",
        "Привет",
        "The report: " + "figure " * 200,
    ],
)
def test_names_and_what_is_too_short_or_unclear_tell_none(text: str) -> None:
    assert language(words(text)) is None


def test_texts_written_without_accents_tell_it_as_well() -> None:
    assert language(words("Die Kueche ist geschlossen, aber fuer alle gibt es Kaffee")) == "de"
    assert language(words("Est-ce que l'equipe a recu le materiel pour la reunion ?")) == "fr"


def test_every_language_has_its_words_as_texts_are_folded() -> None:
    assert FUNCTION_WORDS.keys() == LANGUAGES.keys()
    for held in FUNCTION_WORDS.values():
        assert len(held) >= 20
        assert [words(word) for word in held] == [[word] for word in held]


@pytest.mark.parametrize("word", ["the", "und", "les", "что", "ve", "nicht", "fur", "fuer"])
def test_function_words_of_any_language(word: str) -> None:
    assert is_function_word(word)


@pytest.mark.parametrize("word", ["it", "us", "os", "ai", "ki", "ci", "c", "r", "can", "ben", "war", "ann", "budget"])
def test_names_and_words_of_weight_are_none(word: str) -> None:
    assert not is_function_word(word)


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("en", "running runs run"),
        ("en", "connection connected connecting connects"),
        ("de", "Haus Häuser Häusern"),
        ("de", "Müller Muller Mueller"),
        ("de", "Schulung Schulungen"),
        ("de", "größer grösser groesser"),
        ("fr", "développé développées developpee développer développement"),
        ("fr", "équipe équipes equipes"),
        ("es", "canción canciones cancion"),
        ("es", "trabajar trabajamos trabajaba trabajó"),
        ("it", "riunione riunioni"),
        ("it", "parlare parlerà parlava"),
        ("pt", "considerar consideração considerações"),
        ("nl", "vergadering vergaderingen"),
        ("sv", "möte möten mötet moten"),
        ("da", "møde møder mødet"),
        ("no", "møte møter møtet"),
        ("fi", "talo talossa talot taloissa"),
        ("pl", "zespół zespołów"),
        ("ro", "operație operații operațiile"),
        ("hu", "könyv könyvek könyvben könyvről"),
        ("ru", "новый новая новые новой"),
        ("ru", "отчёт отчета отчёты"),
        ("tr", "kitap kitapları kitaplar kitaplarım"),
    ],
)
def test_forms_of_a_word_have_one_stem(code: str, forms: str) -> None:
    assert len(set(stems(code, words(forms)))) == 1


def test_a_stem_for_each_word_whatever_it_is() -> None:
    assert stems("en", ["csharp", "cplusplus", "42", "👍", "開", "running"]) == [
        "csharp",
        "cplusplus",
        "42",
        "👍",
        "開",
        "run",
    ]
    assert stems("en", []) == []


@pytest.mark.parametrize("code", LANGUAGES)
@given(text=st.text(max_size=40))
def test_stems_are_fit_for_an_index_as_words_are(code: str, text: str) -> None:
    found = words(text)

    for stem in stems(code, found):
        assert stem == fold(stem)
        assert not set(stem) & set(" '\"\\:/&|!<()*")
        assert stem


def test_threads_stem_at_the_same_time() -> None:
    texts = [[f"thread{at}x{n}ing" for n in range(2_000)] for at in range(8)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(partial(stems, "en"), texts))

    assert found == [[word.removesuffix("ing") for word in text] for text in texts]


def test_what_is_typed_with_other_keys_has_the_same_stem_among_its_spellings() -> None:
    (token,) = tokens("Bücher")

    assert stems("de", [token.word]) == stems("de", [*token.others]) == stems("de", ["buch"])
