"""Where the demonstration company works: cities with their time zones, languages and the names one meets there."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Place:
    """A city. `utc_offset` is its standard time in hours: near enough to spread working hours without a zone table."""

    city: str
    country: str
    region: str
    time_zone: str
    utc_offset: float
    language: str  # of many of its posts: en, de, fr or es
    cultures: tuple[str, ...]  # the commonest first


# City | country | region | time zone | offset | language | cultures; the larger the site, the earlier it stands.
_PLACES = """
Rotterdam|Netherlands|Benelux|Europe/Amsterdam|1|en|dutch english turkish indonesian
Lisbon|Portugal|Iberia|Europe/Lisbon|0|en|portuguese spanish
Hamburg|Germany|DACH|Europe/Berlin|1|de|german turkish polish
Madrid|Spain|Iberia|Europe/Madrid|1|es|spanish
Pune|India|South Asia|Asia/Kolkata|5.5|en|hindi tamil
Lyon|France|France|Europe/Paris|1|fr|french arabic
Manchester|United Kingdom|British Isles|Europe/London|0|en|english bengali yoruba
Kraków|Poland|Central Europe|Europe/Warsaw|1|en|polish ukrainian
Mexico City|Mexico|Latin America|America/Mexico_City|-6|es|spanish
Chicago|United States|North America|America/Chicago|-6|en|english spanish polish
Osaka|Japan|East Asia|Asia/Tokyo|9|en|japanese korean
Nairobi|Kenya|Africa|Africa/Nairobi|3|en|swahili hindi
Gothenburg|Sweden|Nordics|Europe/Stockholm|1|en|nordic persian
Milan|Italy|Italy and Greece|Europe/Rome|1|en|italian
Istanbul|Türkiye|Middle East|Europe/Istanbul|3|en|turkish arabic
São Paulo|Brazil|Latin America|America/Sao_Paulo|-3|en|portuguese italian japanese
Lagos|Nigeria|Africa|Africa/Lagos|1|en|yoruba igbo
Prague|Czechia|Central Europe|Europe/Prague|1|en|czech ukrainian
Seoul|South Korea|East Asia|Asia/Seoul|9|en|korean
Jakarta|Indonesia|South-East Asia|Asia/Jakarta|7|en|indonesian chinese
Dublin|Ireland|British Isles|Europe/Dublin|0|en|english polish
Toronto|Canada|North America|America/Toronto|-5|en|english chinese tamil persian
Brussels|Belgium|Benelux|Europe/Brussels|1|fr|french dutch arabic
Ho Chi Minh City|Vietnam|South-East Asia|Asia/Ho_Chi_Minh|7|en|vietnamese
Cairo|Egypt|Middle East|Africa/Cairo|2|en|arabic
Vienna|Austria|DACH|Europe/Vienna|1|de|german czech turkish
Athens|Greece|Italy and Greece|Europe/Athens|2|en|greek
Chennai|India|South Asia|Asia/Kolkata|5.5|en|tamil hindi
Kyiv|Ukraine|Central Europe|Europe/Kyiv|2|en|ukrainian
Oslo|Norway|Nordics|Europe/Oslo|1|en|nordic polish
Shanghai|China|East Asia|Asia/Shanghai|8|en|chinese
Austin|United States|North America|America/Chicago|-6|en|english spanish vietnamese
Lille|France|France|Europe/Paris|1|fr|french portuguese arabic
Bogotá|Colombia|Latin America|America/Bogota|-5|es|spanish
Tel Aviv|Israel|Middle East|Asia/Jerusalem|2|en|hebrew arabic
Munich|Germany|DACH|Europe/Berlin|1|de|german italian greek
Valencia|Spain|Iberia|Europe/Madrid|1|es|spanish
Kolkata|India|South Asia|Asia/Kolkata|5.5|en|bengali hindi
Singapore|Singapore|South-East Asia|Asia/Singapore|8|en|chinese tamil indonesian
Addis Ababa|Ethiopia|Africa|Africa/Addis_Ababa|3|en|amharic
Zurich|Switzerland|DACH|Europe/Zurich|1|de|german french italian
Leeds|United Kingdom|British Isles|Europe/London|0|en|english hindi
Copenhagen|Denmark|Nordics|Europe/Copenhagen|1|en|nordic
Montréal|Canada|North America|America/Toronto|-5|fr|french arabic english
Buenos Aires|Argentina|Latin America|America/Argentina/Buenos_Aires|-3|es|spanish italian
Dubai|United Arab Emirates|Middle East|Asia/Dubai|4|en|arabic persian hindi
Dhaka|Bangladesh|South Asia|Asia/Dhaka|6|en|bengali
Tokyo|Japan|East Asia|Asia/Tokyo|9|en|japanese
Porto|Portugal|Iberia|Europe/Lisbon|0|en|portuguese
Brno|Czechia|Central Europe|Europe/Prague|1|en|czech
Tampere|Finland|Nordics|Europe/Helsinki|2|en|nordic
Turin|Italy|Italy and Greece|Europe/Rome|1|en|italian arabic
Izmir|Türkiye|Middle East|Europe/Istanbul|3|en|turkish
Accra|Ghana|Africa|Africa/Accra|0|en|yoruba english
"""


def _place(line: str) -> Place:
    city, country, region, zone, offset, language, cultures = line.split("|")
    return Place(city, country, region, zone, float(offset), language, tuple(cultures.split()))


PLACES = tuple(_place(line) for line in _PLACES.strip().splitlines())
HEADQUARTERS = PLACES[0]


def places_of(people: int) -> tuple[Place, ...]:
    """The cities a company of that many people works in, the largest first."""
    return PLACES[: max(3, min(len(PLACES), 3 + int(people**0.5 / 1.4)))]


def regions_of(places: tuple[Place, ...]) -> tuple[str, ...]:
    """Their regions, each once, in order of their first city."""
    return tuple(dict.fromkeys(place.region for place in places))


def draw_culture(rng: Random, place: Place, everywhere: tuple[str, ...]) -> str:
    """A culture met in a place: its own mostly, any other now and then."""
    if rng.random() < 0.25:
        return rng.choice(everywhere)
    return place.cultures[min(int(rng.expovariate(1.1)), len(place.cultures) - 1)]


def draw_language(rng: Random, place: Place) -> str:
    """The language someone there writes in; English is the company's second everywhere."""
    return place.language if rng.random() < 0.75 else "en"
