-- The bytes of a file are rows of a megabyte, so that nobody ever holds more of it at a time, or are an object elsewhere.
-- A document has the file it shows, and meanwhile perhaps a newer one that is being read.

-- A login that the policies are forced on would copy nothing.
SET LOCAL custom_rag.everybody = 'yes';

DROP POLICY of_owner ON document_contents;
ALTER TABLE document_contents DROP CONSTRAINT document_contents_pkey;
ALTER TABLE document_contents
    ADD COLUMN id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    ADD COLUMN owner_id   uuid REFERENCES users ON DELETE CASCADE,
    ADD COLUMN filename   text,
    ADD COLUMN media_type text,
    ADD COLUMN size_bytes bigint,
    ADD COLUMN sha256     text,
    -- Not so is the newer file, until it is read.
    ADD COLUMN in_use     boolean NOT NULL DEFAULT true;

UPDATE document_contents c
SET owner_id = d.owner_id, filename = d.filename, media_type = d.media_type, size_bytes = d.size_bytes, sha256 = d.sha256
FROM documents d WHERE d.id = c.document_id;

ALTER TABLE document_contents
    ALTER COLUMN id DROP DEFAULT,
    ALTER COLUMN owner_id SET NOT NULL,
    ALTER COLUMN filename SET NOT NULL,
    ALTER COLUMN media_type SET NOT NULL,
    ALTER COLUMN size_bytes SET NOT NULL,
    ALTER COLUMN sha256 SET NOT NULL,
    ALTER COLUMN in_use DROP DEFAULT,
    ADD CONSTRAINT document_contents_document_id_in_use_key UNIQUE (document_id, in_use),
    -- No newer file either may be what another document is: they could not change places with each other.
    ADD CONSTRAINT document_contents_owner_id_sha256_key UNIQUE (owner_id, sha256);

-- The bytes come before the row that knows them, so that nobody waits for them under a lock.
CREATE TABLE document_chunks (
    content_id uuid NOT NULL,
    owner_id   uuid NOT NULL,
    ordinal    integer NOT NULL,
    bytes      bytea NOT NULL,
    PRIMARY KEY (content_id, ordinal)
);

-- Most formats are compressed already; trying again costs time and wins nothing.
ALTER TABLE document_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

INSERT INTO document_chunks (content_id, owner_id, ordinal, bytes)
SELECT c.id, c.owner_id, n, substring(c.bytes FROM n * 1048576 + 1 FOR 1048576)
FROM document_contents c, generate_series(0, ((octet_length(c.bytes) - 1) / 1048576)) n;

ALTER TABLE document_chunks
    ADD CONSTRAINT document_chunks_content_id_fkey FOREIGN KEY (content_id) REFERENCES document_contents
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE document_contents DROP COLUMN bytes;

-- Where the bytes are that are not chunks. Says nothing of anybody, so that a sweep may ask which objects are known.
CREATE TABLE document_objects (
    content_id uuid PRIMARY KEY REFERENCES document_contents ON DELETE CASCADE,
    bucket     text NOT NULL,
    object_key text NOT NULL,
    UNIQUE (object_key, bucket)
);

-- Jobs about objects, beside the others' queues: none waits for another.
CREATE TABLE storage_tasks (LIKE scheduled_tasks INCLUDING ALL);

-- Whatever deletes the row (a document, an account, a newer file), the object is deleted after it. The job is the one that
-- an upload announces before it writes the object, and takes back when the row is there.
CREATE FUNCTION delete_object() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO storage_tasks (task_name, task_instance, task_data, execution_time, picked, version, priority)
    VALUES ('delete-object', OLD.content_id, convert_to(OLD.bucket || '/' || OLD.object_key, 'UTF8'), now(), false, 1, 50)
    ON CONFLICT (task_name, task_instance) DO UPDATE SET execution_time = now();
    RETURN NULL;
END
$$;

CREATE TRIGGER document_objects_deleted AFTER DELETE ON document_objects
    FOR EACH ROW EXECUTE FUNCTION delete_object();

CALL close_rows('document_contents');
CALL close_rows('document_chunks');
RESET custom_rag.everybody;
