-- What administrators of a whole district may read of the audit: owner's functions that ask for the
-- right themselves, because app_web does not come near the tables.

CREATE OR REPLACE FUNCTION app.administers(of_district text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT of_district IN (SELECT app.whole_districts('{admin}'))
$$;

-- Each account's last sign-in, and the failures since.
CREATE OR REPLACE FUNCTION app.sign_ins(of_district text)
RETURNS TABLE (account bigint, last timestamptz, failed bigint, failed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT a.id, entered.last, count(t.id), max(t.at)
    FROM app.account AS a
   CROSS JOIN LATERAL (SELECT max(at) AS last FROM audit.attempt WHERE account = a.id AND entered IS NOT NULL) AS entered
    LEFT JOIN audit.attempt AS t ON t.account = a.id AND t.entered IS NULL
                                AND t.at > coalesce(entered.last, '-infinity')
   WHERE a.district = of_district AND app.administers(of_district)
   GROUP BY a.id, entered.last
$$;

-- The changes of a district, newest first, before the change of an id (null: from the newest).
CREATE OR REPLACE FUNCTION app.trail(of_district text, older_than bigint, by_account bigint, of_relation text,
                                     since timestamptz, until timestamptz, most integer)
RETURNS TABLE (id bigint, at timestamptz, actor bigint, login text, name text, relation text,
               operation text, row_id bigint, before jsonb, after jsonb, rows bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT c.id, t.at, t.actor, a.login, a.name, c.relation, c.operation, c.row_id, c.before, c.after, c.rows
    FROM audit.change AS c
    JOIN audit.transaction AS t ON t.id = c.transaction
    LEFT JOIN app.account AS a ON a.id = t.actor AND a.district = c.district
   WHERE c.district = of_district AND app.administers(of_district)
     AND (older_than IS NULL OR c.id < older_than)
     AND (by_account IS NULL OR t.actor = by_account)
     AND (of_relation IS NULL OR c.relation = of_relation)
     AND (since IS NULL OR t.at >= since) AND (until IS NULL OR t.at < until)
   ORDER BY c.id DESC
   LIMIT most
$$;

-- How long the chain is, and the first of its places that does not hold (null: it holds).
CREATE OR REPLACE FUNCTION app.chain_state(of_district text, OUT length bigint, OUT broken bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT (SELECT place FROM audit.head), (SELECT min(n) FROM audit.broken_links() AS n)
   WHERE app.administers(of_district)
$$;

-- How many active accounts administer the whole district from now on without end. Whoever ends his
-- own right could not count them himself any more.
CREATE OR REPLACE FUNCTION app.administrators(of_district text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT count(DISTINCT g.account)
    FROM app."grant" AS g
    JOIN app.account AS a ON a.district = g.district AND a.id = g.account AND a.active
    JOIN app.area AS r ON r.district = g.district AND r.id = g.area AND r.level = 'district'
   WHERE g.district = of_district AND g.role = 'admin' AND g.period @> now() AND upper_inf(g.period)
$$;
