"""Photographs are kept without place and device, once, and nothing else is kept at all."""

import asyncio
import io
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from pillow_heif import register_heif_opener

from bot import media
from bot.media import MediaReason, MediaRefused, MediaStore

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, ExifTags.IFD.GPSInfo


def a_photo(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **save: object) -> bytes:
    out = io.BytesIO()
    mode = "P" if kind == "GIF" else "RGB"
    Image.new(mode, size, 3 if mode == "P" else (200, 30, 30)).save(out, kind, **save)
    return out.getvalue()


def a_photo_from_a_telephone() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[MAKE] = "SecretPhone"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (30.0, 33.0, 12.0)
    return a_photo(exif=exif, comment=b"at home")


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


async def refused(store: MediaStore, data: bytes) -> MediaReason:
    with pytest.raises(MediaRefused) as why:
        await store.keep(data)
    return why.value.reason


async def test_place_device_and_comment_are_gone_and_the_picture_stands_upright(
    store: MediaStore,
) -> None:
    name = await store.keep(a_photo_from_a_telephone())

    kept = store.path(name).read_bytes()
    assert b"SecretPhone" not in kept
    assert b"at home" not in kept
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (48, 64)
        assert not image.getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF"])
async def test_what_telephones_and_computers_make_is_kept_as_jpeg(
    store: MediaStore, kind: str
) -> None:
    register_heif_opener()

    name = await store.keep(a_photo(kind))

    with Image.open(store.path(name)) as image:
        assert image.format == "JPEG"


async def test_the_same_photo_is_kept_once(store: MediaStore) -> None:
    names = await asyncio.gather(*(store.keep(a_photo()) for _ in range(8)))

    assert len(set(names)) == 1
    assert [path.name for path in store.path(names[0]).parent.iterdir()] == [names[0]]


async def test_a_large_photo_is_made_smaller(store: MediaStore) -> None:
    name = await store.keep(a_photo(size=(6000, 3000)))

    with Image.open(store.path(name)) as image:
        assert image.size == (media.LONGEST_EDGE, media.LONGEST_EDGE // 2)


async def test_what_shines_through_becomes_white(store: MediaStore) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")

    name = await store.keep(out.getvalue())

    with Image.open(store.path(name)) as image:
        assert image.getpixel((4, 4)) == (255, 255, 255)


def a_chunk(name: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(name + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + name + data + crc


def a_bomb(width: int) -> bytes:
    """A few bytes that claim to be a square of so many pixels."""
    header = a_chunk(b"IHDR", width.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0]))
    pixels = a_chunk(b"IDAT", zlib.compress(bytes(9_000)))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + a_chunk(b"IEND", b"")


@pytest.mark.parametrize("width", [8_000, 11_000, 30_000])
async def test_a_picture_that_claims_to_be_huge_is_refused_unread(
    store: MediaStore, width: int
) -> None:
    assert await refused(store, a_bomb(width)) is MediaReason.TOO_MANY_PIXELS


async def test_a_file_over_the_limit_is_refused_unread(store: MediaStore) -> None:
    assert await refused(store, bytes(media.BYTES_AT_MOST + 1)) is MediaReason.TOO_LARGE


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg/>", b"%PDF-1.7", a_photo()[:200], b"\xff\xd8\xff", b"GIF89a", b"%!PS-Adobe"],
)
async def test_what_is_no_photo_is_refused(store: MediaStore, data: bytes) -> None:
    assert await refused(store, data) is MediaReason.NOT_A_PHOTO


def test_whoever_knows_only_errors_of_values_understands_a_refusal() -> None:
    assert issubclass(MediaRefused, ValueError)


@pytest.mark.parametrize("name", ["../xiaoer.db", "a.jpg", "", "0" * 64, "/" + "0" * 63 + ".jpg"])
def test_only_names_of_ours_lead_to_a_file(store: MediaStore, name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        store.path(name)


@given(data=st.binary(max_size=400), cut=st.integers(0, 600), at=st.integers(0, 600))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_bytes_become_a_jpeg_or_a_refusal(data: bytes, cut: int, at: int) -> None:
    photo = a_photo()
    for garbage in (data, photo[:cut], photo[:at] + data + photo[at:]):
        try:
            drawn = media.redraw(garbage)
        except MediaRefused:
            continue
        assert drawn.startswith(b"\xff\xd8\xff")
