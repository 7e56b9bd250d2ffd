/**
 * Statements that make tables with everything that a definition may have: a plain one with a name
 * that needs quotes, one with two levels of partitions, and one whose
 * partitions are by an expression. Types and functions stand in `shared`,
 * tables that foreign keys refer to in `ref`.
 */
export const original = `
  CREATE SCHEMA shared; CREATE SCHEMA ref; CREATE SCHEMA app;
  CREATE TYPE shared.mood AS ENUM ('good', 'bad');
  CREATE DOMAIN shared.short AS varchar(40) DEFAULT 'none' CHECK (length(VALUE) < 30);
  CREATE DOMAIN shared.shorter AS shared.short NOT NULL;
  CREATE TYPE shared.pair AS (a int, b int);
  CREATE COLLATION shared.plain FROM "C";
  CREATE TABLE shared.log (line text);
  CREATE TABLE shared."Counted" (n int8);
  INSERT INTO shared."Counted" VALUES (0);
  CREATE SEQUENCE shared.by_function;
  CREATE FUNCTION shared.label(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)';
  CREATE FUNCTION shared.next() RETURNS int8 LANGUAGE plpgsql AS
    'BEGIN RETURN nextval(''shared.by_function''); END';
  CREATE FUNCTION shared.audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    -- INSERT INTO shared.nowhere
    PERFORM 1 FROM shared.log FOR UPDATE OF log;
    insert into shared.log VALUES (TG_OP) ON CONFLICT DO NOTHING;
    UPDATE ONLY shared."Counted" SET n = n + 1;
    RETURN NULL;
  END $$;
  CREATE FUNCTION shared.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';

  CREATE TABLE ref.customers (id int8 PRIMARY KEY, code varchar(12) COLLATE "C" UNIQUE, secret text);
  INSERT INTO ref.customers SELECT n, 'c' || n, 'x' FROM generate_series(1, 100) AS n;
  CREATE TABLE ref."Pairs" (a int, b shared.short, PRIMARY KEY (b, a) INCLUDE (more), more text);
  INSERT INTO ref."Pairs" SELECT n, 'p' || n FROM generate_series(1, 20) AS n;
  CREATE TABLE ref.days (day date PRIMARY KEY) PARTITION BY RANGE (day);
  CREATE TABLE ref.days_all PARTITION OF ref.days DEFAULT;
  INSERT INTO ref.days VALUES ('2026-01-01'), ('2026-02-01');

  CREATE SEQUENCE app."Odd ""seq'" AS int4 INCREMENT 5 MINVALUE -10 MAXVALUE 9000 START 40 CACHE 7 CYCLE;
  CREATE SEQUENCE shared.records START 1000;
  CREATE TABLE app."Order ""s" (
    id int8 GENERATED ALWAYS AS IDENTITY (START 500 INCREMENT 3 CACHE 2),
    gone int,
    "No." int4 DEFAULT nextval('app."Odd ""seq''"') NOT NULL,
    again int8 DEFAULT 10 + nextval('app."Odd ""seq''"'),
    serial int8 DEFAULT nextval('shared.records'),
    by_function int8 DEFAULT shared.next(),
    by_text int8 DEFAULT nextval('shared.rec' || 'ords'),
    customer int8, recipient int8, code varchar(12),
    a int, b shared.short,
    parent int8,
    item text COLLATE shared.plain DEFAULT '{table} in {schema}, {verbatim table}',
    label text GENERATED ALWAYS AS (shared.label(item)) STORED,
    price numeric(10, 2) CONSTRAINT priced NOT NULL DEFAULT 0,
    twice numeric GENERATED ALWAYS AS (price * 2),
    short shared.shorter, moods shared.mood[], mood shared.mood,
    fixed char(3), bits varbit(8), span int4range, at timestamptz(3) DEFAULT now(), list numeric(6, 1)[],
    "{schema}" jsonb,
    CONSTRAINT records PRIMARY KEY (id) INCLUDE (item) WITH (fillfactor = 80) DEFERRABLE,
    CONSTRAINT "Uni que" UNIQUE NULLS NOT DISTINCT ("No.", price) WITH (fillfactor = 60) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT parent_key UNIQUE (parent),
    CONSTRAINT positive CHECK (price >= 0) NO INHERIT,
    CONSTRAINT whole CHECK ("Order ""s" IS NOT NULL OR true) NO INHERIT,
    CONSTRAINT apart EXCLUDE USING gist (span WITH &&) WITH (fillfactor = 70) WHERE (price > 0),
    FOREIGN KEY (customer) REFERENCES ref.customers ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (recipient) REFERENCES ref.customers ON UPDATE SET NULL,
    FOREIGN KEY (code) REFERENCES ref.customers (code),
    CONSTRAINT "to pairs" FOREIGN KEY (a, b) REFERENCES ref."Pairs" (a, b) MATCH FULL,
    CONSTRAINT self FOREIGN KEY (parent) REFERENCES app."Order ""s" (parent)
  ) WITH (fillfactor = 55, autovacuum_analyze_scale_factor = 0.3, toast.autovacuum_enabled = false);
  ALTER TABLE app."Order ""s" DROP COLUMN gone;
  ALTER TABLE app."Order ""s" ADD CONSTRAINT later CHECK (price < 1e6) NOT VALID,
    ADD CONSTRAINT not_enforced CHECK (price < 5) NOT ENFORCED,
    ADD CONSTRAINT later_key FOREIGN KEY (customer) REFERENCES ref.customers NOT VALID,
    ADD CONSTRAINT span_given NOT NULL span NOT VALID,
    ALTER item SET STORAGE EXTERNAL, ALTER item SET COMPRESSION pglz, ALTER price SET STATISTICS 300,
    ALTER item SET (n_distinct = -0.5, n_distinct_inherited = 7),
    REPLICA IDENTITY FULL, ENABLE ROW LEVEL SECURITY;
  CREATE INDEX "Order ""s" ON ref.days_all (day);
  CREATE INDEX observe ON app."Order ""s" (lower(item || 'app."Order ""s" ON app.x') DESC NULLS LAST, code COLLATE "C" text_pattern_ops)
    INCLUDE (price) WITH (fillfactor = 50) WHERE item <> 'app."Order ""s" USING';
  CREATE UNIQUE INDEX "Once ""only" ON app."Order ""s" (at, "No.") NULLS NOT DISTINCT;
  CREATE INDEX brin ON app."Order ""s" USING brin (at) WITH (pages_per_range = 16);
  CREATE INDEX gin ON app."Order ""s" USING gin ("{schema}" jsonb_path_ops);
  ALTER INDEX app.observe ALTER COLUMN 1 SET STATISTICS 77;
  ALTER TABLE app."Order ""s" CLUSTER ON "Once ""only";
  CREATE STATISTICS app."Stat s" (ndistinct, mcv) ON customer, recipient FROM app."Order ""s";
  CREATE STATISTICS shared."Stat s" ON lower(item), price FROM app."Order ""s";
  ALTER STATISTICS app."Stat s" SET STATISTICS 44;
  CREATE TRIGGER audit_orders AFTER INSERT OR DELETE ON app."Order ""s" EXECUTE FUNCTION shared.audit();
  CREATE TRIGGER touched BEFORE UPDATE ON app."Order ""s" FOR EACH ROW EXECUTE FUNCTION shared.touch();
  ALTER TABLE app."Order ""s" DISABLE TRIGGER touched;
  CREATE RULE kept AS ON DELETE TO app."Order ""s" DO INSTEAD NOTHING;
  CREATE POLICY mine ON app."Order ""s" USING (true);
  CREATE TABLE app.heir () INHERITS (app."Order ""s");

  CREATE SEQUENCE app.event_numbers;
  CREATE TABLE app.events (
    id int8 DEFAULT nextval('app.event_numbers'), day date NOT NULL, region text, size int DEFAULT 1, parent int8, parent_day date,
    CONSTRAINT sized CHECK (size > 0), PRIMARY KEY (id, day), FOREIGN KEY (day) REFERENCES ref.days,
    FOREIGN KEY (parent, parent_day) REFERENCES app.events (id, day)
  ) PARTITION BY RANGE (day);
  CREATE INDEX ON app.events (region);
  CREATE TABLE app.records_2026 PARTITION OF app.events
    FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY HASH (id);
  CREATE TABLE app."records 2026 0" PARTITION OF app.records_2026 (size DEFAULT 5, region NOT NULL, CONSTRAINT small CHECK (size < 1000))
    FOR VALUES WITH (MODULUS 2, REMAINDER 0) WITH (fillfactor = 90);
  CREATE TABLE ref.observe PARTITION OF app.records_2026 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
  CREATE TABLE app.rest (region text, day date NOT NULL, id int8 NOT NULL, size int DEFAULT 1, parent int8, parent_day date,
    CONSTRAINT sized CHECK (size > 0));
  ALTER TABLE app.events ATTACH PARTITION app.rest DEFAULT;
  ALTER TABLE ref.observe ALTER id DROP DEFAULT, ALTER region SET STORAGE MAIN, ALTER region SET STATISTICS 9;
  CREATE INDEX records_2026_region_again ON app.records_2026 (size);
  CREATE INDEX "records 2026 0_again" ON app."records 2026 0" (region);
  ALTER TABLE app."records 2026 0" ADD UNIQUE (id, region), ADD FOREIGN KEY (size) REFERENCES ref.customers (id);
  CREATE TABLE app.by_expression (region text, day date, id int8 GENERATED BY DEFAULT AS IDENTITY,
      label text GENERATED ALWAYS AS (shared.label(region)) STORED)
    PARTITION BY RANGE (lower(region) COLLATE shared.plain text_pattern_ops, day);
  CREATE TABLE app.only_part PARTITION OF app.by_expression FOR VALUES FROM ('a', MINVALUE) TO ('m''', '2026-01-01');
  CREATE TRIGGER only_here AFTER INSERT ON ref.observe FOR EACH ROW EXECUTE FUNCTION shared.audit();
`
