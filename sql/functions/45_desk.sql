-- Who edits the tables from a desktop GIS, with a login of his own (sql/desk.py): he is held to the
-- rules that pages look after, is told the place and the cure, and leaves the past in its place.

CREATE OR REPLACE FUNCTION app.at_desk() RETURNS boolean
LANGUAGE sql STABLE RETURN starts_with(session_user::text, 'yige_desk_');

-- What a message says of a row: its table, name and code, and where it lies.
CREATE OR REPLACE FUNCTION app.said(relation text, given jsonb, shape geometry) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT concat_ws(' ', relation, nullif(given ->> 'name', ''), '(' || coalesce(given ->> 'code', given ->> 'id') || ')',
                   'at', round(ST_X(p)::numeric, 6), round(ST_Y(p)::numeric, 6))
    FROM (SELECT CASE WHEN GeometryType(shape) = 'POINT' THEN shape ELSE ST_PointOnSurface(ST_MakeValid(shape)) END AS p) AS x
$$;

-- Hours that are not understood are refused, whoever writes them; where only the text is changed,
-- the minutes follow it.
CREATE OR REPLACE FUNCTION app.keep_hours() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE minutes int4multirange := app.open_minutes(NEW.hours);
BEGIN
  IF minutes IS NULL THEN
    RAISE EXCEPTION '%: hours "%" are not understood', app.said(TG_TABLE_NAME, to_jsonb(NEW), NEW.geom), NEW.hours
      USING ERRCODE = 'check_violation', CONSTRAINT = 'opening_hours',
            HINT = '照这样写：Mo-Fr 08:30-17:30; Sa 09:00-12:00，或 24/7，或 off。Write hours like these.';
  END IF;
  IF NEW.open IS NULL OR TG_OP = 'UPDATE' AND NEW.open = OLD.open THEN
    NEW.open := minutes;
  END IF;
  RETURN NEW;
END $$;

-- A new row of somebody at a desk: what he need not say, and what cannot be stored is told in words.
CREATE OR REPLACE FUNCTION app.desk_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  flaw valid_detail;
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.district := coalesce(NEW.district, (SELECT district FROM app.account WHERE id = audit.actor()));
    NEW.code := coalesce(nullif(NEW.code, ''), 'desk-' || NEW.id);
    NEW.period := coalesce(NEW.period, tstzrange(now(), NULL));
  END IF;
  IF NEW.geom IS NULL OR ST_IsEmpty(NEW.geom) THEN
    RAISE EXCEPTION '% % (%) has no shape', TG_TABLE_NAME, to_jsonb(NEW) ->> 'name', NEW.code
      USING ERRCODE = 'check_violation', CONSTRAINT = 'has_shape', HINT = '先画出来，再保存。Draw it, then save.';
  END IF;
  flaw := ST_IsValidDetail(NEW.geom);
  IF NOT flaw.valid THEN
    RAISE EXCEPTION '% % (%): % at % %', TG_TABLE_NAME, to_jsonb(NEW) ->> 'name', NEW.code, flaw.reason,
                    round(ST_X(flaw.location)::numeric, 6), round(ST_Y(flaw.location)::numeric, 6)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'valid_shape',
            HINT = '边线自己相交了，把那个顶点移开。The outline crosses itself: move that vertex.';
  END IF;
  IF NOT EXISTS (SELECT FROM app.area AS a JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id
                  WHERE a.district = NEW.district AND a.level = 'district' AND v.period @> now()
                    AND ST_Intersects(v.geom, NEW.geom)) THEN
    RAISE EXCEPTION '% lies outside the district', app.said(TG_TABLE_NAME, to_jsonb(NEW), NEW.geom)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'in_district',
            HINT = '检查图层坐标系（应为 EPSG:4490），移回区县里。Check the CRS of the layer; move it into the district.';
  END IF;
  RETURN NEW;
END $$;

-- A building stands in one grid, and not on another building.
CREATE OR REPLACE FUNCTION app.desk_building() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  other record;
  cut record;
BEGIN
  SELECT b.name, b.code, ST_PointOnSurface(ST_Intersection(b.geom, NEW.geom)) AS place INTO other
    FROM app.building AS b
   WHERE b.district = NEW.district AND b.id <> NEW.id AND b.period && NEW.period AND b.geom && NEW.geom
     AND ST_Area(ST_Intersection(b.geom, NEW.geom)) > 0.1 * least(ST_Area(b.geom), ST_Area(NEW.geom))
   ORDER BY b.code LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'building % (%) overlaps % (%) at % %', NEW.name, NEW.code, other.name, other.code,
                    round(ST_X(other.place)::numeric, 6), round(ST_Y(other.place)::numeric, 6)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'building_apart',
            HINT = '画在旁边；那栋已拆的，先删去。Draw it beside; where that one is gone, delete it first.';
  END IF;
  SELECT count(*) AS grids, string_agg(a.name, '、' ORDER BY a.code) AS names,
         ST_PointOnSurface(ST_Collect(ST_Intersection(ST_Boundary(v.geom), NEW.geom))) AS place INTO cut
    FROM app.area AS a JOIN app.area_version AS v ON v.district = a.district AND v.area = a.id AND v.period @> now()
   WHERE a.district = NEW.district AND a.level = 'grid' AND v.geom && NEW.geom
     AND ST_Area(ST_Intersection(v.geom, NEW.geom)) > 0.1 * ST_Area(NEW.geom);
  IF cut.grids > 1 THEN
    RAISE EXCEPTION 'building % (%) is cut by the border of % at % %', NEW.name, NEW.code, cut.names,
                    round(ST_X(cut.place)::numeric, 6), round(ST_Y(cut.place)::numeric, 6)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'building_in_one_grid',
            HINT = '一栋楼只属于一个网格：画到一边，或先改网格边界。Draw it on one side, or move the border first.';
  END IF;
  RETURN NEW;
END $$;

-- A gate works only at a vertex of a way, and alone there.
CREATE OR REPLACE FUNCTION app.desk_gate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM app.way AS w, ST_DumpPoints(w.geom) AS p
                  WHERE w.district = NEW.district AND w.period && NEW.period AND w.geom && NEW.geom
                    AND ST_Equals(p.geom, NEW.geom)) THEN
    RAISE EXCEPTION '% stands at no vertex of a way', app.said('gate', to_jsonb(NEW), NEW.geom)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'gate_on_way',
            HINT = '打开捕捉，放到道路的顶点上；没有顶点，先给道路加一个。Snap it to a vertex of a way; add one where there is none.';
  END IF;
  IF EXISTS (SELECT FROM app.gate AS g
              WHERE g.district = NEW.district AND g.id <> NEW.id AND g.period && NEW.period
                AND g.geom && NEW.geom AND ST_Equals(g.geom, NEW.geom)) THEN
    RAISE EXCEPTION '% stands where another gate is', app.said('gate', to_jsonb(NEW), NEW.geom)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'gate_alone',
            HINT = '一处只有一个门：改那个门，或先删去它。One gate a place: change that one, or delete it first.';
  END IF;
  RETURN NEW;
END $$;

-- What is deleted at a desk stays in the past: it ends now.
CREATE OR REPLACE FUNCTION app.desk_end() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM set_config('yige.ended', 'yes', true);
  IF lower(OLD.period) >= now() THEN RETURN OLD; END IF;
  EXECUTE format('UPDATE app.%I SET period = tstzrange(lower(period), now()) WHERE district = $1 AND id = $2
                     AND period @> now()', TG_TABLE_NAME) USING OLD.district, OLD.id;
  RETURN NULL;
END $$;

-- Row-level security passes over what one may not change without a word; at a desk it is said.
CREATE OR REPLACE FUNCTION app.desk_none() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n bigint;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT count(*) INTO n FROM after;
  ELSE
    n := CASE current_setting('yige.ended', true) WHEN 'yes' THEN 1 ELSE 0 END;
    PERFORM set_config('yige.ended', '', true);
  END IF;
  IF n = 0 THEN
    RAISE EXCEPTION 'no row of % was changed: it lies outside the area you may change, or is gone', TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege', HINT = '刷新图层；不归您管的，找管理员开通。Refresh the layer, or ask for the right.';
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['compound', 'building', 'gate', 'barrier', 'water', 'land', 'way', 'station'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER desk BEFORE INSERT OR UPDATE OF geom ON app.%I
                    FOR EACH ROW WHEN (app.at_desk()) EXECUTE FUNCTION app.desk_row()', relation);
    EXECUTE format('CREATE OR REPLACE TRIGGER desk_end BEFORE DELETE ON app.%I
                    FOR EACH ROW WHEN (app.at_desk()) EXECUTE FUNCTION app.desk_end()', relation);
  END LOOP;
  FOREACH relation IN ARRAY ARRAY['area', 'area_version', 'compound', 'building', 'gate', 'barrier', 'water', 'land', 'way',
                                  'station'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER desk_update AFTER UPDATE ON app.%I REFERENCING NEW TABLE AS after
                    FOR EACH STATEMENT WHEN (app.at_desk()) EXECUTE FUNCTION app.desk_none()', relation);
  END LOOP;
  FOREACH relation IN ARRAY ARRAY['compound', 'building', 'gate', 'barrier', 'water', 'land', 'way', 'station'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER desk_delete AFTER DELETE ON app.%I
                    FOR EACH STATEMENT WHEN (app.at_desk()) EXECUTE FUNCTION app.desk_none()', relation);
  END LOOP;
  FOREACH relation IN ARRAY ARRAY['gate', 'station'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER hours BEFORE INSERT OR UPDATE OF hours ON app.%I
                    FOR EACH ROW EXECUTE FUNCTION app.keep_hours()', relation);
  END LOOP;
END $$;

CREATE OR REPLACE TRIGGER rule_desk BEFORE INSERT OR UPDATE OF geom ON app.building
  FOR EACH ROW WHEN (app.at_desk()) EXECUTE FUNCTION app.desk_building();
CREATE OR REPLACE TRIGGER rule_desk BEFORE INSERT OR UPDATE OF geom ON app.gate
  FOR EACH ROW WHEN (app.at_desk()) EXECUTE FUNCTION app.desk_gate();
