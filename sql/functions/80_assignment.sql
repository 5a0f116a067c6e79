-- Who serves what, for those who may not see members themselves, and what came before.

-- The stations inside the actor's areas.
CREATE OR REPLACE FUNCTION app.placed_stations(roles app.role[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.id
    FROM app.station AS s
   WHERE s.district IN (SELECT app.whole_districts(roles))
      OR s.district IN (SELECT app.districts(roles))
     AND s.geom && (SELECT app.realm_shape(roles)) AND ST_Intersects((SELECT app.realm_shape(roles)), s.geom)
$$;

-- Text of a policy for what serves an area, a building or a station of one's own.
CREATE OR REPLACE FUNCTION app.served(roles text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT format('area IN (SELECT app.realm(%1$L))
              OR building IN (SELECT app.placed_buildings(%1$L))
              OR station IN (SELECT app.placed_stations(%1$L))', roles)
$$;

-- What a CHECK cannot state: a member may take the post and is on duty, a grid member serves a grid,
-- and who assigns may see the member. It asks as who assigns, so others' members are not there.
CREATE OR REPLACE FUNCTION app.check_assignment() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  who app.member;
BEGIN
  IF NEW.role = 'grid_member' AND NOT EXISTS (
    SELECT FROM app.area WHERE district = NEW.district AND id = NEW.area AND level = 'grid') THEN
    RAISE EXCEPTION 'a grid member serves a grid'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'role_fits';
  END IF;
  IF NEW.member IS NULL THEN RETURN NEW; END IF;
  SELECT * INTO who FROM app.member WHERE district = NEW.district AND id = NEW.member;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no member %', NEW.member
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'assignment_district_member_fkey';
  ELSIF NOT (who.active OR coalesce(upper(NEW.period) <= now(), false)) OR NEW.role <> ALL (who.roles) THEN
    RAISE EXCEPTION '% may not be %', who.name, NEW.role
      USING ERRCODE = 'check_violation', CONSTRAINT = 'member_may';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER may BEFORE INSERT ON app.assignment
  FOR EACH ROW EXECUTE FUNCTION app.check_assignment();
CREATE OR REPLACE TRIGGER still_may BEFORE UPDATE ON app.assignment
  FOR EACH ROW WHEN ((OLD.role, OLD.member, OLD.area) IS DISTINCT FROM (NEW.role, NEW.member, NEW.area))
  EXECUTE FUNCTION app.check_assignment();

-- Who serves some areas, buildings and stations now, as far as the actor has any right there: the
-- name and the post, nothing else of a person. That somebody is a party member (双报到党员) is only
-- for those who may see members. Now is when it is asked: who took a post while this transaction
-- waited for it serves already.
CREATE OR REPLACE FUNCTION app.serving(of_district text, areas bigint[], buildings bigint[], stations bigint[])
RETURNS TABLE (id bigint, version integer, role text, area bigint, building bigint, station bigint,
               member bigint, serving_station bigint, name text, since timestamptz, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH target AS (
    SELECT 1 AS kind, a AS id FROM unnest(areas) AS a WHERE a IN (SELECT app.realm(app.everyone()))
    UNION ALL
    SELECT 2, b FROM unnest(buildings) AS b WHERE b IN (SELECT app.placed_buildings(app.everyone()))
    UNION ALL
    SELECT 3, s FROM unnest(stations) AS s WHERE s IN (SELECT app.placed_stations(app.everyone()))
  ), found AS (
    SELECT a.* FROM target AS t JOIN app.assignment AS a ON t.kind = 1 AND a.district = of_district AND a.area = t.id
    UNION ALL
    SELECT a.* FROM target AS t JOIN app.assignment AS a ON t.kind = 2 AND a.district = of_district AND a.building = t.id
    UNION ALL
    SELECT a.* FROM target AS t JOIN app.assignment AS a ON t.kind = 3 AND a.district = of_district AND a.station = t.id
  )
  SELECT f.id, f.version, f.role, f.area, f.building, f.station, f.member, f.serving_station,
         coalesce(m.name, s.name), lower(f.period), upper(f.period)
    FROM found AS f
    LEFT JOIN app.member AS m ON m.district = f.district AND m.id = f.member
    LEFT JOIN app.station AS s ON s.district = f.district AND s.id = f.serving_station
   WHERE f.period @> statement_timestamp()
     AND (f.role <> 'party_member' OR f.area IN (SELECT app.realm('{dispatcher,planner,admin}')))
   ORDER BY f.role, coalesce(m.name, s.name), f.id
$$;

-- How many households some members serve in a post, wherever that is, and how many posts they hold:
-- a number for everybody who may see the member, though he may not see all that he serves.
CREATE OR REPLACE FUNCTION app.loads(of_district text, of_role text, members bigint[])
RETURNS TABLE (member bigint, posts bigint, households bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH held AS (
    SELECT a.member, a.role, a.area, a.building
      FROM app.assignment AS a JOIN app.member AS m ON m.district = a.district AND m.id = a.member
     WHERE a.district = of_district AND a.member = ANY (members) AND a.period @> now()
       AND m.area IN (SELECT app.realm('{dispatcher,planner,admin}'))
  ), size AS (
    SELECT p.area, sum(b.households) AS households
      FROM net.placement AS p JOIN app.building AS b ON b.district = p.district AND b.id = p.building
     WHERE p.district = of_district AND b.period @> now()
       AND p.area IN (SELECT area FROM held WHERE role = of_role)
     GROUP BY p.area
  )
  SELECT h.member, count(*),
         coalesce(sum(coalesce(s.households, b.households)) FILTER (WHERE h.role = of_role), 0)::bigint
    FROM held AS h
    LEFT JOIN size AS s ON s.area = h.area
    LEFT JOIN app.building AS b ON b.district = of_district AND b.id = h.building
   GROUP BY h.member
$$;

-- Every change of one member or assignment, the last first, for those who may see it, though it is
-- gone: when, who did it (null: an administrator or a program), what, before and after, and the name
-- of the person or station concerned.
CREATE OR REPLACE FUNCTION app.history(of_district text, of_relation text, of_id bigint)
RETURNS TABLE (at timestamptz, who text, operation text, before jsonb, after jsonb, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
  WITH change AS (
    SELECT c.*, coalesce(c.after, c.before) AS state
      FROM audit.change AS c
     WHERE c.relation = of_relation AND of_relation IN ('member', 'assignment')
       AND c.row_id = of_id AND c.district = of_district
  )
  SELECT t.at, a.name, c.operation, c.before, c.after, coalesce(m.name, s.name, c.state ->> 'name')
    FROM change AS c
    JOIN audit.transaction AS t ON t.id = c.transaction
    LEFT JOIN app.account AS a ON a.id = t.actor
    LEFT JOIN app.member AS m ON m.district = of_district AND m.id = (c.state ->> 'member')::bigint
    LEFT JOIN app.station AS s ON s.district = of_district AND s.id = (c.state ->> 'serving_station')::bigint
   WHERE (c.state ->> 'area')::bigint IN (SELECT app.realm('{dispatcher,planner,admin}'))
      OR (c.state ->> 'building')::bigint IN (SELECT app.placed_buildings('{dispatcher,planner,admin}'))
      OR (c.state ->> 'station')::bigint IN (SELECT app.placed_stations('{dispatcher,planner,admin}'))
   ORDER BY c.id DESC
$$;

-- The last changes of the assignments of one area, building or station: which assignment, and as above.
CREATE OR REPLACE FUNCTION app.history_at(of_district text, of_kind text, of_target bigint, most integer)
RETURNS TABLE (id bigint, at timestamptz, who text, operation text, before jsonb, after jsonb, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
  SELECT c.row_id, t.at, a.name, c.operation, c.before, c.after, coalesce(m.name, s.name)
    FROM audit.change AS c
    JOIN audit.transaction AS t ON t.id = c.transaction
    LEFT JOIN app.account AS a ON a.id = t.actor
    LEFT JOIN app.member AS m ON m.district = of_district AND m.id = (coalesce(c.after, c.before) ->> 'member')::bigint
    LEFT JOIN app.station AS s ON s.district = of_district
          AND s.id = (coalesce(c.after, c.before) ->> 'serving_station')::bigint
   WHERE c.relation = 'assignment' AND c.district = of_district AND c.row_id IS NOT NULL
     AND (of_kind = 'area' AND (coalesce(c.after, c.before) ->> 'area')::bigint = of_target
          AND of_target IN (SELECT app.realm('{dispatcher,planner,admin}'))
       OR of_kind = 'building' AND (coalesce(c.after, c.before) ->> 'building')::bigint = of_target
          AND of_target IN (SELECT app.placed_buildings('{dispatcher,planner,admin}'))
       OR of_kind = 'station' AND (coalesce(c.after, c.before) ->> 'station')::bigint = of_target
          AND of_target IN (SELECT app.placed_stations('{dispatcher,planner,admin}')))
   ORDER BY c.id DESC
   LIMIT most
$$;
