-- The export of their data that a person has under way, of which there is one at a time in the whole installation. Goes
-- with it, or makes way for the next when nothing was heard of it for a while, as its process may have died.
CREATE UNLOGGED TABLE data_exports (
    owner_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    id       uuid NOT NULL,
    begun_at timestamptz NOT NULL,
    alive_at timestamptz NOT NULL
);

CALL close_rows('data_exports');
