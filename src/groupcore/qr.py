"""QR codes in pictures, read before a message is observed (extra ``qr``): rules look at what they say, not at pixels.

>>> from groupcore.qr import read_qr                                    # doctest: +SKIP
>>> Message(group="g1", author="amy", id="m1", at=now, parts=[read_qr(picture)])  # doctest: +SKIP
"""

from __future__ import annotations

import io
import warnings
from typing import Any

from groupcore.errors import InputError, MissingExtra
from groupcore.messages import Part

__all__ = ["read_qr"]

MOST_PIXELS = 50_000_000
"""Larger pictures are refused: a small file can hold a picture that fills the memory."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""What chats carry. Others are refused: to show some of them (EPS), another program would have to be run."""


def read_qr(image: bytes) -> Part:
    """The image part of a picture (PNG, JPEG, WebP, GIF, BMP, TIFF), with the payloads of its QR codes, top to bottom.

    Turned, mirrored and inverted codes are read, and codes on a transparent ground; of several pictures in one file the
    first. Takes milliseconds a megapixel. Raises InputError when *image* is no picture that can be read, or has more
    than 50 million pixels; MissingExtra without the extra ``qr``.
    """
    try:
        import zxingcpp
    except ImportError:
        raise MissingExtra("zxing-cpp", "qr") from None
    found = zxingcpp.read_barcodes(_greys(image), formats=zxingcpp.barcode_formats_from_str("QRCode"))
    codes = sorted(found, key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return Part("image", {"qr": [code.text for code in codes if code.text]})


def _greys(image: bytes) -> Any:
    """The picture in shades of grey, one byte a pixel."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise MissingExtra("pillow", "qr") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures, for which we have a limit of our own
            picture = Image.open(io.BytesIO(image), formats=FORMATS)
            _check_size(*picture.size)
            return _on_white(picture).convert("L")
    except InputError:
        raise
    except UnidentifiedImageError:
        raise InputError(f"the bytes are no picture of a kind that can be read ({', '.join(FORMATS)})") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InputError(f"the picture cannot be read: {error}") from None


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise InputError(f"a picture of {width} x {height} pixels is too large; at most {MOST_PIXELS} are read")


def _on_white(picture: Any) -> Any:
    """*picture* without transparency, which would come out black and swallow the code."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture
    from PIL import Image

    seen = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
