-- Who may see and change what: role x area. Definer functions, because they read app.grant before
-- the policies of app.grant apply; the actor is the account of this transaction.

-- The areas on which the actor holds one of these roles, and all areas below them.
CREATE OR REPLACE FUNCTION app.realm(roles app.role[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH RECURSIVE below AS (
    SELECT g.district, g.area
      FROM app."grant" AS g
      JOIN app.account AS me ON me.district = g.district AND me.id = g.account AND me.active
     WHERE g.account = audit.actor() AND g.role = ANY (roles) AND g.period @> now()
    UNION
    SELECT a.district, a.id
      FROM app.area AS a JOIN below ON a.district = below.district AND a.parent = below.area
  )
  SELECT area FROM below
$$;

-- The districts in which the actor holds one of these roles on any area.
CREATE OR REPLACE FUNCTION app.districts(roles app.role[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT g.district
    FROM app."grant" AS g
    JOIN app.account AS me ON me.district = g.district AND me.id = g.account AND me.active
   WHERE g.account = audit.actor() AND g.role = ANY (roles) AND g.period @> now()
$$;

-- The districts of which the actor holds one of these roles as a whole.
CREATE OR REPLACE FUNCTION app.whole_districts(roles app.role[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT a.district
    FROM app.area AS a
   WHERE a.level = 'district' AND a.id IN (SELECT app.realm(roles))
$$;

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

-- The buildings inside the actor's areas.
CREATE OR REPLACE FUNCTION app.placed_buildings(roles app.role[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT building FROM net.placement WHERE area IN (SELECT app.realm(roles))
$$;

-- The part of the map the actor's areas cover, one shape each.
CREATE OR REPLACE FUNCTION app.realm_shapes(roles app.role[]) RETURNS SETOF geometry
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT v.geom FROM app.area_version AS v
   WHERE v.area IN (SELECT app.realm(roles)) AND v.period @> now()
$$;

-- Text of a policy for tables whose rows lie somewhere: the whole district, or inside one's areas.
-- It asks the shapes themselves, so it holds for a row that is new or has just been moved.
CREATE OR REPLACE FUNCTION app.placed(relation text, roles text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT format('district IN (SELECT app.whole_districts(%1$s))
              OR EXISTS (SELECT FROM app.realm_shapes(%1$s) AS mine (shape)
                          WHERE mine.shape && %2$s AND ST_Intersects(mine.shape, %2$s))',
                roles, CASE relation WHEN 'building' THEN 'place' ELSE 'ST_PointOnSurface(geom)' END)
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
