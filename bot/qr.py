"""Draws QR pictures, large enough for an old telephone and dark enough for a poor printer."""

import io

import segno

DOTS = 12
"""Pixels of a side of a module; what is drawn becomes a JPEG, which blurs edges."""


def png(content: str) -> bytes:
    """Return a picture whose scanning gives this content."""
    held = io.BytesIO()
    segno.make_qr(content, error="m").save(held, kind="png", scale=DOTS)
    return held.getvalue()
