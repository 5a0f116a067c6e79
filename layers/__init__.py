"""How data is looked at."""
