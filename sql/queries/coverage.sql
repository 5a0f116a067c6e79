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

-- name: publish
-- Keep the figures everybody may see, with what they were worked out from.
INSERT INTO net.headline (district, figures, edge, place)
SELECT district, %(figures)s, edge, place FROM net.freshness WHERE district = %(district)s
    ON CONFLICT (district)
    DO UPDATE SET figures = excluded.figures, edge = excluded.edge, place = excluded.place, at = now()

-- name: headlines
-- The published figures of every district, by code.
SELECT figures, at FROM net.headline ORDER BY district

-- name: unpublished
-- Districts whose published figures are not those of the data as they are, by code.
SELECT f.district
  FROM net.freshness AS f LEFT JOIN net.headline AS h ON (h.district, h.edge, h.place) = (f.district, f.edge, f.place)
 WHERE h.district IS NULL OR f.until <= now()
    OR EXISTS (SELECT FROM net.stale AS s WHERE s.district = f.district)
 ORDER BY f.district
