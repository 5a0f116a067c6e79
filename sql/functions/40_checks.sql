-- Rules about places that a CHECK cannot state, because they look at other tables.

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
      USING ERRCODE = 'check_violation', CONSTRAINT = 'station_on_land', HINT = 'Move it to the bank.';
  END IF;
  RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS on_land ON app.station;
CREATE TRIGGER on_land BEFORE INSERT OR UPDATE OF geom ON app.station
  FOR EACH ROW EXECUTE FUNCTION app.check_station_place();

-- Every update of a row gives it the next version, whoever updates.
CREATE OR REPLACE FUNCTION app.next_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
