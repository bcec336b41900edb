"""Profile pictures, made anew small: no page makes a viewer's browser call a network, and no foreign file is served."""

from __future__ import annotations

import struct
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from benchmark.models import Avatar, Profile
from benchmark.networks.base import Network

if TYPE_CHECKING:
    from benchmark.ingest.doors import Door

SIZE = (96, 96)
MOST_PIXELS = 25_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def small_picture(picture: bytes) -> bytes | None:
    """The picture as a WebP of 96 by 96; None where it is none, or too large to be taken apart safely."""
    try:
        with Image.open(BytesIO(picture), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", SIZE)  # a JPEG can be decoded small at once
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (
        OSError,
        ValueError,
        SyntaxError,
        struct.error,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return None  # whatever Pillow says of a file that it cannot read
    small = BytesIO()
    ImageOps.fit(upright, SIZE, Image.Resampling.LANCZOS).save(small, "WEBP", quality=80)
    return small.getvalue()


def keep_picture(profile: Profile, url: str | None, picture: bytes | None, *, now: datetime) -> None:
    """Store a small picture as the profile's own."""
    if url and picture:
        Avatar.objects.update_or_create(
            profile=profile, defaults={"source_url": url, "image": picture, "fetched_at": now}
        )


def renew_picture(profile: Profile, url: str | None, *, network: Network, door: Door, now: datetime) -> None:
    """Fetch the picture where the network names another than ours. What cannot be had is asked for next time."""
    if not url or Avatar.objects.filter(profile=profile, source_url=url).exists():
        return
    keep_picture(profile, url, door.picture(url, network, pretend=profile.pretend), now=now)
