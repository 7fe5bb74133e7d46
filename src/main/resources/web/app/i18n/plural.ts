/** The form of a text that goes with a number, by the rules of the language (CLDR). */
export function plural(
    language: string,
    count: number,
    forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string },
): string {
    return forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
}
