-- The exact tiling rule: each directed boundary segment of a child occurs once, and either once
-- reversed in a sibling or once along the parent's outline. No tolerance.

-- The versions in force at a time of an area's children, and of the area itself (own = true).
CREATE OR REPLACE FUNCTION app.tile(in_district text, parent_area bigint, at timestamptz)
RETURNS TABLE (area bigint, own boolean, geom geometry)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT a.id, a.id = parent_area, v.geom
    FROM app.area AS a
    JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> at
   WHERE a.district = in_district AND (a.parent = parent_area OR a.id = parent_area)
$$;

-- Where the rule is broken, in order of longitude and latitude: the middle of the segment and the
-- areas it belongs to. Empty: the children tile the area exactly.
CREATE OR REPLACE FUNCTION app.tiling_faults(in_district text, parent_area bigint, at timestamptz)
RETURNS TABLE (place geometry, areas bigint[], reason text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp SET jit = off AS $$
  WITH ends AS (
    SELECT t.area, t.own,
           ST_StartPoint(d.geom) AS a, ST_EndPoint(d.geom) AS b
      FROM app.tile(in_district, parent_area, at) AS t, ST_DumpSegments(ST_ForcePolygonCCW(t.geom)) AS d
  ), segment AS (
    SELECT area, own, ST_X(a) AS ax, ST_Y(a) AS ay, ST_X(b) AS bx, ST_Y(b) AS by FROM ends
  ), directed AS (
    SELECT area, own, (ax, ay) < (bx, by) AS up,
           least(ROW(ax, ay), ROW(bx, by)) AS low, greatest(ROW(ax, ay), ROW(bx, by)) AS high,
           (ax + bx) / 2 AS x, (ay + by) / 2 AS y
      FROM segment
  ), shared AS (
    SELECT min(x) AS x, min(y) AS y, array_agg(DISTINCT area ORDER BY area) AS areas,
           count(*) FILTER (WHERE NOT own AND up) AS child_up,
           count(*) FILTER (WHERE NOT own AND NOT up) AS child_down,
           count(*) FILTER (WHERE own AND up) AS own_up,
           count(*) FILTER (WHERE own AND NOT up) AS own_down
      FROM directed GROUP BY low, high
  )
  SELECT ST_SetSRID(ST_MakePoint(x, y), 4490), areas,
         CASE WHEN child_up > 1 OR child_down > 1 THEN 'overlap'
              WHEN child_up + child_down = 0 THEN 'outline without a child'
              ELSE 'edge without a neighbour' END
    FROM shared
   WHERE NOT ((child_up, child_down, own_up, own_down) IN ((1, 1, 0, 0), (1, 0, 1, 0), (0, 1, 0, 1)))
   ORDER BY x, y
$$;

-- Raise if an area is tiled and its tiling is broken at any moment from `since` on: whenever a period
-- of the area or of a child begins or ends.
CREATE OR REPLACE FUNCTION app.check_tiling(in_district text, parent_area bigint, since timestamptz)
RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  parent app.area;
  moment timestamptz;
  fault record;
  names text;
BEGIN
  SELECT * INTO parent FROM app.area WHERE district = in_district AND id = parent_area;
  IF parent.tiled IS NOT TRUE THEN RETURN; END IF;
  FOR moment IN
    SELECT DISTINCT bound
      FROM app.area AS a JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id,
           LATERAL (VALUES (greatest(lower(v.period), since)), (upper(v.period))) AS m (bound)
     WHERE a.district = in_district AND (a.parent = parent_area OR a.id = parent_area)
       AND bound >= since AND bound < 'infinity'
     ORDER BY bound
  LOOP
    SELECT * INTO fault FROM app.tiling_faults(in_district, parent_area, moment) LIMIT 1;
    IF FOUND THEN
      SELECT string_agg(name, '、' ORDER BY code) INTO names
        FROM app.area WHERE district = in_district AND id = ANY (fault.areas);
      RAISE EXCEPTION '% (%): the areas inside do not tile it, % at % % (%)',
        parent.name, parent.code, fault.reason, ST_X(fault.place), ST_Y(fault.place), names
        USING ERRCODE = 'check_violation', CONSTRAINT = 'tiling',
              DETAIL = format('%s, from %s on', ST_AsText(fault.place, 10), moment),
              HINT = '共用这个顶点的每个区域一起移，一次保存（QGIS：拓扑编辑 + 自动事务组）。Move the same vertex in every area that shares it, in one transaction.';
    END IF;
  END LOOP;
END $$;

-- Collect, once per statement, the areas whose tiling changed shapes can break: the area itself
-- and its parent, from the earliest moment on at which anything differs.
CREATE OR REPLACE FUNCTION net.collect_versions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  EXECUTE format('
    INSERT INTO net.tiling_check (district, area, since)
    SELECT changed.district, touched.area, min(coalesce(lower(changed.period), ''-infinity''))
      FROM (%s) AS changed
      LEFT JOIN app.area AS a ON a.district = changed.district AND a.id = changed.area,
           LATERAL (VALUES (changed.area), (a.parent)) AS touched (area)
     WHERE touched.area IS NOT NULL
     GROUP BY changed.district, touched.area
        ON CONFLICT (xid, district, area)
        DO UPDATE SET since = least(net.tiling_check.since, excluded.since)',
    app.images(TG_OP));
  RETURN NULL;
END $$;

-- The same for changes of the tree: a child that comes or goes, another parent, tiling switched on.
CREATE OR REPLACE FUNCTION net.collect_areas() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  EXECUTE format('
    INSERT INTO net.tiling_check (district, area, since)
    SELECT DISTINCT district, touched.area, ''-infinity''::timestamptz
      FROM (SELECT district, id, parent, tiled FROM (%s) AS image
             GROUP BY district, id, parent, tiled HAVING count(*) = 1) AS changed,
           LATERAL (VALUES (id), (parent)) AS touched (area)
     WHERE touched.area IS NOT NULL
        ON CONFLICT (xid, district, area) DO UPDATE SET since = excluded.since',
    app.images(TG_OP));
  RETURN NULL;
END $$;

-- All checks of the transaction at once. First every area is locked, in one order; where another
-- transaction held one, the checks below see what it committed, or (REPEATABLE READ) the lock fails.
CREATE OR REPLACE FUNCTION net.run_tiling_checks() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE queued net.tiling_check;
BEGIN
  INSERT INTO net.tiling_lock (district, area)
  SELECT a.district, a.id
    FROM net.tiling_check AS c JOIN app.area AS a ON a.district = c.district AND a.id = c.area
   WHERE c.xid = pg_current_xact_id() ORDER BY a.district, a.id
      ON CONFLICT (district, area) DO UPDATE SET checks = net.tiling_lock.checks + 1;
  FOR queued IN SELECT * FROM net.tiling_check WHERE xid = pg_current_xact_id() ORDER BY district, area LOOP
    PERFORM app.check_tiling(queued.district, queued.area, queued.since);
  END LOOP;
  DELETE FROM net.tiling_check WHERE xid = pg_current_xact_id();
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS run ON net.tiling_check;
CREATE CONSTRAINT TRIGGER run AFTER INSERT ON net.tiling_check
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION net.run_tiling_checks();

DO $$
DECLARE
  relation text;
  operation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['area', 'area_version'] LOOP
    FOREACH operation IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
      EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON app.%I REFERENCING %s
                      FOR EACH STATEMENT EXECUTE FUNCTION net.%I()',
                     'collect_' || lower(operation), operation, relation, app.transition(operation),
                     CASE relation WHEN 'area' THEN 'collect_areas' ELSE 'collect_versions' END);
    END LOOP;
  END LOOP;
END $$;
