"""Why a figure can be trusted, or why there is none: the codes of answers, each with its sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ESTIMATED = "estimated"

BASES: dict[str, Any] = {
    "measured": _("As the network, or the file, stated it."),
    "published_views": _("Views that the network publishes: showings, not people."),
    ESTIMATED: _("Estimated from public counts, by a fit to your own posts. The range holds 80 of 100 such figures."),
    "backfilled": _(
        "The follower count is of another time: of the first reading, which came after the posts,"
        " of a last one more than seven days before, or of readings more than seven days apart."
    ),
    "fewer_parts": _(
        "The imported file lacks a part of the engagements, so they are the sum of the others."
        " Ranked only among its like."
    ),
}

REASONS: dict[str, Any] = {
    "not_published": _("The network does not publish it."),
    "not_in_file": _("The imported file does not have it."),
    "not_available": _("Neither measured by the owner nor published by the network."),
    "no_reach_model": _("Too few of your own posts with a known reach to estimate that of others: twelve are needed."),
    "outside_training_range": _(
        "Too unlike your own posts to be estimated by them: another size of audience, another response or other kinds."
    ),
    "signals_hidden": _("What reach is estimated from is hidden or not known: counts of the posts, or followers."),
    "hidden": _("Hidden on every post of the period."),
    "kept_no_longer": _("The network limits how long counts may be kept, and these were not refreshed in time."),
    "not_read_yet": _("The posts of this profile have not been read to the end yet."),
    "history_starts_later": _("The posts of this profile are known only from a later day on."),
    "history_ends_earlier": _("The posts of this profile were last read completely before the period ended."),
    "not_enough_posts": _("Too few posts that are old enough to be compared."),
    "followers_not_known": _("No follower count of this profile has been read or imported."),
    "followers_not_read_then": _("There is no reading of the followers near the beginning or the end of the period."),
    "readings_too_far_apart": _(
        "The follower readings around the beginning or the end are more than seven days apart."
    ),
    "zero_followers": _("The profile had no followers, so there is nothing to divide by."),
    "too_young": _("The post was younger than an hour when last read: too early to tell what it will come to."),
    "too_few_yet": _("The count is below ten so far: too small to tell what it will come to."),
    "nothing_expected": _("The posts before it came to nothing, so there is nothing to divide by."),
    "another_row_lacks_it": _("A share needs the figure of every profile, and at least one has none."),
    "text_not_known": _("The texts of these posts are not known: they were deleted, or the file does not have them."),
    "period_too_short": _("Whole weeks are compared, and the period has fewer than four."),
    "not_enough_profiles": _("Fewer than five profiles have the figures that a line can be drawn through."),
    "nothing_to_divide_by": _("What it is divided by adds up to zero over these posts."),
    "zero_engagements": _("The posts brought nothing, which has no place on a scale of multiples."),
    "nothing_to_share": _("The sum over all profiles is zero."),
}

# The same of several profiles, where the sentence above names one.
REASONS_OF_SEVERAL: dict[str, Any] = {
    "not_read_yet": _("Their posts have not been read to the end yet."),
    "history_starts_later": _("Their posts are known only from a later day on."),
    "history_ends_earlier": _("Their posts were last read completely before the period ended."),
}

CHANGE_BASES: dict[str, Any] = {
    "same_age": _("Posts of both periods compared at the same age."),
    "mixed_age": _("Latest counts: the posts of the two periods were not read at the same age."),
    "latest": _("Latest counts of both periods, all posts old enough to have settled."),
    "all": _("Does not depend on the age of posts."),
}
