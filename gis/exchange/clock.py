"""Opening hours as people write them.

周一至周五 8:30-17:30；周末休息 becomes Mo-Fr 08:30-17:30; Sa,Su off.
"""

import re

from gis import hours
from gis.errors import BadInput

_DAYS = dict(zip("一二三四五六日天", ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Su"), strict=True))
_WORDS = (
    (r"全天开放|全天候|全天|24小时(开放|营业|服务)?|二十四小时", "24/7"),
    (r"法定节假日|节假日|公休日", "PH"),
    (r"工作日", "Mo-Fr"), (r"周末|双休日", "Sa,Su"), (r"每天|每日|天天|(周|星期)?一至日", "Mo-Su"),
    (r"不开放|不开|休息|关门|闭馆|关闭|闭", "off"),
    (r"开放|营业|上班|时间|除外|次日|翌日|凌晨", " "),
    (r"(\d{1,2})[点时](\d{1,2})分?", r"\1:\2"), (r"(\d{1,2})[点时]半", r"\1:30"),
    (r"(\d{1,2})[点时]", r"\1:00"),
    (r"[—–－~～至到]+", "-"), (r"--+", "-"), (r"[；\n]|。", ";"), (r"[，、]", ","), (r"：", ":"),
)  # fmt: skip
_AMPM = re.compile(
    r"(上午|早上|早|下午|晚上|晚|中午)\s*(\d{1,2}):(\d\d)(?:\s*-\s*(\d{1,2}):(\d\d))?"
)
_DAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_LONE = re.compile(r"(?<=[-,])([一二三四五六日天])(?=\D|$)")
_RUN = re.compile(r"(?:周|星期)([一二三四五六日天]{2,7})")
_SPAN = re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?!\d)")


def read(text: str) -> str:
    """Return hours in the form of `gis.hours`; what is in that form already is left as it is.

    Raises
    ------
    BadInput
        They cannot be read, or name a time that no clock shows.
    """
    try:
        hours.parse(text)
    except BadInput:
        told = _translated(text)
        try:
            hours.parse(told)
        except BadInput:
            raise BadInput("cell_hours", text=text[:60]) from None
        return told
    return text


def _translated(text: str) -> str:
    for pattern, word in _WORDS:
        text = re.sub(pattern, word, text)
    text = _AMPM.sub(_of_half_day, text)
    text = _RUN.sub(lambda m: ",".join(_DAYS[day] for day in m[1]), text)
    text = _LONE.sub(lambda m: _DAYS[m[1]], _DAY.sub(lambda m: _DAYS[m[1]], text))
    text = _SPAN.sub(lambda m: f"{int(m[1]):02}:{m[2]}", text)
    text = re.sub(r"\s*-\s*", "-", text)
    text = re.sub(r"[()（）:]+(?!\d)|(?<=[A-Za-z])\s*:\s*", " ", text)
    text = re.sub(r"(?<=\d),?\s+(?=\d)", ",", text)  # 8:00-12:00 14:00-18:00
    text = re.sub(r"(?<=\d)\s*,?\s*(?=[A-Z])|(?<=off)\s*,?\s*(?=[A-Z])", "; ", text)
    text = re.sub(r"(?<=[a-zA-Z])(?=\d)|(?<=[a-z])(?=off)", " ", text)
    rules = [re.sub(r"\s+", " ", rule).strip(" ,") for rule in text.split(";")]
    return "; ".join(rule for rule in rules if rule)


def _of_half_day(match: re.Match[str]) -> str:
    """Write 下午2:00-5:30 as 14:00-17:30."""
    begin, end = int(match[2]), int(match[4] or 0)
    begin += 12 * (match[1] in ("下午", "晚上", "晚") and begin < 12)
    if not match[4]:
        return f"{begin}:{match[3]}"
    end += 12 * (match[1] in ("下午", "晚上", "晚") and end < 12 and end + 12 > begin)
    return f"{begin}:{match[3]}-{end}:{match[5]}"
