from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.boroughs import postcodes
from engage.boroughs.postcodes import Finding, Outcome, look_up
from engage.boroughs.rules import POSTCODES

BOROUGH = re.compile(r"E090000(0[1-9]|[12][0-9]|3[0-3])")


def test_every_postcode_of_the_file_leads_to_its_borough() -> None:
    known = 0
    for postcode, area_code in postcodes.everything():
        assert BOROUGH.fullmatch(area_code)
        assert look_up(postcode) == Finding(Outcome.LONDON, area_code), postcode
        known += 1
    assert known == POSTCODES == postcodes.count()


def test_every_postcode_is_named_once_and_every_borough_has_some() -> None:
    pairs = list(postcodes.everything())
    assert len({postcode for postcode, _ in pairs}) == len(pairs)
    assert len({area_code for _, area_code in pairs}) == 33


@pytest.mark.parametrize(
    ("text", "area_code"),
    [
        ("SW1A 1AA", "E09000033"),
        ("SW1A 2AA", "E09000033"),
        ("NW1 2DB", "E09000007"),
        ("EC2V 7HH", "E09000001"),
        ("CR0 1EA", "E09000008"),
        ("N1C 4AG", "E09000007"),
    ],
)
def test_a_well_known_address_is_where_it_is(text: str, area_code: str) -> None:
    assert look_up(text) == Finding(Outcome.LONDON, area_code)


@pytest.mark.parametrize(
    "typed",
    [
        "sw1a1aa",
        " SW1A  1AA ",
        "sw1a-1aa",
        "S W 1 A 1 A A",
        "ＳＷ１Ａ　１ＡＡ",
        "SW1A\u00a01AA",
        "SW1A–1AA.",
        "\ufeffSW1A 1AA\n",
    ],
)
def test_how_it_is_typed_does_not_matter(typed: str) -> None:
    assert look_up(typed) == look_up("SW1A 1AA")


@pytest.mark.parametrize("typed", ["M1 1AE", "B33 8TH", "EH1 1YZ", "GIR 0AA", "SW1A 9ZZ", "TN1 1AA"])
def test_a_whole_postcode_that_is_not_ours_is_outside_london(typed: str) -> None:
    assert look_up(typed) == Finding(Outcome.NOT_LONDON)


@pytest.mark.parametrize("typed", ["SW1A", "SW1A 1", "SW1A 1A", "N1", "e1w", "BR1-1", "M1"])
def test_half_a_postcode_is_incomplete(typed: str) -> None:
    assert look_up(typed) == Finding(Outcome.INCOMPLETE)


@pytest.mark.parametrize(
    "typed", ["", " ", "Camden", "SW", "12345", "SW1A 1AAA", "SW1A 1AC1", "SW1A 1CI", "ß11AA", "A" * 5000]
)
def test_what_is_no_postcode_is_malformed(typed: str) -> None:
    assert look_up(typed) == Finding(Outcome.MALFORMED)


def test_no_beginning_of_a_postcode_ever_decides_a_borough() -> None:
    chosen = random.Random(2028).sample(list(postcodes.everything()), 5000)
    for postcode, _ in chosen:
        for length in range(len(postcode)):
            beginning = look_up(postcode[:length])
            assert beginning.area_code is None, postcode[:length]
            assert beginning.outcome in {Outcome.INCOMPLETE, Outcome.MALFORMED}


def test_two_ends_run_together_do_not_make_a_third() -> None:
    ours = {postcode for postcode, _ in postcodes.everything()}
    for first in "ABDEFGHJLNPQRSTUWXYZ":
        for second in "ABDEFGHJLNPQRSTUWXYZ":
            postcode = f"SW1A1{first}{second}"
            assert (look_up(postcode).outcome is Outcome.LONDON) == (postcode in ours)


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    finding = look_up(text)
    assert (finding.outcome is Outcome.LONDON) == (finding.area_code is not None)


@given(st.from_regex(r"\s*[a-zA-Z]{1,2}[0-9][0-9a-zA-Z]?[ -]?[0-9]?[a-zA-Z]{0,2}\s*", fullmatch=True))
def test_nothing_like_a_postcode_makes_it_fail(text: str) -> None:
    finding = look_up(text)
    assert finding.area_code is None or BOROUGH.fullmatch(finding.area_code)


def test_a_look_up_takes_less_than_a_millisecond() -> None:
    chosen = [postcode for postcode, _ in random.Random(1).sample(list(postcodes.everything()), 2000)]
    began = time.perf_counter()
    for postcode in chosen:
        look_up(postcode)
    assert (time.perf_counter() - began) / len(chosen) < 0.001


def test_the_file_opens_in_a_moment() -> None:
    postcodes._sectors.cache_clear()
    began = time.process_time()
    look_up("SW1A 1AA")
    # 5 ms where it was measured; the bound is for slow machines.
    assert time.process_time() - began < 0.25
