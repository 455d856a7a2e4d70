"""Sentences with gaps, by language: what posts and comments are put together from.

Gaps: `name problem wish gain` of the subject (capital first letter: `Name Problem Gain`), `place other` cities,
`colleague` someone's name, `tag` of the subject, `day time number` of the moment.
"""

from dataclasses import dataclass

Phrases = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """All phrases of one language. `posts` and `answers` are by kind of post."""

    days: Phrases
    posts: dict[str, Phrases]
    titles: dict[str, Phrases]
    more: Phrases  # a second paragraph
    list_heads: Phrases
    points: Phrases
    ends: Phrases
    answers: dict[str, Phrases]
    cheers: Phrases  # comments that fit any post
    replies: Phrases  # to a comment
    thanks: Phrases  # the author's, to a comment
    choices: tuple[Phrases, ...]  # the options of a poll, short ones
    shares: Phrases  # beside a post that is passed on


ENGLISH = Language(
    days=("tomorrow", "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "next week"),
    posts={
        "discussion": (
            "{Problem}. How do you handle it in {other}?",
            "Quick note on {name}: {problem}.",
            "Has anyone else noticed? {Problem}. Happy to compare notes {day}.",
            "We talked about {name} this morning. {Problem}, so our next step is to {wish}.",
            "{Name}, once more: {gain}. A small thing, but it made my week.",
            "Short update from {place} on {name}: {gain}.",
            "Two views on {name} in our team. One: {wish}. The other: leave it alone, it works. What do you think?",
            "Not perfect yet, but better: {gain}. Still open: {problem}.",
        ),
        "question": (
            "A question about {name}: {problem}. Who can help?",
            "Who has an idea how we could {wish}? At the moment {problem}.",
            "Does anyone in {other} have experience with {name}? I would like to call you {day}.",
            "Is there a reason why we do not {wish}?",
            "I am new to {name}. Where do I find the current guide, and whom do I ask?",
            "For {number} days now the same story: {problem}. Is that only us in {place}?",
        ),
        "announcement": (
            "From the first of next month we will {wish}. The reason: {problem}. Questions? Below, or {day} at {time}.",
            "Good news on {name}: {gain}. Thank you to everyone in {place} and {other} who made this possible.",
            "Please note: {problem}. We are working on it and will report back {day}.",
            "An invitation: {day} at {time} we talk about {name}, in {place} and on screen. Bring your questions.",
        ),
        "praise": (
            "Thank you, {colleague}! {Gain}, and a good part of that is your work.",
            "A big thank you to {colleague} for staying calm and helpful with {name}. 👏",
            "I want to name someone who never asks for it: {colleague}. {Gain}.",
            "{colleague} spent {number} hours with us in {place} on {name}. That is what I call teamwork. 🙏",
        ),
        "idea": (
            "Idea: could we {wish}? {Problem}.",
            "What if we {wish}? I would try it in {place} for {number} weeks and then compare.",
            "{Problem}. My proposal: {wish}. It costs little and we can stop at any time.",
        ),
        "article": (
            "A year ago the picture was clear: {problem}. Today {gain}. This is how we got there.",
            "Many of you asked me about {name}. Here is the long answer.",
            "We set out to {wish}. It took longer than planned, and I would do it again.",
        ),
        "poll": (
            "A quick poll on {name}: should we {wish}?",
            "{Problem}. What should we do? Vote until {day}, please.",
            "We cannot agree in {place}, so we ask you: what comes next for {name}?",
        ),
    },
    titles={
        "discussion": ("Thoughts on {name}", "{Name}: where we stand"),
        "question": ("Question about {name}", "Help wanted: {name}"),
        "announcement": ("News on {name}", "{Name}: what changes", "Please read: {name}"),
        "praise": ("Thank you!", "Well done, {place}"),
        "idea": ("Idea for {name}", "Could we {wish}?"),
        "article": ("What we learned about {name}", "{Name}, one year on", "Behind the scenes: {name}"),
        "poll": ("Your vote: {name}", "Poll: {name}"),
    },
    more=(
        "Some background: we looked at it for {number} weeks together with colleagues from {place} and {other}.",
        "I asked {colleague} for a second opinion, and we came to the same result.",
        "The figures are not final, but the direction is clear.",
        "To be honest, I did not believe in it at first. After {number} weeks I do.",
        "In {other} they have had the same for some time, so we do not start from zero.",
        "It will not solve everything. If we {wish}, though, we can stop writing e-mails about it.",
    ),
    list_heads=("**What we did**", "**Next steps**", "**In short**", "**What I suggest**"),
    points=(
        "a talk with {number} colleagues of the late shift",
        "compare the figures of the last {number} weeks",
        "a one-page guide, in plain words",
        "a small trial in {place}, then one in {other}",
        "{colleague} checks the numbers {day}",
        "collect open questions in one list",
        "no new tool, only less paper",
        "agree on one contact per site",
        "a short call {day} at {time}, {number} minutes at most",
        "look again in {number} weeks and decide",
    ),
    ends=(
        "More in the wiki: https://wiki.atrium.example/{tag}",
        "What have I missed? I read every comment.",
        "Thank you for reading this far.",
        "The slides are at https://files.atrium.example/{tag}.pdf",
        "If you would like to join in, tell me below.",
    ),
    answers={
        "question": (
            "We had the same with {name}. What helped: {wish}.",
            "Ask {colleague}, nobody knows more about {name}.",
            "There is a page on it: https://wiki.atrium.example/{tag}",
            "In {place} we simply did it, and since then {gain}.",
            "Same here in {place}: {problem}. Following this.",
            "Short answer: yes. Long answer: call me {day}, I have {number} minutes at {time}.",
            "Good question. I would {wish}, but check with your site first.",
            "Not only you. I have seen it {number} times this month.",
            "We are about to {wish}. Shall I keep you posted?",
            "Which site is this? In {place} I could come by {day}.",
            "Have a look at how {colleague} does it. It is simpler than it sounds.",
            "I had the same question in my first month. The guide on {name} is a good start.",
            "It depends. For {name} there is one rule per site, and ours is stricter.",
        ),
        "announcement": (
            "Thank you for the clear words on {name}.",
            "Does this hold for {place} too?",
            "Finally! {Gain}, who would have thought.",
            "Will there be a recording for the late shift?",
            "What does it mean for those of us who work part time?",
            "We in {place} are ready. {number} of us have signed up.",
        ),
        "praise": (
            "Well deserved!",
            "I can only agree. 👏",
            "Congratulations from {place}!",
            "Yes. {Gain}, and we all feel it.",
        ),
        "idea": (
            "I like it. Let us {wish} and see.",
            "We tried it in {place} {number} years ago. It failed for lack of time, not because of the idea.",
            "Who would look after it, though?",
            "Count me in for a trial in {place}.",
            "Have you asked {colleague}? There was a plan for {name} once.",
            "Yes please. Every week the same: {problem}.",
        ),
        "discussion": (
            "In {place} we see it too: {problem}.",
            "Good point about {name}. We decided to {wish}.",
            "Different here: {gain}. Happy to show you how.",
            "Can you say more about {name}? I am not sure I follow.",
            "Let us talk about it {day}, I have a few numbers.",
            "{colleague} had a good summary of {name} last month.",
            "Interesting. {other} reported something like it, too.",
            "For us the hard part was not {name} itself but to agree on who does what.",
            "I would start smaller: one team, {number} weeks, then decide whether to {wish}.",
            "True, and there is more: {problem}.",
            "Could we put {name} on the agenda {day}?",
            "We had {number} cases in {place} last month, so yes.",
            "I was sceptical about {name}. I no longer am.",
            "Who decides on this? I would like to help.",
            "That explains a lot. Thank you for writing it up.",
        ),
        "article": (
            "Read it twice. The part about {name} is worth gold.",
            "Thank you for writing this down. In {place} we can use it at once.",
            "What would you do differently next time?",
            "How long did it take until {gain}?",
        ),
        "poll": (
            "Voted. I hope we {wish}.",
            "Close call for me, but {gain} in {other}, so why not here.",
            "Where is “it depends”?",
            "I voted for a trial in {place}.",
        ),
    },
    cheers=(
        "Thank you for sharing!",
        "+1",
        "Great to hear.",
        "Following.",
        "Greetings from {place}!",
        "Agreed.",
        "Nice one. 🎉",
        "I will read it properly {day}.",
        "Very helpful, thank you.",
        "This.",
    ),
    replies=(
        "Good point, thank you.",
        "Same for us in {place}.",
        "I would be careful there; ask {colleague} first.",
        "Could you send me the details?",
        "That worked, thanks a lot!",
        "Let us pick this up {day}.",
        "Ha, true.",
        "I see it a little differently, but the direction is right.",
        "How long did it take in {place}?",
    ),
    thanks=(
        "Thank you, I will try that {day}.",
        "Thanks! I did not know that.",
        "Very kind. I will call you {day}.",
        "That is the answer I was looking for.",
        "Right, I have added it to the list.",
        "Good question. I will find out and write here.",
    ),
    choices=(
        ("Yes, at once", "Yes, but as a trial first", "No, it works as it is"),
        ("Every site for itself", "One rule for all", "I do not mind"),
        ("This month", "Next quarter", "Not this year", "Never"),
        ("Mornings", "Around noon", "Evenings", "Any time is fine", "I cannot come at all"),
        ("Very happy", "Rather happy", "Rather unhappy", "Very unhappy"),
    ),
    shares=(
        "Worth a read for us, too.",
        "Passing this on: it concerns {place} as well.",
        "For those who have missed it. {Gain}, so let us have a look {day}.",
    ),
)

# By the tag of a subject that code belongs to; no gaps within.
CODE: dict[str, str] = {
    "slow-queries": """```sql
SELECT id, published_at
FROM orders
WHERE (published_at, id) < ($1, $2)
ORDER BY published_at DESC, id DESC
LIMIT 50;
```""",
    "type-safety": """```python
def pages(rows: list[Row], size: int) -> Iterator[list[Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
```""",
    "accessibility": """```ts
dialog.addEventListener("keydown", (event) => {
  if (event.key === "Escape") dialog.close();
});
```""",
    "incident-review": """```diff
- alert: depth > 10000
+ alert: oldest_message_age > 60s
```""",
    "api-versioning": """```graphql
type Order {
  total: Int @deprecated(reason: "Use `amount`; gone after March.")
  amount: Money!
}
```""",
    "onboarding-devs": """```bash
git clone https://git.atrium.example/platform && cd platform && make run
```""",
    "patching": """```yaml
- name: Patch one half, then the other
  hosts: web
  serial: "50%"
```""",
    "single-sign-on": """```powershell
Get-ADUser -Filter {Enabled -eq $true} | Measure-Object
```""",
    "backups": """```bash
restic restore latest --target /srv/restore-test --verify
```""",
    "battery-tests": """```python
loss = 1 - capacity[-1] / capacity[0]
print(f"{loss:.1%} after {len(capacity)} cycles")
```""",
    "sensor-drift": """```r
fit <- lm(drift ~ cleanings + temperature, data = sensors)
summary(fit)$r.squared
```""",
}
