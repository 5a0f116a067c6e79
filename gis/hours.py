"""Opening hours: a subset of OpenStreetMap's ``opening_hours``, as minutes of the week. Pure.

Minute 0 is Monday 00:00; Sunday ends at 10080. Ranges are half-open, sorted, disjoint, and do
not touch: what is open through Sunday midnight ends at 10080 and goes on at 0.

What is understood: ``24/7``, ``off``, and rules such as ``Mo-Fr 08:30-12:00,14:00-17:30``,
separated by ``;``. A rule without days holds every day, one without times the whole day; a later
rule replaces an earlier one on its days; ``20:00-02:00`` goes on past midnight and belongs to the
day it begins on. Public and school holidays (``PH``, ``SH``) are read and left aside: a week has
none.
"""

import re
from bisect import bisect_right
from datetime import datetime
from itertools import groupby

from gis.errors import BadInput

DAY, WEEK = 1440, 10080
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAYS = ("PH", "SH")

Ranges = tuple[tuple[int, int], ...]

_RULE = re.compile(r"(?P<days>[A-Z][A-Za-z, -]*?)?\s*(?P<times>\d[\d:, -]*|off|closed)?")
_SPAN = re.compile(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)")


def parse(text: str) -> Ranges:
    """Return the minutes of the week in which it is open.

    Raises
    ------
    BadInput
        The text is outside the subset above.
    """
    open_on: list[Ranges] = [()] * 7
    for rule in text.split(";"):
        for day, spans in _rule(rule.strip(), text).items():
            open_on[day] = spans
    return _joined([(DAY * d + a, DAY * d + b) for d in range(7) for a, b in open_on[d]])


def is_open(ranges: Ranges, minute: int) -> bool:
    """Tell whether a minute of the week is in one of the ranges."""
    k = bisect_right(ranges, (minute, WEEK))
    return k > 0 and minute < ranges[k - 1][1]


def turns(ranges: Ranges, minute: int) -> tuple[int, int] | None:
    """Return the minutes since it last opened or shut, and until it next does; None: it never does.

    At the very minute it turns the first is 0; the second is 1 to a week.
    """
    at = sorted({a for a, _ in ranges} ^ {b % WEEK for _, b in ranges})  # Sunday night is no turn
    if not at:
        return None
    return min((minute - one) % WEEK for one in at), min(
        (one - minute - 1) % WEEK + 1 for one in at
    )


def minute_of_week(moment: datetime) -> int:
    """Return the minute of the week a clock shows, in the clock's own zone."""
    return DAY * moment.weekday() + 60 * moment.hour + moment.minute


def text(ranges: Ranges) -> str:
    """Write ranges so that `parse` reads the same again."""
    if ranges == ((0, WEEK),):
        return "24/7"
    times: list[list[str]] = [[] for _ in DAYS]
    for begin, end in sorted(_around_midnight(ranges)):
        times[begin // DAY].append(f"{_clock(begin % DAY)}-{_clock(end - begin // DAY * DAY)}")
    rules: dict[str, list[int]] = {}
    for day, spans in enumerate(times):
        rules.setdefault(",".join(spans), []).append(day)
    return "; ".join(f"{_days(days)} {spans}" for spans, days in rules.items() if spans) or "off"


def _rule(rule: str, whole: str) -> dict[int, Ranges]:
    """Return what one rule says about the days it names."""
    if rule == "24/7":
        return dict.fromkeys(range(7), ((0, DAY),))
    match = _RULE.fullmatch(rule)
    if not rule or not match:
        raise _not_understood(whole)
    days = range(7) if match["days"] is None else _day_numbers(match["days"], whole)
    return dict.fromkeys(days, _spans(match["times"], whole))


def _day_numbers(text: str, whole: str) -> list[int]:
    """Read ``Mo,We-Fr``; holidays are no days."""
    found = []
    for part in re.split(r"\s*,\s*", text.strip()):
        first, _, last = part.partition("-")
        if first in HOLIDAYS and not last:
            continue
        if first not in DAYS or (last or first) not in DAYS:
            raise _not_understood(whole)
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found += [day % 7 for day in range(begin, end + (1 if begin <= end else 8))]
    return found


def _spans(text: str | None, whole: str) -> Ranges:
    """Read ``08:30-12:00,14:00-17:30`` as minutes of a day; past midnight exceeds 1440."""
    if text is None:
        return ((0, DAY),)
    if text in ("off", "closed"):
        return ()
    found = []
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        if not match:
            raise _not_understood(whole)
        h, m, to_h, to_m = map(int, match.groups())
        begin, end = 60 * h + m, 60 * to_h + to_m
        if begin == end or begin >= DAY or end > DAY or max(m, to_m) > 59:
            raise _not_understood(whole)
        found.append((begin, end if end > begin else end + DAY))
    return tuple(found)


def _not_understood(text: str) -> BadInput:
    return BadInput("opening_hours", text=text)


def _joined(ranges: list[tuple[int, int]]) -> Ranges:
    """Bring ranges, which may overlap and run beyond Sunday, into the form of this module."""
    split = [(a, min(b, WEEK)) for a, b in ranges] + [(0, b - WEEK) for _, b in ranges if b > WEEK]
    joined: list[tuple[int, int]] = []
    for a, b in sorted(split):
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return tuple(joined)


def _around_midnight(ranges: Ranges) -> list[tuple[int, int]]:
    """Return the ranges with Sunday night in one piece, each within 24 hours of its day."""
    rest = list(ranges)
    if len(rest) > 1 and rest[0][0] == 0 and rest[-1][1] == WEEK:
        rest[-1] = (rest[-1][0], rest.pop(0)[1] + WEEK)
    found = []
    for begin, end in rest:
        while end - begin >= DAY:
            midnight = (begin // DAY + 1) * DAY
            found.append((begin % WEEK, begin % WEEK + midnight - begin))
            begin = midnight
        if end > begin:
            found.append((begin % WEEK, begin % WEEK + end - begin))
    return found


def _clock(minute: int) -> str:
    """Write a minute of the day; 1440 is 24:00, and what lies beyond is next day's clock."""
    minute -= DAY * (minute > DAY)
    return f"{minute // 60:02}:{minute % 60:02}"


def _days(days: list[int]) -> str:
    """Write days as ``Mo-We,Fr``."""
    runs = [[day for _, day in run] for _, run in groupby(enumerate(days), lambda p: p[1] - p[0])]
    return ",".join(
        DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in runs
    )
