-- What is out of date: the walking network when what it is built of has changed, the placement of
-- buildings when areas or buildings have, both when a period begins or ends, and what hangs together
-- when edges have been edited by hand.

-- A version that is never used again, not even after a rollback or a crash: a pack on disk bears it.
CREATE OR REPLACE FUNCTION net.new_version() RETURNS bigint
LANGUAGE sql VOLATILE AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint $$;

-- Note which tables of which districts a transaction has changed; called by the one commit at a time
-- that holds the end of the audit's chain.
CREATE OR REPLACE FUNCTION net.next_edition(opened bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO net.edition AS e (district, relation, edition)
  SELECT c.district, c.relation, net.new_version()
    FROM audit.change AS c
    JOIN app.district AS d ON d.code = c.district
   WHERE c.transaction = opened
   GROUP BY c.district, c.relation
      ON CONFLICT (district, relation) DO UPDATE SET edition = greatest(excluded.edition, e.edition + 1);
  DELETE FROM net.edition AS e
   WHERE e.district IN (SELECT c.district FROM audit.change AS c WHERE c.transaction = opened AND c.relation = 'district')
     AND NOT EXISTS (SELECT FROM app.district AS d WHERE d.code = e.district)
$$;

-- What tables of a district were last changed by, and how often periods may have begun since: the same
-- text means the same rows in force. While what is derived is out of date nobody knows when the next
-- period begins; then it holds for a minute.
CREATE OR REPLACE FUNCTION net.edition(in_district text, tables text[]) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT concat_ws(':',
           (SELECT string_agg(e.edition::text, ',' ORDER BY e.relation)
              FROM net.edition AS e WHERE e.district = in_district AND e.relation = ANY (tables)),
           f.until,
           CASE WHEN f.until <= now() OR EXISTS (SELECT FROM net.stale AS s WHERE s.district = in_district)
                THEN date_trunc('minute', now()) END)
    FROM net.freshness AS f
   WHERE f.district = in_district
$$;

-- Note what a statement has made stale, row by row; of a statement of more than 200 rows only that it was.
-- The arguments: an array of what is stale, and one of the columns that are read anew with each question
-- and make nothing stale but figures. A gate's hours only decide which gates are shut.
CREATE OR REPLACE FUNCTION net.mark_stale() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  n bigint;
  owner text := CASE TG_TABLE_NAME WHEN 'district' THEN 'code' ELSE 'district' END;
  shaped boolean := TG_TABLE_NAME IN ('barrier', 'water');
BEGIN
  EXECUTE format('SELECT count(*) FROM %I', CASE TG_OP WHEN 'DELETE' THEN 'before' ELSE 'after' END) INTO n;
  IF n = 0 THEN RETURN NULL; END IF;
  IF n > 200 OR TG_TABLE_NAME IN ('district', 'area', 'area_version') THEN
    EXECUTE format('
      INSERT INTO net.stale (district, what)
      SELECT DISTINCT d.code, w.what
        FROM (%s) AS changed JOIN app.district AS d ON d.code = changed.%I, unnest($1::text[]) AS w (what)
       WHERE NOT EXISTS (SELECT FROM net.stale AS s
                          WHERE s.district = d.code AND s.what = w.what AND s.row_id IS NULL
                            AND s.xid = pg_current_xact_id())',
      app.images(TG_OP), owner)
      USING TG_ARGV[0];
    RETURN NULL;
  END IF;
  EXECUTE format('
    INSERT INTO net.stale (district, what, relation, row_id, shape)
    SELECT DISTINCT d.code, w.what, $2, changed.id, %s
      FROM (%s) AS changed JOIN app.district AS d ON d.code = changed.district, unnest(changed.what) AS w (what)',
    CASE WHEN shaped THEN 'ST_ForceCollection(changed.geom)' ELSE 'NULL::geometry' END,
    CASE TG_OP
      WHEN 'INSERT' THEN 'SELECT a.*, $1::text[] AS what FROM after AS a'
      WHEN 'DELETE' THEN 'SELECT b.*, $1::text[] AS what FROM before AS b'
      ELSE 'SELECT image.*, net.made_stale(to_jsonb(b), to_jsonb(a), $1::text[], $3::text[]) AS what
              FROM before AS b JOIN after AS a ON (a.district, a.id) = (b.district, b.id)
             CROSS JOIN LATERAL (SELECT b.* UNION ALL SELECT a.*) AS image' END)
    USING TG_ARGV[0], TG_TABLE_NAME, TG_ARGV[1];
  RETURN NULL;
END $$;

-- What an update of a row makes stale.
CREATE OR REPLACE FUNCTION net.made_stale(before jsonb, after jsonb, what text[], counted text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN before - counted <> after - counted THEN what
              WHEN after ? 'passage' AND before -> 'open' <> after -> 'open' THEN '{shut,count}'::text[]
              ELSE '{count}'::text[] END
$$;

-- Every district has its versions from the start.
CREATE OR REPLACE FUNCTION net.start_freshness() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO net.freshness (district, edge, place) VALUES (NEW.code, net.new_version(), net.new_version());
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER start_freshness AFTER INSERT ON app.district
  FOR EACH ROW EXECUTE FUNCTION net.start_freshness();

-- The next moment at which a period of a district begins or ends.
CREATE OR REPLACE FUNCTION net.next_change(in_district text) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(min(bound), 'infinity')
    FROM (SELECT period FROM app.area_version WHERE district = in_district
          UNION ALL SELECT period FROM app.compound WHERE district = in_district
          UNION ALL SELECT period FROM app.building WHERE district = in_district
          UNION ALL SELECT period FROM app.gate WHERE district = in_district
          UNION ALL SELECT period FROM app.barrier WHERE district = in_district
          UNION ALL SELECT period FROM app.water WHERE district = in_district
          UNION ALL SELECT period FROM app.way WHERE district = in_district
          UNION ALL SELECT period FROM app.station WHERE district = in_district) AS p,
         LATERAL (VALUES (lower(period)), (upper(period))) AS b (bound)
   WHERE bound > now()
$$;

-- Edges or access points changed by hand: the pack and all reach are out of date, components and
-- unconnected buildings too. In a partition its name tells the district, in the whole table the rows do.
CREATE OR REPLACE FUNCTION net.touch_edge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE touched text[];
BEGIN
  IF TG_TABLE_NAME IN ('edge', 'access') THEN
    EXECUTE format('SELECT array_agg(DISTINCT district) FROM (%s) AS changed', app.images(TG_OP)) INTO touched;
  ELSE
    touched := ARRAY[substring(TG_TABLE_NAME FROM '_([0-9]{6})')];
  END IF;
  UPDATE net.freshness SET edge = net.new_version() WHERE district = ANY (touched);
  INSERT INTO net.stale (district, what)
  SELECT f.district, 'edge'
    FROM net.freshness AS f
   WHERE f.district = ANY (touched)
     AND NOT EXISTS (SELECT FROM net.stale AS s
                      WHERE (s.district, s.what, s.xid) = (f.district, 'edge', pg_current_xact_id()));
  RETURN NULL;
END $$;

DO $$
DECLARE
  relation text;
  operation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['edge', 'access'] LOOP
    FOREACH operation IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
      EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON net.%I REFERENCING %s
                      FOR EACH STATEMENT EXECUTE FUNCTION net.touch_edge()',
                     'touch_' || lower(operation), operation, relation, app.transition(operation));
    END LOOP;
  END LOOP;
END $$;

-- Make an empty table like a partition of `parent`, to be filled by COPY and then put in place.
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

-- Index the filled table and put it in the place of the partition it renews. Each district is a
-- partition with partitions of its own (reach: one a variant; else one, `live`), because dropping a
-- partition locks the table above it: readers of other districts do not wait.
CREATE OR REPLACE FUNCTION net.swap(parent text, in_district text, in_variant integer DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
  above text := concat_ws('_', parent, in_district);
  fresh text := concat_ws('_', parent, in_district, in_variant, 'fresh');
  live text := concat_ws('_', parent, in_district, coalesce(in_variant::text, 'live'));
  divided text := CASE WHEN in_variant IS NULL THEN 'district' ELSE 'variant' END;
  key text := coalesce(in_variant::text, quote_literal(in_district));
  indexed text := CASE parent WHEN 'access' THEN '(kind, ref)' WHEN 'reach' THEN '(building)' ELSE '(id)' END;
  name text;
BEGIN
  EXECUTE format('ALTER TABLE net.%I ADD CHECK (district IS NOT NULL AND district = %L)', fresh, in_district);
  IF in_variant IS NOT NULL THEN
    EXECUTE format('ALTER TABLE net.%I ADD CHECK (variant IS NOT NULL AND variant = %s)', fresh, in_variant);
  END IF;
  EXECUTE format('CREATE INDEX ON net.%I %s', fresh, indexed);
  IF parent = 'edge' THEN
    EXECUTE format('CREATE INDEX ON net.%I USING gist (geom)', fresh);
  END IF;
  EXECUTE format('ANALYZE net.%I', fresh);
  IF to_regclass(format('net.%I', above)) IS NULL THEN
    EXECUTE format('CREATE TABLE net.%I PARTITION OF net.%I FOR VALUES IN (%L) PARTITION BY LIST (%I)',
                   above, parent, in_district, divided);
  END IF;
  EXECUTE format('DROP TABLE IF EXISTS net.%I', live);
  EXECUTE format('ALTER TABLE net.%I RENAME TO %I', fresh, live);
  EXECUTE format('ALTER TABLE net.%I ATTACH PARTITION net.%I FOR VALUES IN (%s)', above, live, key);
  IF parent IN ('edge', 'access') THEN
    FOREACH name IN ARRAY ARRAY[above, live] LOOP
      EXECUTE format('CREATE OR REPLACE TRIGGER touch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON net.%I
                      FOR EACH STATEMENT EXECUTE FUNCTION net.touch_edge()', name);
    END LOOP;
  END IF;
END $$;

-- Drop the partitions of a district that is gone; its rows elsewhere have gone with it.
CREATE OR REPLACE FUNCTION net.forget(in_district text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET client_min_messages = warning AS $$
DECLARE parent text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['node', 'edge', 'access', 'reach'] LOOP
    EXECUTE format('DROP TABLE IF EXISTS net.%I', parent || '_' || in_district);
  END LOOP;
END $$;

-- The same of some buildings alone.
CREATE OR REPLACE FUNCTION net.place_some(in_district text, buildings bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET jit = off AS $$
DECLARE below app.level;
BEGIN
  DELETE FROM net.placement WHERE district = in_district AND building = ANY (buildings);
  INSERT INTO net.placement (district, building, area)
  SELECT b.district, b.id, a.id
    FROM app.building AS b JOIN app.area AS a ON a.district = b.district AND a.level = 'district'
   WHERE b.district = in_district AND b.id = ANY (buildings) AND b.period @> now();
  FOREACH below IN ARRAY ARRAY['subdistrict', 'community', 'grid']::app.level[] LOOP
    INSERT INTO net.placement (district, building, area)
    SELECT DISTINCT ON (b.id) b.district, b.id, child.id
      FROM app.building AS b
      JOIN net.placement AS p ON p.district = b.district AND p.building = b.id
      JOIN app.area AS child ON child.district = p.district AND child.parent = p.area AND child.level = below
      JOIN app.area_version AS v ON v.district = child.district AND v.area = child.id AND v.period @> now()
       AND v.geom && b.place AND ST_Covers(v.geom, b.place)
     WHERE b.district = in_district AND b.id = ANY (buildings) AND b.period @> now()
     ORDER BY b.id, child.code COLLATE "C";
  END LOOP;
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
  UPDATE net.freshness SET place = net.new_version() WHERE district = in_district;
  ANALYZE net.placement;  -- within the transaction nobody else would
END $$;
