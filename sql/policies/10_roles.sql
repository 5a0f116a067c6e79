-- What the roles of sql/roles.py may do: app_web acts for people under row-level security,
-- yige_engine computes what is derived.

REVOKE ALL ON SCHEMA app, net, map, audit FROM PUBLIC, app_web, yige_engine, yige_desk;
REVOKE ALL ON ALL TABLES IN SCHEMA app, net, map, audit FROM PUBLIC, app_web, yige_engine, yige_desk;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app, net, map, audit FROM PUBLIC, app_web, yige_engine, yige_service, yige_desk;

GRANT USAGE ON SCHEMA app, net, map TO app_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO app_web;
REVOKE INSERT, UPDATE, DELETE ON app.district FROM app_web;
REVOKE ALL ON app.account FROM app_web;
GRANT SELECT (district, id, login, name, active, version), INSERT (district, login, name, password),
  UPDATE (name, password, active) ON app.account TO app_web;
REVOKE ALL ON app.session FROM app_web;
GRANT SELECT (district, id, account, opened, until, closed, version) ON app.session TO app_web;
REVOKE ALL ON app.token FROM app_web;
GRANT SELECT (district, id, account, name, made, until, closed, version) ON app.token TO app_web;
REVOKE ALL ON app.basemap FROM app_web;
GRANT SELECT (district, id, kind, datum, sets, version), INSERT (district, kind, token), DELETE ON app.basemap TO app_web;
GRANT SELECT ON net.node, net.edge, net.access, net.unconnected, net.placement, net.variant, net.reach,
  net.freshness, net.stale, net.headline TO app_web;
GRANT SELECT ON ALL TABLES IN SCHEMA map TO app_web;
GRANT EXECUTE ON FUNCTION app.realm, app.districts, app.whole_districts, app.everyone, audit.actor,
  app.scope, net.edition, app.placed_buildings, app.realm_shape, app.on_lattice, app.tiling_faults, app.tile,
  net.is_held, net.reach_of, net.place_of TO app_web;
GRANT EXECUTE ON FUNCTION app.last_edit, app.recent_edits, app.placed_stations, app.serving, app.responsible, app.loads, app.history, app.history_at TO app_web;
GRANT EXECUTE ON FUNCTION app.administers, app.administrators, app.sign_ins, app.trail, app.chain_state,
  app.token_uses TO app_web;

GRANT USAGE ON SCHEMA app, net, audit TO yige_engine;
GRANT SELECT ON ALL TABLES IN SCHEMA app TO yige_engine;
REVOKE SELECT ON app.account, app.session, app.token, app.basemap, app.member, app.assignment, app.import, app.import_row FROM yige_engine;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA net TO yige_engine;
REVOKE ALL ON net.tiling_check, net.tiling_lock FROM yige_engine;
GRANT EXECUTE ON FUNCTION audit.note, net.new_version, net.next_change, net.prepare, net.swap,
  net.forget, net.place_buildings, net.place_some, app.realm, app.everyone TO yige_engine;

-- Signing in comes before acting: the service itself, in a transaction of nobody. By itself it is
-- neither app_web nor the engine.
GRANT USAGE ON SCHEMA app TO yige_service;
GRANT EXECUTE ON FUNCTION app.credentials, app.try_sign_in, app.let_in, app.open_session, app.signed_in,
  app.close_sessions, app.change_password, app.make_token, app.close_own_token, app.use_token,
  app.basemap_of TO yige_service;

-- People at a desktop GIS, each with a login of his own: the map's tables and views, no people.
GRANT USAGE ON SCHEMA app, map TO yige_desk;
GRANT SELECT ON app.district, app.area, app.area_version, app.service TO yige_desk;
GRANT UPDATE (name) ON app.area TO yige_desk;
GRANT UPDATE (geom) ON app.area_version TO yige_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON app.compound, app.building, app.gate, app.barrier, app.water, app.land, app.way,
  app.station, map.compound, map.building, map.gate, map.barrier, map.water, map.land, map.way, map.station TO yige_desk;
GRANT SELECT ON map.area, map.door TO yige_desk;
GRANT EXECUTE ON FUNCTION app.realm, app.districts, app.whole_districts, app.everyone, app.realm_shape, app.on_lattice,
  app.open_minutes, app.hours_days, app.hours_spans, app.said, app.at_desk, audit.actor TO yige_desk;
GRANT EXECUTE ON FUNCTION app.open_minutes, app.hours_days, app.hours_spans, app.said, app.at_desk TO app_web;
