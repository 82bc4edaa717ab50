"""QR codes in pictures, read before a message is observed (extra ``qr``): rules look at what they say, not at pixels.

>>> from groupcore.qr import read_qr                                    # doctest: +SKIP
>>> Message(group="g1", author="amy", id="m1", at=now, parts=[read_qr(picture)])  # doctest: +SKIP
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from groupcore.errors import InputError, MissingExtra
from groupcore.messages import Part

__all__ = ["read_qr"]

MOST_PIXELS = 50_000_000
"""Larger pictures are refused: a small file can hold a picture that fills the memory."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""What chats carry. Others are refused: to show some of them (EPS), another program would have to be run."""


MOST_FRAMES = 32
"""The pictures of a moving one that are looked at; a code may be in any of them."""


def read_qr(image: bytes) -> Part:
    """The image part of a picture (PNG, JPEG, WebP, GIF, BMP, TIFF), with the payloads of its QR codes, top to bottom.

    Turned, mirrored and inverted codes are read, and codes on a transparent ground, shown on white or on black; of
    several pictures in one file the first 32, each payload once. Takes milliseconds a megapixel. Raises InputError when
    *image* is no picture that can be read, or has more than 50 million pixels; MissingExtra without the extra ``qr``.
    """
    _check_type(image)
    try:
        import zxingcpp
    except ImportError:
        raise MissingExtra("zxing-cpp", "qr") from None
    wanted, payloads = zxingcpp.barcode_formats_from_str("QRCode"), dict[str, None]()
    for picture in _pictures(bytes(image)):
        for greys in _greys(picture):
            found = zxingcpp.read_barcodes(greys, formats=wanted)
            codes = sorted(found, key=lambda code: (code.position.top_left.y, code.position.top_left.x))
            payloads |= {code.text: None for code in codes if code.text}
            if found:
                break
    return Part("image", {"qr": list(payloads)})


def _check_type(image: object) -> None:
    if not isinstance(image, bytes | bytearray | memoryview):
        kind = type(image).__name__
        raise InputError(f"a picture is its bytes, such as Path(name).read_bytes(), and not of type {kind}")


def _pictures(image: bytes) -> Iterator[Any]:
    """The pictures of a file, each unpacked. Raises InputError for the first; at a later one that is broken it ends."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise MissingExtra("pillow", "qr") from None
    try:
        picture = _opened(Image, image)
        yield picture
    except UnidentifiedImageError:
        raise InputError(f"the bytes are no picture of a kind that can be read ({', '.join(FORMATS)})") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"the picture cannot be read: {error}") from None
    with suppress(EOFError, OSError, ValueError, SyntaxError):
        yield from _later(picture)


def _opened(pillow: Any, image: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of large pictures, for which we have a limit of our own
        picture = pillow.open(io.BytesIO(image), formats=FORMATS)
        _check_size(*picture.size)
        picture.load()
    return picture


def _later(picture: Any) -> Iterator[Any]:
    """The pictures behind the first, as long as all of them together are not too large."""
    pixels = picture.width * picture.height
    for number in range(1, min(MOST_FRAMES, getattr(picture, "n_frames", 1))):
        picture.seek(number)
        pixels += picture.width * picture.height
        if pixels > MOST_PIXELS:
            return
        picture.load()
        yield picture


def _greys(picture: Any) -> Iterator[Any]:
    """The picture, one byte a pixel; where it is transparent, shown on white and then on black."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        yield picture.convert("L")
        return
    from PIL import Image

    seen = picture.convert("RGBA")
    for ground in ("white", "black"):
        yield Image.alpha_composite(Image.new("RGBA", seen.size, ground), seen).convert("L")


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise InputError(f"a picture of {width} x {height} pixels is too large; at most {MOST_PIXELS} are read")
