"""What the pretend accounts write about: enough to make a page believable, never a real place, person or company."""

from dataclasses import dataclass

from benchmark.demo.dice import Dice
from benchmark.networks.base import Kind

BEANS = (
    "washed Sidrela",
    "natural Montaro",
    "honey Cascabel",
    "anaerobic Loma Verde",
    "decaf Tarquin",
    "peaberry Askari",
)
PLACES = ("the roastery", "the market", "the corner shop", "the repair bench", "the tasting room", "the night train")
TASTES = ("apricot", "black tea", "hazelnut", "orange peel", "dark honey", "blackcurrant", "toast", "plum")
BREWS = ("filter", "espresso", "moka pot", "cold brew", "siphon", "press")
CHOICES = {"bean": BEANS, "place": PLACES, "taste": TASTES, "brew": BREWS}
TOPICS = ("coffee", "roasting", "espresso", "slowbrew", "latteart", "homebarista", "cupping", "mornings")

SAYINGS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: (
        "A question from {place}: what do you do with the last {brew} of the day?",
        "Hot take: {taste} belongs in the {brew}, not in a syrup bottle.",
        "We dialled in the {bean} three times today. The third one was right.",
        "Reminder: grind a little finer when it rains. Your {brew} will thank you.",
        "Nobody talks about how quiet it is at {place} at six in the morning.",
    ),
    Kind.PHOTO: (
        "First crack of the {bean} this morning. Smells like {taste}.",
        "The {bean} is back at {place}. Twelve bags, then it is gone.",
        "New cups at {place}. Same {brew}.",
    ),
    Kind.ALBUM: (
        "A day at {place} in a few pictures.",
        "From cherry to cup: the {bean}, step by step.",
    ),
    Kind.VIDEO: (
        "Forty seconds of pouring. Turn the sound on. {taste} at the end.",
        "How we clean the roaster, sped up. Worth it for the {bean}.",
    ),
    Kind.LINK: (
        "New in the journal: why the {bean} tastes of {taste}.",
        "Our guide to {brew} at home, with water, times and mistakes.",
        "Opening hours of {place} for the coming weeks.",
    ),
    Kind.POLL: ("Which {brew} shall we put on at {place} next week?",),
}
REPLIES = (
    "Thank you for stopping by.",
    "It is back on Thursday.",
    "Try it a little coarser.",
    "We had to read that twice.",
)
AROUND = "Everybody at {place} tried the {bean} blind. The decaf won. We are all sitting down."


@dataclass(frozen=True, slots=True)
class Saying:
    """A text with its hashtags, as they stand at its end."""

    text: str
    hashtags: tuple[str, ...]


def saying(dice: Dice, kind: Kind, *, goes_round: bool) -> Saying:
    """What a post of this kind says."""
    pattern = AROUND if goes_round else dice.pick(SAYINGS[kind])
    text = pattern.format(
        bean=dice.pick(BEANS), place=dice.pick(PLACES), taste=dice.pick(TASTES), brew=dice.pick(BREWS)
    )
    hashtags = tuple(dice.some(TOPICS, dice.whole(4)))
    return Saying(" ".join([text[0].upper() + text[1:], *(f"#{tag}" for tag in hashtags)]), hashtags)
