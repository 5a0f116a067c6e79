-- Tokens of programs: made, asked for and closed by the service (60_sessions.sql says why).

-- Make a token of an account in use; null: it is out of use, or has `most` open ones already.
CREATE OR REPLACE FUNCTION app.make_token(of_account bigint, called text, hash bytea, ends timestamptz, most integer)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made_id bigint;
BEGIN
  PERFORM set_config('app.actor', of_account::text, true);
  PERFORM FROM app.account WHERE id = of_account FOR UPDATE;
  INSERT INTO app.token (district, account, name, token, until)
  SELECT district, id, called, hash, ends
    FROM app.account AS a
   WHERE id = of_account AND active
     AND (SELECT count(*) FROM app.token AS t
           WHERE t.district = a.district AND t.account = a.id AND t.closed IS NULL AND t.until > now()) < most
  RETURNING id INTO made_id;
  RETURN made_id;
END $$;

-- Close one token of an account, or all of them (null); returns how many.
CREATE OR REPLACE FUNCTION app.close_tokens(of_account bigint, one bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n bigint;
BEGIN
  UPDATE app.token SET closed = now()
   WHERE account = of_account AND closed IS NULL AND (one IS NULL OR id = one);
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;

-- The same as the account itself, on record under its name.
CREATE OR REPLACE FUNCTION app.close_own_token(of_account bigint, one bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM set_config('app.actor', of_account::text, true);
  RETURN app.close_tokens(of_account, one);
END $$;

-- Whose token this is; no row: nobody's. `good`: it opens. Where it does, its use is noted once in a
-- quarter of an hour for each address, and once a day in the trail.
CREATE OR REPLACE FUNCTION app.use_token(of_token bytea, from_address inet)
RETURNS TABLE (id bigint, district text, login text, name text, token bigint, good boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  SELECT a.id, a.district, a.login, a.name, t.id, a.active AND t.closed IS NULL AND t.until > now()
    INTO use_token.id, use_token.district, use_token.login, use_token.name, use_token.token, good
    FROM app.token AS t JOIN app.account AS a ON a.district = t.district AND a.id = t.account
   WHERE t.token = of_token;
  IF NOT FOUND THEN RETURN; END IF;
  IF good AND NOT audit.is_used(use_token.token, from_address, interval '15 minutes') THEN
    PERFORM audit.note_use(use_token.id, use_token.district, use_token.token, from_address);
  END IF;
  RETURN NEXT;
END $$;

CREATE OR REPLACE FUNCTION audit.is_used(of_token bigint, from_address inet, within interval) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM audit.use
                  WHERE token = of_token AND at > clock_timestamp() - within
                    AND address IS NOT DISTINCT FROM from_address)
$$;

CREATE OR REPLACE FUNCTION audit.note_use(of_account bigint, in_district text, of_token bigint, from_address inet)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE is_known boolean := audit.is_used(of_token, from_address, interval '1 day');
BEGIN
  INSERT INTO audit.use (token, address) VALUES (of_token, from_address);
  IF NOT is_known THEN
    PERFORM set_config('app.actor', of_account::text, true);
    PERFORM audit.note('token', 'USE', in_district,
      (SELECT jsonb_build_object('id', id, 'name', name, 'account', account, 'address', from_address)
         FROM app.token WHERE district = in_district AND id = of_token));
  END IF;
END $$;

-- When each of the actor's own tokens was last used, and where from.
CREATE OR REPLACE FUNCTION app.token_uses()
RETURNS TABLE (token bigint, at timestamptz, address inet)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT ON (u.token) u.token, u.at, u.address
    FROM app.token AS t JOIN audit.use AS u ON u.token = t.id
   WHERE t.account = audit.actor()
   ORDER BY u.token, u.at DESC
$$;
