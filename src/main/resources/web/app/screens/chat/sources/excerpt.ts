import type { Passage } from '../../../api/types';

/** A passage, with what is quoted of it and what stands around it. */
export interface Excerpt {
    /** Whether there is more before, and after. */
    begins: boolean;
    ends: boolean;
    around: { before: string; after: string };
    passage: { before: string; after: string };
    quote: string;
}

/** Characters of text around a passage that are shown. */
export const AROUND = 700;

/**
 * The text around a place of a document.
 *
 * @param passages neighbours, in order; they may share text, and there may be gaps between them
 * @param place in the document's text
 * @returns undefined if no passage has it
 */
export function excerpt(passages: readonly Passage[], place: { start: number; end: number }): Excerpt | undefined {
    const touched = passages.filter((each) => each.start < place.end && each.end > place.start);
    if (touched.length === 0) {
        return undefined;
    }
    // One passage, if one has all of it: the next may share its end.
    const whole = touched.find((each) => each.start <= place.start && each.end >= place.end);
    const start = whole?.start ?? touched[0]!.start;
    const end = whole?.end ?? touched.at(-1)!.end;
    const first = passages[0]!.start;
    const last = passages.at(-1)!.end;
    const from = Math.max(first, start - AROUND);
    const to = Math.min(last, end + AROUND);
    const before = text(passages, from, start);
    const after = text(passages, end, to);
    return {
        begins: from > 0,
        ends: to < last,
        around: {
            before: from > first ? before.replace(/^\S*\s/u, '') : before,
            after: to < last ? after.replace(/\s\S*$/u, '') : after,
        },
        passage: { before: text(passages, start, place.start), after: text(passages, place.end, end) },
        quote: text(passages, place.start, place.end),
    };
}

/** What the passages have of that part of the document. */
function text(passages: readonly Passage[], start: number, end: number): string {
    let joined = '';
    let at = start;
    for (const each of passages) {
        if (each.end > at && each.start < end) {
            const from = Math.max(at, each.start);
            const to = Math.min(end, each.end);
            joined += between(from - at) + each.text.slice(from - each.start, to - each.start);
            at = to;
        }
    }
    return joined === '' ? '' : joined + between(end - at);
}

/** What stands between passages is not told: within a paragraph it is one character, and more after its end. */
function between(length: number): string {
    return length === 0 ? '' : length === 1 ? ' ' : '\n\n';
}

/** Whether two texts have the same words in the same order: between passages, white space may be another. */
export function isSame(one: string, other: string): boolean {
    return one.replaceAll(/\s+/gu, ' ').trim() === other.replaceAll(/\s+/gu, ' ').trim();
}
