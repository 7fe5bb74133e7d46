package dev.customrag.identity;

/**
 * What the templates of mails are filled with. Nothing of it was written by a person as they liked, so that nobody can
 * have us send their words or links to others: that is why no mail calls people by their names.
 *
 * @param webUrl where the web app is
 * @param link what to open; empty in mails that only tell something
 * @param validFor for how long the link is good, in words
 * @param at when it happened
 * @param device what was used
 * @param network where from; empty if unknown
 */
record MailContent(String webUrl, String link, String validFor, String at, String device, String network) {}
