"""People: pages, API, command line."""
