-- What changed, row by row: an edit renews of the network only what it touches.

ALTER TABLE net.stale DROP CONSTRAINT stale_pkey;
ALTER TABLE net.stale DROP CONSTRAINT stale_what_check;
ALTER TABLE net.stale ADD CONSTRAINT stale_what_check CHECK (what IN ('walk', 'place', 'edge', 'shut', 'count'));
ALTER TABLE net.stale
  ADD COLUMN relation text NOT NULL DEFAULT '',
  ADD COLUMN row_id   bigint,
  ADD COLUMN shape    geometry(GeometryCollection, 4490);
CREATE INDEX ON net.stale (district);
COMMENT ON TABLE net.stale IS
  'What has changed since: what the network (walk) or the placement of buildings (place) is built of, edges themselves (edge), hours of gates (shut), what is only counted (count)';
COMMENT ON COLUMN net.stale.row_id IS 'The row of app.<relation> that changed; null: all of them may have';
COMMENT ON COLUMN net.stale.shape IS 'Where a barrier or water was or is: the old shape is kept nowhere else';
