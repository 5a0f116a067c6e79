-- Who answers for some grids, as far as the actor has any right on each: its grid member; where that
-- post is empty, who works for its community, the worker before the secretary. The name and the post,
-- nothing else of a person; a grid without either has no row.
CREATE OR REPLACE FUNCTION app.responsible(of_district text, grids bigint[])
RETURNS TABLE (grid bigint, role text, name text, stands_in boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT ON (g.id) g.id, f.role, m.name, f.role <> 'grid_member'
    FROM app.area AS g
    JOIN app.assignment AS f ON f.district = g.district AND f.period @> statement_timestamp()
     AND (f.area = g.id AND f.role = 'grid_member'
       OR f.area = g.parent AND f.role IN ('community_worker', 'secretary'))
    JOIN app.member AS m ON m.district = f.district AND m.id = f.member
   WHERE g.district = of_district AND g.id = ANY (grids) AND g.level = 'grid'
     AND g.id IN (SELECT app.realm(app.everyone()))
   ORDER BY g.id, array_position('{grid_member,community_worker,secretary}'::text[], f.role), m.name, f.id
$$;
