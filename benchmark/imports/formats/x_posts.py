"""Posts out of X: account analytics of today and of last year, and the tweet activity of Twitter Analytics to 2023."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from benchmark.imports.base import Format, Holds, Owner, PostRow, another_time, same_post, shown
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.imports.links import handle_in, id_in
from benchmark.imports.times import ISO, NAMED_MONTH
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop

FIRST_MILLISECOND = 1_288_834_974_657  # of the ids that X gives out, which count milliseconds in their upper part
FIRST_SUCH_ID = 29_700_859_247  # older ones were numbered one by one, and tell no time
DAY = timedelta(days=1)
REPLIES = gettext_noop("Answers to other people's posts are in it too, and count as posts.")


def moment_of(post_id: str) -> datetime | None:
    """The moment at which X gave out an id; None for the ids from before November 2010."""
    if not post_id.isascii() or not post_id.isdigit() or not FIRST_SUCH_ID < int(post_id) < 1 << 63:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=(int(post_id) >> 22) + FIRST_MILLISECOND)


def published(row: Cells, post_id: str) -> datetime:
    """The moment of a post: the file has its day alone, its id has the rest. The two have to agree."""
    day = row.moment("published_at", NAMED_MONTH, example="Sat, Aug 1, 2026")
    moment = moment_of(post_id)
    if moment is None:
        return day
    if not day - DAY <= moment < day + 2 * DAY:
        form = gettext_noop("the id %(id)s was given out on %(day)s, and %(column)s says %(value)s")
        raise row.unfit("published_at", row.text("published_at"), form, id=shown(post_id), day=f"{moment:%Y-%m-%d}")
    return moment.replace(microsecond=0)


def record(row: Cells, post_id: str, moment: datetime) -> PostRecord:
    """What the exports share. What X calls impressions of a post is the count of views that it shows to everybody."""
    text = row.text("text")
    return PostRecord(
        external_id=post_id,
        url=f"https://x.com/i/status/{post_id}",
        published_at=moment,
        kind=Kind.OTHER,
        text=text,
        hashtags=hashtags_in(text),
        reactions=row.count("reactions"),
        comments=row.count("comments"),
        shares=row.count("shares"),
        saves=row.count("saves"),
        views=row.count("impressions"),
    )


def of_analytics(row: Cells) -> PostRow:
    """A row of account analytics."""
    post_id = id_in(row.address("link")) or row.identity("id")
    return PostRow(
        line=row.line,
        post=record(row, post_id, published(row, post_id)),
        impressions=row.count("impressions"),
    )


def of_tweet_activity(row: Cells) -> PostRow:
    """A row of the tweet activity, whose link names the account and keeps the id that a spreadsheet has rounded."""
    link = row.address("link")
    post_id = id_in(link) or row.identity("id")
    handle = handle_in(link)
    return PostRow(
        line=row.line,
        owner=Owner(key=handle.casefold(), handle=handle) if handle else None,
        post=record(row, post_id, row.moment("published_at", ISO, example="2015-03-01 09:30 +0000")),
        impressions=row.count("impressions"),
    )


X_CONTENT = Format(
    key="x_content",
    label=gettext_noop("X account analytics: posts"),
    holds=Holds.POSTS,
    network="x",
    needs=frozenset({"id", "published_at", "impressions", "shares"}),
    columns={
        "id": ("post id",),
        "published_at": ("date",),
        "text": ("post text",),
        "link": ("post link", "link"),
        "impressions": ("impressions",),
        "reactions": ("likes",),
        "comments": ("replies",),
        "shares": ("reposts",),
        "saves": ("bookmarks",),
    },
    fields={"url": "id", "hashtags": "text", "views": "impressions"},
    zone_known=True,
    parse=of_analytics,
    same=same_post,
    disagree=another_time,
    notes=(gettext_noop("Its column Date has no time of day: that is read out of the ids."), REPLIES),
)

X_TWEET_ACTIVITY = Format(
    key="x_tweet_activity",
    label=gettext_noop("Twitter Analytics: tweet activity"),
    holds=Holds.POSTS,
    network="x",
    needs=frozenset({"id", "published_at", "impressions", "shares"}),
    columns={
        "id": ("tweet id",),
        "published_at": ("time",),
        "text": ("tweet text",),
        "link": ("tweet permalink",),
        "impressions": ("impressions",),
        "reactions": ("likes", "favorites"),
        "comments": ("replies",),
        "shares": ("retweets",),
    },
    fields={"url": "id", "hashtags": "text", "views": "impressions"},
    blank=frozenset({"-"}),
    parse=of_tweet_activity,
    same=same_post,
    disagree=another_time,
    notes=(REPLIES,),
)
