"""How a moment is told to people, in the language and the zone of the page."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as _


def ago(moment: datetime, now: datetime) -> str:
    """`2 hours ago`, in the largest unit alone."""
    if now - moment < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment, now, depth=1)}


def clock(moment: datetime, now: datetime) -> str:
    """`14:15 CET`, with its day where that is not today."""
    here = localtime(moment)
    return date_format(here, "H:i T" if here.date() == localtime(now).date() else "j M, H:i T")
