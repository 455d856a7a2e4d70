"""What groups there may be in a company: their names, who may come in, how many do, and what they talk about."""

from dataclasses import dataclass

from atrium.demo.subjects import Subject, parsed
from models.groups import JoinPolicy, Visibility


@dataclass(frozen=True, slots=True)
class Theme:
    """A group that may be. `share` is the part of the company that is in it, `purpose` what is special about it."""

    name: str
    description: str
    visibility: Visibility
    join_policy: JoinPolicy
    share: float
    subjects: tuple[Subject, ...] = ()
    purpose: str = ""  # newcomers, board, secret, guests, archived, moderated
    city: str = ""  # where those are whom it is for


def _theme(line: str, subjects: str = "", purpose: str = "", city: str = "") -> Theme:
    name, who, share, description = line.split("|")
    visibility, policy = who.split()
    return Theme(
        name, description, Visibility(visibility), JoinPolicy(policy), float(share), parsed(subjects), purpose, city
    )


THEMES: tuple[Theme, ...] = (
    _theme(
        "Newcomers|OPEN OPEN|0.2|"
        "The first months at Atrium: every question is welcome here, the small ones most of all.",
        """
first-day|the first day|nobody knew where to collect the badge|
  send a photo of the entrance with the invitation|everyone had a badge and a laptop by ten
buddies|the buddy list|some of us have a buddy in another time zone|
  pick buddies from the same site|every newcomer of this month has a buddy
acronyms|our acronyms|I counted nineteen in one meeting|
  keep one list that anyone may add to|the list of acronyms has a hundred entries
""",
        "newcomers",
    ),
    _theme(
        "Project Lighthouse|SECRET INVITE|0.03|"
        "Preparing the new site. Please keep everything here until the day of the announcement.",
        """
new-site|the new site|the landlord wants an answer before the board meets|
  ask for two more weeks|the survey of the ground found nothing that worries us
site-timeline|the timeline|the power line comes six weeks later than planned|
  open with half of the lines|the first machines can move in before summer
""",
        "secret",
    ),
    _theme(
        "Brightwell partnership|PRIVATE INVITE|0.03|"
        "Where we work together with Brightwell Partners. Guests are with us: write accordingly.",
        """
joint-plan|the joint plan|two of the dates fall on holidays in one of our countries|
  move both to the week after|phase one is done and signed by both sides
data-exchange|the data exchange|the files arrive with two different headers|
  agree on one example file|three deliveries in a row came through without a question
""",
        "guests",
    ),
    _theme(
        "Heads of units|PRIVATE INVITE|1|"
        "For all who lead a unit: what we decide, before everyone hears of it, and what we are unsure about.",
        """
span-of-control|how many people one of us can lead|some of us have more than fifteen reports|
  split the two largest teams|the last three new leads came from our own people
budget-round|the budget round|three units have planned the same workshop|
  look at each other's lists before the deadline|we closed the round two weeks early
""",
        "board",
    ),
    _theme(
        "Ideas and improvements|OPEN OPEN|0.35|"
        "Something could be better? Say it here. A moderator looks at each idea before it is shown.",
        purpose="moderated",
    ),
    _theme(
        "Summer party|OPEN OPEN|0.25|Planning of the last summer party. Thank you, everyone: see you next year!",
        """
summer-party|the summer party|the band needs more power than the yard has|
  borrow the generator of the depot|two hundred of us have said yes
party-food|the food for the party|the list of allergies is incomplete|
  ask on the form, not by e-mail|there was something for everyone
""",
        "archived",
    ),
    _theme(
        "Photography|OPEN OPEN|0.12|Pictures of work and of what comes after. A new theme each month.",
        """
photo-walk|the photo walk|it rained on the last two|
  meet in the old market hall|we have forty pictures for the staircase
picture-of-the-month|the picture of the month|nobody knows how to vote|
  vote by reactions until Friday|the theme for this month is hands at work
""",
    ),
    _theme(
        "Running and cycling|OPEN OPEN|0.18|Routes, races and lunch laps. All speeds.",
        """
lunch-lap|the lunch lap|the showers are full at one|
  start in two waves|eleven of us ran together on Wednesday
city-relay|the city relay|we have six runners and need eight|
  share the last two legs|we finished in the upper half
bike-to-work|the bike-to-work month|some sites have no dry place for bikes|
  count by distance, not by days|we have been once around the world together
""",
    ),
    _theme(
        "Parents at Atrium|PRIVATE REQUEST|0.12|"
        "Among parents: part time, school holidays, and the first day after leave.",
        """
school-holidays|the school holidays|two of the weeks have no childcare at all|
  share one childminder per site|eight children came to the holiday camp
back-from-leave|coming back from leave|accounts were closed and nobody told us|
  start with a half day and a coffee|the return plan now fits on one page
""",
    ),
    _theme(
        "Sustainability|OPEN OPEN|0.15|Less waste, less power, fewer flights: what works, with figures.",
        """
repair-corner|the repair corner|we throw away headsets with a broken cable|
  open the workshop one hour a week|thirty headsets found a second life
business-trips|business trips|one flight in three is for a single meeting|
  take the train below six hours|we flew a quarter less than last year
""",
    ),
    _theme(
        "Language exchange|OPEN OPEN|0.1|Learn the languages of our sites from each other, half an hour a week.",
        """
tandem|the tandem pairs|more people want Spanish than offer it|
  form small tables of four|forty pairs are talking
phrase-of-the-week|the phrase of the week|some of them do not translate at all|
  add a recording by a colleague|the phrases are on the screens now
""",
    ),
    _theme(
        "Data and automation|OPEN OPEN|0.12|For all who count, script and automate, in whatever department.",
        """
spreadsheet-clinic|the spreadsheet clinic|one file has eleven thousand rows and three owners|
  open the clinic every second Thursday|four monthly reports now make themselves
shared-scripts|the shared scripts|nobody knows which copy is the right one|
  keep them in one place with a name on each|the onboarding script saves an hour a person
""",
    ),
    _theme(
        "Women in engineering|PRIVATE REQUEST|0.08|A network across all sites: mentoring, talks, and a table at lunch.",
        """
mentoring-round|the mentoring round|we have more mentees than mentors|
  meet in circles of three|every pair of the last round goes on
girls-day|the open day for schools|the workshop fits twelve, and thirty want to come|
  run it twice|five of last year's visitors have applied to us
""",
    ),
    _theme(
        "Staff council|PRIVATE INVITE|0.03|"
        "The elected members of the staff council. What we agree on goes to everyone by the secretary.",
        """
shift-agreement|the agreement on shifts|the draft does not say who decides at short notice|
  ask for two weeks' notice|the agreement was signed by both sides
council-hours|the open hours|the late shift cannot come at three|
  hold them once a month at six in the morning|twenty people came to the last ones
""",
    ),
    _theme(
        "Books|PRIVATE REQUEST|0.05|One book every six weeks, and a long evening about it.",
        """
next-book|the next book|two of the candidates have more than six hundred pages|
  vote by reactions|half of us read it to the end
""",
    ),
    _theme(
        "Kitchen table|OPEN OPEN|0.1|Recipes from everywhere we work, and where to eat on the road.",
        """
sourdough|sourdough|mine is flat again|
  let it rest overnight|three starters have found a new home
lunch-swap|the lunch swap|six people brought lentils on the same day|
  write the dish on the list|we cooked our way through eleven countries
""",
    ),
)

# Groups of a place or a skill, of which a large company has many.
OF_PLACE = (
    "Life in {city}|OPEN OPEN|1|For everyone who works in {city}: lunch, lifts, and what is on in town.",
    "{city} carpool|OPEN OPEN|0.15|Who drives when, to and from {city}.",
    "Football in {city}|OPEN OPEN|0.1|Every week, {city} against whoever turns up.",
    "{city} first aiders|PRIVATE REQUEST|0.05|The first aiders of {city}: rota, refreshers and drills.",
)
OF_SKILL = (
    "{skill} community|OPEN OPEN|0.02|Questions and answers on {skill}, by those who do it every day.",
    "{skill} experts|PRIVATE REQUEST|0.004|A small circle that looks after how we do {skill}.",
)


def theme_of(line: str, **names: str) -> Theme:
    """A theme of a place or a skill."""
    return _theme(line.format(**names), city=names.get("city", ""))
