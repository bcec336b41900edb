"""How much is published, and when."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from benchmark.metrics.base import Better, Column, Group, Metric, Statistic, Unit

POSTS = Metric(
    key="posts",
    label=_("Posts"),
    answers=_("How much is published?"),
    definition=_(
        "Own posts published in the period; replies and reposts are left out, deleted posts that were seen stay in."
    ),
    each=Column("posts"),
    over_posts=Statistic.SUM,
    unit=Unit.COUNT,
    group=Group.ACTIVITY,
)

POSTS_PER_WEEK = Metric(
    key="posts_per_week",
    label=_("Posts per week"),
    answers=_("How often is something published?"),
    definition=_("Posts ÷ days of the period, times 7."),
    each=Column("posts"),
    over_posts=Statistic.PER_WEEK,
    unit=Unit.PER_WEEK,
    group=Group.ACTIVITY,
)

SHARES_OF_DAYS = {
    "monday": (_("Posts on Mondays"), _("Which part of the posts comes on Mondays?")),
    "tuesday": (_("Posts on Tuesdays"), _("Which part of the posts comes on Tuesdays?")),
    "wednesday": (_("Posts on Wednesdays"), _("Which part of the posts comes on Wednesdays?")),
    "thursday": (_("Posts on Thursdays"), _("Which part of the posts comes on Thursdays?")),
    "friday": (_("Posts on Fridays"), _("Which part of the posts comes on Fridays?")),
    "saturday": (_("Posts on Saturdays"), _("Which part of the posts comes on Saturdays?")),
    "sunday": (_("Posts on Sundays"), _("Which part of the posts comes on Sundays?")),
}
SHARES_OF_HOURS = {
    "night": (_("Posts at night"), _("Which part of the posts comes between 0 and 6 o'clock, UTC?")),
    "morning": (_("Posts in the morning"), _("Which part of the posts comes between 6 and 12 o'clock, UTC?")),
    "afternoon": (_("Posts in the afternoon"), _("Which part of the posts comes between 12 and 18 o'clock, UTC?")),
    "evening": (_("Posts in the evening"), _("Which part of the posts comes between 18 and 24 o'clock, UTC?")),
}


def share_of_posts(name: str, label: Any, answers: Any, definition: Any, group: Group) -> Metric:
    """Which part of a profile's posts has something: a metric of its own for each weekday, hour, kind and so on."""
    return Metric(
        key=f"{name}_share",
        label=label,
        answers=answers,
        definition=definition,
        each=Column(name, times=100.0),
        over_posts=Statistic.MEAN,
        unit=Unit.PERCENT,
        group=group,
        all_posts=True,
        better=Better.NEITHER,
        at_least=1,
        default=False,
    )


ON_A_DAY = _("Posts published on that weekday (UTC) ÷ posts, in percent.")
IN_THESE_HOURS = _("Posts published in these six hours (UTC) ÷ posts, in percent.")

BY_WEEKDAY = tuple(
    share_of_posts(f"posts_on_{day}", label, answers, ON_A_DAY, Group.ACTIVITY)
    for day, (label, answers) in SHARES_OF_DAYS.items()
)
BY_HOURS = tuple(
    share_of_posts(f"posts_in_the_{part}", label, answers, IN_THESE_HOURS, Group.ACTIVITY)
    for part, (label, answers) in SHARES_OF_HOURS.items()
)

ACTIVE_DAYS = Metric(
    key="active_days",
    label=_("Days with a post"),
    answers=_("On how many days is something published?"),
    definition=_("Days of the period with at least one post ÷ days, in percent."),
    each=Column("posts"),
    over_posts=Statistic.ACTIVE_DAYS,
    unit=Unit.PERCENT,
    group=Group.ACTIVITY,
    default=False,
)

LONGEST_PAUSE = Metric(
    key="longest_pause",
    label=_("Longest pause"),
    answers=_("For how long did nothing come?"),
    definition=_("The most days of the period in a row (UTC) on which nothing was published."),
    each=Column("posts"),
    over_posts=Statistic.LONGEST_PAUSE,
    unit=Unit.DAYS,
    group=Group.ACTIVITY,
    better=Better.LOWER,
    default=False,
)

POSTING_SPREAD = Metric(
    key="posting_spread",
    label=_("Unevenness of posting"),
    answers=_("How steadily is something published? 0: the same number every week."),
    definition=_(
        "The standard deviation of the posts per week ÷ their mean, over the whole weeks of seven days counted back"
        " from the period's end; at least four weeks."
    ),
    each=Column("posts"),
    over_posts=Statistic.SPREAD,
    unit=Unit.RATIO,
    group=Group.ACTIVITY,
    better=Better.LOWER,
    at_least=1,
    default=False,
)
