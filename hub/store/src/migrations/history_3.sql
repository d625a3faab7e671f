-- Notices are few among many lines, and the latest are read at every start.
CREATE INDEX log_notices ON log (at) WHERE substr(body, 1, 10) = '{"notice":';
