-- Schema 1: what the triggers do. Each function runs with the rights of who made the schema, so a
-- relay needs rights on the views alone; the search path keeps it to this schema.

CREATE FUNCTION session_keys(session TEXT) RETURNS TABLE (value TEXT, attribute TEXT)
LANGUAGE sql IMMUTABLE AS $$
  SELECT lower(replace(replace(replace(v.value, '-', ''), ':', ''), '.', '') COLLATE "C"), a.key
  FROM json_each(session::json) a,
    json_array_elements_text(CASE json_typeof(a.value) WHEN 'array' THEN a.value ELSE json_build_array(a.value) END) v
$$;

CREATE FUNCTION change_bound() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
BEGIN
  DELETE FROM change WHERE number <= NEW.number - 65536;
  RETURN NULL;
END $$;
CREATE TRIGGER change_bound AFTER INSERT ON change FOR EACH ROW WHEN (NEW.number % 1024 = 0)
  EXECUTE FUNCTION change_bound();

CREATE FUNCTION subscriber_base_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
BEGIN
  INSERT INTO session_key (value, attribute, subscriber)
    SELECT k.value, k.attribute, NEW.key FROM session_keys(NEW.session) k WHERE k.value IS NOT NULL
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION subscriber_base_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
BEGIN
  DELETE FROM session_key s USING session_keys(OLD.session) k
    WHERE s.value = k.value AND s.attribute = k.attribute AND s.subscriber = OLD.key;
  INSERT INTO session_key (value, attribute, subscriber)
    SELECT k.value, k.attribute, NEW.key FROM session_keys(NEW.session) k WHERE k.value IS NOT NULL
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION subscriber_base_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
BEGIN
  DELETE FROM session_key s USING session_keys(OLD.session) k
    WHERE s.value = k.value AND s.attribute = k.attribute AND s.subscriber = OLD.key;
  DELETE FROM supplied WHERE subscriber = OLD.key;
  DELETE FROM pending WHERE subscriber = OLD.key;
  DELETE FROM lease WHERE subscriber = OLD.key;
  RETURN NULL;
END $$;

CREATE FUNCTION subscriber_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
BEGIN
  PERFORM 1 FROM writing FOR UPDATE;
  NEW.version := nextval('version');
  NEW.nas := coalesce(NEW.nas, '');
  NEW.session := coalesce(NEW.session, '{}');
  NEW.ias := coalesce(NEW.ias, '[]');
  NEW.options := coalesce(NEW.options, '');
  INSERT INTO change (nas, id, version) VALUES (NEW.nas, NEW.id, NEW.version);
  INSERT INTO subscriber_base AS b (nas, id, duid, link_address, peer_address, interface_id, server_duid,
      reconfigure_accept, remote_id, subscriber_id, session, ias)
    VALUES (NEW.nas, NEW.id, NEW.duid, NEW.link_address, NEW.peer_address, NEW.interface_id, NEW.server_duid,
      NEW.reconfigure_accept, NEW.remote_id, NEW.subscriber_id, NEW.session, NEW.ias)
    ON CONFLICT (id, nas) DO UPDATE SET duid = excluded.duid, link_address = excluded.link_address,
      peer_address = excluded.peer_address, interface_id = excluded.interface_id, server_duid = excluded.server_duid,
      reconfigure_accept = excluded.reconfigure_accept, remote_id = excluded.remote_id,
      subscriber_id = excluded.subscriber_id, session = excluded.session, ias = excluded.ias
    RETURNING b.key INTO NEW.key;
  INSERT INTO supplied (subscriber, version, options, radius)
    VALUES (NEW.key, NEW.version, NEW.options, NEW.radius)
    ON CONFLICT (subscriber) DO UPDATE SET version = excluded.version, options = excluded.options,
      radius = excluded.radius;
  RETURN NEW;
END $$;

-- The row that a statement found may have been written by somebody else while it waited for its
-- turn. It must not be overwritten unseen then, and nobody can tell from here what the statement's
-- WHERE would say of it now: the statement has to be repeated.
CREATE FUNCTION require_version(subscriber_key BIGINT, seen BIGINT) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
BEGIN
  PERFORM 1 FROM supplied WHERE subscriber = subscriber_key AND version = seen;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'serialization_failure',
      MESSAGE = 'the subscriber was written by somebody else meanwhile',
      HINT = 'Repeat the statement.';
  END IF;
END $$;

CREATE FUNCTION subscriber_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
BEGIN
  PERFORM 1 FROM writing FOR UPDATE;
  PERFORM require_version(OLD.key, OLD.version);
  NEW.version := nextval('version');
  NEW.options := coalesce(NEW.options, '');
  IF (OLD.nas, OLD.id) IS DISTINCT FROM (NEW.nas, NEW.id) THEN
    INSERT INTO change (nas, id, version) VALUES (OLD.nas, OLD.id, NEW.version);
  END IF;
  INSERT INTO change (nas, id, version) VALUES (NEW.nas, NEW.id, NEW.version);
  UPDATE subscriber_base SET nas = NEW.nas, id = NEW.id, duid = NEW.duid, link_address = NEW.link_address,
      peer_address = NEW.peer_address, interface_id = NEW.interface_id, server_duid = NEW.server_duid,
      reconfigure_accept = NEW.reconfigure_accept, remote_id = NEW.remote_id, subscriber_id = NEW.subscriber_id,
      session = NEW.session, ias = NEW.ias
    WHERE key = OLD.key;
  UPDATE supplied SET version = NEW.version, options = NEW.options, radius = NEW.radius
    WHERE subscriber = OLD.key;
  RETURN NEW;
END $$;

CREATE FUNCTION subscriber_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
BEGIN
  PERFORM 1 FROM writing FOR UPDATE;
  PERFORM require_version(OLD.key, OLD.version);
  INSERT INTO change (nas, id, version) VALUES (OLD.nas, OLD.id, nextval('version'));
  DELETE FROM subscriber_base WHERE key = OLD.key;
  RETURN OLD;
END $$;
