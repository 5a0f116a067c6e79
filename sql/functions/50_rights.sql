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
CREATE OR REPLACE FUNCTION app.placed(relation text, roles text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT format('district IN (SELECT app.whole_districts(%1$s)) OR ', roles)
      || CASE relation
         WHEN 'building' THEN format('id IN (SELECT app.placed_buildings(%s))', roles)
         ELSE format('EXISTS (SELECT FROM app.realm_shapes(%s) AS mine (shape)
                       WHERE mine.shape && geom AND ST_Intersects(mine.shape, ST_PointOnSurface(geom)))', roles) END
$$;

CREATE OR REPLACE FUNCTION app.transition(operation text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE operation WHEN 'INSERT' THEN 'NEW TABLE AS after'
                        WHEN 'DELETE' THEN 'OLD TABLE AS before'
                        ELSE 'OLD TABLE AS before NEW TABLE AS after' END
$$;
