-- What is derived of one building, for who may see it. Row-level security answers the same, but lists
-- all buildings of a person's areas first: too slow for one click.

CREATE OR REPLACE FUNCTION net.is_held(in_district text, in_building bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM net.placement AS p
                  WHERE p.district = in_district AND p.building = in_building
                    AND p.area IN (SELECT app.realm(app.everyone())))
$$;

-- The stations a building reaches and what each costs, the cheapest first.
CREATE OR REPLACE FUNCTION net.reach_of(in_district text, in_variant integer, in_building bigint)
RETURNS TABLE (station bigint, cost_cm integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT r.station, r.cost_cm
    FROM net.reach AS r
   WHERE r.district = in_district AND r.variant = in_variant AND r.building = in_building
     AND net.is_held(in_district, in_building)
   ORDER BY r.cost_cm, r.station
$$;

-- The areas that hold a building, and whether no way leads anywhere from it.
CREATE OR REPLACE FUNCTION net.place_of(in_district text, in_building bigint)
RETURNS TABLE (area bigint, unconnected boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT p.area, EXISTS (SELECT FROM net.unconnected AS u WHERE u.district = p.district AND u.building = p.building)
    FROM net.placement AS p
   WHERE p.district = in_district AND p.building = in_building
     AND net.is_held(in_district, in_building)
$$;
