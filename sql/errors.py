"""What can go wrong: a key of the translations and its values, without a word of HTTP."""


class YigeError(Exception):
    """A failure that the person at the keyboard can cure.

    ``key`` names a text ``error.<key>`` of the translations, ``values`` fill it in.
    """

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values
        super().__init__(key, values)

    def __str__(self) -> str:
        return f"{self.key} {self.values}" if self.values else self.key


class DatabaseError(YigeError):
    """The database itself: not there, not ours, full, or not of our making."""
