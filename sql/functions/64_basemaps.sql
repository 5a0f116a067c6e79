-- Where the tiles of a district's background come from, with the key: for the service alone.
CREATE OR REPLACE FUNCTION app.basemap_of(of_district text)
RETURNS TABLE (kind text, datum text, sets text[], addresses jsonb, key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT kind, datum, sets, addresses, token FROM app.basemap WHERE district = of_district
$$;
