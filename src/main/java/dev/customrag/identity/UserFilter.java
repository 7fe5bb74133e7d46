package dev.customrag.identity;

/**
 * Which accounts are asked for.
 *
 * @param text stands in the address or the name, in whatever case; empty for any
 * @param active null for either
 * @param role null for any or none
 */
record UserFilter(String text, Boolean active, String role) {}
