-- When the tables of a district were last changed, so that what is drawn of them can be kept until
-- then and not a moment longer.

CREATE TABLE net.edition (
  district text NOT NULL,
  relation text NOT NULL,
  edition  bigint NOT NULL,
  PRIMARY KEY (district, relation)
);
COMMENT ON TABLE net.edition IS 'The last commit that changed a table of a district';
COMMENT ON COLUMN net.edition.edition IS 'Never used twice (net.new_version); given in the order of commits';
