"""The colours of the interface can be read: contrasts as WCAG 2 works them out."""

import pytest

from layers.tokens import colours

TEXT, SIGN = 4.5, 3.0
GROUNDS = {
    "ink": ("paper", "sunken", "hover", "land", "gap-soft", "chosen-soft"),
    "ink-2": ("paper", "sunken", "land", "hover"),
    "ink-3": ("paper", "sunken"),
    "chosen": ("paper", "chosen-soft"),
    "served": ("paper", "served-soft"),
    "gap": ("paper", "gap-soft"),
    "station": ("paper",),
    "on-ink": ("ink",),
}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#FFFFFF", "#000000") == 21
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"), [(t, g) for t, those in GROUNDS.items() for g in those]
)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    found = colours(theme)
    assert contrast(found[text], found[ground]) >= TEXT


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_signs_and_edges_of_fields_are_seen(theme: str) -> None:
    found = colours(theme)
    assert contrast(found["line-field"], found["paper"]) >= SIGN
    assert contrast("#FFFFFF", found["station-fill"]) >= SIGN
    assert all(contrast(found[far], found["compound"]) >= SIGN for far in ("m4", "m5"))


@pytest.mark.parametrize(("theme", "way"), [("light", 1), ("dark", -1)])
def test_classes_of_minutes_keep_their_order_in_grey(theme: str, way: int) -> None:
    found = colours(theme)
    light = [way * luminance(found[f"m{i}"]) for i in range(1, 6)]
    assert light == sorted(light, reverse=True)
