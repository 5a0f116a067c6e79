"""Sample districts: generated, deterministic, marked as samples wherever shown."""
