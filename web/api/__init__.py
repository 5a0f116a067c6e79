"""The JSON interface: one module a subject, each adds its routes to the one blueprint."""

from flask import Blueprint

bp = Blueprint("api", __name__, url_prefix="/api")
