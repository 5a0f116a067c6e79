-- Counters that say what is out of date. The walking network is rebuilt when `walk` has moved,
-- the placement of buildings in areas when `place` has.

CREATE OR REPLACE FUNCTION net.touch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE counters text := TG_ARGV[0];
BEGIN
  EXECUTE format('
    INSERT INTO net.freshness (district)
    SELECT DISTINCT changed.district FROM %I AS changed JOIN app.district AS d ON d.code = changed.district
        ON CONFLICT (district) DO UPDATE SET walk = net.freshness.walk + $1,
                                             place = net.freshness.place + $2',
    CASE TG_OP WHEN 'DELETE' THEN 'before' ELSE 'after' END)
    USING (counters IN ('walk', 'both'))::integer, (counters IN ('place', 'both'))::integer;
  RETURN NULL;
END $$;

-- Edges or access points changed by hand: the pack and all reach are out of date. In a partition
-- its name tells the district, in the whole table the rows do.
CREATE OR REPLACE FUNCTION net.touch_edge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME IN ('edge', 'access') THEN
    EXECUTE format('UPDATE net.freshness SET edge = edge + 1
                     WHERE district IN (SELECT district FROM %I)',
                   CASE TG_OP WHEN 'DELETE' THEN 'before' ELSE 'after' END);
  ELSE
    UPDATE net.freshness SET edge = edge + 1 WHERE district = substring(TG_TABLE_NAME FROM '[0-9]{6}$');
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE
  relation text;
  operation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['edge', 'access'] LOOP
    FOREACH operation IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
      EXECUTE format('DROP TRIGGER IF EXISTS %I ON net.%I', 'touch_' || lower(operation), relation);
      EXECUTE format('CREATE TRIGGER %I AFTER %s ON net.%I REFERENCING %s
                      FOR EACH STATEMENT EXECUTE FUNCTION net.touch_edge()',
                     'touch_' || lower(operation), operation, relation,
                     CASE operation WHEN 'INSERT' THEN 'NEW TABLE AS after' WHEN 'DELETE' THEN 'OLD TABLE AS before'
                                    ELSE 'OLD TABLE AS before NEW TABLE AS after' END);
    END LOOP;
  END LOOP;
END $$;

-- Make an empty table like a partition of `parent`, to be filled by COPY and then put in place.
-- Reach is partitioned by district and below that by variant.
CREATE OR REPLACE FUNCTION net.prepare(parent text, in_district text, in_variant integer DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET client_min_messages = warning AS $$
DECLARE fresh text := concat_ws('_', parent, in_district, in_variant, 'fresh');
BEGIN
  EXECUTE format('DROP TABLE IF EXISTS net.%I', fresh);
  EXECUTE format('CREATE TABLE net.%I (LIKE net.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', fresh, parent);
  EXECUTE format('GRANT SELECT, INSERT ON net.%I TO yige_engine', fresh);
  RETURN fresh;
END $$;

-- Index the filled table and put it in the place of the partition it renews.
CREATE OR REPLACE FUNCTION net.swap(parent text, in_district text, in_variant integer DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
  live text := concat_ws('_', parent, in_district, in_variant);
  above text := CASE WHEN in_variant IS NULL THEN parent ELSE concat_ws('_', parent, in_district) END;
  key text := coalesce(in_variant::text, quote_literal(in_district));
  indexed text := CASE parent WHEN 'access' THEN '(kind, ref)' WHEN 'reach' THEN '(building)' ELSE '(id)' END;
BEGIN
  EXECUTE format('ALTER TABLE net.%I ADD CHECK (district IS NOT NULL AND district = %L)', live || '_fresh', in_district);
  IF in_variant IS NOT NULL THEN
    EXECUTE format('CREATE TABLE IF NOT EXISTS net.%I PARTITION OF net.%I FOR VALUES IN (%L) PARTITION BY LIST (variant)',
                   above, parent, in_district);
    EXECUTE format('ALTER TABLE net.%I ADD CHECK (variant IS NOT NULL AND variant = %s)', live || '_fresh', in_variant);
  END IF;
  EXECUTE format('DROP TABLE IF EXISTS net.%I', live);
  EXECUTE format('ALTER TABLE net.%I RENAME TO %I', live || '_fresh', live);
  EXECUTE format('CREATE INDEX ON net.%I %s', live, indexed);
  IF parent = 'edge' THEN
    EXECUTE format('CREATE INDEX ON net.%I USING gist (geom)', live);
  END IF;
  EXECUTE format('ANALYZE net.%I', live);
  EXECUTE format('ALTER TABLE net.%I ATTACH PARTITION net.%I FOR VALUES IN (%s)', above, live, key);
  IF parent IN ('edge', 'access') THEN
    EXECUTE format('CREATE TRIGGER touch AFTER INSERT OR UPDATE OR DELETE ON net.%I
                    FOR EACH STATEMENT EXECUTE FUNCTION net.touch_edge()', live);
  END IF;
END $$;

-- Drop what is derived for a district.
CREATE OR REPLACE FUNCTION net.forget(in_district text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET client_min_messages = warning AS $$
DECLARE parent text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['node', 'edge', 'access', 'reach'] LOOP
    EXECUTE format('DROP TABLE IF EXISTS net.%I CASCADE', parent || '_' || in_district);
  END LOOP;
  DELETE FROM net.placement WHERE district = in_district;
  DELETE FROM net.unconnected WHERE district = in_district;
  DELETE FROM net.variant WHERE district = in_district;
  DELETE FROM net.freshness WHERE district = in_district;
END $$;

-- Work out in which area of each level each building lies, from the top of the tree down: an area
-- takes those of its parent's buildings whose place it covers, ties go to the lowest code. The
-- district takes all, so what no child takes can be listed as unassigned.
CREATE OR REPLACE FUNCTION net.place_buildings(in_district text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET jit = off AS $$
DECLARE below app.level;
BEGIN
  DELETE FROM net.placement WHERE district = in_district;
  INSERT INTO net.placement (district, building, area)
  SELECT b.district, b.id, a.id
    FROM app.building AS b JOIN app.area AS a ON a.district = b.district AND a.level = 'district'
   WHERE b.district = in_district AND b.period @> now();
  FOREACH below IN ARRAY ARRAY['subdistrict', 'community', 'grid']::app.level[] LOOP
    INSERT INTO net.placement (district, building, area)
    SELECT DISTINCT ON (b.id) b.district, b.id, child.id
      FROM app.area AS child
      JOIN app.area_version AS v ON v.district = child.district AND v.area = child.id AND v.period @> now()
      JOIN app.building AS b ON b.district = child.district AND b.place && v.geom AND ST_Covers(v.geom, b.place)
      JOIN net.placement AS p ON p.district = b.district AND p.building = b.id AND p.area = child.parent
     WHERE child.district = in_district AND child.level = below AND b.period @> now()
     ORDER BY b.id, child.code COLLATE "C";
  END LOOP;
  UPDATE net.freshness SET place_built = place WHERE district = in_district;
  ANALYZE net.placement;  -- within the transaction nobody else would
END $$;
