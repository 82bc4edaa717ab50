from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from groupcore.errors import InputError, MissingExtra
from groupcore.messages import Part
from groupcore.policies import ContactPolicy, LinkPolicy
from groupcore.qr import read_qr
from groupcore.text import Reader


def sheet(*payloads: str) -> Any:
    """A picture with these payloads as QR codes, one below the other."""
    zxing = pytest.importorskip("zxingcpp", reason="the extra qr is not installed")
    image = pytest.importorskip("PIL.Image", reason="the extra qr is not installed")
    drawn = image.new("L", (400, 400 * max(len(payloads), 1)), 255)
    for index, payload in enumerate(payloads):
        code = zxing.create_barcode(payload, zxing.BarcodeFormat.QRCode)
        drawn.paste(_code(zxing, image, code), (20, 400 * index + 20))
    return drawn


def _code(zxing: Any, image: Any, code: Any) -> Any:
    pixels = memoryview(zxing.write_barcode_to_image(code, scale=8))
    height, width = pixels.shape[:2]
    return image.frombytes("L", (width, height), bytes(pixels))


def saved(picture: Any, format: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def picture(*payloads: str) -> bytes:
    return saved(sheet(*payloads))


def test_the_payloads_of_a_picture_come_as_an_image_part_from_top_to_bottom() -> None:
    part = read_qr(picture("https://evil.test/x", "微信：lin_0816"))
    assert part.to_mapping() == {"kind": "image", "qr": ["https://evil.test/x", "微信：lin_0816"]}


def test_rules_look_at_what_a_code_says() -> None:
    reading = Reader({}).read("", (read_qr(picture("hxxp://evil[.]com 薇❤：lin_0816")),))
    link = LinkPolicy(id="links").find(reading)
    contact = ContactPolicy(id="contact").find(reading)
    assert link is not None
    assert contact is not None
    assert link.evidence["fields"] == contact.evidence["fields"] == ["parts[0].qr[0]"]


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_the_kinds_of_pictures_that_chats_carry_are_read(format: str) -> None:
    assert read_qr(saved(sheet("https://evil.test/x"), format)).get("qr") == ["https://evil.test/x"]


@pytest.mark.parametrize("change", ["turned", "mirrored", "inverted", "palette", "16 bit", "clear ground", "small"])
def test_a_code_that_somebody_changed_is_read(change: str) -> None:
    drawn = sheet("https://evil.test/x")
    ops = pytest.importorskip("PIL.ImageOps")
    changed = {
        "turned": lambda: drawn.rotate(30, expand=True, fillcolor=255),
        "mirrored": lambda: ops.mirror(drawn),
        "inverted": lambda: ops.invert(drawn),
        "palette": lambda: drawn.convert("P"),
        "16 bit": lambda: drawn.convert("I;16"),
        "clear ground": lambda: _clear(drawn),
        "small": lambda: drawn.resize((120, 120)),
    }[change]()
    assert read_qr(saved(changed)).get("qr") == ["https://evil.test/x"]


def _clear(drawn: Any) -> Any:
    """*drawn* with black where it was black, and nothing at all (a black nothing) elsewhere."""
    image = pytest.importorskip("PIL.Image")
    clear = image.new("RGBA", drawn.size, (0, 0, 0, 0))
    clear.putalpha(pytest.importorskip("PIL.ImageOps").invert(drawn))
    return clear


@pytest.mark.parametrize(
    ("payload", "hosts", "values"),
    [
        ("HTTPS://EVIL.TEST/X", ["evil.test"], []),
        ("https://u.wechat.com/AbC", ["u.wechat.com"], []),
        ("weixin://contacts/profile/abc", ["weixin.qq.com"], []),
        ("hxxp://evil[.]com 薇❤：lin_0816", ["evil.com"], ["lin_0816"]),
        ("tel:+8613800138000", [], ["13800138000"]),
        ("mailto:amy@example.com", [], ["amy@example.com"]),
        ("MECARD:N:Amy;TEL:13800138000;;", [], ["13800138000"]),
        (
            "BEGIN:VCARD\nVERSION:3.0\nTEL;TYPE=CELL:13800138000\nURL:https://evil.test\nEND:VCARD",
            ["evil.test"],
            ["13800138000"],
        ),
        ("WIFI:S:home;P:secret123;;", [], []),
        ("6901234567892", [], []),
        ("谢谢惠顾", [], []),
    ],
)
def test_what_codes_say_goes_through_the_rules_for_links_and_contacts(
    payload: str, hosts: list[str], values: list[str]
) -> None:
    reading = Reader({}).read("看图", (Part.of({"kind": "image", "qr": ["你好", payload]}),))
    link = LinkPolicy(id="links").find(reading)
    contact = ContactPolicy(id="contact").find(reading)
    assert (link.quoted["hosts"] if link else []) == hosts
    assert (contact.quoted["values"] if contact else []) == values
    assert all(match.evidence["fields"] == ["parts[0].qr[1]"] for match in (link, contact) if match)
    assert all(match.spans == () for match in (link, contact) if match)


def test_a_picture_without_codes_is_an_image_without_payloads() -> None:
    assert read_qr(picture()).get("qr") == []


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    picture()
    with pytest.raises(InputError, match="picture"):
        read_qr(data)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    sheet()
    image = pytest.importorskip("PIL.Image")
    with pytest.raises(InputError, match="8000 x 8000 pixels is too large"):
        read_qr(saved(image.new("1", (8000, 8000))))


def test_a_kind_of_picture_that_needs_another_program_is_refused() -> None:
    with pytest.raises(InputError, match="no picture of a kind that can be read"):
        read_qr(saved(sheet("x"), "EPS"))


def test_a_picture_cut_short_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_qr(picture("https://evil.test/x")[:200])


@pytest.mark.parametrize("library", ["zxingcpp", "PIL"])
def test_without_the_extra_it_names_what_to_install(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    data = picture("x")
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtra, match=r"groupcore\[qr\]"):
        read_qr(data)


def test_a_white_code_on_a_transparent_ground_is_read_as_a_dark_screen_shows_it() -> None:
    drawn = sheet("https://evil.test/x")
    image = pytest.importorskip("PIL.Image")
    light = image.new("RGBA", drawn.size, (255, 255, 255, 0))
    light.putalpha(drawn)
    assert read_qr(saved(light)).get("qr") == ["https://evil.test/x"]


@pytest.mark.parametrize("format", ["GIF", "WEBP", "TIFF", "PNG"])
def test_a_code_in_a_later_picture_of_a_moving_one_is_read(format: str) -> None:
    image = pytest.importorskip("PIL.Image")
    code, other = sheet("https://evil.test/x"), sheet("微信：lin_0816")
    blank = image.new("L", code.size, 255)
    moving = saved(blank, format, save_all=True, append_images=[code, blank, other, code])
    assert read_qr(moving).get("qr") == ["https://evil.test/x", "微信：lin_0816"]


def test_of_a_moving_picture_so_many_pixels_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    image = pytest.importorskip("PIL.Image")
    code = sheet("https://evil.test/x")
    blanks = [image.new("L", code.size, shade) for shade in range(255, 215, -1)]
    late = saved(blanks[0], "GIF", save_all=True, append_images=[*blanks[1:], code])
    assert read_qr(late).get("qr") == []
    soon = saved(blanks[0], "GIF", save_all=True, append_images=[blanks[1], code])
    assert read_qr(soon).get("qr") == ["https://evil.test/x"]
    monkeypatch.setattr("groupcore.qr.MOST_PIXELS", code.width * code.height * 2)
    assert read_qr(soon).get("qr") == []


def test_what_is_broken_behind_the_first_picture_is_left_out() -> None:
    image = pytest.importorskip("PIL.Image")
    code = sheet("https://evil.test/x")
    moving = saved(code, "GIF", save_all=True, append_images=[image.new("L", code.size, 255), sheet("second")])
    assert read_qr(moving[: len(moving) - 200]).get("qr") == ["https://evil.test/x"]


@pytest.mark.parametrize("given", ["picture.png", None, 5])
def test_what_is_no_bytes_is_told(given: Any) -> None:
    with pytest.raises(InputError, match=r"a picture is its bytes, such as Path\(name\)\.read_bytes\(\)"):
        read_qr(given)
