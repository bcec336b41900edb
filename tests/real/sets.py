"""Sets of real files that are compared with each other, and what they say without the product."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.real.by_hand import Account, Post, hashtags
from tests.real.plain import count, utc
from tests.real.tables import FOLLOWERS, META, POSTS, RESTAURANT, Followers, Plain, Posts, words

LATER = datetime(2026, 10, 1, tzinfo=UTC)  # after everything that was counted

Days = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class File:
    """A file as somebody sends it in: what is said beside it, and to which account each row belongs."""

    table: Posts | Followers
    whose: Callable[[Plain], str | None]
    said: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True  # it tells from which day on all posts are known

    @property
    def counted(self) -> datetime:
        return datetime.fromisoformat(self.said["counted_at"]) if "counted_at" in self.said else LATER


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Files that are compared with each other, and the days over which that is done."""

    name: str
    network: str
    files: tuple[File, ...]
    days: tuple[Days, ...]
    drawn_followers: bool = False


def posts_of(path: str) -> Posts:
    return next(table for table in POSTS if table.path == path)


def followers_of(path: str) -> Followers:
    return next(table for table in FOLLOWERS if table.path == path)


def at_noon(day: str) -> str:
    return f"{day}T12:00:00+00:00"


def of_one(path: str, profile: str, counted: str, **said: str) -> File:
    """A file of one account."""
    said = {"profile": profile, "counted_at": at_noon(counted), **said}
    return File(table=posts_of(path), whose=lambda _row: profile, said=said)


# --- the sets --------------------------------------------------------------------------------------------------------

PAGES = {"barackobama": "", "espn": "", "latenightwithjimmyfallon": "", "nasa": "", "natgeo": "", "nikebasketball": ""}
PAGES |= {"nfl": ".gz", "porsche": "", "selena": "", "starbucks": "", "taylorswift": ""}
KIND_OF_STATUS = {"status": "text"}  # the set's word, and ours


def page(name: str, packed: str) -> File:
    """The posts of a page as they were collected in 2016, by a clock five hours behind."""
    table = Posts(
        path=f"facebook_pages_2016/{name}_facebook_statuses.csv{packed}",
        format="facebook_pages_2016",
        rows=0,
        id=lambda row: row["status_id"],
        time=lambda row: utc(row["status_published"]) + timedelta(hours=5),
        counts={"reactions": "num_reactions", "comments": "num_comments", "shares": "num_shares"},
        kind=lambda row: KIND_OF_STATUS.get(row["status_type"], row["status_type"]),
        text=words("status_message"),
    )
    said = {"profile": name, "counted_at": at_noon("2016-06-26")}
    if name == "starbucks":  # five posts in four months: the first one says little
        said["complete_from"] = "2016-02-24"
    return File(table=table, whose=lambda _row: name, said=said)


GOVERNMENTS = {"gov_df.csv": "gov_df", "govba.csv.gz": "govba", "governo_Es.csv.gz": "governo_es"}
GOVERNMENTS |= {"governomg.csv.gz": "governomg", "governogoias.csv.gz": "governogoias", "GovernoSC.xlsx": "governosc"}

CHANNELS = {
    "Simulative": "simulative_official",
    "karpov.courses": "karpovcourses",
    "Секреты аналитики | Data Science, BI, Tableau": "analytics_secrets",  # without reactions
    "Noukash": "noukashblog",  # only from the end of January on
    "This is Data": "thisisdata",
    "Дашбордец": "dashboardets",
}


def channel(name: str, handle: str) -> tuple[File, ...]:
    """A Telegram channel's posts, the reactions to them, and its subscribers; the posts come last, counted last."""

    def file(path: str, said: Mapping[str, str]) -> File:
        found = followers_of(path) if "subscribers" in path else posts_of(path)
        said = {"profile": handle, "rows_of": name, **said}
        return File(
            table=found,
            whose=lambda row: handle if row["channel_name"] == name else None,
            said=said,
            whole="reactions" not in path,
        )

    counted = {"counted_at": at_noon("2025-04-24")}
    reactions = [file("telegram_channels_2025/post_reactions.csv", counted)] if "Data Science" not in name else []
    posts, followers = "telegram_channels_2025/posts.csv.gz", "telegram_channels_2025/subscribers.csv.gz"
    return (*reactions, file(posts, counted), file(followers, {}))


MEMBERS = ("arahashi_tabi", "ayatsuno_yuni", "shirayuki_hina", "akane_lize", "tenko_shibuki", "neneko_mashiro")


def member(name: str) -> File:
    return File(
        table=posts_of("stream_members_2026/youtube_videos.csv"),
        whose=lambda row: name if row["member_id"] == name else None,
        said={"profile": f"@{name}", "rows_of": name, "counted_at": at_noon("2026-04-15")},
    )


def channel_id(row: Plain) -> str:
    return row["channel_id"]


def tracker(path: str) -> File:
    said = {"own": "true", "complete_from": "2025-12-01"}  # own ones have no limit of twenty
    return File(table=posts_of(f"youtube_tech_channels_2026/{path}"), whose=channel_id, said=said)


IDOLS = followers_of("idol_followers_4networks_2026/follower_history.csv")


def idols(network: str) -> Compared:
    file = File(
        table=IDOLS,
        whose=lambda row: row["Idol_Name"] if row["Platform"].lower() == network else None,
        said={"own": "true"},
    )
    days = (("2026-07-08", "2026-07-14"), ("2026-07-04", "2026-07-06"))
    return Compared(name=f"idol_followers_4networks_2026, {network}", network=network, files=(file,), days=days)


def handle_in_address(row: Plain) -> str:
    return row["url"].split("/")[3].casefold()


OWN = {"own": "true"}
RESTAURANT_ROWS = {"vintagerest.bg", None}  # two posts of the Instagram export are other accounts'
RESTAURANT_DAYS = (("2025-12-01", "2025-12-28"), ("2025-12-15", "2025-12-24"))
OIGETIT_DAYS = (("2025-03-01", "2025-03-31"), ("2025-04-01", "2025-04-13"))
SHORT_DAYS = (("2025-03-20", "2025-04-13"), ("2025-04-03", "2025-04-12"))
VIDEOS_SINCE = {"complete_from": "2025-10-31"}

SETS = (
    Compared(
        name="facebook_pages_2016",
        network="facebook",
        files=tuple(page(name, packed) for name, packed in PAGES.items()),
        days=(("2016-04-26", "2016-05-25"), ("2016-06-14", "2016-06-24")),
        drawn_followers=True,
    ),
    Compared(
        name="instagram_governments_br",
        network="instagram",
        files=tuple(
            of_one(f"instagram_governments_br/{name}", handle, "2025-01-20") for name, handle in GOVERNMENTS.items()
        ),
        days=(("2024-03-01", "2024-03-31"), ("2023-09-04", "2023-09-10")),
        drawn_followers=True,
    ),
    Compared(
        name="youtube_tech_channels_2026",
        network="youtube",
        files=(
            tracker("videos_2026-01.csv"),
            tracker("videos_2026-02.csv"),
            File(
                table=followers_of("youtube_tech_channels_2026/daily_snapshots.csv"),
                whose=channel_id,
                said={"own": "true"},
            ),
        ),
        days=(("2026-01-07", "2026-01-20"), ("2026-01-21", "2026-02-03"), ("2025-12-23", "2026-01-05")),
    ),
    *map(idols, ("facebook", "instagram", "tiktok", "x")),
    Compared(
        name="telegram_channels_2025",
        network="telegram",
        files=tuple(file for name, handle in CHANNELS.items() for file in channel(name, handle)),
        days=(("2025-02-01", "2025-02-28"), ("2025-03-10", "2025-03-16"), ("2025-04-14", "2025-04-20")),
    ),
    Compared(
        name="stream_members_2026",
        network="youtube",
        files=tuple(map(member, MEMBERS)),
        days=(("2026-03-01", "2026-03-31"), ("2026-04-01", "2026-04-14")),
        drawn_followers=True,
    ),
    Compared(
        name="instagram_hourly_followers_2026",
        network="instagram",
        files=(
            File(
                table=followers_of("instagram_hourly_followers_2026/followers.csv"),
                whose=lambda row: row["username"],
            ),
        ),
        days=(("2026-07-20", "2026-07-23"), ("2026-07-17", "2026-07-23")),
    ),
    Compared(
        name="bluesky_followers_cgdev",
        network="bluesky",
        files=(
            File(
                table=followers_of("bluesky_followers_cgdev/followers.csv"),
                whose=lambda _row: "cgdev.org",
                said={"profile": "cgdev.org"},
            ),
        ),
        days=(("2026-06-01", "2026-06-30"), ("2025-06-01", "2025-06-30"), ("2026-08-01", "2026-08-07")),
    ),
    Compared(
        name="twitter_ratio_2017",
        network="x",
        files=(of_one("twitter_ratio_2017/BarackObama.csv", "barackobama", "2017-10-20"),),
        days=(("2017-01-01", "2017-06-30"), ("2015-11-01", "2015-11-30")),
        drawn_followers=True,
    ),
    Compared(
        name="facebook_fact_check_2016",
        network="facebook",
        files=(
            File(
                table=posts_of("facebook_fact_check_2016/facebook-fact-check.csv"),
                whose=lambda row: row["Post URL"].split("/")[3].casefold(),
                said={"counted_at": at_noon("2016-10-11")},
            ),
        ),
        days=(("2016-09-19", "2016-09-27"), ("2016-09-24", "2016-09-27")),
        drawn_followers=True,
    ),
    Compared(
        name="reach_x_brand_posts_2024",
        network="x",
        files=(
            File(
                table=posts_of("reach_x_brand_posts_2024/posts.csv"),
                whose=handle_in_address,
                said={"own": "true", "counted_at": at_noon("2024-12-16"), "complete_from": "2024-12-01"},
            ),
        ),
        days=(("2024-12-09", "2024-12-15"), ("2024-12-02", "2024-12-08")),
        drawn_followers=True,
    ),
    Compared(
        name="reach_meta_oigetit_2025, Facebook",
        network="facebook",
        files=(of_one(f"{META}/facebook_posts_Jan-14-2025_Apr-14-2025.csv", "oigetit", "2025-04-16", **OWN),),
        days=OIGETIT_DAYS,
        drawn_followers=True,
    ),
    Compared(
        name="reach_meta_oigetit_2025, Facebook with views twice",
        network="facebook",
        files=(
            of_one(f"{META}/facebook_posts_Mar-18-2025_Apr-14-2025_views_twice.csv", "oigetit", "2025-04-16", **OWN),
        ),
        days=SHORT_DAYS,
    ),
    Compared(
        name="reach_meta_oigetit_2025, Instagram",
        network="instagram",
        files=(of_one(f"{META}/instagram_posts_Mar-18-2025_Apr-14-2025.csv", "oigetit_sa", "2025-04-16", **OWN),),
        days=SHORT_DAYS,
        drawn_followers=True,
    ),
    *(
        Compared(
            name=f"{path}, {network}",
            network=network,
            files=(
                replace(
                    of_one(path, "vintagerest.bg", "2026-01-10", **OWN, **said),
                    whose=lambda row: "vintagerest.bg" if row.get("Account username") in RESTAURANT_ROWS else None,
                ),
            ),
            days=RESTAURANT_DAYS,
            drawn_followers="repaired" in path,
        )
        for path, network, said in (
            (f"{RESTAURANT}/instagram_posts_repaired.csv", "instagram", {"skip_bad_rows": "true"}),
            (f"{RESTAURANT}/facebook_videos_repaired.csv", "facebook", VIDEOS_SINCE),
            (f"{RESTAURANT}/tiktok_videos.csv", "tiktok", {}),
            (
                "export_formats/meta_instagram_posts_rewrapped_by_spreadsheet.csv",
                "instagram",
                {"skip_bad_rows": "true"},
            ),
            ("export_formats/meta_facebook_videos_rewrapped_by_spreadsheet.csv", "facebook", VIDEOS_SINCE),
        )
    ),
    Compared(
        name="reach_youtube_kenjee_2022",
        network="youtube",
        files=(of_one("reach_youtube_kenjee_2022/Aggregated_Metrics_By_Video.csv", "@kenjee_ds", "2022-01-22", **OWN),),
        days=(("2020-01-01", "2020-12-31"), ("2021-10-01", "2022-01-17")),
        drawn_followers=True,
    ),
    Compared(
        name="export_formats, X",
        network="x",
        files=(of_one("export_formats/x_account_content_posts.csv", "somebody", "2026-08-02", **OWN),),
        days=(("2026-07-20", "2026-07-31"), ("2026-07-25", "2026-08-01")),
        drawn_followers=True,
    ),
    *(
        Compared(
            name=f"export_formats, YouTube {which}",
            network="youtube",
            files=(
                of_one(
                    f"export_formats/youtube_studio_table_content_{which}.csv",
                    "@somebody",
                    "2025-08-20",
                    skip_bad_rows="true",
                    **OWN,
                ),
            ),
            days=(("2025-04-01", "2025-06-30"), ("2025-07-20", "2025-08-10")),
            drawn_followers=True,
        )
        for which in ("basic", "extended")
    ),
)


# --- by hand ---------------------------------------------------------------------------------------------------------


def plain_accounts(folder: Path, of: Compared) -> dict[str, Account]:
    """What the files say, without the product."""
    accounts: dict[str, Account] = {}
    for file in of.files:
        mine = [(whose, row) for row in file.table.read(folder / file.table.path) if (whose := file.whose(row))]
        for whose, row in mine:
            account = accounts.setdefault(whose.casefold().removeprefix("@"), Account())
            if isinstance(file.table, Followers):
                account.readings[file.table.time(row)] = int(float(row[file.table.followers]))
            elif file.table.is_post(row) and file.table.good(row):
                take(account, row, file, file.table)
    return accounts


def take(account: Account, row: Plain, file: File, table: Posts) -> None:
    counted_at = table.more.get("counted_at")
    read = counted_at(row) if counted_at else file.counted
    assert isinstance(read, datetime)
    counts = {name: count(row[column]) for name, column in table.counts.items() if name not in {"reach", "impressions"}}
    text = table.text(row) if table.text else ""
    post = Post(
        at=table.time(row),
        kind=table.kind(row),
        text=text,
        tags=len({tag.casefold() for tag in table.tags(row) if tag}) or hashtags(text),
        read=read,
        counts=counts,
        reach=count(row[table.counts["reach"]]) if "reach" in table.counts else None,
    )
    account.saw(table.id(row), post)
    account.columns |= counts.keys()
    if file.whole:
        first = file.said.get("complete_from")
        since = date.fromisoformat(first) if first else post.at.date()
        account.since = min(account.since or since, since)
        account.until = max(account.until or read, read)


def draw_followers(accounts: Mapping[str, Account], days: Days) -> bytes:
    """Readings at odd moments, far apart and close together, another course for each account but the last."""
    file = io.StringIO()
    lines = csv.writer(file)
    lines.writerow(["profile", "time", "followers"])
    first = datetime.fromisoformat(days[0]).replace(tzinfo=UTC)
    for place, handle in enumerate(sorted(accounts)[: len(accounts) - 1 or 1]):
        account = accounts[handle]
        for step, hours in enumerate((-960, -700, -31, -6, 17, 100, 267, 268, 400, 555, 700, 707, 745)):
            at = first + timedelta(hours=hours, minutes=7 * place % 60)
            account.readings[at] = 3_000 + 1_237 * (place + 1) ** 2 + step * step * (17 + place) - 40 * step
            lines.writerow([handle, at.isoformat(), account.readings[at]])
    return file.getvalue().encode()
