"""Networks that give nothing about other people's accounts, declared so that nobody types a handle in vain."""

import re
from dataclasses import dataclass

from benchmark.networks.pasted import address
from benchmark.sentences import gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A network that cannot be compared on. `sites` are its addresses' ends, `sentence` says why and what to do."""

    key: str
    label: str
    sites: tuple[str, ...]
    sentence: str

    def __str__(self) -> str:
        return self.label

    def recognises_url(self, text: str) -> bool:
        """Whether an address is one of this network's, in any of its countries."""
        link = address(text)
        ends = "|".join(map(re.escape, self.sites))
        return link is not None and re.search(rf"(?:^|\.)(?:{ends})$", link.host) is not None


PINTEREST = Silent(
    key="pinterest",
    label="Pinterest",
    sites=(
        "pinterest.com", "pin.it", "pinterest.at", "pinterest.ca", "pinterest.ch", "pinterest.cl", "pinterest.co.kr",
        "pinterest.co.uk", "pinterest.com.au", "pinterest.com.mx", "pinterest.de", "pinterest.dk", "pinterest.es",
        "pinterest.fr", "pinterest.ie", "pinterest.it", "pinterest.jp", "pinterest.nz", "pinterest.ph", "pinterest.pt",
        "pinterest.ru", "pinterest.se",
    ),
    sentence=gettext_noop(
        "Pinterest publishes nothing about other people's accounts, so nobody can be compared there: follow the same"
        " company on another network."
    ),
)  # fmt: skip

GIVE_NOTHING: dict[str, Silent] = {silent.key: silent for silent in (PINTEREST,)}


def silent_at(text: str) -> Silent | None:
    """The network of an address that gives nothing; None for any other address or name."""
    return next((silent for silent in GIVE_NOTHING.values() if silent.recognises_url(text)), None)
