"""Every network that Yardstick knows, by its key. Adding one is a small file and a line here."""

from benchmark.networks.base import Network
from benchmark.networks.bluesky import BLUESKY
from benchmark.networks.facebook import FACEBOOK
from benchmark.networks.instagram import INSTAGRAM
from benchmark.networks.linkedin import LINKEDIN
from benchmark.networks.mastodon import MASTODON
from benchmark.networks.ok import OK
from benchmark.networks.reddit import REDDIT
from benchmark.networks.telegram import TELEGRAM
from benchmark.networks.threads import THREADS
from benchmark.networks.tiktok import TIKTOK
from benchmark.networks.twitch import TWITCH
from benchmark.networks.vk import VK
from benchmark.networks.x import X
from benchmark.networks.youtube import YOUTUBE

__all__ = ["NETWORKS", "Network", "network_choices"]

NETWORKS: dict[str, Network] = {
    network.key: network
    for network in (
        BLUESKY,
        FACEBOOK,
        INSTAGRAM,
        LINKEDIN,
        MASTODON,
        OK,
        REDDIT,
        TELEGRAM,
        THREADS,
        TIKTOK,
        TWITCH,
        VK,
        X,
        YOUTUBE,
    )
}


def network_choices() -> list[tuple[str, str]]:
    """Keys and labels for forms; a callable, so that a new network makes no migration."""
    return [(network.key, network.label) for network in NETWORKS.values()]
