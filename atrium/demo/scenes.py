"""Scenes: a few threads written by hand, so that each of the four accounts finds something of every kind."""

from dataclasses import dataclass

Lines = tuple[tuple[str, str], ...]
"""Who says what, in the order of time; one that begins with `> ` replies to the last before it that does not."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One thread. People are parts (`admin head member guest first mate lead`), also in texts, as `{member}`.

    `where` is `company`, `unit` (of the head), or the purpose of a group; `ago` is in days, fewer in a short company.
    `due` is in days after publication, `lasts` in hours; the first comment that begins with `! ` is the answer. It
    announces the survey of the purpose `survey`.
    """

    author: str
    where: str
    kind: str
    ago: float
    body: str
    title: str | None = None
    tags: tuple[str, ...] = ()
    comments: Lines = ()
    applause: int = 6
    due: int | None = None
    pinned: bool = False
    options: tuple[str, ...] = ()
    lasts: int | None = None
    praised: str | None = None
    value: str | None = None
    written_by: str | None = None
    survey: str | None = None


SCENES: tuple[Scene, ...] = (
    Scene(
        *("first", "company", "announcement", 6.45),
        "From the first of next month our sites share **one emergency number**. Please save it in your phone, and "
        "put the new card behind your badge.\n\n- It works from every phone, also abroad.\n- Nights reach a person, "
        "not a recording.\n- The old numbers are switched off at the end of the quarter.\n\nPlease confirm that you "
        "have read this.",
        "One emergency number for all sites",
        tags=("official", "safety-tip"),
        comments=(
            ("mate", "Does this hold for our vans, too?"),
            ("admin", "> It does. The cards for the vans are on their way."),
            ("head", "Thank you. I will go through it with the team."),
        ),
        applause=40,
        due=14,
        pinned=True,
        written_by="admin",
    ),
    Scene(
        *("head", "unit", "announcement", 3.6),
        "The new gauges are here. Before you use them, please read the two pages of the guide: "
        "https://wiki.atrium.example/gauges\n\n{lead} answers questions, and I am in the hall until four.",
        "New gauges: please read before use",
        comments=(("member", "Where are the old ones to go?"), ("lead", "> In the grey box at my desk, thank you.")),
        due=10,
        pinned=True,
    ),
    Scene(
        *("member", "company", "question", 4.6),
        "The test bench shows a deviation of 0.3 mm since the move, always in the same direction. Has anybody had this "
        "before? {lead} and I have checked the mounting twice. #help-wanted",
        "Test bench: the same deviation every time",
        tags=("help-wanted",),
        comments=(
            ("admin", "Is the controller still on the old firmware?"),
            ("member", "> It is. I did not know that there is a new one."),
            ("mate", "! We had this last year. The sensor wants to be **zeroed after each move**, while warm."),
            ("member", "> That was it, thank you! I have written it down in the guide."),
        ),
        applause=14,
    ),
    Scene(
        *("head", "company", "praise", 2.55),
        "Thank you, {member}! You stayed with the test bench until it was understood, and wrote it down for all of us.",
        tags=("thank-you",),
        comments=(("first", "Well done, {member}."), ("mate", "More than deserved! 👏")),
        applause=24,
        praised="member",
        value="Craft",
    ),
    Scene(
        *("admin", "company", "poll", 1.6),
        "The town hall of next month could be at a better time for the late shift. When would you come?",
        "When shall we have the town hall?",
        tags=("town-hall",),
        comments=(("member", "Late afternoon, please: then both shifts are there."),),
        options=("At ten, as always", "At one, with lunch", "At half past three", "Only the recording for me"),
        lasts=240,
        applause=9,
    ),
    Scene(
        *("head", "secret", "discussion", 5.4),
        "{member}, could you sketch what the test hall would need on the new site? Power, air, and how many square "
        "metres. Please keep it in this group for now.",
        "The test hall of the new site",
        comments=(
            ("member", "I will have a first page by Thursday."),
            ("head", "> Perfect. Count the robot cell twice as large."),
        ),
        applause=3,
    ),
    Scene(
        *("member", "secret", "article", 1.45),
        "Here is the first page.\n\n- **Power**: 400 kW, with room for another 200\n- **Air**: two compressors, one of "
        "them spare\n- **Floor**: 900 m², of which 250 m² for the robot cell\n\nThe hall could share its crane with "
        "maintenance. {head}, do you agree?",
        "What the test hall needs",
        comments=(("head", "I do. This goes to the board as it is."),),
        applause=4,
    ),
    Scene(
        *("head", "guests", "discussion", 4.65),
        "Welcome, {guest}! This is where we plan the audit together. {member} knows the benches, {admin} gives you "
        "access to the measuring data.",
        "Welcome",
        comments=(
            ("guest", "Thank you for the warm welcome. I look forward to working with you."),
            ("admin", "> You have mail: the data is in your folder."),
        ),
        applause=4,
        pinned=True,
    ),
    Scene(
        *("member", "guests", "question", 0.62),
        "{guest}, which of the benches shall we show first? The hall is free on Tuesday and on Thursday.",
        comments=(("guest", "Thursday, please, and the oldest bench first."),),
        applause=2,
    ),
    Scene(
        *("lead", "unit", "idea", 2.5),
        "Could we hand over standing at the board instead of sitting? {member} has tried it with the late shift for a "
        "week, and it took seven minutes.",
        "Hand over at the board",
        tags=("handover", "ideas"),
        comments=(("head", "I like it. Let us try it for a month."), ("member", "> We start on Monday.")),
        applause=7,
    ),
    Scene(
        *("member", "moderated", "idea", 3.55),
        "A shelf at the gate for tools that are on loan: who takes one writes a name on the board. No form, no key.",
        "A shelf for borrowed tools",
        tags=("ideas",),
        comments=(("head", "Simple and cheap. Which gate?"), ("member", "> Gate two, next to the lockers.")),
        applause=8,
    ),
    Scene(
        *("admin", "newcomers", "article", 8.5),
        "You are new here? These five things help in the first week.\n\n1. Follow a few tags, such as #canteen.\n2. "
        "Find your team in the org chart, and say hello.\n3. Write two lines about yourself in your profile.\n4. Join "
        "the group of your city.\n5. Ask. Every question is welcome.",
        "Five things for your first week",
        tags=("new-colleagues",),
        comments=(("member", "6. Ask {mate} where the good coffee is."),),
        applause=11,
        pinned=True,
    ),
    Scene(
        *("admin", "company", "announcement", 1.2),
        "Before we sign the new lease we would like to know where you work best, and what is missing there. It takes "
        "**two minutes**, it is anonymous, and you can answer right here.",
        "Where do you work best?",
        tags=("official",),
        comments=(
            ("mate", "Are the night shifts asked, too?"),
            ("admin", "> Everybody is. All of us see the results when it is over."),
        ),
        applause=12,
        survey="hybrid",
    ),
)


@dataclass(frozen=True, slots=True)
class Note:
    """A post that is not published: a draft, one for a later day (in `days`), or one that waits to be let pass."""

    author: str
    where: str
    kind: str
    status: str  # DRAFT, SCHEDULED or IN_REVIEW
    body: str
    title: str | None = None
    days: float | None = None
    returned: str | None = None


NOTES: tuple[Note, ...] = (
    Note(
        "member",
        "company",
        "article",
        "DRAFT",
        "What I have learned in a year at the test bench:\n\n- …",
        "A year at the bench",
    ),
    Note("member", "unit", "question", "DRAFT", "Who has the key of the small workshop?"),
    Note(
        *("member", "moderated", "idea", "IN_REVIEW"),
        "Music in the hall on Fridays, chosen by whoever was first on site.",
        "Friday music",
    ),
    Note(
        *("mate", "moderated", "idea", "IN_REVIEW"),
        "Let us name the meeting rooms after our products instead of numbers.",
        "Names for meeting rooms",
    ),
    Note(
        "head", "unit", "announcement", "SCHEDULED", "The plan of the next quarter is online.", "Next quarter", days=2.4
    ),
    Note("head", "board", "discussion", "DRAFT", "Who of you could lend us a fitter for two weeks in spring?"),
    Note(
        *("admin", "company", "announcement", "SCHEDULED"),
        "On Sunday between six and eight everything is switched to the new network. Phones work as always.",
        "Network: short interruption on Sunday",
        days=3.1,
    ),
    Note("admin", "company", "article", "DRAFT", "How we keep accounts safe, in plain words.", "Safe accounts"),
    Note(
        *("member", "moderated", "idea", "DRAFT"),
        "A suggestion box at every gate.",
        "Suggestion boxes",
        returned="We have this group for it. Would you add where it does not reach people?",
    ),
    Note("guest", "guests", "question", "DRAFT", "Could we move the audit by one week?"),
)

KEPT: dict[str, tuple[int, ...]] = {"admin": (2, 11), "head": (2, 6), "member": (0, 11, 1), "guest": (7,)}
"""Scenes, by their place, that these have put aside."""

DELEGATES = (("first", "admin"), ("head", "lead"))
"""In whose name somebody else may write."""
