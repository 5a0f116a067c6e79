-- name: state
-- Versions of a district, the areas the actor holds a role on, and the roles; empty: nothing of it may be seen.
SELECT f.edge, f.place,
       f.until <= now() OR EXISTS (SELECT FROM net.stale AS s WHERE s.district = f.district),
       net.edition(d.code, '{district,profile,service}'), net.edition(d.code, '{member}'),
       held.areas, held.roles
  FROM app.district AS d
  JOIN net.freshness AS f ON f.district = d.code
  CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT area ORDER BY area), '{}') AS areas,
           coalesce(array_agg(DISTINCT role || ' ' || area ORDER BY role || ' ' || area), '{}') AS roles
      FROM app."grant"
     WHERE district = d.code AND account = nullif(current_setting('app.actor', true), '')::bigint
       AND period @> now()) AS held
 WHERE d.code = %(district)s

-- name: ready
-- The variant with the gates shut as at a minute of the week, if its reach is that of the network as it is.
WITH shut AS (
  SELECT coalesce(array_agg(id ORDER BY id), '{}') AS gates
    FROM app.gate WHERE district = %(district)s AND period @> now() AND NOT open @> %(minute)s::integer
), farthest AS (
  SELECT max(greatest(speed_cm_per_h::bigint * (SELECT max(m) FROM unnest(bands) AS m) / 60,
                      (SELECT max(l) FROM unnest(limits_cm) AS l))) AS limit_cm
    FROM app.profile WHERE district = %(district)s
)
SELECT v.id, v.shut
  FROM net.variant AS v JOIN net.freshness AS f USING (district), shut, farthest
 WHERE v.district = %(district)s AND v.shut = shut.gates AND NOT v.step_free
   AND v.edge = f.edge AND v.limit_cm >= farthest.limit_cm
