-- Append one change to the audit of the current transaction. Statement triggers on every table of
-- app call record(); a statement of more than 1,000 rows is noted as one entry with a digest.

CREATE OR REPLACE FUNCTION audit.actor() RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('app.actor', true), '')::bigint
$$;

CREATE OR REPLACE FUNCTION audit.open() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
DECLARE found bigint;
BEGIN
  SELECT id INTO found FROM audit.transaction WHERE xid = pg_current_xact_id();
  IF found IS NULL THEN
    INSERT INTO audit.transaction (actor) VALUES (audit.actor()) RETURNING id INTO found;
  END IF;
  RETURN found;
END $$;

CREATE OR REPLACE FUNCTION audit.record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
DECLARE
  opened bigint;
  n bigint;
  source text := CASE TG_OP
    WHEN 'INSERT' THEN '(SELECT NULL::jsonb AS old, to_jsonb(a) AS new FROM after AS a)'
    WHEN 'DELETE' THEN '(SELECT to_jsonb(b) AS old, NULL::jsonb AS new FROM before AS b)'
    ELSE '(SELECT b.row AS old, a.row AS new
             FROM (SELECT to_jsonb(x) AS row FROM before AS x) AS b
             FULL JOIN (SELECT to_jsonb(x) AS row FROM after AS x) AS a
               ON concat_ws(''/'', a.row ->> ''district'', coalesce(a.row ->> ''id'', a.row ->> ''code''))
                = concat_ws(''/'', b.row ->> ''district'', coalesce(b.row ->> ''id'', b.row ->> ''code'')))' END;
  side text := CASE TG_OP WHEN 'DELETE' THEN 'before' ELSE 'after' END;
BEGIN
  EXECUTE format('SELECT count(*) FROM %I', side) INTO n;
  IF n = 0 THEN RETURN NULL; END IF;
  opened := audit.open();
  IF n > 1000 THEN
    EXECUTE format(
      'INSERT INTO audit.change (transaction, relation, operation, rows, after)
       SELECT $1, $2, $3, count(*), jsonb_build_object(''digest'',
              md5(string_agg(hashtextextended(r::text, 0)::text, '''' ORDER BY hashtextextended(r::text, 0))))
         FROM %I AS r', side) USING opened, TG_TABLE_NAME, TG_OP;
  ELSE
    EXECUTE format(
      'INSERT INTO audit.change (transaction, relation, operation, district, row_id, before, after)
       SELECT $1, $2, $3, coalesce(new, old) ->> CASE $2 WHEN ''district'' THEN ''code'' ELSE ''district'' END,
              (coalesce(new, old) ->> ''id'')::bigint, old - ''password'', new - ''password''
         FROM %s AS changed', source)
      USING opened, TG_TABLE_NAME, TG_OP;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit.note(relation text, operation text, district text, facts jsonb)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
  INSERT INTO audit.change (transaction, relation, operation, district, after)
  VALUES (audit.open(), relation, operation, district, facts)
$$;

-- The digest of a transaction's changes, given the digest before it.
CREATE OR REPLACE FUNCTION audit.digest(before bytea, opened bigint) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, audit, public, pg_temp AS $$
  SELECT sha256(coalesce(before, ''::bytea)
    || convert_to(t.id::text || coalesce(t.actor::text, '') || t.login
                  || extract(epoch FROM t.at)::text, 'UTF8')
    || convert_to(coalesce((SELECT string_agg(c.id::text || c.relation || c.operation
                  || coalesce(c.before::text, '') || coalesce(c.after::text, ''), '' ORDER BY c.id)
                  FROM audit.change AS c WHERE c.transaction = t.id), ''), 'UTF8'))
    FROM audit.transaction AS t WHERE t.id = opened
$$;

-- At commit: take the next place in the chain. The lock makes commits that changed something queue.
CREATE OR REPLACE FUNCTION audit.chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
DECLARE last audit.transaction;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit.chain'));
  SELECT * INTO last FROM audit.transaction WHERE place IS NOT NULL ORDER BY place DESC LIMIT 1;
  UPDATE audit.transaction
     SET place = coalesce(last.place, 0) + 1, digest = audit.digest(last.digest, NEW.id)
   WHERE id = NEW.id;
  RETURN NULL;
END $$;

-- Links of the chain that do not hold: empty when nobody tampered.
CREATE OR REPLACE FUNCTION audit.broken_links() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, audit, public, pg_temp AS $$
  SELECT id
    FROM (SELECT id, place, digest, lag(digest) OVER (ORDER BY place) AS before,
                 lag(place) OVER (ORDER BY place) AS last
            FROM audit.transaction WHERE place IS NOT NULL) AS link
   WHERE digest IS DISTINCT FROM audit.digest(before, id) OR place <> coalesce(last, 0) + 1
   ORDER BY place
$$;

DROP TRIGGER IF EXISTS chain ON audit.transaction;
CREATE CONSTRAINT TRIGGER chain AFTER INSERT ON audit.transaction
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
