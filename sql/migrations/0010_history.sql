-- The history of who serves an area is asked by the area.
CREATE INDEX ON audit.change (((coalesce(after, before) ->> 'area')::bigint)) WHERE relation = 'assignment';
CREATE INDEX ON audit.change (((coalesce(after, before) ->> 'building')::bigint)) WHERE relation = 'assignment';
CREATE INDEX ON audit.change (((coalesce(after, before) ->> 'station')::bigint)) WHERE relation = 'assignment';
