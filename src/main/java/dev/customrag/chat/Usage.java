package dev.customrag.chat;

/** Tokens of one model call, as the provider counted them; null where it did not say. */
record Usage(Integer inputTokens, Integer outputTokens) {}
