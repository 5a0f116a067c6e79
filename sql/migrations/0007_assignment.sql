-- Who serves what: members with the roles they may take, and assignments with a role and a period.

CREATE TABLE app.member (
  district text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id       bigint GENERATED ALWAYS AS IDENTITY,
  name     text NOT NULL CHECK (name = btrim(name) AND length(name) BETWEEN 1 AND 60),
  roles    text[] NOT NULL,
  skills   text[] NOT NULL DEFAULT '{}',
  home     bigint,
  area     bigint NOT NULL,
  active   boolean NOT NULL DEFAULT true,
  version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  FOREIGN KEY (district, home) REFERENCES app.building (district, id) ON DELETE SET NULL (home),
  FOREIGN KEY (district, area) REFERENCES app.area (district, id) ON DELETE CASCADE,
  CONSTRAINT member_roles_known CHECK (
    cardinality(roles) > 0 AND array_position(roles, NULL) IS NULL AND roles <@
    '{grid_member,building_head,secretary,community_worker,volunteer,party_member,cadre}'::text[]),
  CONSTRAINT member_skills CHECK (
    array_position(skills, NULL) IS NULL AND array_position(skills, '') IS NULL AND cardinality(skills) <= 20)
);
CREATE INDEX ON app.member (district, area);
CREATE INDEX ON app.member (district, home);
CREATE INDEX ON app.member USING gin (roles);
COMMENT ON TABLE app.member IS 'A person with a role: a name and what he can do; no number, birth date, address or contact';
COMMENT ON COLUMN app.member.roles IS 'The posts he may take; the first is what he is';
COMMENT ON COLUMN app.member.home IS 'The building he lives in, never the door; null: only the area is known';
COMMENT ON COLUMN app.member.area IS 'Where he belongs: who holds a right there sees him';

CREATE TABLE app.assignment (
  district        text NOT NULL REFERENCES app.district ON DELETE CASCADE,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  role            text NOT NULL CONSTRAINT role_known CHECK (role = ANY (
                    '{grid_member,building_head,secretary,community_worker,volunteer,party_member,cadre,station}')),
  member          bigint,
  serving_station bigint,
  area            bigint,
  building        bigint,
  station         bigint,
  period          app.period NOT NULL DEFAULT tstzrange(now(), NULL),
  note            text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
  version         integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district, id),
  FOREIGN KEY (district, member) REFERENCES app.member (district, id) ON DELETE CASCADE,
  FOREIGN KEY (district, serving_station) REFERENCES app.station (district, id) ON DELETE CASCADE,
  FOREIGN KEY (district, area) REFERENCES app.area (district, id) ON DELETE CASCADE,
  FOREIGN KEY (district, building) REFERENCES app.building (district, id) ON DELETE CASCADE,
  FOREIGN KEY (district, station) REFERENCES app.station (district, id) ON DELETE CASCADE,
  CONSTRAINT one_who CHECK (num_nonnulls(member, serving_station) = 1),
  CONSTRAINT one_target CHECK (num_nonnulls(area, building, station) = 1),
  CONSTRAINT station_serves CHECK ((role = 'station') = (serving_station IS NOT NULL)),
  CONSTRAINT role_fits CHECK (CASE role
    WHEN 'building_head' THEN building IS NOT NULL
    WHEN 'station' THEN station IS NULL
    WHEN 'volunteer' THEN true
    WHEN 'community_worker' THEN building IS NULL
    ELSE area IS NOT NULL END),
  CONSTRAINT once EXCLUDE USING gist (
    (coalesce(member, -serving_station)) WITH =, (coalesce(area, building, station)) WITH =,
    (num_nonnulls(area) + 2 * num_nonnulls(building)) WITH =, role WITH =, district WITH =, period WITH &&),
  CONSTRAINT one_grid_member EXCLUDE USING gist (area WITH =, district WITH =, period WITH &&)
    WHERE (role = 'grid_member'),
  CONSTRAINT one_building_head EXCLUDE USING gist (building WITH =, district WITH =, period WITH &&)
    WHERE (role = 'building_head')
);
CREATE INDEX ON app.assignment (district, member);
CREATE INDEX ON app.assignment (district, serving_station);
CREATE INDEX ON app.assignment (district, area);
CREATE INDEX ON app.assignment (district, building);
CREATE INDEX ON app.assignment (district, station);
COMMENT ON TABLE app.assignment IS 'Who serves what, as what, from when to when; what was before is in the audit';
COMMENT ON COLUMN app.assignment.serving_station IS 'A station that serves an area or a building (role station)';
COMMENT ON COLUMN app.assignment.station IS 'The station at which a member works';
