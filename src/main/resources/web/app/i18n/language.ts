import type { Problem } from '../api/problem';
import { Store } from '../state/store';
import { en, type Strings } from './en';

/** The languages there are, each in its own words. */
export const LANGUAGES = {
    en: { title: 'English', load: async (): Promise<Strings> => en },
    de: { title: 'Deutsch', load: async (): Promise<Strings> => (await import('./de')).de },
} as const;

export type LanguageCode = keyof typeof LANGUAGES;

const CHOICE = 'language';
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur']);

/** The language of the app: as chosen, else as the browser prefers. */
class Language extends Store<{ code: LanguageCode; strings: Strings }> {
    constructor() {
        super({ code: 'en', strings: en });
    }

    async begin(): Promise<void> {
        const wanted = [localStorage.getItem(CHOICE), ...navigator.languages.map((tag) => tag.split('-')[0]!)];
        await this.#use(wanted.find(isKnown) ?? 'en');
    }

    async choose(code: LanguageCode): Promise<void> {
        localStorage.setItem(CHOICE, code);
        await this.#use(code);
    }

    async #use(code: LanguageCode): Promise<void> {
        const strings = await LANGUAGES[code].load();
        document.documentElement.lang = code;
        document.documentElement.dir = RIGHT_TO_LEFT.has(code) ? 'rtl' : 'ltr';
        this.set({ code, strings });
    }
}

function isKnown(code: string | null): code is LanguageCode {
    return code !== null && Object.hasOwn(LANGUAGES, code);
}

export const language = new Language();

/** Dates and numbers as in the person's country, where the browser names one that speaks this language: en-GB. */
export function locale(): string {
    const { code } = language.state;
    return navigator.languages.find((tag) => tag.split('-')[0] === code) ?? code;
}

/** The texts in the language of now. */
export function strings(): Strings {
    return language.state.strings;
}

/** The text under a name that came from elsewhere, which may be that of a member all objects have. */
function known(texts: Record<string, string>, name: string): string | undefined {
    return Object.hasOwn(texts, name) ? texts[name] : undefined;
}

/** What to tell a person about a problem. */
export function describe(problem: Problem): string {
    const text = known(strings().problems, problem.kind) ?? problem.message;
    return problem.status === 429 && problem.retryAfter
        ? `${text} ${strings().problemWait(duration(problem.retryAfter))}`
        : text;
}

/** What to tell a person about a field: the service says what it "must be", without a capital and a stop. */
export function describeField(message: string): string {
    const text = known(strings().fieldProblems, message);
    if (text !== undefined) {
        return text;
    }
    const sentence = message.charAt(0).toUpperCase() + message.slice(1);
    return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** A day, such as 3 May 2026. */
export function formatDate(iso: string): string {
    return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).format(new Date(iso));
}

export function formatDateTime(iso: string): string {
    return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(
        new Date(iso),
    );
}

const AGES: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_536_000],
    ['month', 2_592_000],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
];

/** How long ago, or in how long: 5 minutes ago. */
export function formatAge(iso: string): string {
    const seconds = (new Date(iso).getTime() - Date.now()) / 1000;
    const [unit, length] = AGES.find(([, each]) => Math.abs(seconds) >= each) ?? (['second', 1] as const);
    const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
    return format.format(unit === 'second' ? 0 : Math.round(seconds / length), unit);
}

export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
    return new Intl.NumberFormat(locale(), options).format(value);
}

/** A share from 0 to 1 as per cent. */
export function formatShare(share: number): string {
    return formatNumber(share, { style: 'percent', maximumFractionDigits: 0 });
}

/** Money as the API gives it, a decimal number as text. */
export function formatMoney(amount: string, currency: string): string {
    return formatNumber(Number(amount), { style: 'currency', currency, maximumFractionDigits: 4 });
}

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A size such as 3.4 MB, in steps of 1024 as the service counts its limits. */
export function formatBytes(bytes: number): string {
    const step = Math.min(SIZES.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
    return formatNumber(bytes / 1024 ** step, {
        style: 'unit',
        unit: SIZES[step],
        // The short form of bytes is one of them whatever the number.
        unitDisplay: step === 0 ? 'long' : 'short',
        maximumFractionDigits: step === 0 ? 0 : 1,
    });
}

/** A time to wait, in seconds, rounded up to minutes where it is long. */
export function duration(seconds: number): string {
    const [value, unit] = seconds > 90 ? [Math.ceil(seconds / 60), 'minute'] : [Math.ceil(seconds), 'second'];
    return formatNumber(value as number, { style: 'unit', unit: unit as string, unitDisplay: 'long' });
}
