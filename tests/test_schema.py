"""Rules for every table, each as a query for offenders: the next table cannot forget them."""

from contextlib import nullcontext
from typing import LiteralString

import pytest
from psycopg.errors import CheckViolation

from sql.database import Conn

TABLES = "pg_class AS c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace"
COLUMNS = """pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND attnum > 0
             AND NOT attisdropped WHERE c.relkind IN ('r', 'p') AND c.relnamespace"""
OURS = "pronamespace::regnamespace::text IN ('app', 'net', 'map', 'audit')"
SHOWN = "('app'::regnamespace, 'net'::regnamespace, 'audit'::regnamespace)"
ROLES = "('app_web', 'yige_engine', 'yige_service', 'yige_desk')"

RULES = {
    "row-level security is on, with a policy to see, to change and to compute": f"""
        SELECT relname FROM {TABLES} = 'app'::regnamespace
           AND NOT (relrowsecurity
             AND ARRAY['change', 'compute', 'see'] = ARRAY(
               SELECT polname::text FROM pg_policy WHERE polrelid = c.oid ORDER BY polname)
             AND (SELECT polcmd FROM pg_policy WHERE polrelid = c.oid AND polname = 'see') = 'r'
             AND (SELECT polcmd FROM pg_policy WHERE polrelid = c.oid AND polname = 'compute') = 'r'
             AND NOT EXISTS (
               SELECT FROM pg_policy WHERE polrelid = c.oid AND polroles = '{{0}}'))""",
    "what app_web may read of net has a policy too": f"""
        SELECT relname FROM {TABLES} = 'net'::regnamespace AND NOT relrowsecurity
           AND has_any_column_privilege('app_web', c.oid, 'SELECT')""",
    "inserts, updates and deletes are recorded, each with its images": f"""
        SELECT relname FROM {TABLES} = 'app'::regnamespace AND EXISTS (
          SELECT FROM unnest('{{4,8,16}}'::integer[]) AS bit WHERE NOT EXISTS (
            SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgfoid = 'audit.record'::regproc
               AND tgenabled = 'O' AND tgtype & bit > 0 AND tgtype & 1 = 0
               AND (bit = 4 OR tgoldtable = 'before') AND (bit = 8 OR tgnewtable = 'after')))""",
    "TRUNCATE is refused": f"""
        SELECT relname FROM {TABLES} = 'app'::regnamespace AND NOT EXISTS (
          SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgtype & 32 > 0 AND tgtype & 2 > 0)""",
    "an update counts the version": f"""
        SELECT relname FROM {TABLES} = 'app'::regnamespace AND NOT EXISTS (
          SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgfoid = 'app.next_version'::regproc)""",
    "there is a version": f"""
        SELECT relname FROM {TABLES} = 'app'::regnamespace AND NOT EXISTS (
          SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'version' AND attnotnull
             AND atttypid = 'integer'::regtype)""",
    "the district leads the primary key": f"""
        SELECT relname FROM {TABLES} = 'app'::regnamespace
           AND relname <> 'district' AND NOT EXISTS (
          SELECT FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
           WHERE indrelid = c.oid AND indisprimary AND attname = 'district')""",
    "a period is an app.period": f"""
        SELECT relname FROM {COLUMNS} = 'app'::regnamespace
           AND attname = 'period' AND NOT (atttypid = 'app.period'::regtype AND attnotnull)""",
    "a shape names its type and its CRS": f"""
        SELECT format('%s.%s', relname, attname)
          FROM {COLUMNS} IN ('app'::regnamespace, 'net'::regnamespace)
           AND atttypid = 'geometry'::regtype
           AND (postgis_typmod_srid(atttypmod) <> 4490
             OR postgis_typmod_type(atttypmod) = 'Geometry'
            AND (relname, attname) <> ('building', 'geom'))""",
    "a shape has a spatial index": f"""
        SELECT format('%s.%s', relname, attname) FROM {COLUMNS} = 'app'::regnamespace
           AND atttypid = 'geometry'::regtype AND NOT EXISTS (
             SELECT FROM pg_index JOIN pg_class AS x ON x.oid = indexrelid
               JOIN pg_am ON pg_am.oid = x.relam
              WHERE indrelid = c.oid AND amname = 'gist' AND indkey[0] = attnum)""",
    "a shape lies on the lattice": f"""
        SELECT format('%s.%s', relname, attname) FROM {COLUMNS} = 'app'::regnamespace
           AND atttypid = 'geometry'::regtype AND attgenerated = '' AND NOT EXISTS (
             SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgname = 'lattice_' || attname)""",
    "a reference has an index": """
        SELECT conname FROM pg_constraint AS f
         WHERE contype = 'f' AND connamespace IN ('app'::regnamespace, 'net'::regnamespace)
           AND NOT EXISTS (
             SELECT FROM pg_index AS i WHERE i.indrelid = f.conrelid AND indpred IS NULL
               AND (string_to_array(indkey::text, ' ')::int2[])[:cardinality(conkey)] @> conkey)""",
    "a table says what it is": f"""
        SELECT relname FROM {TABLES} IN {SHOWN}
           AND obj_description(c.oid, 'pg_class') IS NULL""",
    "a view of the map has the rights of who asks": """
        SELECT relname FROM pg_class WHERE relnamespace = 'map'::regnamespace AND relkind = 'v'
           AND NOT coalesce(reloptions @> '{security_invoker=true}', false)""",
    "the roles own nothing": """
        SELECT relname FROM pg_class JOIN pg_roles AS r ON r.oid = relowner
         WHERE rolname IN ('app_web', 'yige_engine', 'yige_service', 'yige_desk')""",
    "the roles have no power over the server": """
        SELECT rolname FROM pg_roles
         WHERE rolname IN ('app_web', 'yige_engine', 'yige_service', 'yige_desk')
           AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
             OR rolcanlogin <> (rolname = 'yige_service'))""",
    "the service acts as app_web or as the engine, and is neither by itself": """
        SELECT m.roleid::regrole::text FROM pg_auth_members AS m
         WHERE m.member = 'yige_service'::regrole
           AND (m.roleid NOT IN ('app_web'::regrole, 'yige_engine'::regrole)
             OR pg_has_role('yige_service', m.roleid, 'USAGE'))""",
    "app_web does not come near the audit": """
        SELECT relname FROM pg_class WHERE relnamespace = 'audit'::regnamespace AND relkind = 'r'
           AND has_any_column_privilege('app_web', oid, 'SELECT, INSERT, UPDATE, REFERENCES')
         UNION ALL
        SELECT 'audit' WHERE has_schema_privilege('app_web', 'audit', 'USAGE, CREATE')""",
    "app_web does not write what is derived": """
        SELECT relname FROM pg_class
         WHERE relnamespace = 'net'::regnamespace AND relkind IN ('r', 'p')
           AND has_table_privilege('app_web', oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')""",
    "app_web does not reach round a policy into a partition": """
        SELECT relname FROM pg_class WHERE relispartition
           AND has_any_column_privilege('app_web', oid, 'SELECT')""",
    "nobody reads passwords": """
        SELECT rolname FROM pg_roles
         WHERE rolname IN ('app_web', 'yige_engine', 'yige_service', 'yige_desk')
           AND (has_column_privilege(rolname, 'app.account', 'password', 'SELECT')
             OR has_column_privilege(rolname, 'app.token', 'token', 'SELECT')
             OR has_column_privilege(rolname, 'app.basemap', 'token', 'SELECT')
             OR has_column_privilege(rolname, 'app.session', 'token', 'SELECT'))""",
    "who edits at a desk comes near no people, and nothing but the map": """
        SELECT relname FROM pg_class
         WHERE relnamespace::regnamespace::text IN ('app', 'net', 'audit') AND relkind IN ('r', 'p')
           AND has_any_column_privilege('yige_desk', oid, 'SELECT, INSERT, UPDATE, REFERENCES')
           AND relname NOT IN ('district', 'area', 'area_version', 'compound', 'building', 'gate',
                               'barrier', 'water', 'land', 'way', 'service', 'station')""",
    "app_web does not sign anybody in": """
        SELECT proname FROM pg_proc WHERE pronamespace = 'app'::regnamespace
           AND proname IN ('credentials', 'try_sign_in', 'open_session', 'signed_in',
                           'close_sessions', 'change_password', 'make_token', 'use_token',
                           'close_tokens', 'close_own_token', 'basemap_of')
           AND has_function_privilege('app_web', oid, 'EXECUTE')""",
    "the engine writes nothing of app": """
        SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind = 'r'
           AND (has_table_privilege('yige_engine', oid, 'DELETE, TRUNCATE, TRIGGER')
             OR has_any_column_privilege('yige_engine', oid, 'INSERT, UPDATE'))""",
    "nobody but the owner changes the audit": """
        SELECT relname FROM pg_class, pg_roles
         WHERE relnamespace = 'audit'::regnamespace AND relkind = 'r'
           AND NOT rolsuper AND rolname !~ '^pg_'
           AND has_table_privilege(rolname, pg_class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')""",
    "no role of ours truncates or makes anything": """
        SELECT format('%s %s', rolname, nspname) FROM pg_namespace, pg_roles
         WHERE nspname IN ('app', 'net', 'map', 'audit', 'public')
           AND rolname IN ('app_web', 'yige_engine', 'yige_service', 'yige_desk')
           AND has_schema_privilege(rolname, nspname, 'CREATE')""",
    "no function of ours is anybody's to call": f"""
        SELECT proname FROM pg_proc WHERE {OURS}
           AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))""",
    "a function with its owner's rights fixes its search path": f"""
        SELECT proname FROM pg_proc WHERE {OURS} AND prosecdef
           AND NOT EXISTS (SELECT FROM unnest(proconfig) AS setting
                            WHERE setting ~ '^search_path=pg_catalog, .*pg_temp$')""",
}


@pytest.mark.parametrize("rule", RULES)
def test_rule_holds_for_every_table(admin: Conn, rule: str) -> None:
    offenders: LiteralString = RULES[rule]  # type: ignore[assignment]
    assert [row[0] for row in admin.execute(offenders)] == []


# Each rule must be able to fail: a table that forgot everything, a function and a view at their
# simplest.

SLOPPY = """
CREATE TABLE app.sloppy (id bigint PRIMARY KEY, period tstzrange, geom geometry);
CREATE TABLE net.sloppy (area bigint, district text REFERENCES app.district);
CREATE TABLE audit.sloppy (id bigint);
CREATE VIEW map.sloppy AS SELECT 1;
CREATE FUNCTION app.sloppy() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
CREATE TABLE net.part (district text) PARTITION BY LIST (district);
CREATE TABLE net.part_1 PARTITION OF net.part FOR VALUES IN ('1');
ALTER TABLE net.sloppy OWNER TO app_web;
GRANT SELECT ON app.member TO yige_desk;
ALTER ROLE app_web CREATEDB;
GRANT ALL ON net.part, net.part_1, audit.sloppy TO app_web;
GRANT ALL ON app.sloppy TO yige_engine;
GRANT SELECT ON app.account TO app_web;
GRANT EXECUTE ON FUNCTION app.signed_in TO app_web;
GRANT CREATE ON SCHEMA app TO app_web;
GRANT pg_read_all_data TO yige_service;
"""


@pytest.mark.parametrize("rule", RULES)
def test_rule_finds_who_forgot_it(admin: Conn, rule: str) -> None:
    admin.execute(SLOPPY)
    offenders: LiteralString = RULES[rule]  # type: ignore[assignment]
    assert list(admin.execute(offenders))


def test_functions_compile(admin: Conn) -> None:
    """Their bodies, where plpgsql_check is at hand; sql functions are checked when made."""
    known = "SELECT FROM pg_available_extensions WHERE name = 'plpgsql_check'"
    if not admin.execute(known).rowcount:
        pytest.skip("plpgsql_check is not installed")
    admin.execute("CREATE EXTENSION plpgsql_check")
    found = admin.execute(
        f"""SELECT proname, c FROM pg_proc, plpgsql_check_function(oid, fatal_errors => false) AS c
             WHERE {OURS} AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')
               AND prorettype <> 'trigger'::regtype"""
    )
    assert found.fetchall() == []


def test_periods_are_half_open(admin: Conn) -> None:
    for text, good in [
        ("[2026-01-01,)", True), ("(,2026-01-01)", True), ("[2026-01-01,2027-01-01]", False),
        ("(2026-01-01,)", False), ("empty", False),
    ]:  # fmt: skip
        refused = pytest.raises(CheckViolation, match="half_open")
        with nullcontext() if good else refused, admin.transaction():
            admin.execute("SELECT %s::app.period", [text])
