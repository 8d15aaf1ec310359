-- Schema 1: the triggers of the base table, and the views that are the public face. Apart from
-- V1__tables.sql because "table import --replace" puts another base table in their place.

CREATE TRIGGER subscriber_base_insert AFTER INSERT ON subscriber_base BEGIN
  INSERT OR IGNORE INTO session_key (value, attribute, subscriber)
    SELECT lower(replace(replace(replace(v.value, '-', ''), ':', ''), '.', '')), a.key, NEW.key
    FROM json_each(NEW.session) a, json_each(CASE a.type WHEN 'array' THEN a.value ELSE json_array(a.value) END) v;
END;

CREATE TRIGGER subscriber_base_session AFTER UPDATE OF session ON subscriber_base WHEN NEW.session IS NOT OLD.session BEGIN
  DELETE FROM session_key WHERE (value, attribute, subscriber) IN (
    SELECT lower(replace(replace(replace(v.value, '-', ''), ':', ''), '.', '')), a.key, OLD.key
    FROM json_each(OLD.session) a, json_each(CASE a.type WHEN 'array' THEN a.value ELSE json_array(a.value) END) v);
  INSERT OR IGNORE INTO session_key (value, attribute, subscriber)
    SELECT lower(replace(replace(replace(v.value, '-', ''), ':', ''), '.', '')), a.key, NEW.key
    FROM json_each(NEW.session) a, json_each(CASE a.type WHEN 'array' THEN a.value ELSE json_array(a.value) END) v;
END;

CREATE TRIGGER subscriber_base_delete AFTER DELETE ON subscriber_base BEGIN
  DELETE FROM session_key WHERE (value, attribute, subscriber) IN (
    SELECT lower(replace(replace(replace(v.value, '-', ''), ':', ''), '.', '')), a.key, OLD.key
    FROM json_each(OLD.session) a, json_each(CASE a.type WHEN 'array' THEN a.value ELSE json_array(a.value) END) v);
  DELETE FROM supplied WHERE subscriber = OLD.key;
  DELETE FROM pending WHERE subscriber = OLD.key;
END;

-- One row for each subscriber: the record of interface.md section 3. An acknowledged change that
-- has not reached supplied yet is already seen here; one under way is not.
CREATE VIEW subscriber AS
  SELECT b.nas, b.id, max(s.version, ifnull(p.mark, 0)) AS version, b.duid, b.link_address, b.peer_address,
    b.interface_id, b.server_duid, b.reconfigure_accept, b.remote_id, b.subscriber_id, b.session, b.ias,
    CASE WHEN p.mark IS NULL THEN s.options ELSE p.options END AS options,
    CASE WHEN p.mark IS NULL THEN s.radius ELSE p.radius END AS radius,
    b.key
  FROM subscriber_base b JOIN supplied s ON s.subscriber = b.key
  LEFT JOIN pending p ON p.mark = (SELECT max(mark) FROM pending WHERE subscriber = b.key AND state = 1);

CREATE TRIGGER subscriber_insert INSTEAD OF INSERT ON subscriber BEGIN
  UPDATE sequence SET last = last + 1;
  INSERT INTO change (nas, id, version) SELECT ifnull(NEW.nas, ''), NEW.id, last FROM sequence;
  INSERT INTO subscriber_base (nas, id, duid, link_address, peer_address, interface_id, server_duid,
      reconfigure_accept, remote_id, subscriber_id, session, ias)
    VALUES (ifnull(NEW.nas, ''), NEW.id, NEW.duid, NEW.link_address, NEW.peer_address, NEW.interface_id, NEW.server_duid,
      NEW.reconfigure_accept, NEW.remote_id, NEW.subscriber_id, ifnull(NEW.session, '{}'), ifnull(NEW.ias, '[]'))
    ON CONFLICT (id, nas) DO UPDATE SET duid = excluded.duid, link_address = excluded.link_address,
      peer_address = excluded.peer_address, interface_id = excluded.interface_id, server_duid = excluded.server_duid,
      reconfigure_accept = excluded.reconfigure_accept, remote_id = excluded.remote_id,
      subscriber_id = excluded.subscriber_id, session = excluded.session, ias = excluded.ias;
  DELETE FROM pending WHERE state = 1
    AND subscriber = (SELECT key FROM subscriber_base WHERE nas = ifnull(NEW.nas, '') AND id = NEW.id);
  INSERT OR REPLACE INTO supplied (subscriber, version, options, radius)
    SELECT key, (SELECT last FROM sequence), ifnull(NEW.options, x''), NEW.radius
    FROM subscriber_base WHERE nas = ifnull(NEW.nas, '') AND id = NEW.id;
END;

CREATE TRIGGER subscriber_update INSTEAD OF UPDATE ON subscriber BEGIN
  UPDATE sequence SET last = last + 1;
  INSERT INTO change (nas, id, version) SELECT OLD.nas, OLD.id, last FROM sequence WHERE OLD.nas <> NEW.nas OR OLD.id <> NEW.id;
  INSERT INTO change (nas, id, version) SELECT NEW.nas, NEW.id, last FROM sequence;
  UPDATE subscriber_base SET nas = NEW.nas, id = NEW.id, duid = NEW.duid, link_address = NEW.link_address,
      peer_address = NEW.peer_address, interface_id = NEW.interface_id, server_duid = NEW.server_duid,
      reconfigure_accept = NEW.reconfigure_accept, remote_id = NEW.remote_id, subscriber_id = NEW.subscriber_id,
      session = NEW.session, ias = NEW.ias
    WHERE key = OLD.key;
  DELETE FROM pending WHERE state = 1 AND subscriber = OLD.key;
  UPDATE supplied SET version = (SELECT last FROM sequence), options = ifnull(NEW.options, x''), radius = NEW.radius
    WHERE subscriber = OLD.key;
END;

CREATE TRIGGER subscriber_delete INSTEAD OF DELETE ON subscriber BEGIN
  UPDATE sequence SET last = last + 1;
  INSERT INTO change (nas, id, version) SELECT OLD.nas, OLD.id, last FROM sequence;
  DELETE FROM subscriber_base WHERE key = OLD.key;
END;

-- What a relay puts into its RELAY-FORW now: a change under way wins over the record's own options.
CREATE VIEW relay_options AS
  SELECT b.nas, b.id, b.duid, b.link_address, b.peer_address, b.interface_id,
    CASE WHEN p.mark IS NULL THEN s.options ELSE p.options END AS options,
    CASE WHEN p.mark IS NULL THEN s.radius ELSE p.radius END AS radius,
    p.state IS 0 AS pending
  FROM subscriber_base b JOIN supplied s ON s.subscriber = b.key
  LEFT JOIN pending p ON p.mark = (SELECT max(mark) FROM pending WHERE subscriber = b.key AND state < 2);
