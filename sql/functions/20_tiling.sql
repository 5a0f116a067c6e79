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

-- Raise if an area is tiled and its tiling is broken at any time from `since` on.
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
    SELECT DISTINCT greatest(lower(v.period), since)
      FROM app.area AS a JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id
     WHERE a.district = in_district AND (a.parent = parent_area OR a.id = parent_area)
       AND v.period && tstzrange(since, NULL)
  LOOP
    SELECT * INTO fault FROM app.tiling_faults(in_district, parent_area, moment) LIMIT 1;
    IF FOUND THEN
      SELECT string_agg(name, '、' ORDER BY code) INTO names
        FROM app.area WHERE district = in_district AND id = ANY (fault.areas);
      RAISE EXCEPTION '% (%): the areas inside do not tile it, % at % % (%)',
        parent.name, parent.code, fault.reason, ST_X(fault.place), ST_Y(fault.place), names
        USING ERRCODE = 'check_violation', CONSTRAINT = 'tiling',
              DETAIL = ST_AsText(fault.place, 9),
              HINT = 'Move the same vertex in every area that shares it, in one transaction.';
    END IF;
  END LOOP;
END $$;

-- Collect, once per statement, the areas whose tiling a change can break: the parent and the area.
CREATE OR REPLACE FUNCTION net.collect_tiling() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  EXECUTE format('
    INSERT INTO net.tiling_check (district, area, since)
    SELECT changed.district, touched.area, min(lower(changed.period))
      FROM %I AS changed
      JOIN app.area AS a ON a.district = changed.district AND a.id = changed.area,
           LATERAL (VALUES (a.id), (a.parent)) AS touched (area)
     WHERE touched.area IS NOT NULL
     GROUP BY changed.district, touched.area
        ON CONFLICT (district, area, xid)
        DO UPDATE SET since = least(net.tiling_check.since, excluded.since)',
    CASE TG_OP WHEN 'DELETE' THEN 'before' ELSE 'after' END);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION net.collect_tiled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO net.tiling_check (district, area, since) VALUES (NEW.district, NEW.id, '-infinity')
      ON CONFLICT (district, area, xid) DO UPDATE SET since = '-infinity';
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION net.run_tiling_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM app.check_tiling(NEW.district, NEW.area, NEW.since);
  DELETE FROM net.tiling_check WHERE district = NEW.district AND area = NEW.area AND xid = NEW.xid;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS run ON net.tiling_check;
CREATE CONSTRAINT TRIGGER run AFTER INSERT ON net.tiling_check
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION net.run_tiling_check();

DROP TRIGGER IF EXISTS tiled ON app.area;
CREATE TRIGGER tiled AFTER UPDATE OF tiled, parent ON app.area
  FOR EACH ROW WHEN (NEW.tiled) EXECUTE FUNCTION net.collect_tiled();

DROP TRIGGER IF EXISTS tiling_insert ON app.area_version;
DROP TRIGGER IF EXISTS tiling_update ON app.area_version;
DROP TRIGGER IF EXISTS tiling_before ON app.area_version;
DROP TRIGGER IF EXISTS tiling_delete ON app.area_version;
CREATE TRIGGER tiling_insert AFTER INSERT ON app.area_version
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION net.collect_tiling();
CREATE TRIGGER tiling_update AFTER UPDATE ON app.area_version
  REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION net.collect_tiling();
CREATE TRIGGER tiling_delete AFTER DELETE ON app.area_version
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION net.collect_tiling();
