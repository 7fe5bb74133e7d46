package dev.customrag.document;

import java.util.UUID;

/** The bytes of a document that are kept, and what they are. */
record StoredFile(UUID id, String filename, String mediaType, long size, String sha256) {}
