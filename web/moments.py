"""Moments as people say them: today, yesterday, the day; in the zone of a district."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from web.asked import t

ZONE = "Asia/Shanghai"


def moments(zone: str = ZONE) -> dict[str, Callable[..., Any]]:
    """Return what templates write moments with, each in the language of the request."""
    at = ZoneInfo(zone)

    def moment(value: datetime | str) -> str:
        local = _read(value).astimezone(at)
        return f"{date_of(local.date())} {local:%H:%M}"

    def date_of(day: date) -> str:
        today = datetime.now(at).date()
        if today - day in (timedelta(0), timedelta(1)):
            return t("day.today" if today == day else "day.yesterday")
        month = t("day.months").split()[day.month - 1]
        values = {"year": day.year, "month": month, "day": day.day}
        key = "day.this_year" if day.year == today.year else "day.other_year"
        return t(key, **values)

    def period(since: datetime | str, until: datetime | str | None) -> str:
        first = date_of(_read(since).astimezone(at).date())
        if until is None:
            return t("day.from", first=first)
        last = _read(until).astimezone(at) - timedelta(seconds=1)
        if last.date() == _read(since).astimezone(at).date():
            return t(
                "day.from_to", first=moment(since), last=f"{_read(until).astimezone(at):%H:%M}"
            )
        return t("day.from_to", first=first, last=date_of(last.date()))

    def clock(value: datetime) -> str:
        return f"{value.astimezone(at):%H:%M:%S}"

    return {"moment": moment, "date_of": date_of, "period": period, "clock": clock}


def _read(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
