-- Opening hours as minutes of the week, the subset of OpenStreetMap's that gis/hours.py reads: there
-- is what is understood and why. Null: not understood.

CREATE OR REPLACE FUNCTION app.open_minutes(hours text) RETURNS int4multirange
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  rule text;
  named text;
  times text;
  days integer[];
  spans int4range[];
  open_on int4multirange[] := array_fill('{}'::int4multirange, ARRAY[7]);
  week int4multirange := '{}';
  d integer;
BEGIN
  FOREACH rule IN ARRAY regexp_split_to_array(hours, ';') LOOP
    rule := btrim(rule, E' \t\n\r\f\v');
    IF rule = '24/7' THEN
      days := '{0,1,2,3,4,5,6}';
      spans := ARRAY[int4range(0, 1440)];
    ELSE
      times := coalesce(substring(rule FROM '[0-9].*$'), substring(rule FROM '(?:off|closed)$'), '');
      named := rtrim(left(rule, length(rule) - length(times)), E' \t\n\r\f\v');
      IF rule = '' OR named !~ '^([A-Z][A-Za-z, -]*)?$' OR times !~ '^([0-9][0-9:, -]*|off|closed)?$' THEN
        RETURN NULL;
      END IF;
      days := CASE named WHEN '' THEN '{0,1,2,3,4,5,6}' ELSE app.hours_days(named) END;
      spans := CASE WHEN times = '' THEN ARRAY[int4range(0, 1440)]
                    WHEN times IN ('off', 'closed') THEN '{}' ELSE app.hours_spans(times) END;
      IF days IS NULL OR spans IS NULL THEN RETURN NULL; END IF;
    END IF;
    FOREACH d IN ARRAY days LOOP
      open_on[d + 1] := range_agg(r) FROM (SELECT int4range(lower(s) + 1440 * d, upper(s) + 1440 * d) AS r
                                             FROM unnest(spans) AS s) AS moved;
    END LOOP;
  END LOOP;
  FOR d IN 1..7 LOOP
    week := week + coalesce(open_on[d], '{}');
  END LOOP;
  RETURN week * '{[0,10080)}'::int4multirange  -- what goes on beyond Sunday is Monday's
       + coalesce((SELECT range_agg(int4range(lower(r) - 10080, upper(r) - 10080))
                     FROM unnest(week * '{[10080,20160)}'::int4multirange) AS r), '{}');
END $$;

-- The days that Mo,We-Fr names, Monday is 0; holidays are no days. Null: not understood.
CREATE OR REPLACE FUNCTION app.hours_days(text) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  names CONSTANT text[] := '{Mo,Tu,We,Th,Fr,Sa,Su}';
  part text;
  first integer;
  last integer;
  found integer[] := '{}';
BEGIN
  FOREACH part IN ARRAY regexp_split_to_array(btrim($1), '\s*,\s*') LOOP
    CONTINUE WHEN part IN ('PH', 'SH', 'PH-', 'SH-');
    first := array_position(names, split_part(part, '-', 1)) - 1;
    last := CASE WHEN substr(part, strpos(part || '-', '-') + 1) = '' THEN first
                 ELSE array_position(names, substr(part, strpos(part, '-') + 1)) - 1 END;
    IF first IS NULL OR last IS NULL THEN RETURN NULL; END IF;
    found := found || ARRAY(SELECT n % 7 FROM generate_series(first, last + CASE WHEN first <= last THEN 0 ELSE 7 END) AS n);
  END LOOP;
  RETURN found;
END $$;

-- The minutes of a day that 08:30-12:00,20:00-02:00 names; past midnight exceeds 1440. Null: not understood.
CREATE OR REPLACE FUNCTION app.hours_spans(text) RETURNS int4range[]
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part text;
  said integer[];
  begins integer;
  ends integer;
  found int4range[] := '{}';
BEGIN
  FOREACH part IN ARRAY string_to_array($1, ',') LOOP
    said := regexp_match(btrim(part), '^([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})$');
    begins := 60 * said[1] + said[2];
    ends := 60 * said[3] + said[4];
    IF said IS NULL OR begins = ends OR begins >= 1440 OR ends > 1440 OR greatest(said[2], said[4]) > 59 THEN
      RETURN NULL;
    END IF;
    found := found || int4range(begins, CASE WHEN ends > begins THEN ends ELSE ends + 1440 END);
  END LOOP;
  RETURN found;
END $$;
