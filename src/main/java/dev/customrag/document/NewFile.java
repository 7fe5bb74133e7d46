package dev.customrag.document;

import dev.customrag.document.parsing.FileType;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A file that somebody sent, and that may be taken in.
 *
 * @param id of the content it becomes
 * @param path where it lies until then
 */
record NewFile(UUID id, String filename, FileType type, Fingerprint content, Path path) {}
