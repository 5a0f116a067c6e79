"""Random draws that belong to a place: each object has a stream of its own."""

import hashlib
from typing import Any

import numpy as np


def stream(seed: int, step: str, *place: float) -> np.random.Generator:
    """Return the random numbers of one object in one step.

    The stream depends on nothing but its arguments, so a change in one block leaves all
    others alone, and the order of work does not matter (Philox, counter-based).

    Parameters
    ----------
    place
        Where the object lies [m], rounded to the metre here; never its number in a list.
    """
    text = "/".join([str(seed), step, *(str(round(value)) for value in place)])
    key = hashlib.blake2b(text.encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(key, "little")))


def relief(seed: int, step: str, points: Any, length: float) -> Any:
    """Return a smooth random height, about [-1, 1], at points (n, 2); hills are ``length`` [m]."""
    draw = stream(seed, step)
    turn, phase = draw.uniform(0, 2 * np.pi, (2, 6))
    wave = 2 * np.pi / (length * draw.uniform(0.8, 1.3, 6))
    across = np.cos(turn) * points[:, :1] + np.sin(turn) * points[:, 1:2]
    return np.sin(across * wave + phase).sum(axis=1) / 3
