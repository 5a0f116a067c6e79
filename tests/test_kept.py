"""What is kept in memory: bounded, made once, never a failure."""

from threading import Barrier, Thread

import pytest

from gis.kept import Kept


def test_a_value_is_made_once() -> None:
    kept: Kept[int] = Kept(3)
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return 7

    assert [kept.of("a", make) for _ in range(3)] == [7, 7, 7]
    assert made == [1]


def test_the_one_not_asked_for_longest_goes() -> None:
    kept: Kept[str] = Kept(2)
    for key in ("a", "b", "a", "c"):
        kept.of(key, lambda key=key: key)  # type: ignore[misc]
    assert kept.of("a", lambda: "anew") == "a"
    assert kept.of("b", lambda: "anew") == "anew"


def test_weights_are_what_counts() -> None:
    kept: Kept[bytes] = Kept(10, len)
    for key, size in [("a", 4), ("b", 4), ("c", 4), ("d", 99)]:
        kept.of(key, lambda size=size: bytes(size))  # type: ignore[misc]
    # d alone is too heavy, and goes with all before it; what is asked for is answered all the same
    assert kept.of("a", lambda: b"x") == b"x"
    assert kept.of("c", lambda: b"y") == b"y"
    assert kept.of("a", lambda: b"z") == b"x"


def test_a_failure_is_not_kept() -> None:
    kept: Kept[int] = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.of("a", lambda: 1 // 0)
    assert kept.of("a", lambda: 5) == 5


def test_who_asks_meanwhile_waits() -> None:
    kept: Kept[int] = Kept(2)
    started, made, found = Barrier(9, timeout=10), [], []

    def ask() -> None:
        started.wait()
        found.append(kept.of("a", make))

    def make() -> int:
        made.append(1)
        return len(made)

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    started.wait()
    for thread in threads:
        thread.join()
    assert (made, found) == ([1], [1] * 8)
