"""What a request is answered when it cannot be done."""

from flask import Flask


def init(app: Flask) -> None:
    """Answer every error in the language of the request."""
