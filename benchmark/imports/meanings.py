"""What the words of the formats mean to people, marked for translation: by them a preview names columns."""

from __future__ import annotations

from benchmark.sentences import gettext_noop

A_REACTION = gettext_noop("one kind of reaction")

MEANINGS: dict[str, str] = {
    # whose it is
    "account": gettext_noop("id of the account"),
    "account_name": gettext_noop("name of the account"),
    "channel": gettext_noop("id of the channel"),
    "handle": gettext_noop("handle"),
    "member": gettext_noop("member of the group"),
    "name": gettext_noop("name of the profile"),
    "network": gettext_noop("network"),
    "page": gettext_noop("id of the page"),
    "page_name": gettext_noop("name of the page"),
    "profile": gettext_noop("profile"),
    # what and when it is
    "clock": gettext_noop("time of day"),
    "counted_at": gettext_noop("time of counting"),
    "external": gettext_noop("link in the post"),
    "hashtags": gettext_noop("hashtags"),
    "id": gettext_noop("id of the post"),
    "kind": gettext_noop("kind of post"),
    "link": gettext_noop("address of the post"),
    "link_name": gettext_noop("title of the link in the post"),
    "message_id": gettext_noop("number of the message"),
    "period": gettext_noop("period of the counts"),
    "photos": gettext_noop("pictures of the post"),
    "published_at": gettext_noop("time of publishing"),
    "quoted": gettext_noop("post that is quoted"),
    "status_id": gettext_noop("id of the post"),
    "status_link": gettext_noop("link in the post"),
    "status_message": gettext_noop("text of the post"),
    "status_published": gettext_noop("time of publishing"),
    "status_type": gettext_noop("kind of post"),
    "text": gettext_noop("text of the post"),
    "time": gettext_noop("time of counting"),
    "title": gettext_noop("title of the post"),
    "url": gettext_noop("address of the post"),
    "videos": gettext_noop("videos of the post"),
    # counts
    "comments": gettext_noop("comments"),
    "followers": gettext_noop("followers"),
    "following": gettext_noop("following"),
    "impressions": gettext_noop("impressions"),
    "likes": gettext_noop("likes"),
    "new followers": gettext_noop("new followers"),
    "num_comments": gettext_noop("comments"),
    "num_reactions": gettext_noop("reactions"),
    "num_shares": gettext_noop("shares"),
    "posts": gettext_noop("number of posts"),
    "quotes": gettext_noop("quotes"),
    "reach": gettext_noop("reach"),
    "reactions": gettext_noop("reactions"),
    "saves": gettext_noop("saves"),
    "shares": gettext_noop("shares"),
    "views": gettext_noop("views"),
    **dict.fromkeys(("love", "wow", "haha", "sad", "angry", "care"), A_REACTION),
    **{f"num_{kind}": A_REACTION for kind in ("likes", "loves", "wows", "hahas", "sads", "angrys")},
}
