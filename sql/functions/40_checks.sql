-- Rules that a CHECK cannot state, because they look at other rows, or name the place.

CREATE OR REPLACE FUNCTION app.check_station_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE wet text;
BEGIN
  SELECT coalesce(nullif(name, ''), kind) INTO wet
    FROM app.water
   WHERE district = NEW.district AND geom && NEW.geom AND ST_Intersects(geom, NEW.geom)
     AND period && NEW.period
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'station % (%) stands in the water of % at % %',
      NEW.name, NEW.code, wet, ST_X(NEW.geom), ST_Y(NEW.geom)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'station_on_land', HINT = '移到岸上再保存。Move it to the bank.';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER on_land BEFORE INSERT OR UPDATE OF geom, period ON app.station
  FOR EACH ROW EXECUTE FUNCTION app.check_station_place();

-- Every update of a row gives it the next version, whoever updates.
CREATE OR REPLACE FUNCTION app.next_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;

-- A row never moves to another district, and a district keeps its code: it is the unit of
-- distribution, and what is derived is kept by it.
CREATE OR REPLACE FUNCTION app.refuse_move() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row of app.% stays in its district', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = 'same_district',
          HINT = 'Delete it here and insert it there.';
END $$;

-- TRUNCATE passes by the audit and all that notices changes.
CREATE OR REPLACE FUNCTION app.refuse_truncate() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'TRUNCATE of app.% would not be recorded', TG_TABLE_NAME
    USING ERRCODE = 'feature_not_supported', HINT = 'Use DELETE.';
END $$;

-- An area lies in one of a higher level. Who changes only his own part of the tree may not hang it,
-- or anything new, into somebody else's.
CREATE OR REPLACE FUNCTION app.check_parent() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE above app.level;
BEGIN
  SELECT level INTO above FROM app.area WHERE district = NEW.district AND id = NEW.parent;
  IF above <= NEW.level
     OR EXISTS (SELECT FROM app.area WHERE district = NEW.district AND parent = NEW.id AND level >= NEW.level) THEN
    RAISE EXCEPTION '% (%): a % does not lie in a %', NEW.name, NEW.code, NEW.level, above
      USING ERRCODE = 'check_violation', CONSTRAINT = 'parent_above';
  END IF;
  IF row_security_active('app.area') AND NEW.parent NOT IN (SELECT app.realm('{planner,admin}')) THEN
    RAISE EXCEPTION '% (%) may not be put there', NEW.name, NEW.code
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER check_parent_insert AFTER INSERT ON app.area
  FOR EACH ROW EXECUTE FUNCTION app.check_parent();
CREATE OR REPLACE TRIGGER check_parent_update AFTER UPDATE ON app.area
  FOR EACH ROW WHEN ((OLD.parent, OLD.level) IS DISTINCT FROM (NEW.parent, NEW.level))
  EXECUTE FUNCTION app.check_parent();

-- Whether every coordinate is a number of nine decimals: text gives each double back as it was.
CREATE OR REPLACE FUNCTION app.on_lattice(shape geometry) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN shape = ST_GeomFromText(ST_AsText(shape, 9), ST_SRID(shape));

-- Off the lattice by less than a nanometre is a rounding of some program's own, and is mended;
-- anything more is refused, with its place. The argument names the column.
CREATE OR REPLACE FUNCTION app.keep_on_lattice() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  given geometry;
  rounded geometry;
  off geometry;
BEGIN
  EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) INTO given USING NEW;
  rounded := ST_GeomFromText(ST_AsText(given, 9), ST_SRID(given));
  IF starts_with(session_user::text, 'yige_desk_') THEN  -- drawn by hand: a tenth of a millimetre is no matter
    RETURN jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], rounded::text));
  END IF;
  SELECT was.geom INTO off
    FROM ST_DumpPoints(given) AS was JOIN ST_DumpPoints(rounded) AS will ON will.path = was.path
   WHERE abs(ST_X(was.geom) - ST_X(will.geom)) > 1e-12 OR abs(ST_Y(was.geom) - ST_Y(will.geom)) > 1e-12
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% % %: coordinates have nine decimals at most, not % %',
      TG_TABLE_NAME, coalesce(to_jsonb(NEW) ->> 'code', to_jsonb(NEW) ->> 'id'), TG_ARGV[0], ST_X(off), ST_Y(off)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'lattice',
            HINT = 'Round longitude and latitude to 1e-9 degrees, a tenth of a millimetre.';
  END IF;
  RETURN jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], rounded::text));
END $$;
