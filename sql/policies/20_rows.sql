-- Row-level security, versions, audit and freshness of every table of app, by declaration.

DO $$
DECLARE
  t record;
  operation text;
BEGIN
  FOR t IN
    SELECT c.relname AS name, rule.see, rule.change, rule.touch
      FROM pg_class AS c
      LEFT JOIN (VALUES
        -- table          who sees a row                                       who changes it                              what it makes stale
        ('district',     'code IN (SELECT app.districts(app.everyone()))',     'false',                                    NULL),
        ('area',         'district IN (SELECT app.districts(app.everyone()))', 'id IN (SELECT app.realm(''{planner,admin}''))', 'place'),
        ('area_version', 'district IN (SELECT app.districts(app.everyone()))', 'area IN (SELECT app.realm(''{planner,admin}''))', 'place'),
        ('compound',     'PLACED',                                             'PLACED planner,admin',                     'walk'),
        ('organisation', 'area IN (SELECT app.realm(app.everyone())) OR district IN (SELECT app.whole_districts(app.everyone()))',
                                                                               'district IN (SELECT app.whole_districts(''{admin}''))', NULL),
        ('building',     'PLACED',                                             'PLACED planner,admin',                     'both'),
        ('gate',         'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{planner,admin}''))', 'walk'),
        ('barrier',      'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{planner,admin}''))', 'walk'),
        ('water',        'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{planner,admin}''))', 'walk'),
        ('land',         'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{planner,admin}''))', NULL),
        ('way',          'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{planner,admin}''))', 'walk'),
        ('service',      'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{admin}''))', NULL),
        ('station',      'district IN (SELECT app.districts(app.everyone()))', 'PLACED planner,admin',                     'walk'),
        ('profile',      'district IN (SELECT app.districts(app.everyone()))', 'district IN (SELECT app.whole_districts(''{admin}''))', NULL),
        ('account',      'id = audit.actor() OR district IN (SELECT app.whole_districts(''{admin}''))', 'district IN (SELECT app.whole_districts(''{admin}''))', NULL),
        ('grant',        'account = audit.actor() OR area IN (SELECT app.realm(''{admin}''))', 'area IN (SELECT app.realm(''{admin}''))', NULL)
      ) AS rule (name, see, change, touch) ON rule.name = c.relname
     WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'r'
     ORDER BY c.relname
  LOOP
    IF t.see IS NULL THEN RAISE EXCEPTION 'table app.% has no rule in policies/20_rows.sql', t.name; END IF;
    EXECUTE format('ALTER TABLE app.%I ENABLE ROW LEVEL SECURITY', t.name);
    EXECUTE format('DROP POLICY IF EXISTS see ON app.%I', t.name);
    EXECUTE format('DROP POLICY IF EXISTS change ON app.%I', t.name);
    EXECUTE format('DROP POLICY IF EXISTS compute ON app.%I', t.name);
    EXECUTE format('CREATE POLICY see ON app.%I FOR SELECT TO app_web USING (%s)', t.name,
                   CASE t.see WHEN 'PLACED' THEN app.placed(t.name, 'app.everyone()') ELSE t.see END);
    EXECUTE format('CREATE POLICY change ON app.%I TO app_web USING (%s)', t.name,
                   CASE WHEN t.change LIKE 'PLACED%' THEN app.placed(t.name, '''{planner,admin}''') ELSE t.change END);
    EXECUTE format('CREATE POLICY compute ON app.%I FOR SELECT TO yige_engine USING (true)', t.name);

    EXECUTE format('DROP TRIGGER IF EXISTS next_version ON app.%I', t.name);
    EXECUTE format('CREATE TRIGGER next_version BEFORE UPDATE ON app.%I
                    FOR EACH ROW EXECUTE FUNCTION app.next_version()', t.name);
    FOREACH operation IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
      EXECUTE format('DROP TRIGGER IF EXISTS %I ON app.%I', 'record_' || lower(operation), t.name);
      EXECUTE format('CREATE TRIGGER %I AFTER %s ON app.%I REFERENCING %s
                      FOR EACH STATEMENT EXECUTE FUNCTION audit.record()',
                     'record_' || lower(operation), operation, t.name, app.transition(operation));
      EXECUTE format('DROP TRIGGER IF EXISTS %I ON app.%I', 'touch_' || lower(operation), t.name);
      IF t.touch IS NOT NULL THEN
        EXECUTE format('CREATE TRIGGER %I AFTER %s ON app.%I REFERENCING %s
                        FOR EACH STATEMENT EXECUTE FUNCTION net.touch(%L)',
                       'touch_' || lower(operation), operation, t.name, app.transition(operation), t.touch);
      END IF;
    END LOOP;
  END LOOP;
END $$;

-- What is derived carries the same rights: figures of buildings one may not see stay unseen.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['placement', 'unconnected', 'reach'] LOOP
    EXECUTE format('ALTER TABLE net.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('DROP POLICY IF EXISTS see ON net.%I', t);
    EXECUTE format('DROP POLICY IF EXISTS compute ON net.%I', t);
    EXECUTE format('CREATE POLICY compute ON net.%I TO yige_engine USING (true)', t);
    EXECUTE format('CREATE POLICY see ON net.%I FOR SELECT TO app_web
                    USING (building IN (SELECT app.placed_buildings(app.everyone())))', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['node', 'edge', 'access', 'variant', 'freshness'] LOOP
    EXECUTE format('ALTER TABLE net.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('DROP POLICY IF EXISTS see ON net.%I', t);
    EXECUTE format('DROP POLICY IF EXISTS compute ON net.%I', t);
    EXECUTE format('CREATE POLICY compute ON net.%I TO yige_engine USING (true)', t);
    EXECUTE format('CREATE POLICY see ON net.%I FOR SELECT TO app_web
                    USING (district IN (SELECT app.districts(app.everyone())))', t);
  END LOOP;
END $$;

-- Published figures are for everybody.
ALTER TABLE net.headline ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS see ON net.headline;
DROP POLICY IF EXISTS compute ON net.headline;
CREATE POLICY see ON net.headline FOR SELECT TO app_web USING (true);
CREATE POLICY compute ON net.headline TO yige_engine USING (true);
GRANT SELECT ON net.headline TO app_web;
