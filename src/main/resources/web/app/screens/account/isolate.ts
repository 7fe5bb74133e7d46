/** A name within a sentence: none of its characters turns the rest around (Unicode Standard Annex 9, isolates). */
export function isolate(name: string): string {
    return `\u2068${name}\u2069`;
}
