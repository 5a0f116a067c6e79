-- name: one
-- The district of a code; empty: there is none.
SELECT code, name, longitude, latitude, data_date, sample, origin, zone, snap_m
  FROM app.district
 WHERE code = %(code)s

-- name: codes
SELECT code FROM app.district ORDER BY code

-- name: insert
INSERT INTO app.district (code, name, longitude, latitude, data_date, sample, origin, zone, snap_m)
VALUES (%(code)s, %(name)s, %(longitude)s, %(latitude)s, %(data_date)s, %(sample)s, %(origin)s, %(zone)s, %(snap_m)s)

-- name: profiles
-- The profiles a new district starts with. The distances of GB 50180 (300, 500, 1,000 m) are settings.
INSERT INTO app.profile (district, code, name, speed_cm_per_h, minutes, bands, limits_cm)
VALUES (%(district)s, 'standard', '普通居民', 400000, 15, '{5,10,15,20}', NULL),
       (%(district)s, 'brisk', '快步', 480000, 15, '{5,10,15,20}', NULL),
       (%(district)s, 'elderly', '老年人', 290000, 15, '{5,10,15,20}', NULL),
       (%(district)s, 'gb50180', '居住区标准', 400000, 15, '{5,10,15}', '{30000,50000,100000}')

-- name: service
INSERT INTO app.service (district, code, name) VALUES (%s, %s, %s)

-- name: branch
INSERT INTO app.organisation (district, tier, name, compound) VALUES (%s, 'branch', %s, %s)

-- name: tiled
UPDATE app.area SET tiled = true WHERE district = %(district)s AND code = ANY (%(codes)s)

-- name: remove
DELETE FROM app.district WHERE code = %(code)s

-- name: status
-- Counts of each district, by code.
SELECT d.code, d.name, d.sample,
       (SELECT count(*) FROM app.area AS a WHERE a.district = d.code AND level = 'subdistrict') AS subdistricts,
       (SELECT count(*) FROM app.area AS a WHERE a.district = d.code AND level = 'community') AS communities,
       (SELECT count(*) FROM app.area AS a WHERE a.district = d.code AND level = 'grid') AS grids,
       (SELECT count(*) FROM app.compound AS c WHERE c.district = d.code AND period @> now()) AS compounds,
       (SELECT count(*) FROM app.organisation AS o WHERE o.district = d.code AND tier = 'branch') AS branches,
       b.buildings, b.households, b.people,
       (SELECT count(*) FROM app.station AS s WHERE s.district = d.code AND state <> 'planned' AND period @> now()) AS stations,
       d.data_date::text
  FROM app.district AS d,
       LATERAL (SELECT count(*) AS buildings, coalesce(sum(households), 0)::bigint AS households,
                       coalesce(sum(people), 0)::bigint AS people
                  FROM app.building WHERE district = d.code AND period @> now()) AS b
 ORDER BY d.code
