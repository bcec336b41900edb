"""Pages of allauth that only make sense where this installation sends e-mail."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as allauth
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

View = Callable[..., HttpResponseBase]


def sent(view: View) -> View:
    """The page, or, where no e-mail is sent, one that says how to get the same done."""

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if settings.SENDS_EMAIL:
            return view(request, **kwargs)
        return render(request, "accounts/no_email.html")

    return answer


reset_password = sent(allauth.password_reset)
change_email = sent(allauth.email)
