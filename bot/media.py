"""Keeps photographs: drawn anew without place or device, named by the hash of what is kept."""

import asyncio
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

BYTES_AT_MOST = 20 * 1024 * 1024
"""Of an upload (contracts.md)."""
PIXELS_AT_MOST = 60_000_000
"""Above what telephones take; a few bytes can claim billions and fill the memory."""
LONGEST_EDGE = 2560
"""Pixels kept: enough to read a meter or a sign."""
QUALITY = 85
AT_ONCE = 2
"""Photographs drawn at the same time: each takes up to three bytes a pixel."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF")
_NAME = re.compile(r"[0-9a-f]{64}\.jpg")
_HALF_WRITTEN = ".new"


class MediaReason(StrEnum):
    """Why a file is not kept."""

    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    NOT_A_PHOTO = "not_a_photo"


class MediaRefused(ValueError):
    """What was sent is not kept, and why."""

    def __init__(self, reason: MediaReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class MediaStore:
    """A folder of photographs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drawing = asyncio.Semaphore(AT_ONCE)

    async def keep(self, data: bytes) -> str:
        """Keep a photograph and return its name; it is on the disk then.

        The same photograph gets the same name. Raises MediaRefused.
        """
        if len(data) > BYTES_AT_MOST:
            raise MediaRefused(MediaReason.TOO_LARGE)
        async with self._drawing:
            return await asyncio.to_thread(self._keep, data)

    def path(self, name: str) -> Path:
        """Return the file of a photograph; ValueError when that is no name of ours."""
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        return self._folder / name[:2] / name

    def older(self, before: datetime) -> set[str]:
        """Return the names of the photographs that last came before this moment.

        Files that a process did not finish writing, and are as old, are removed.
        """
        for file in self._folder.glob(f"*/*{_HALF_WRITTEN}"):
            _remove(file, before)
        return {file.name for file in self._folder.glob("*/*.jpg") if _came_before(file, before)}

    def remove(self, names: Iterable[str], before: datetime) -> int:
        """Remove those of these photographs that did not come again since; return how many."""
        return sum(_remove(self.path(name), before) for name in names)

    def _keep(self, data: bytes) -> str:
        drawn = redraw(data)
        name = f"{hashlib.sha256(drawn).hexdigest()}.jpg"
        path = self.path(name)
        try:
            # It came again, and is as new as any other.
            os.utime(path)
        except FileNotFoundError:
            _write(path, drawn)
        return name


def redraw(data: bytes) -> bytes:
    """Return the picture as a fresh JPEG: nothing of the file but its pixels is taken over."""
    register_heif_opener()
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image)
            # A JPEG is read at a fraction of its size where that is enough.
            image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
            return _as_jpeg(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise MediaRefused(MediaReason.TOO_MANY_PIXELS) from None
    except MediaRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError):
        # What decoders raise for broken files.
        raise MediaRefused(MediaReason.NOT_A_PHOTO) from None


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > PIXELS_AT_MOST:
        raise MediaRefused(MediaReason.TOO_MANY_PIXELS)


def _as_jpeg(image: Image.Image) -> bytes:
    ground = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        ground.paste(layer, mask=layer.getchannel("A"))
    else:
        ground.paste(image.convert("RGB"))
    out = io.BytesIO()
    ground.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _write(path: Path, data: bytes) -> None:
    """Put the whole file there or nothing, also when the power goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=_HALF_WRITTEN)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _came_before(file: Path, before: datetime) -> bool:
    return file.stat().st_mtime < before.timestamp()


def _remove(file: Path, before: datetime) -> bool:
    """Remove the file if it is older; another worker may have it away already."""
    with suppress(FileNotFoundError):
        if _came_before(file, before):
            file.unlink()
            return True
    return False
