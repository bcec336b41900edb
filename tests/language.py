"""A language in which everything that passes gettext stands in brackets: what does not was never translated."""

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from django.utils import translation
from django.utils.translation import trans_real


class InBrackets(NullTranslations):
    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"[{msgid1 if n == 1 else msgid2}]"


@contextmanager
def spoken_in_brackets() -> Iterator[None]:
    """Speak it for a while, then the installation's own language again."""
    trans_real._active.value = InBrackets()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        translation.deactivate()
