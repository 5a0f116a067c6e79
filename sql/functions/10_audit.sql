-- Append what changed to the audit of the current transaction. Statement triggers on every table of
-- app call record(); a statement of more than 1,000 rows is noted once a district, with digests.

-- Who acts: whom the service names; who logged in himself (sql/desk.py) is who his login says, in the
-- database that it was made for.
CREATE OR REPLACE FUNCTION audit.actor() RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN starts_with(session_user::text, 'yige_desk_') THEN
           (SELECT split_part(session_user, '_', 4)::bigint FROM pg_catalog.pg_database
             WHERE datname = current_database() AND oid::text = split_part(session_user, '_', 3))
         ELSE nullif(current_setting('app.actor', true), '')::bigint END
$$;

CREATE OR REPLACE FUNCTION audit.open() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
DECLARE found bigint;
BEGIN
  SELECT id INTO found FROM audit.transaction WHERE xid = pg_current_xact_id() AND at = now();
  IF found IS NULL THEN
    INSERT INTO audit.transaction (actor) VALUES (audit.actor()) RETURNING id INTO found;
  END IF;
  RETURN found;
END $$;

-- Have the transaction chained when it commits; called when its changes are noted.
CREATE OR REPLACE FUNCTION audit.close(opened bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
  INSERT INTO audit.unchained (transaction) VALUES (opened) ON CONFLICT DO NOTHING
$$;

-- Each row of a statement before and after. The texts of times do not depend on who asks.
CREATE OR REPLACE FUNCTION audit.record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp
SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
DECLARE
  opened bigint;
  n bigint;
  key text := CASE TG_TABLE_NAME WHEN 'district' THEN 'code' ELSE 'id' END;
  owner text := CASE TG_TABLE_NAME WHEN 'district' THEN 'code' ELSE 'district' END;
  source text := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT NULL::jsonb AS old, to_jsonb(a) AS new FROM after AS a'
    WHEN 'DELETE' THEN 'SELECT to_jsonb(b) AS old, NULL::jsonb AS new FROM before AS b'
    ELSE format('SELECT to_jsonb(b) AS old, to_jsonb(a) AS new
                   FROM before AS b FULL JOIN after AS a ON (a.%1$I, a.%2$I) = (b.%1$I, b.%2$I)', owner, key) END;
BEGIN
  EXECUTE format('SELECT count(*) FROM %I', CASE TG_OP WHEN 'DELETE' THEN 'before' ELSE 'after' END) INTO n;
  IF n = 0 THEN RETURN NULL; END IF;
  opened := audit.open();
  IF n > 1000 THEN
    EXECUTE format(
      'INSERT INTO audit.change (transaction, relation, operation, district, before, after, rows)
       SELECT $1, $2, $3, district, audit.of_bulk(array_agg(old) FILTER (WHERE old IS NOT NULL)),
              audit.of_bulk(array_agg(new) FILTER (WHERE new IS NOT NULL)), greatest(count(old), count(new))
         FROM (%s) AS side (district, old, new) GROUP BY district ORDER BY district',
      concat_ws(' UNION ALL ',
        CASE WHEN TG_OP <> 'INSERT' THEN format('SELECT %I, sha256(convert_to(b::text, ''UTF8'')), NULL::bytea FROM before AS b', owner) END,
        CASE WHEN TG_OP <> 'DELETE' THEN format('SELECT %I, NULL::bytea, sha256(convert_to(a::text, ''UTF8'')) FROM after AS a', owner) END))
      USING opened, TG_TABLE_NAME, TG_OP;
  ELSE
    EXECUTE format(
      'INSERT INTO audit.change (transaction, relation, operation, district, row_id, before, after)
       SELECT $1, $2, $3, coalesce(new, old) ->> $4, (coalesce(new, old) ->> ''id'')::bigint,
              old - ''{password,token}''::text[], new - ''{password,token}''::text[]
         FROM (%s) AS changed', source)
      USING opened, TG_TABLE_NAME, TG_OP, owner;
  END IF;
  PERFORM audit.close(opened);
  RETURN NULL;
END $$;

-- What is kept of many rows: one digest of the digests of them all, whatever their order.
CREATE OR REPLACE FUNCTION audit.of_bulk(digests bytea[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('sha256', encode(sha256(string_agg(d, '' ORDER BY d)), 'hex'))
    FROM unnest(digests) AS d
$$;

CREATE OR REPLACE FUNCTION audit.note(relation text, operation text, district text, facts jsonb)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
  INSERT INTO audit.change (transaction, relation, operation, district, after)
  VALUES (audit.open(), relation, operation, district, facts);
  SELECT audit.close(audit.open());
$$;

-- The digest of a transaction and its changes, given the digest before it.
CREATE OR REPLACE FUNCTION audit.digest(before bytea, opened bigint) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, audit, public, pg_temp SET timezone = 'UTC' AS $$
  SELECT sha256(coalesce(before, ''::bytea) || convert_to(
           jsonb_build_array(t.id, t.xid::text, t.actor, t.login, t.at)::text
           || coalesce((SELECT string_agg(jsonb_build_array(c.id, c.relation, c.operation, c.district,
                                                            c.row_id, c.rows, c.before, c.after)::text, '' ORDER BY c.id)
                          FROM audit.change AS c WHERE c.transaction = t.id), ''), 'UTF8'))
    FROM audit.transaction AS t WHERE t.id = opened
$$;

-- At commit: take the next place in the chain, after all other checks of the commit, so that the
-- row of the head is locked last and shortest. A transaction whose checks ran before its end (SET
-- CONSTRAINTS ... IMMEDIATE) keeps its place and is chained again with what it did since.
CREATE OR REPLACE FUNCTION audit.chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
DECLARE
  own bigint;
  before bytea;
  now_digest bytea;
BEGIN
  DELETE FROM audit.unchained WHERE transaction = NEW.transaction;
  IF NOT NEW.last THEN
    INSERT INTO audit.unchained (transaction, last) VALUES (NEW.transaction, true);
    RETURN NULL;
  END IF;
  SELECT place INTO own FROM audit.transaction WHERE id = NEW.transaction;
  IF own IS NULL THEN
    UPDATE audit.head SET place = place + 1 RETURNING place, digest INTO own, before;
  ELSE
    SELECT digest INTO before FROM audit.transaction WHERE place = own - 1;
  END IF;
  now_digest := audit.digest(before, NEW.transaction);
  UPDATE audit.transaction SET place = own, digest = now_digest WHERE id = NEW.transaction;
  UPDATE audit.head SET digest = now_digest;
  PERFORM net.next_edition(NEW.transaction);  -- in the order of commits: the head is locked
  RETURN NULL;
END $$;

-- Places in the chain that do not hold, or are missing: empty when nobody tampered.
CREATE OR REPLACE FUNCTION audit.broken_links() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
  SELECT coalesce(link.place, n)
    FROM generate_series(1, (SELECT place FROM audit.head)) AS n
    FULL JOIN (SELECT id, place, digest, lag(digest) OVER (ORDER BY place) AS before
                 FROM audit.transaction WHERE place IS NOT NULL) AS link ON link.place = n
   WHERE n IS NULL OR link.place IS NULL OR digest IS DISTINCT FROM audit.digest(before, id)
      OR n = (SELECT place FROM audit.head) AND digest IS DISTINCT FROM (SELECT digest FROM audit.head)
   ORDER BY 1
$$;

DROP TRIGGER IF EXISTS chain ON audit.unchained;
CREATE CONSTRAINT TRIGGER chain AFTER INSERT ON audit.unchained
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
