package dev.customrag.knowledge;

/** An earlier question of a conversation and what was answered. */
public record Turn(String question, String answer) {}
