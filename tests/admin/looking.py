"""What the tests of this folder do with pages."""

import html
import re

from django.urls import reverse


def url(model, page="changelist", *args):
    """The address of a page about a model: `url("competitor", "change", 3)`."""
    people = {"user", "workspace", "membership", "invitation", "apikey", "credential"}
    return reverse(f"admin:{'accounts' if model in people else 'benchmark'}_{model}_{page}", args=args)


def text(answer):
    """What a page says, without markup and on one line."""
    page = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def said(answer):
    """The messages of the page that an answer leads to."""
    return [str(message) for message in answer.context["messages"]]


def errors(answer):
    return answer.context["form"].errors


def listed(answer):
    """The rows of a list, in its order."""
    return list(answer.context["cl"].result_list)
