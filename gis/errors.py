"""What can go wrong, without a word of HTTP. Each message says what happened and what to do."""


class YigeError(Exception):
    """Any failure that is the user's to cure; its text is shown as it is."""


class NotFound(YigeError):
    """There is nothing of that code or name."""


class Conflict(YigeError):
    """Somebody or something else got there first."""


class BadInput(YigeError):
    """A file, a value or a place that cannot be used."""


class NoNetwork(BadInput):
    """There are no ways to walk on."""


class Infeasible(YigeError):
    """What is asked for cannot be had; the text names what stands in the way."""


class TilingError(YigeError):
    """Areas that should tile their parent exactly do not; the text names the place."""
