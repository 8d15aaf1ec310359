-- Schema 1 for PostgreSQL: tables. What others may use is the views of V1.2, and the tables pending
-- and change; gateway/SCHEMA.md is its manual. The rest is the gateway's own and may change.

-- Who writes holds the one row of this table until the transaction ends: one writer at a time, as in
-- SQLite. So versions and numbers of the change log become visible in their order, without a gap
-- that is filled later. What waits for it waits milliseconds.
CREATE TABLE writing (only_row BOOLEAN PRIMARY KEY DEFAULT true CHECK (only_row));
INSERT INTO writing DEFAULT VALUES;

-- Versions, and marks in pending, are drawn from it, so that a version never comes back.
CREATE SEQUENCE version;
CREATE SEQUENCE subscriber_key;

-- What changes seldom: identity, link, session, leases.
CREATE TABLE subscriber_base (
  key                BIGINT PRIMARY KEY DEFAULT nextval('subscriber_key'),
  nas                TEXT NOT NULL,
  id                 TEXT NOT NULL CHECK (id <> ''),
  duid               BYTEA NOT NULL CHECK (octet_length(duid) BETWEEN 3 AND 130),
  link_address       BYTEA NOT NULL CHECK (octet_length(link_address) = 16),
  peer_address       BYTEA CHECK (octet_length(peer_address) = 16),
  interface_id       BYTEA,
  server_duid        BYTEA CHECK (octet_length(server_duid) BETWEEN 3 AND 130),
  reconfigure_accept SMALLINT CHECK (reconfigure_accept IN (0, 1)),
  remote_id          BYTEA CHECK (octet_length(remote_id) > 4),
  subscriber_id      BYTEA,
  session            TEXT NOT NULL DEFAULT '{}' CHECK (json_typeof(session::json) = 'object'),
  ias                TEXT NOT NULL DEFAULT '[]' CHECK (json_typeof(ias::json) = 'array'),
  UNIQUE (id, nas)
);
CREATE INDEX subscriber_duid ON subscriber_base (duid);

-- What a CoA changes, apart from the rest: small rows, with room on each page for their next version.
CREATE TABLE supplied (
  subscriber BIGINT PRIMARY KEY,
  version    BIGINT NOT NULL,
  options    BYTEA NOT NULL DEFAULT '',
  radius     BYTEA
) WITH (fillfactor = 70);

-- Identification attributes. The value is folded (lower case, without "-", ":" and "."), so that
-- spellings of a MAC address meet; who looks up here compares the record's own value afterwards.
CREATE TABLE session_key (
  value      TEXT COLLATE "C" NOT NULL,
  attribute  TEXT COLLATE "C" NOT NULL,
  subscriber BIGINT NOT NULL,
  PRIMARY KEY (value, attribute, subscriber)
);

-- Changes of options that are under way (state 0), or were left by a gateway that died and are in
-- force until the exchange has been repeated (2). State 1 is SQLite's alone: here an acknowledged
-- change moves into its record at once.
CREATE TABLE pending (
  mark       BIGINT PRIMARY KEY,
  subscriber BIGINT NOT NULL,
  state      SMALLINT NOT NULL CHECK (state IN (0, 2)),
  options    BYTEA NOT NULL,
  radius     BYTEA
);
CREATE INDEX pending_subscriber ON pending (subscriber);

-- Who was written or removed, for readers that keep a copy. A row without nas and id means that
-- everything may have changed. The oldest rows are forgotten.
CREATE TABLE change (
  number  BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  nas     TEXT,
  id      TEXT,
  version BIGINT NOT NULL
);

-- Which gateway is at work on a subscriber, and until when nobody else may be.
CREATE TABLE lease (
  subscriber BIGINT PRIMARY KEY,
  owner      TEXT NOT NULL,
  until      TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 50);
