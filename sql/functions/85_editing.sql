-- The last change of a row of the map and the ways changed in the same transaction (a gate put on a
-- way gives it a vertex), for those who may edit there: who, when, before and after.
CREATE OR REPLACE FUNCTION app.last_edit(of_district text, of_relation text, of_id bigint)
RETURNS TABLE (relation text, id bigint, at timestamptz, who text, before jsonb, after jsonb, with_it boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
  WITH last AS (
    SELECT c.*, coalesce(c.after, c.before) AS state
      FROM audit.change AS c
     WHERE c.relation = of_relation AND c.row_id = of_id AND c.district = of_district
       AND of_relation IN ('station', 'gate', 'compound', 'building', 'way', 'barrier')
     ORDER BY c.id DESC LIMIT 1
  ), mine AS (
    SELECT * FROM last
     WHERE of_district IN (SELECT app.whole_districts('{planner,admin}'))
        OR of_district IN (SELECT app.districts('{planner,admin}'))
       AND of_relation IN ('station', 'compound', 'building')
       AND ST_Intersects((SELECT app.realm_shape('{planner,admin}')), ST_PointOnSurface((state ->> 'geom')::public.geometry))
  )
  SELECT of_relation, of_id, t.at, a.name, m.before, m.after, false
    FROM mine AS m
    JOIN audit.transaction AS t ON t.id = m.transaction
    LEFT JOIN app.account AS a ON a.id = t.actor
  UNION ALL
  SELECT c.relation, c.row_id, NULL, NULL, c.before, c.after, true
    FROM mine AS m
    JOIN audit.change AS c ON c.transaction = m.transaction AND c.relation IN ('way', 'barrier')
                          AND (c.relation, c.row_id) <> (of_relation, of_id) AND c.row_id IS NOT NULL
   WHERE of_district IN (SELECT app.whole_districts('{planner,admin}'))
$$;

-- The last changes by people of what is on the map, for those who may edit there, newest first;
-- last: the thing has not changed since.
CREATE OR REPLACE FUNCTION app.recent_edits(of_district text, most integer)
RETURNS TABLE (transaction bigint, relation text, id bigint, at timestamptz, who text, operation text,
               before jsonb, after jsonb, last boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
  SELECT c.transaction, c.relation, c.row_id, t.at, a.name, c.operation, c.before, c.after,
         NOT EXISTS (SELECT FROM audit.change AS later
                      WHERE later.relation = c.relation AND later.row_id = c.row_id AND later.id > c.id)
    FROM audit.change AS c
    JOIN audit.transaction AS t ON t.id = c.transaction
    JOIN app.account AS a ON a.district = c.district AND a.id = t.actor
   WHERE c.district = of_district AND c.row_id IS NOT NULL
     AND c.relation IN ('station', 'gate', 'compound', 'building', 'way', 'barrier')
     AND (of_district IN (SELECT app.whole_districts('{planner,admin}'))
       OR of_district IN (SELECT app.districts('{planner,admin}'))
      AND c.relation IN ('station', 'compound', 'building')
      AND ST_Intersects((SELECT app.realm_shape('{planner,admin}')),
                        ST_PointOnSurface((coalesce(c.after, c.before) ->> 'geom')::public.geometry)))
   ORDER BY c.id DESC
   LIMIT most
$$;
