"""Opening hours: against a clock that ticks through the week, and there and back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import BadInput
from gis.hours import DAY, WEEK, is_open, minute_of_week, parse, text


def day(number, *spans):
    return [(DAY * number + 60 * a, DAY * number + 60 * b) for a, b in spans]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("24/7", [(0, WEEK)]),
        ("off", []),
        ("closed", []),
        ("Mo-Su 06:00-22:00", [r for d in range(7) for r in day(d, (6, 22))]),
        ("06:00-22:00", [r for d in range(7) for r in day(d, (6, 22))]),
        (
            "Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00",
            [r for d in range(5) for r in day(d, (8.5, 12), (14, 17.5))] + day(5, (9, 12)),
        ),
        ("Sa,Su", [(5 * DAY, WEEK)]),
        ("Sa-Mo 8:00-09:00", day(0, (8, 9)) + day(5, (8, 9)) + day(6, (8, 9))),
        # Sunday's night goes on on Monday morning
        ("Sa,Su 20:00-02:00", [(0, 120), *day(5, (20, 26)), *day(6, (20, 24))]),
        ("Mo 20:00-24:00; Tu 00:00-01:00", day(0, (20, 25))),
        ("Mo 10:00-14:00,12:00-16:00", day(0, (10, 16))),
        # a later rule replaces an earlier one on its days
        ("Mo-Su 08:00-18:00; Tu-Su off", day(0, (8, 18))),
        ("24/7; Tu-Su off", [(0, DAY)]),
        ("Mo,PH 08:00-18:00; PH off; SH 10:00-11:00", day(0, (8, 18))),
        ("PH off", []),
    ],
)
def test_hours_as_written(written, expected):
    assert parse(written) == tuple((int(a), int(b)) for a, b in expected)


@pytest.mark.parametrize(
    "written",
    [
        "", "sunrise-sunset", "Mo-Fr 8-17", "Mo 25:00-26:00", "Mo 08:60-09:00", "Xx 08:00-09:00",
        "Mo 08:00-08:00", "Mo 08:00", "Mo-Fr 08:00-12:00;", "Jan-Mar Mo 08:00-12:00", "每天",
        "Mo 08:00-24:01", "Mo-PH 08:00-12:00", "Mo 24:00-25:00",
    ],
)  # fmt: skip
def test_hours_outside_the_subset_are_refused(written):
    with pytest.raises(BadInput, match="opening_hours"):
        parse(written)


@pytest.mark.parametrize(
    "written",
    ["24/7", "off", "Mo-Su 06:00-22:00", "Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00",
     "Mo-Su 20:00-02:00", "Mo,We-Fr 00:00-24:00", "Mo-Su 00:00-12:00"],
)  # fmt: skip
def test_usual_hours_are_written_as_they_were_read(written):
    assert text(parse(written)) == written


@st.composite
def ranges(draw):
    ends = draw(st.lists(st.integers(0, WEEK), unique=True, max_size=12))
    ends = sorted(ends[: len(ends) // 2 * 2])
    return tuple(zip(ends[::2], ends[1::2], strict=True))


@settings(deadline=None)
@given(ranges())
def test_any_ranges_are_read_as_they_were_written(found):
    assert parse(text(found)) == found


@settings(deadline=None)
@given(ranges(), st.integers(0, WEEK - 1))
def test_open_is_what_some_range_holds(found, minute):
    assert is_open(found, minute) == any(minute in range(*one) for one in found)


span = st.tuples(st.integers(0, DAY - 1), st.integers(1, DAY)).filter(lambda s: s[0] != s[1])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.lists(span, min_size=1, max_size=2)), max_size=4))
def test_parsed_hours_equal_a_walk_through_the_week(rules):
    names = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    written, last = [], {}
    for number, spans in rules:
        clock = [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans]
        written.append(f"{names[number]} {','.join(clock)}")
        last[number] = spans
    opened = set()
    for number, spans in last.items():
        for a, b in spans:
            length = (b - a) % DAY or DAY
            opened |= {(DAY * number + a + k) % WEEK for k in range(length)}
    found = parse("; ".join(written) or "off")
    assert {m for m in range(WEEK) if is_open(found, m)} == opened


def test_minute_of_week_counts_from_monday():
    assert minute_of_week(datetime(2024, 1, 1, 10, 5, tzinfo=UTC)) == 605  # a Monday
    assert minute_of_week(datetime(2024, 1, 7, 23, 59, tzinfo=UTC)) == WEEK - 1
