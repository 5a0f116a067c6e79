"""Our searches and other engines, side by side on this machine; run by ``./yige bench``.

T1: the nearest of 1,000 stations for every node. T2: all pairs of a station and a node. Both
within 15 minutes' walk, 100,000 cm. Every engine's answer is compared with ours before it is timed.
"""

from bench.run import run

__all__ = ["run"]
