-- Signing in and out: for the service alone (policies/10_roles.sql), never for app_web. Owner's
-- functions, because nobody else reads a password's hash or a session's token.

-- The account of a login with its password's hash; empty: none.
CREATE OR REPLACE FUNCTION app.credentials(typed text)
RETURNS TABLE (account bigint, district text, password text, active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT id, district, password, active FROM app.account WHERE login = typed
$$;

-- Until when a run of failures locks: from the last of `most` failures within 15 minutes.
CREATE OR REPLACE FUNCTION audit.locked_until(failures timestamptz[], most integer) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT failures[1] + interval '15 minutes'
   WHERE failures[most] > failures[1] - interval '15 minutes'
     AND failures[1] + interval '15 minutes' > clock_timestamp()
$$;

-- The attempts that were not let in, newest first: of a login since it was last let in, of an address.
CREATE OR REPLACE FUNCTION audit.failures(of_account bigint, of_mark integer, of_address inet)
RETURNS TABLE (of_login timestamptz[], of_place timestamptz[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH recent AS (
    SELECT a.*, EXISTS (SELECT FROM audit.attempt AS e WHERE e.entered = a.id) AS good
      FROM audit.attempt AS a
     WHERE a.at > clock_timestamp() - interval '30 minutes' AND a.entered IS NULL
       AND (a.account = of_account OR of_account IS NULL AND a.account IS NULL AND a.mark = of_mark
            OR a.address = of_address)
  ), login AS (
    SELECT at, good FROM recent WHERE account = of_account OR of_account IS NULL AND account IS NULL AND mark = of_mark
  )
  SELECT ARRAY(SELECT at FROM login WHERE at > coalesce((SELECT max(at) FROM login WHERE good), '-infinity')
                ORDER BY at DESC),
         ARRAY(SELECT at FROM recent WHERE address = of_address AND NOT good ORDER BY at DESC)
$$;

-- Note an attempt before its password is looked at, so that many at once count like one after the
-- other. Returns its id, or until when the login (5 failures) or the address (30) is locked.
CREATE OR REPLACE FUNCTION app.try_sign_in(of_account bigint, of_mark integer, of_address inet,
                                           OUT attempt bigint, OUT locked timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('yige.sign_in'), of_mark);
  SELECT greatest(audit.locked_until(of_login, 5), audit.locked_until(of_place, 30)) INTO locked
    FROM audit.failures(of_account, of_mark, of_address);
  IF locked IS NULL THEN
    INSERT INTO audit.attempt (account, mark, address) VALUES (of_account, of_mark, of_address)
    RETURNING id INTO attempt;
  END IF;
END $$;

-- Say of an attempt that it was let in.
CREATE OR REPLACE FUNCTION app.let_in(of_attempt bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO audit.attempt (account, mark, address, entered)
  SELECT account, mark, address, id FROM audit.attempt WHERE id = of_attempt
$$;

-- Open a session, at most five an account, the oldest are closed.
CREATE OR REPLACE FUNCTION app.open_session(of_account bigint, new_token bytea, of_attempt bigint DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE opened_id bigint;
BEGIN
  PERFORM set_config('app.actor', of_account::text, true);
  PERFORM app.let_in(of_attempt);
  PERFORM FROM app.account WHERE id = of_account FOR UPDATE;
  INSERT INTO app.session (district, account, token)
  SELECT district, id, new_token FROM app.account WHERE id = of_account AND active
  RETURNING id INTO opened_id;
  UPDATE app.session SET closed = now()
   WHERE id IN (SELECT id FROM app.session
                 WHERE account = of_account AND closed IS NULL AND until > now()
                 ORDER BY opened DESC, id DESC OFFSET 5);
  RETURN opened_id;
END $$;

-- Who holds this token; empty: nobody any more.
CREATE OR REPLACE FUNCTION app.signed_in(of_token bytea)
RETURNS TABLE (id bigint, district text, login text, name text, session bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT a.id, a.district, a.login, a.name, s.id
    FROM app.session AS s
    JOIN app.account AS a ON a.district = s.district AND a.id = s.account AND a.active
   WHERE s.token = of_token AND s.closed IS NULL AND s.until > now()
$$;

-- Close one session of an account, or all but one (the one kept may be null: all of them).
CREATE OR REPLACE FUNCTION app.close_sessions(of_account bigint, one bigint, kept bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n bigint;
BEGIN
  UPDATE app.session SET closed = now()
   WHERE account = of_account AND closed IS NULL AND (one IS NULL OR id = one) AND id IS DISTINCT FROM kept;
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;

-- Give an account its own new password, whose hash this is.
CREATE OR REPLACE FUNCTION app.change_password(of_account bigint, hash text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT set_config('app.actor', of_account::text, true);
  UPDATE app.account SET password = hash WHERE id = of_account
$$;

-- An account that is put out of use, or gets another password from somebody else, is signed out, and
-- its programs with it.
CREATE OR REPLACE FUNCTION app.sign_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT NEW.active OR audit.actor() IS DISTINCT FROM NEW.id THEN
    PERFORM app.close_sessions(NEW.id, NULL, NULL);
    PERFORM app.close_tokens(NEW.id, NULL);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER sign_out AFTER UPDATE OF active, password ON app.account
  FOR EACH ROW WHEN (OLD.active <> NEW.active OR OLD.password IS DISTINCT FROM NEW.password)
  EXECUTE FUNCTION app.sign_out();
