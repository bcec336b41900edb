"""What posts are made of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from benchmark.metrics.base import Better, Column, Group, Metric, Statistic, Unit
from benchmark.metrics.definitions.activity import share_of_posts
from benchmark.networks.base import Kind

KINDS = {
    Kind.TEXT: (_("Text posts"), _("Which part of the posts is text alone?")),
    Kind.PHOTO: (_("Photo posts"), _("Which part of the posts is a photo?")),
    Kind.ALBUM: (_("Album posts"), _("Which part of the posts is an album of several pictures?")),
    Kind.VIDEO: (_("Video posts"), _("Which part of the posts is a video?")),
    Kind.LIVE: (_("Live posts"), _("Which part of the posts is a live broadcast?")),
    Kind.AUDIO: (_("Audio posts"), _("Which part of the posts is audio?")),
    Kind.LINK: (_("Link posts"), _("Which part of the posts is a link with its preview?")),
    Kind.POLL: (_("Polls"), _("Which part of the posts is a poll?")),
    Kind.QUOTE: (_("Quoting posts"), _("Which part of the posts quotes another one?")),
}
OF_A_KIND = _("Posts of this kind ÷ posts, in percent.")

BY_KIND = tuple(
    share_of_posts(f"{kind.value}_posts", label, answers, OF_A_KIND, Group.CONTENT)
    for kind, (label, answers) in KINDS.items()
)

WITH_HASHTAGS = share_of_posts(
    "posts_with_hashtags",
    _("Posts with hashtags"),
    _("Which part of the posts carries a hashtag?"),
    _("Posts with at least one hashtag ÷ posts whose text is known, in percent."),
    Group.CONTENT,
)

WITH_LINKS = share_of_posts(
    "posts_with_links",
    _("Posts with a link"),
    _("Which part of the posts leads elsewhere?"),
    _("Posts of the kind link, or with a web address in the text, ÷ posts whose text is known, in percent."),
    Group.CONTENT,
)

HASHTAGS_PER_POST = Metric(
    key="hashtags_per_post",
    label=_("Hashtags per post"),
    answers=_("How many hashtags does a post carry on average?"),
    definition=_("The mean number of hashtags, over all posts whose text is known."),
    each=Column("hashtags"),
    over_posts=Statistic.MEAN,
    unit=Unit.COUNT,
    group=Group.CONTENT,
    all_posts=True,
    better=Better.NEITHER,
    at_least=1,
    default=False,
)

TEXT_LENGTH = Metric(
    key="text_length",
    label=_("Length of the text"),
    answers=_("How long is the text of a typical post?"),
    definition=_("The median number of characters, over all posts whose text is known."),
    each=Column("text_length"),
    over_posts=Statistic.MEDIAN,
    unit=Unit.CHARACTERS,
    group=Group.CONTENT,
    all_posts=True,
    better=Better.NEITHER,
    at_least=1,
    default=False,
)
