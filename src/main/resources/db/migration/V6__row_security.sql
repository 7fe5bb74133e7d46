-- Whose rows a statement sees is said twice: by its WHERE, and here, so that a forgotten WHERE finds nothing of anybody
-- else's. The owner is a setting of the transaction; without it there are no rows.
CREATE FUNCTION current_owner() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('custom_rag.owner', true), '')::uuid
$$;

-- Policies do not hold for superusers and for the owner of a table, which migrates. The service works as this role instead;
-- it is nobody's login, and its connections put it on by themselves: quarkus.datasource.jdbc.new-connection-sql.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'custom_rag_service') THEN
        CREATE ROLE custom_rag_service NOLOGIN;
    END IF;
EXCEPTION
    WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END
$$;

-- Also where the login is a member already: since PostgreSQL 16 who creates a role may not put it on just so.
DO $$
BEGIN
    EXECUTE format('GRANT custom_rag_service TO %I', current_user);
EXCEPTION
    WHEN insufficient_privilege OR undefined_object THEN NULL;
END
$$;

-- Whether this login may put the role on.
CREATE FUNCTION may_serve() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM pg_roles
        WHERE rolname = 'custom_rag_service'
          AND pg_has_role(oid, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END))
$$;

DO $$
BEGIN
    IF may_serve() THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO custom_rag_service', current_schema());
        EXECUTE format(
            'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO custom_rag_service', current_schema());
        EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO custom_rag_service', current_schema());
        EXECUTE format(
            'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO custom_rag_service',
            current_schema());
        EXECUTE format(
            'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO custom_rag_service', current_schema());
        REVOKE INSERT, UPDATE, DELETE ON flyway_schema_history FROM custom_rag_service;
    END IF;
END
$$;

-- Closes the rows of a table with an owner_id to everybody but that owner. As a subquery the owner is evaluated once, not
-- for each row.
--
-- Where the login may not put the role on, the policies are forced on the login. Then they hold within SECURITY DEFINER
-- functions too, and in migrations; what must see everybody's rows there says so by a setting of its own, which means
-- nothing elsewhere.
CREATE PROCEDURE close_rows(closed regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', closed);
    EXECUTE format('CREATE POLICY of_owner ON %s USING (owner_id = (SELECT current_owner()))', closed);
    IF NOT may_serve() THEN
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', closed);
        EXECUTE format(
            'CREATE POLICY of_everybody ON %s USING ((SELECT current_setting(''custom_rag.everybody'', true)) = ''yes'')',
            closed);
    END IF;
END
$$;

CALL close_rows('documents');
CALL close_rows('passages');

ALTER TABLE document_contents ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_owner ON document_contents
    USING (EXISTS (SELECT FROM documents d WHERE d.id = document_id AND d.owner_id = (SELECT current_owner())));
