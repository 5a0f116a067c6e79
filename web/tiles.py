"""Vector tiles over HTTP."""

from flask import Blueprint

bp = Blueprint("tiles", __name__)
