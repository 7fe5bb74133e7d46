-- Pages on which nothing could be read, from 1.
ALTER TABLE documents ADD COLUMN pages_without_text integer[] NOT NULL DEFAULT '{}';

-- What a name is found and sorted by: without case, accents and forms of width. Cut, as compatibility forms may be many
-- times as long and an index takes 2,704 bytes.
CREATE FUNCTION folded_name(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT left(lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g')), 255)
$$;

ALTER TABLE documents ADD COLUMN folded_name text COLLATE "C" NOT NULL
    GENERATED ALWAYS AS (folded_name(filename)) STORED;

CREATE INDEX documents_owner_id_folded_name_idx ON documents (owner_id, folded_name, id);
CREATE INDEX documents_owner_id_size_bytes_idx ON documents (owner_id, size_bytes, id);

-- The transaction that changed a document last. Whoever heard of all that committed before some transaction asks for what
-- was changed in it or later; numbers counted by a sequence would be seen out of order.
ALTER TABLE documents ADD COLUMN changed_in xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX documents_owner_id_changed_in_idx ON documents (owner_id, changed_in);

CREATE FUNCTION mark_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id();
    RETURN NEW;
END
$$;

CREATE TRIGGER documents_marked BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION mark_change();

-- Ids of deleted documents, kept a while for whoever was not listening.
CREATE TABLE document_deletions (
    id         uuid PRIMARY KEY,
    owner_id   uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    changed_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    deleted_at timestamptz NOT NULL
);

CREATE INDEX document_deletions_owner_id_changed_in_idx ON document_deletions (owner_id, changed_in);

CREATE TRIGGER document_deletions_announced AFTER INSERT ON document_deletions
    FOR EACH ROW EXECUTE FUNCTION announce_document();

CALL close_rows('document_deletions');
