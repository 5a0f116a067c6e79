-- Row-level security, versions, audit and freshness of every table of app, by declaration.

DO $$
DECLARE
  t record;
  operation text;
  shape text;
BEGIN
  FOR t IN
    SELECT c.oid, c.relname AS name, rule.see, rule.change, rule.stale, counted.columns AS counted,
           CASE c.relname WHEN 'district' THEN 'code' ELSE 'district' END AS key
      FROM pg_class AS c
      LEFT JOIN (VALUES
        -- table          who sees a row                                       who changes it                              what it makes stale
        ('district',     'code IN (SELECT app.districts(app.everyone()))',     'false',                                    '{walk,place}'),
        ('area',         'district IN (SELECT app.districts(app.everyone()))', 'id IN (SELECT app.realm(''{planner,admin}''))', '{place}'),
        ('area_version', 'district IN (SELECT app.districts(app.everyone()))', 'area IN (SELECT app.realm(''{planner,admin}''))', '{place}'),
        ('compound',     'PLACED',                                             'PLACED',                                   '{walk}'),
        ('organisation', 'area IN (SELECT app.realm(app.everyone())) OR compound IN (SELECT id FROM app.compound)
                          OR district IN (SELECT app.whole_districts(app.everyone()))',
                                                                               'district IN (SELECT app.whole_districts(''{admin}''))', NULL),
        ('building',     'PLACED',                                             'PLACED',                                   '{walk,place}'),
        ('gate',         'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{planner,admin}''))', '{walk}'),
        ('barrier',      'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{planner,admin}''))', '{walk}'),
        ('water',        'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{planner,admin}''))', '{walk}'),
        ('land',         'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{planner,admin}''))', NULL),
        ('way',          'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{planner,admin}''))', '{walk}'),
        ('service',      'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{admin}''))', NULL),
        ('station',      'district IN (SELECT app.districts(app.everyone()))', 'PLACED',                                   '{walk}'),
        ('member',       'area IN (SELECT app.realm(''{dispatcher,planner,admin}''))', 'area IN (SELECT app.realm(''{dispatcher,planner,admin}''))', NULL),
        ('assignment',   'SERVED',                                             'SERVED',                                   NULL),
        ('import',       'account = audit.actor() AND district IN (SELECT app.districts(app.everyone()))
                          OR district IN (SELECT app.whole_districts(''{admin}''))',
                         '(account = audit.actor() OR district IN (SELECT app.whole_districts(''{admin}'')))
                          AND district IN (SELECT app.districts(''{dispatcher,planner,admin}''))', NULL),
        ('import_row',   'import IN (SELECT id FROM app.import)',              'import IN (SELECT id FROM app.import)',    NULL),
        ('profile',      'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{admin}''))', NULL),
        ('account',      'id = audit.actor() OR district IN (SELECT app.whole_districts(''{admin}''))', 'district IN (SELECT app.whole_districts(''{admin}''))', NULL),
        ('session',      'account = audit.actor() OR district IN (SELECT app.whole_districts(''{admin}''))', 'false', NULL),
        ('basemap',      'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{admin}''))', NULL),
        ('token',        'account = audit.actor() OR district IN (SELECT app.whole_districts(''{admin}''))', 'false', NULL),
        ('grant',        'account = audit.actor() OR area IN (SELECT app.realm(''{admin}''))', 'area IN (SELECT app.realm(''{admin}''))', NULL)
      ) AS rule (name, see, change, stale) ON rule.name = c.relname
      LEFT JOIN (VALUES  -- columns that nothing derived is made of: figures read them anew
        ('compound', '{name,version}'),
        ('building', '{code,name,floors,households,people,estimated,compound,version}'),
        ('gate',     '{name,hours,open,version}'),
        ('barrier',  '{code,kind,version}'),
        ('water',    '{code,name,kind,version}'),
        ('way',      '{name,highway,bridge,tunnel,version}'),
        ('station',  '{code,name,kind,services,open,hours,capacity,floor_area,state,version}')
      ) AS counted (name, columns) ON counted.name = c.relname
     WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'r'
     ORDER BY c.relname
  LOOP
    IF t.see IS NULL THEN RAISE EXCEPTION 'table app.% has no rule in policies/20_rows.sql', t.name; END IF;
    IF t.see = 'PLACED' THEN t.see := app.placed(t.name, 'app.everyone()'); END IF;
    IF t.change = 'PLACED' THEN t.change := app.placed(t.name, '''{planner,admin}'''); END IF;
    IF t.see = 'SERVED' THEN t.see := app.served('{dispatcher,planner,admin}'); END IF;
    IF t.change = 'SERVED' THEN t.change := app.served('{dispatcher,planner,admin}'); END IF;
    EXECUTE format('ALTER TABLE app.%I ENABLE ROW LEVEL SECURITY', t.name);
    EXECUTE format('DROP POLICY IF EXISTS see ON app.%I', t.name);
    EXECUTE format('DROP POLICY IF EXISTS change ON app.%I', t.name);
    EXECUTE format('DROP POLICY IF EXISTS compute ON app.%I', t.name);
    EXECUTE format('CREATE POLICY see ON app.%I FOR SELECT TO app_web, yige_desk USING (%s)', t.name, t.see);
    -- a new area is in nobody's realm yet, its parent is
    EXECUTE format('CREATE POLICY change ON app.%I TO app_web, yige_desk USING (%s) WITH CHECK (%s)', t.name, t.change,
                   t.change || CASE t.name WHEN 'area' THEN ' OR parent IN (SELECT app.realm(''{planner,admin}''))' ELSE '' END);
    EXECUTE format('CREATE POLICY compute ON app.%I FOR SELECT TO yige_engine USING (true)', t.name);

    EXECUTE format('CREATE OR REPLACE TRIGGER next_version BEFORE UPDATE ON app.%I
                    FOR EACH ROW EXECUTE FUNCTION app.next_version()', t.name);
    EXECUTE format('CREATE OR REPLACE TRIGGER stays BEFORE UPDATE OF %1$I ON app.%2$I
                    FOR EACH ROW WHEN (OLD.%1$I <> NEW.%1$I) EXECUTE FUNCTION app.refuse_move()', t.key, t.name);
    EXECUTE format('CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON app.%I
                    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_truncate()', t.name);
    FOR shape IN
      SELECT attname FROM pg_attribute
       WHERE attrelid = t.oid AND atttypid = 'geometry'::regtype AND attgenerated = '' AND NOT attisdropped
    LOOP
      EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE INSERT OR UPDATE OF %I ON app.%I FOR EACH ROW
                      WHEN (NOT app.on_lattice(NEW.%2$I)) EXECUTE FUNCTION app.keep_on_lattice(%2$L)',
                     'lattice_' || shape, shape, t.name);
    END LOOP;
    FOREACH operation IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
      EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON app.%I REFERENCING %s
                      FOR EACH STATEMENT EXECUTE FUNCTION audit.record()',
                     'record_' || lower(operation), operation, t.name, app.transition(operation));
      IF t.stale IS NOT NULL THEN
        EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON app.%I REFERENCING %s
                        FOR EACH STATEMENT EXECUTE FUNCTION net.mark_stale(%L, %L)',
                       'stale_' || lower(operation), operation, t.name, app.transition(operation), t.stale,
                       coalesce(t.counted, '{}'));
      END IF;
    END LOOP;
  END LOOP;
END $$;

-- What is derived carries the same rights: figures of buildings one may not see stay unseen. Who
-- holds the whole district is known at once; only of others are the buildings listed.
DO $$
DECLARE t record;
BEGIN
  FOR t IN
    SELECT * FROM (VALUES
      ('placement',   'PLACED'),
      ('unconnected', 'PLACED'),
      ('reach',       'PLACED'),
      ('access',      'district IN (SELECT app.districts(app.everyone()))
                       AND (kind = ''station'' OR district IN (SELECT app.whole_districts(app.everyone()))
                         OR ref IN (SELECT app.placed_buildings(app.everyone())))'),
      ('node',        'district IN (SELECT app.districts(app.everyone()))'),
      ('edge',        'district IN (SELECT app.districts(app.everyone()))'),
      ('variant',     'district IN (SELECT app.districts(app.everyone()))'),
      ('freshness',   'district IN (SELECT app.districts(app.everyone()))'),
      ('stale',       'district IN (SELECT app.districts(app.everyone()))'),
      ('headline',    'true')  -- published figures are for everybody
    ) AS rule (name, see)
  LOOP
    IF t.see = 'PLACED' THEN
      t.see := 'district IN (SELECT app.whole_districts(app.everyone()))
             OR building IN (SELECT app.placed_buildings(app.everyone()))';
    END IF;
    EXECUTE format('ALTER TABLE net.%I ENABLE ROW LEVEL SECURITY', t.name);
    EXECUTE format('DROP POLICY IF EXISTS see ON net.%I', t.name);
    EXECUTE format('DROP POLICY IF EXISTS compute ON net.%I', t.name);
    EXECUTE format('CREATE POLICY compute ON net.%I TO yige_engine USING (true)', t.name);
    EXECUTE format('CREATE POLICY see ON net.%I FOR SELECT TO app_web USING (%s)', t.name, t.see);
  END LOOP;
END $$;

DROP FUNCTION IF EXISTS app.realm_shapes(app.role[]);  -- what earlier policies asked
