"""The domain: areas, buildings, stations, the walking network and its analysis."""
