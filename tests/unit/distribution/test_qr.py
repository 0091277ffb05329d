from __future__ import annotations

from xml.etree import ElementTree

from engage.distribution import qr

ADDRESS = "https://engage.example/go/camden-7KQ4"


def test_the_svg_is_well_formed_and_has_no_style_or_script() -> None:
    picture = qr.svg(ADDRESS)
    root = ElementTree.fromstring(picture)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["viewBox"]
    assert b"style" not in picture
    assert b"script" not in picture


def test_the_png_is_a_png_and_another_address_is_another_picture() -> None:
    assert qr.png(ADDRESS).startswith(b"\x89PNG\r\n")
    assert qr.png(ADDRESS) == qr.png(ADDRESS) != qr.png(ADDRESS + "X")
