-- Schema 1: the views that are the public face, and the triggers. "table import --replace" puts other
-- tables behind the views: it runs this file again, so everything here may be repeated.

CREATE OR REPLACE TRIGGER subscriber_base_insert AFTER INSERT ON subscriber_base FOR EACH ROW
  EXECUTE FUNCTION subscriber_base_insert();
CREATE OR REPLACE TRIGGER subscriber_base_session AFTER UPDATE OF session ON subscriber_base FOR EACH ROW
  WHEN (NEW.session IS DISTINCT FROM OLD.session) EXECUTE FUNCTION subscriber_base_session();
CREATE OR REPLACE TRIGGER subscriber_base_delete AFTER DELETE ON subscriber_base FOR EACH ROW
  EXECUTE FUNCTION subscriber_base_delete();

-- One row for each subscriber: the record of interface.md section 3. A change that is under way is
-- not seen here.
CREATE OR REPLACE VIEW subscriber AS
  SELECT b.nas, b.id, s.version, b.duid, b.link_address, b.peer_address, b.interface_id, b.server_duid,
    b.reconfigure_accept, b.remote_id, b.subscriber_id, b.session, b.ias, s.options, s.radius, b.key
  FROM subscriber_base b JOIN supplied s ON s.subscriber = b.key;

CREATE OR REPLACE TRIGGER subscriber_insert INSTEAD OF INSERT ON subscriber FOR EACH ROW
  EXECUTE FUNCTION subscriber_insert();
CREATE OR REPLACE TRIGGER subscriber_update INSTEAD OF UPDATE ON subscriber FOR EACH ROW
  EXECUTE FUNCTION subscriber_update();
CREATE OR REPLACE TRIGGER subscriber_delete INSTEAD OF DELETE ON subscriber FOR EACH ROW
  EXECUTE FUNCTION subscriber_delete();

-- What a relay puts into its RELAY-FORW now: a change under way wins over the record's own options.
CREATE OR REPLACE VIEW relay_options AS
  SELECT b.nas, b.id, b.duid, b.link_address, b.peer_address, b.interface_id,
    CASE WHEN p.mark IS NULL THEN s.options ELSE p.options END AS options,
    CASE WHEN p.mark IS NULL THEN s.radius ELSE p.radius END AS radius,
    CASE WHEN p.mark IS NULL THEN 0 ELSE 1 END AS pending
  FROM subscriber_base b JOIN supplied s ON s.subscriber = b.key
  LEFT JOIN pending p ON p.mark = (SELECT max(mark) FROM pending WHERE subscriber = b.key AND state = 0);
