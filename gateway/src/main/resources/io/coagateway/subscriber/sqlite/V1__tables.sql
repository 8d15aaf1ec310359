-- Schema 1: tables. What others may use is the views of V1.1__views.sql and the tables pending and
-- change; gateway/SCHEMA.md is its manual. subscriber_base, supplied, session_key and sequence are
-- the gateway's own and may change with the schema version (PRAGMA user_version).

-- The last number given. Versions, and marks in pending, are drawn from it, so that a version
-- never comes back, not even when a subscriber is removed and added again.
CREATE TABLE sequence (last INTEGER NOT NULL);
INSERT INTO sequence (last) VALUES (0);

-- What changes seldom: identity, link, session, leases.
CREATE TABLE subscriber_base (
  key                INTEGER PRIMARY KEY,
  nas                TEXT NOT NULL,
  id                 TEXT NOT NULL CHECK (id <> ''),
  duid               BLOB NOT NULL CHECK (typeof(duid) = 'blob' AND length(duid) BETWEEN 3 AND 130),
  link_address       BLOB NOT NULL CHECK (typeof(link_address) = 'blob' AND length(link_address) = 16),
  peer_address       BLOB CHECK (peer_address IS NULL OR typeof(peer_address) = 'blob' AND length(peer_address) = 16),
  interface_id       BLOB CHECK (interface_id IS NULL OR typeof(interface_id) = 'blob'),
  server_duid        BLOB CHECK (server_duid IS NULL OR typeof(server_duid) = 'blob' AND length(server_duid) BETWEEN 3 AND 130),
  reconfigure_accept INTEGER CHECK (reconfigure_accept IN (0, 1)),
  remote_id          BLOB CHECK (remote_id IS NULL OR typeof(remote_id) = 'blob' AND length(remote_id) > 4),
  subscriber_id      BLOB CHECK (subscriber_id IS NULL OR typeof(subscriber_id) = 'blob'),
  session            TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(session) AND json_type(session) = 'object'),
  ias                TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(ias) AND json_type(ias) = 'array'),
  UNIQUE (id, nas)
);
CREATE INDEX subscriber_duid ON subscriber_base (duid);

-- What a CoA changes, apart from the rest so that many rows share a page: a change then costs a
-- fraction of a page write.
CREATE TABLE supplied (
  subscriber INTEGER PRIMARY KEY,
  version    INTEGER NOT NULL,
  options    BLOB NOT NULL DEFAULT x'' CHECK (typeof(options) = 'blob'),
  radius     BLOB CHECK (radius IS NULL OR typeof(radius) = 'blob')
);

-- Identification attributes. The value is folded (lower case, without "-", ":" and "."), so that
-- spellings of a MAC address meet; who looks up here compares the record's own value afterwards.
CREATE TABLE session_key (
  value      TEXT NOT NULL,
  attribute  TEXT NOT NULL,
  subscriber INTEGER NOT NULL,
  PRIMARY KEY (value, attribute, subscriber)
) WITHOUT ROWID;

-- Changes of options that are under way (state 0), acknowledged but not yet in supplied (1), or
-- found after a crash and in force until the exchange has been repeated (2). A row is written and
-- deleted near the end of the table, which is what makes it cheap. (No IN (0, 1, 2): SQLite would
-- build a table of the three for each row that it checks.)
CREATE TABLE pending (
  mark       INTEGER PRIMARY KEY,
  subscriber INTEGER NOT NULL,
  state      INTEGER NOT NULL CHECK (state = 0 OR state = 1 OR state = 2),
  options    BLOB NOT NULL,
  radius     BLOB
);
CREATE INDEX pending_subscriber ON pending (subscriber);

-- Who was written or removed, for readers that keep a copy. A row without nas and id means that
-- everything may have changed. The oldest rows are forgotten.
CREATE TABLE change (
  number  INTEGER PRIMARY KEY,
  nas     TEXT,
  id      TEXT,
  version INTEGER NOT NULL
);
CREATE TRIGGER change_bound AFTER INSERT ON change WHEN NEW.number % 1024 = 0 BEGIN
  DELETE FROM change WHERE number <= NEW.number - 65536;
END;
