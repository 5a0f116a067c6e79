-- Who may see and change what: role x area. Definer functions, because they read app.grant before
-- the policies of app.grant apply; the actor is the account of this transaction. Those that policies
-- call are in plpgsql, which plans a statement once a session: an SQL function plans at each call.

-- The areas on which the actor holds one of these roles.
CREATE OR REPLACE FUNCTION app.held(roles app.role[]) RETURNS TABLE (district text, area bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT g.district, g.area
    FROM app."grant" AS g
    JOIN app.account AS me ON me.district = g.district AND me.id = g.account AND me.active
   WHERE g.account = audit.actor() AND g.role = ANY (roles) AND g.period @> now();
END $$;

-- The same and all areas below them.
CREATE OR REPLACE FUNCTION app.realm(roles app.role[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH RECURSIVE below AS (
    SELECT district, area FROM app.held(roles)
    UNION
    SELECT a.district, a.id
      FROM app.area AS a JOIN below ON a.district = below.district AND a.parent = below.area
  )
  SELECT area FROM below
$$;

-- The districts in which the actor holds one of these roles on any area.
CREATE OR REPLACE FUNCTION app.districts(roles app.role[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT DISTINCT h.district FROM app.held(roles) AS h;
END $$;

-- The districts of which the actor holds one of these roles as a whole.
CREATE OR REPLACE FUNCTION app.whole_districts(roles app.role[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT a.district
    FROM app.held(roles) AS h JOIN app.area AS a ON a.district = h.district AND a.id = h.area
   WHERE a.level = 'district';
END $$;

-- What decides what the actor sees in a district: actors of one scope see the same. Null: nothing.
CREATE OR REPLACE FUNCTION app.scope(in_district text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT md5(string_agg(DISTINCT g.area::text, ',' ORDER BY g.area::text))
    FROM app."grant" AS g
    JOIN app.account AS me ON me.district = g.district AND me.id = g.account AND me.active
   WHERE g.account = audit.actor() AND g.district = in_district AND g.period @> now()
$$;

CREATE OR REPLACE FUNCTION app.everyone() RETURNS app.role[]
LANGUAGE sql IMMUTABLE AS $$ SELECT enum_range(NULL::app.role) $$;

-- The buildings inside the actor's areas: what lies in one lies in all above it.
CREATE OR REPLACE FUNCTION app.placed_buildings(roles app.role[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT p.building
    FROM app.held(roles) AS h JOIN net.placement AS p ON p.district = h.district AND p.area = h.area
$$;

-- The part of the map the actor's areas cover, as one shape: what is held, and what lies below it but
-- where it is tiled, for there its children cover nothing more. The parts may overlap: points are asked.
CREATE OR REPLACE FUNCTION app.realm_shape(roles app.role[]) RETURNS geometry
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (
    WITH RECURSIVE reached AS (
      SELECT a.district, a.id, a.tiled, v.geom
        FROM app.held(roles) AS h
        JOIN app.area AS a ON a.district = h.district AND a.id = h.area
        LEFT JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
      UNION ALL
      SELECT a.district, a.id, a.tiled, v.geom
        FROM reached AS r
        JOIN app.area AS a ON a.district = r.district AND a.parent = r.id
        LEFT JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
       WHERE NOT r.tiled OR r.geom IS NULL
    )
    SELECT ST_Collect(part.geom) FROM reached AS r, ST_Dump(r.geom) AS part);
END $$;

-- Text of a policy for tables whose rows lie somewhere: the whole district, or inside one's areas.
-- It asks the shapes themselves, so it holds for a row that is new or has just been moved; the shape
-- is fetched once a statement. Two districts may be mapped in one place: the shape is not enough.
CREATE OR REPLACE FUNCTION app.placed(relation text, roles text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT format('district IN (SELECT app.whole_districts(%1$s))
              OR district IN (SELECT app.districts(%1$s))
             AND %3$s ST_Intersects((SELECT app.realm_shape(%1$s)), %2$s)',
                roles, CASE relation WHEN 'building' THEN 'place' ELSE 'ST_PointOnSurface(geom)' END,
                CASE relation WHEN 'compound' THEN format('geom && (SELECT app.realm_shape(%s)) AND', roles) END)
$$;

-- Row-level security keeps an operator from the index unless it cannot tell what it sees: && cannot.
-- Only a superuser may say so; elsewhere bounding boxes are compared row by row.
DO $$
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
     AND NOT (SELECT proleakproof FROM pg_proc WHERE oid = 'geometry_overlaps(geometry, geometry)'::regprocedure) THEN
    ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF;
  END IF;
END $$;
