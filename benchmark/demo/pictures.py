"""Pictures of accounts that do not exist: their initial on their colour."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from benchmark.demo.cast import Account

SIDE = 128


@lru_cache(maxsize=200)
def avatar(account: Account) -> bytes:
    """The account's picture as PNG."""
    image = Image.new("RGB", (SIDE, SIDE), account.colour)
    draw = ImageDraw.Draw(image)
    draw.ellipse((-SIDE // 3, SIDE // 2, SIDE, SIDE * 2), fill=lighter(account.colour))
    draw.text((SIDE // 2, SIDE // 2), account.name[0], fill="white", font=ImageFont.load_default(72), anchor="mm")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def lighter(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red + (255 - red) // 4, green + (255 - green) // 4, blue + (255 - blue) // 4
