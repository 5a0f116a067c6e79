"""Values worth keeping in memory between requests: bounded, and made by one thread at a time."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class Kept(Generic[V]):
    """Values by key, in all no more than ``size``; the one not asked for longest goes first.

    Each counts 1, or what ``weigh`` says. A key must name the version of what its value is made
    of: nothing is ever renewed.
    """

    def __init__(self, size: int, weigh: Callable[[V], int] = lambda value: 1) -> None:
        self.size = size
        self._weigh = weigh
        self._weight = 0
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def of(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return the value of a key, made if it is not there; who asks meanwhile waits for it."""
        with self._lock:
            if key in self._values:
                return self._used(key)
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if key in self._values:
                    return self._used(key)
            try:
                value = make()
                self._keep(key, value)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return value

    def peek(self, key: Hashable) -> V | None:
        """Return the value of a key if it is there."""
        with self._lock:
            return self._used(key) if key in self._values else None

    def _used(self, key: Hashable) -> V:
        self._values.move_to_end(key)
        return self._values[key]

    def _keep(self, key: Hashable, value: V) -> None:
        with self._lock:
            self._values[key] = value
            self._weight += self._weigh(value)
            while self._weight > self.size:
                self._weight -= self._weigh(self._values.popitem(last=False)[1])
