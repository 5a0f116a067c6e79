-- The figures anybody may see: counts of whole areas, worked out when the data change.

CREATE TABLE net.headline (
  district text PRIMARY KEY REFERENCES app.district ON DELETE CASCADE,
  figures  jsonb NOT NULL,
  edge     bigint NOT NULL,
  place    bigint NOT NULL,
  at       timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE net.headline IS 'Counts by subdistrict, shown without a login; never a single building';
