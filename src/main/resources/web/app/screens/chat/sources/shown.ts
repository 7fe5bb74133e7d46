import type { Citation, TracedPassage } from '../../../api/types';

/** A place in a document that an answer rests on. */
export interface Shown {
    number: number;
    document_id: string;
    filename: string;
    page: number | null;
    heading: string | null;
    start: number;
    end: number;
    /** Null of a passage that the model was given, and the answer does not cite. */
    quote: string | null;
    state: Citation['state'];
    /** How it was found; undefined while nobody knows. */
    traced: TracedPassage | undefined;
}

/** What an answer cites, once each, in the order of the numbers. */
export function cited(citations: readonly Citation[]): Citation[] {
    const each = [...new Map(citations.map((citation) => [citation.number, citation])).values()];
    return each.sort((one, other) => one.number - other.number);
}
