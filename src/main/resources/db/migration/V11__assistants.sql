-- What people talk to: a name, instructions, a model, and which documents it knows.
CREATE TABLE assistants (
    id                uuid PRIMARY KEY,
    owner_id          uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name              text NOT NULL,
    description       text NOT NULL DEFAULT '',
    instructions      text NOT NULL DEFAULT '',
    -- Null: the provider's default model. Models come and go, so that this is a name and not a reference.
    model_id          text,
    -- Null: as the model does by itself.
    temperature       double precision CHECK (temperature BETWEEN 0 AND 1),
    top_p             double precision CHECK (top_p > 0 AND top_p <= 1),
    max_tokens        integer CHECK (max_tokens > 0),
    retrieval_enabled boolean NOT NULL DEFAULT true,
    retrieval_limit   integer NOT NULL DEFAULT 5 CHECK (retrieval_limit > 0),
    answers_from      text NOT NULL DEFAULT 'documents' CHECK (answers_from IN ('documents', 'documents_and_knowledge')),
    all_documents     boolean NOT NULL DEFAULT true,
    is_default        boolean NOT NULL DEFAULT false,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    -- For references that carry the owner along, so that nothing of one person can refer to another's.
    CONSTRAINT assistants_owner_id_id_key UNIQUE (owner_id, id)
);

CREATE INDEX assistants_owner_id_created_at_idx ON assistants (owner_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX assistants_owner_id_default_key ON assistants (owner_id) WHERE is_default;

ALTER TABLE documents ADD CONSTRAINT documents_owner_id_id_key UNIQUE (owner_id, id);

-- The documents an assistant knows that does not know all.
CREATE TABLE assistant_documents (
    owner_id     uuid NOT NULL,
    assistant_id uuid NOT NULL,
    document_id  uuid NOT NULL,
    PRIMARY KEY (owner_id, assistant_id, document_id),
    FOREIGN KEY (owner_id, assistant_id) REFERENCES assistants (owner_id, id) ON DELETE CASCADE,
    FOREIGN KEY (owner_id, document_id) REFERENCES documents (owner_id, id) ON DELETE CASCADE
);

CREATE INDEX assistant_documents_owner_id_document_id_idx ON assistant_documents (owner_id, document_id);

CALL close_rows('assistants');
CALL close_rows('assistant_documents');
