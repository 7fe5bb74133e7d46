/** A part of one of several texts, in UTF-16 code units. */
export interface Piece {
    text: number;
    start: number;
    end: number;
}

/** Letters and digits alone, and where each is from. */
interface Folded {
    plain: string;
    from: Piece[];
}

/** Fewer letters in a row stand anywhere. */
const LEAST = 12;
/** The share of a quote that has to be found, or what was found is something else. */
const ENOUGH = 0.6;
/** Letters before a quote that tell which one is meant where the same words stand several times. */
const LEAD = 40;

/**
 * Where the words of a quote stand in the texts of a page, which a program has cut at will: whatever the spacing, hyphens,
 * ligatures, accents and case. Where they do not stand in a row, as columns and tables are read in another order elsewhere,
 * the longest pieces there are.
 *
 * @param before what stands before the quote
 * @returns nothing if it is not there, or too little of it
 */
export function findQuote(texts: readonly string[], quote: string, before = ''): Piece[] {
    const page = folded(texts);
    const wanted = folded([quote]).plain;
    if (wanted === '') {
        return [];
    }
    const lead = folded([before]).plain.slice(-LEAD);
    const led = page.plain.indexOf(lead + wanted);
    const whole = led < 0 ? page.plain.indexOf(wanted) : led + lead.length;
    const found: [number, number][] = whole < 0 ? inPieces(page.plain, wanted) : [[whole, whole + wanted.length]];
    return found.flatMap(([start, end]) => pieces(page.from.slice(start, end)));
}

function folded(texts: readonly string[]): Folded {
    const from: Piece[] = [];
    let plain = '';
    texts.forEach((each, text) => {
        let start = 0;
        for (const character of each) {
            const end = start + character.length;
            const letters = character.normalize('NFKD').toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
            for (let i = 0; i < letters.length; i++) {
                from.push({ text, start, end });
            }
            plain += letters;
            start = end;
        }
    });
    return { plain, from };
}

function inPieces(page: string, wanted: string): [number, number][] {
    const found: [number, number][] = [];
    let covered = 0;
    let last = 0;
    for (let at = 0; at + LEAST <= wanted.length; ) {
        const length = longest(page, wanted, at);
        if (length === 0) {
            at++;
            continue;
        }
        const piece = wanted.slice(at, at + length);
        const next = page.indexOf(piece, last);
        const start = next < 0 ? page.indexOf(piece) : next;
        found.push([start, start + length]);
        last = start + length;
        covered += length;
        at += length;
    }
    return covered >= wanted.length * ENOUGH ? found : [];
}

/** How many letters of it from that place on stand in a row on the page; 0 if they are too few. */
function longest(page: string, wanted: string, at: number): number {
    const stands = (length: number) => page.includes(wanted.slice(at, at + length));
    if (!stands(LEAST)) {
        return 0;
    }
    let least = LEAST;
    let most = wanted.length - at;
    while (least < most) {
        const middle = Math.ceil((least + most) / 2);
        if (stands(middle)) {
            least = middle;
        } else {
            most = middle - 1;
        }
    }
    return least;
}

/** One piece for each text. */
function pieces(letters: readonly Piece[]): Piece[] {
    const joined: Piece[] = [];
    for (const letter of letters) {
        const last = joined.at(-1);
        if (last?.text === letter.text) {
            last.end = letter.end;
        } else {
            joined.push({ ...letter });
        }
    }
    return joined;
}
