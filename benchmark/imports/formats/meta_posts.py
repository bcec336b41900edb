"""Posts out of Meta Business Suite (Insights, Content, Export data): of Facebook Pages and of Instagram accounts.

The columns change from month to month and with the language of the account: they are known by name, not by place.
"""

from __future__ import annotations

from benchmark.imports.base import FileRefused, Format, Holds, Owner, PostRow, another_time, same_post, shown
from benchmark.imports.cells import Cells, hashtags_in
from benchmark.imports.times import MONTH_DAY_YEAR
from benchmark.networks.base import Kind, PostRecord
from benchmark.sentences import gettext_noop

CLOCK = "America/Los_Angeles"  # with daylight saving, wherever the account is
EXAMPLE = "03/18/2025 09:48"
WHOLE_LIFE = {"lifetime", "livstid", ""}
NOTES = (gettext_noop("Its reach and views are what only the owner sees: such a file is for an own account."),)

KINDS = {
    "photos": Kind.PHOTO, "photo": Kind.PHOTO, "ig image": Kind.PHOTO, "images": Kind.PHOTO,
    "reels": Kind.VIDEO, "reel": Kind.VIDEO, "ig reel": Kind.VIDEO, "videos": Kind.VIDEO, "video": Kind.VIDEO,
    "ig video": Kind.VIDEO, "ig-reel": Kind.VIDEO,
    "ig carousel": Kind.ALBUM, "multi photo": Kind.ALBUM, "albums": Kind.ALBUM,
    "links": Kind.LINK, "link": Kind.LINK, "text": Kind.TEXT, "status": Kind.TEXT, "live": Kind.LIVE,
    "events": Kind.EVENT,
}  # fmt: skip

SHARED = {
    "id": ("post id", "publicerings-id"),
    "published_at": ("publish time", "publiceringstid"),
    "text": ("description", "beskrivning"),
    "url": ("permalink", "permalänk"),
    "kind": ("post type", "inläggstyp"),
    "period": ("date", "datum"),
    "views": ("views", "visningar"),
    "reach": ("reach", "räckvidd"),
    "impressions": ("impressions", "exponeringar"),
    "comments": ("comments", "kommentarer"),
    "shares": ("shares", "delningar"),
}


def refuse_days(row: Cells) -> None:
    """Refuse a file that has a row per post and day: as posts, most of what it holds would be lost."""
    period = row.text("period")
    if period.casefold() not in WHOLE_LIFE:
        raise FileRefused(
            "file_of_days",
            gettext_noop(
                "This file has a row per post and day (%(column)s %(value)s instead of Lifetime). Export the content "
                "again with lifetime figures."
            ),
            column=row.called("period"),
            value=shown(period),
        )


def record(row: Cells, *, text: str, reactions: str) -> PostRecord:
    """What the two exports share."""
    return PostRecord(
        external_id=row.identity("id"),
        url=row.address("url"),
        published_at=row.moment("published_at", MONTH_DAY_YEAR, example=EXAMPLE),
        kind=KINDS.get(row.text("kind").lower(), Kind.OTHER),
        text=text,
        hashtags=hashtags_in(text),
        reactions=row.count(reactions),
        comments=row.count("comments"),
        shares=row.count("shares"),
        saves=row.count("saves"),
        views=row.count("views"),
    )


def of_a_page(row: Cells) -> PostRow:
    """A row of a Facebook Page's export."""
    refuse_days(row)
    page = row.identity("page")
    return PostRow(
        line=row.line,
        owner=Owner(key=page, id=page, name=row.text("page_name")),
        post=record(row, text=row.text("text") or row.text("title"), reactions="reactions"),
        reach=row.count("reach"),
        impressions=row.count("impressions"),
    )


def of_an_account(row: Cells) -> PostRow:
    """A row of an Instagram account's export. A post that was made together with others may be another account's."""
    refuse_days(row)
    account, handle = row.identity("account"), row.text("handle")
    if not handle:
        raise row.blank("handle")
    return PostRow(
        line=row.line,
        owner=Owner(key=account, id=account, handle=handle, name=row.text("account_name")),
        post=record(row, text=row.text("text"), reactions="likes"),
        reach=row.count("reach"),
        impressions=row.count("impressions"),
    )


META_FACEBOOK_POSTS = Format(
    key="meta_facebook_posts",
    label=gettext_noop("Meta Business Suite: Facebook posts"),
    holds=Holds.POSTS,
    network="facebook",
    needs=frozenset({"id", "page", "published_at", "reactions"}),
    columns=SHARED
    | {
        "page": ("page id", "sid-id"),
        "page_name": ("page name", "sidnamn"),
        "title": ("title", "titel"),
        "reactions": ("reactions", "reaktioner"),
    },
    fields={"text": "title", "hashtags": "title"},
    zone=CLOCK,
    cut_short=True,
    parse=of_a_page,
    same=same_post,
    disagree=another_time,
    notes=NOTES,
)

META_INSTAGRAM_POSTS = Format(
    key="meta_instagram_posts",
    label=gettext_noop("Meta Business Suite: Instagram posts"),
    holds=Holds.POSTS,
    network="instagram",
    needs=frozenset({"id", "account", "handle", "published_at", "likes"}),
    columns=SHARED
    | {
        "account": ("account id", "konto-id"),
        "handle": ("account username", "kontots användarnamn"),
        "account_name": ("account name", "kontonamn"),
        "likes": ("likes", "gilla-markeringar"),
        "saves": ("saves", "sparade objekt"),
    },
    fields={"reactions": "likes", "hashtags": "text"},
    zone=CLOCK,
    cut_short=True,
    parse=of_an_account,
    same=same_post,
    disagree=another_time,
    notes=NOTES,
)
