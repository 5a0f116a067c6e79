-- name: profile
-- The profile of a code; empty: there is none.
SELECT code, name, speed_cm_per_h, minutes, bands, limits_cm
  FROM app.profile WHERE district = %(district)s AND code = %(code)s

-- name: profiles
SELECT code, name, speed_cm_per_h, minutes, bands, limits_cm
  FROM app.profile WHERE district = %(district)s ORDER BY speed_cm_per_h DESC, code

-- name: set_profile
INSERT INTO app.profile (district, code, name, speed_cm_per_h, minutes, bands)
VALUES (%(district)s, %(code)s, %(name)s, %(speed_cm_per_h)s, %(minutes)s, %(bands)s)
    ON CONFLICT (district, code)
    DO UPDATE SET speed_cm_per_h = excluded.speed_cm_per_h, minutes = excluded.minutes,
                  bands = excluded.bands, limits_cm = NULL

-- name: services
SELECT code, name FROM app.service WHERE district = %(district)s ORDER BY code

-- name: figures
-- Per area of a level, and per area above it for buildings no area below takes ("unassigned"):
-- counts of buildings, households and people; all, unconnected, estimated, and within each limit.
-- Ordered by code, unassigned rows last. minute: null counts every station whatever its hours.
WITH station AS (
  SELECT id
    FROM app.station
   WHERE district = %(district)s AND state = 'open' AND period @> now()
     AND (%(service)s::text IS NULL OR %(service)s = ANY (services))
     AND (%(minute)s::integer IS NULL OR open @> %(minute)s::integer)
), best AS (
  SELECT building, min(cost_cm) AS cost_cm
    FROM net.reach
   WHERE district = %(district)s AND variant = %(variant)s AND station IN (SELECT id FROM station)
   GROUP BY building
), deepest AS (
  SELECT DISTINCT ON (p.building) p.building, a.id AS area, a.level
    FROM net.placement AS p JOIN app.area AS a ON a.district = p.district AND a.id = p.area
   WHERE p.district = %(district)s AND a.level >= %(by)s::app.level
   ORDER BY p.building, a.level
), figure AS (
  SELECT d.area, b.households, b.people, b.estimated, best.cost_cm, u.building IS NOT NULL AS unconnected
    FROM deepest AS d
    JOIN app.building AS b ON b.district = %(district)s AND b.id = d.building
    LEFT JOIN best ON best.building = b.id
    LEFT JOIN net.unconnected AS u ON u.district = b.district AND u.building = b.id
), total AS (
  SELECT area,
         count(*) AS buildings, sum(households) AS households, sum(people) AS people,
         count(*) FILTER (WHERE unconnected) AS unconnected_buildings,
         sum(households) FILTER (WHERE unconnected) AS unconnected_households,
         sum(people) FILTER (WHERE unconnected) AS unconnected_people,
         count(*) FILTER (WHERE estimated) AS estimated_buildings,
         sum(households) FILTER (WHERE estimated) AS estimated_households,
         sum(people) FILTER (WHERE estimated) AS estimated_people
    FROM figure GROUP BY area
), band AS (
  SELECT f.area, l.i, count(*) AS buildings, sum(f.households) AS households, sum(f.people) AS people
    FROM figure AS f JOIN unnest(%(limits)s::integer[]) WITH ORDINALITY AS l (limit_cm, i) ON f.cost_cm <= l.limit_cm
   GROUP BY f.area, l.i
)
SELECT a.code, a.name, a.level::text, parent.code AS parent, a.level > %(by)s::app.level AS unassigned,
       coalesce(t.buildings, 0)::bigint AS buildings,
       coalesce(t.households, 0)::bigint AS households,
       coalesce(t.people, 0)::bigint AS people,
       ARRAY[coalesce(t.unconnected_buildings, 0), coalesce(t.unconnected_households, 0),
             coalesce(t.unconnected_people, 0)]::bigint[] AS unconnected,
       ARRAY[coalesce(t.estimated_buildings, 0), coalesce(t.estimated_households, 0),
             coalesce(t.estimated_people, 0)]::bigint[] AS estimated,
       array(SELECT ARRAY[coalesce(b.buildings, 0), coalesce(b.households, 0), coalesce(b.people, 0)]::bigint[]
               FROM generate_series(1, cardinality(%(limits)s::integer[])) AS g (i)
               LEFT JOIN band AS b ON b.area = a.id AND b.i = g.i ORDER BY g.i) AS bands
  FROM app.area AS a
  LEFT JOIN app.area AS parent ON parent.district = a.district AND parent.id = a.parent
  LEFT JOIN total AS t ON t.area = a.id
 WHERE a.district = %(district)s
   AND (a.level = %(by)s::app.level OR (a.level > %(by)s::app.level AND t.area IS NOT NULL))
 ORDER BY unassigned, a.code COLLATE "C"

-- name: publish
-- Keep the figures everybody may see, with what they were worked out from.
INSERT INTO net.headline (district, figures, edge, place)
SELECT district, %(figures)s, edge, place FROM net.freshness WHERE district = %(district)s
    ON CONFLICT (district)
    DO UPDATE SET figures = excluded.figures, edge = excluded.edge, place = excluded.place, at = now()

-- name: headlines
-- The published figures of every district, by code.
SELECT figures, at FROM net.headline ORDER BY district

-- name: stations
-- How many stations count.
SELECT count(*)
  FROM app.station
 WHERE district = %(district)s AND state = 'open' AND period @> now()
   AND (%(service)s::text IS NULL OR %(service)s = ANY (services))
   AND (%(minute)s::integer IS NULL OR open @> %(minute)s::integer)

-- name: unpublished
-- Districts whose published figures are not those of the data as they are, by code.
SELECT f.district
  FROM net.freshness AS f LEFT JOIN net.headline AS h ON (h.district, h.edge, h.place) = (f.district, f.edge, f.place)
 WHERE h.district IS NULL OR f.until <= now()
    OR EXISTS (SELECT FROM net.stale AS s WHERE s.district = f.district)
 ORDER BY f.district
