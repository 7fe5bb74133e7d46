package dev.customrag.chat;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** Tokens of one model call, as the provider counted them; null where it did not say. */
@RegisterForReflection
record Usage(Integer inputTokens, Integer outputTokens) {}
