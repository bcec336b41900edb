"""Who lives on the pretend networks: coffee roasters that do not exist, and accounts that show what can go wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from benchmark.demo.dice import Dice
from benchmark.networks.base import Kind

BLUESKY, MASTODON = "bluesky", "mastodon"
NETWORKS = (BLUESKY, MASTODON)

MIXED = {Kind.TEXT: 4, Kind.PHOTO: 4, Kind.ALBUM: 1, Kind.VIDEO: 1, Kind.LINK: 3}
PICTURES = {Kind.TEXT: 2, Kind.PHOTO: 7, Kind.ALBUM: 3, Kind.VIDEO: 2, Kind.LINK: 1}
TALK = {Kind.TEXT: 9, Kind.PHOTO: 2, Kind.LINK: 3}
NEWS = {Kind.TEXT: 2, Kind.PHOTO: 2, Kind.LINK: 9}
MOVING = {Kind.TEXT: 1, Kind.PHOTO: 3, Kind.VIDEO: 8, Kind.LINK: 1}


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """An account on one pretend network: all that its life follows from. `key` is its first handle, and stays.

    There is one object of each, so that it can be looked up by identity: lives are remembered by account.
    """

    network: str
    key: str
    name: str
    about: str
    colour: str
    opened: date
    followers: int  # on the day it was opened here
    weekly_growth: float  # new followers in a week ÷ followers on the first day
    posts_per_week: float
    engagement: float  # reactions ÷ followers of a middling post
    viral: float  # how likely a post goes round in a given week
    kinds: Mapping[Kind, float]
    state: str = ""  # how it stands from the beginning: one of `world.STATES`


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company of the cast: its account on each network comes out of these figures."""

    key: str
    name: str
    about: str
    colour: str
    opened: date
    followers: int
    growth: float
    posts: float
    engagement: float
    viral: float = 0.05
    kinds: Mapping[Kind, float] = field(default_factory=lambda: MIXED)
    networks: tuple[str, ...] = NETWORKS
    state: str = ""

    def on(self, network: str) -> Account:
        """The company's account on a network: Mastodon is smaller, closer and talks more."""
        smaller = network == MASTODON
        return Account(
            network=network,
            key=self.key,
            name=self.name,
            about=self.about,
            colour=self.colour,
            opened=self.opened,
            followers=round(self.followers * (0.31 if smaller else 1)),
            weekly_growth=self.growth * (0.8 if smaller else 1),
            posts_per_week=self.posts * (0.85 if smaller else 1),
            engagement=self.engagement * (1.25 if smaller else 1),
            viral=self.viral,
            kinds=self.kinds,
            state=self.state,
        )


OWN = Company(
    key="harbelow",
    name="Harbelow Coffee",
    colour="#2f5d8a",
    opened=date(2025, 9, 1),
    followers=8200,
    growth=0.009,
    posts=6,
    engagement=0.0095,
    viral=0.05,
    about="Small-batch roasters by the river. Filter first.",
)
COMPETITORS = (
    Company(
        key="brindlemoor",
        name="Brindlemoor Roasters",
        colour="#8a4b2f",
        opened=date(2025, 6, 2),
        followers=21400,
        growth=0.006,
        posts=9,
        engagement=0.0062,
        kinds=PICTURES,
        about="Roasting on the moor since it stopped raining.",
    ),
    Company(
        key="kestrowan",
        name="Kestrowan",
        colour="#5a7d3a",
        opened=date(2025, 8, 11),
        followers=5100,
        growth=0.022,
        posts=11,
        engagement=0.0135,
        viral=0.09,
        kinds=TALK,
        about="Two people, one roaster, many opinions.",
    ),
    Company(
        key="ottermere",
        name="Ottermere Coffee Works",
        colour="#3a7d7a",
        opened=date(2025, 7, 7),
        followers=14800,
        growth=0.004,
        posts=5,
        engagement=0.0078,
        kinds=PICTURES,
        about="Beans, machines and repairs from the lake.",
    ),
    Company(
        key="pellavine",
        name="Pellavine",
        colour="#7a3a6d",
        opened=date(2025, 5, 19),
        followers=38600,
        growth=-0.0015,
        posts=13,
        engagement=0.0031,
        viral=0.03,
        kinds=NEWS,
        about="Coffee in every station of the north.",
    ),
    Company(
        key="sundrale",
        name="Sundrale Roastery",
        colour="#b0791f",
        opened=date(2025, 10, 6),
        followers=3300,
        growth=0.03,
        posts=7,
        engagement=0.0168,
        viral=0.08,
        kinds=MOVING,
        about="Latte art, filmed too closely.",
    ),
    Company(
        key="vossenbrook",
        name="Vossenbrook & Daughters",
        colour="#4a4a8a",
        opened=date(2025, 6, 23),
        followers=9700,
        growth=0.005,
        posts=3.5,
        engagement=0.0105,
        about="Importers and roasters, third generation.",
    ),
    Company(
        key="wrenfold",
        name="Wrenfold Tea & Coffee",
        colour="#6d5f2f",
        opened=date(2025, 9, 22),
        followers=12100,
        growth=0.008,
        posts=8,
        engagement=0.0071,
        viral=0.06,
        about="For people who cannot decide.",
        networks=(BLUESKY,),
    ),
    Company(
        key="tullcairn",
        name="Tullcairn Espresso",
        colour="#a03a3a",
        opened=date(2025, 11, 3),
        followers=6900,
        growth=0.014,
        posts=6,
        engagement=0.0112,
        kinds=TALK,
        about="Strong words about strong coffee.",
        networks=(MASTODON,),
    ),
)
# Not followed at first: something to try adding, and what each refusal looks like.
BESIDE = (
    Company(
        key="anna",
        name="Anna's Coffee Cart",
        colour="#c05a7a",
        opened=date(2026, 2, 2),
        followers=640,
        growth=0.05,
        posts=4,
        engagement=0.031,
        viral=0.07,
        kinds=PICTURES,
        about="A cart, a bell, the market square. Try adding me.",
    ),
    Company(
        key="closed",
        name="Closed Coffee",
        colour="#777777",
        opened=date(2025, 9, 1),
        followers=900,
        growth=0.01,
        posts=2,
        engagement=0.01,
        about="Suspended by its network.",
        state="suspended",
    ),
    Company(
        key="shy",
        name="Shy Beans",
        colour="#999999",
        opened=date(2025, 9, 1),
        followers=900,
        growth=0.01,
        posts=2,
        engagement=0.01,
        about="Asks not to be shown to people who are not signed in.",
        state="hidden",
        networks=(BLUESKY,),
    ),
)


@cache
def cast(network: str) -> dict[str, Account]:
    """Every account of a pretend network by its key."""
    companies = (OWN, *COMPETITORS, *BESIDE)
    return {company.key: company.on(network) for company in companies if network in company.networks}


@cache
def generated(network: str, number: int) -> Account:
    """One of any number of accounts for load tests: `load-1`, `load-2` and so on, each with a life of its own."""
    dice = Dice("generated", network, number)
    return Account(
        network=network,
        key=f"load-{number}",
        name=f"Load {number}",
        about="One of many.",
        colour="#{:02x}{:02x}{:02x}".format(*(dice.whole(200) for _ in range(3))),
        opened=date(2026, 1, 5),
        followers=round(dice.around(5000, 1.2)),
        weekly_growth=dice.between(-0.002, 0.02),
        posts_per_week=dice.between(2, 14),
        engagement=dice.around(0.008, 0.5),
        viral=0.04,
        kinds=MIXED,
    )
