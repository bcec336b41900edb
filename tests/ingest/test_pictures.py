"""Profile pictures: made anew small, kept by us, and never a reason for a visit to fail."""

import struct
from io import BytesIO

import pytest
from PIL import Image

from benchmark import ingest
from benchmark.models import Avatar, Outcome
from tests.ingest.fakes import make_world

RED, BLUE = (255, 0, 0), (0, 0, 255)


def drawn(size=(200, 100), *, form="PNG", colour=RED, **options) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, form, **options)
    return file.getvalue()


def opened(picture: bytes | None) -> Image.Image:
    assert picture is not None
    return Image.open(BytesIO(picture))


def colour_at(picture: Image.Image, height: int) -> tuple[int, ...]:
    colour = picture.convert("RGB").getpixel((48, height))
    assert isinstance(colour, tuple)
    return colour


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_becomes_a_small_square_webp(form):
    small = opened(ingest.small_picture(drawn(form=form)))

    assert (small.format, small.size) == ("WEBP", (96, 96))
    red, green, blue = colour_at(small, 48)
    assert red > 240
    assert max(green, blue) < 20


def test_what_a_picture_says_besides_its_pixels_is_left_behind():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"

    small = ingest.small_picture(drawn(form="JPEG", exif=exif))

    assert small is not None
    assert b"taken at home" not in small


def test_a_photo_that_was_taken_sideways_stands_upright():
    sideways = Image.new("RGB", (200, 200), RED)
    sideways.paste(Image.new("RGB", (100, 200), BLUE), (0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    file = BytesIO()
    sideways.save(file, "JPEG", exif=exif)

    small = opened(ingest.small_picture(file.getvalue()))

    top, bottom = colour_at(small, 10), colour_at(small, 85)
    assert top[2] > 200 > top[0]
    assert bottom[0] > 200 > bottom[2]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        drawn()[:60],
        drawn(form="JPEG")[:300],
        drawn(form="TIFF"),
    ],
)
def test_what_is_no_picture_is_none(broken):
    assert ingest.small_picture(broken) is None


def test_a_picture_too_large_to_be_taken_apart_is_none():
    assert ingest.small_picture(drawn((6_000, 6_000), form="PNG")) is None


# --- in a visit ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_visit_keeps_the_picture_and_asks_again_only_for_another():
    world = make_world(avatar_url="https://cdn.example.org/1.png")
    world.outside.image = drawn()
    world.visit()
    first = Avatar.objects.get()
    world.outside.image = drawn(colour=BLUE)
    world.visit()
    assert bytes(Avatar.objects.get().image) == bytes(first.image)

    world.network.avatar_url = "https://cdn.example.org/2.png"
    world.visit()

    second = Avatar.objects.get()
    assert (first.source_url, second.source_url) == ("https://cdn.example.org/1.png", "https://cdn.example.org/2.png")
    assert bytes(second.image) != bytes(first.image)


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [None, b"not a picture"])
def test_a_picture_that_cannot_be_had_fails_no_visit(answer):
    world = make_world(avatar_url="https://cdn.example.org/1.png")
    world.outside.image = answer

    run = world.visit()

    assert (run.outcome, Avatar.objects.count()) == (Outcome.DONE, 0)


def test_a_jpeg_with_a_broken_note_about_its_orientation_is_no_picture():
    entries = struct.pack("<HHI4s", 0x0100, 1, 1, b"ab\0\0") + struct.pack("<HHI4s", 0x0112, 3, 1, b"\6\0\0\0")
    note = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2) + entries + struct.pack("<I", 0)

    assert ingest.small_picture(drawn(form="JPEG", exif=note)) is None
