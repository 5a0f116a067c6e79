-- Edges and access points edited by hand are another reason to work something out again.

ALTER TABLE net.stale DROP CONSTRAINT stale_what_check;
ALTER TABLE net.stale ADD CONSTRAINT stale_what_check CHECK (what IN ('walk', 'place', 'edge'));
COMMENT ON TABLE net.stale IS
  'Transactions that changed what the network (walk) or the placement of buildings (place) is built of, or its edges themselves';
