/** In this order: most of them claim to be those below them as well. As identity/Device.java tells them. */
const BROWSERS = [
    ['Edg/', 'Edge'],
    ['EdgA/', 'Edge'],
    ['EdgiOS/', 'Edge'],
    ['OPR/', 'Opera'],
    ['SamsungBrowser/', 'Samsung Internet'],
    ['FxiOS/', 'Firefox'],
    ['Firefox/', 'Firefox'],
    ['CriOS/', 'Chrome'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
] as const;

const SYSTEMS = [
    ['Windows', 'Windows'],
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Android', 'Android'],
    ['Mac OS X', 'macOS'],
    ['CrOS', 'ChromeOS'],
    ['Linux', 'Linux'],
] as const;

const LONGEST_PRODUCT = 40;

/** What a person calls the thing behind a `User-Agent`, such as `Firefox, Linux`; empty if that does not say. */
export function deviceName(userAgent: string): string {
    const [browser, system] = [BROWSERS, SYSTEMS].map((names) => names.find(([sign]) => userAgent.includes(sign))?.[1]);
    if (browser) {
        return system ? `${browser}, ${system}` : browser;
    }
    const product = userAgent.split(/[/ ]/, 1)[0]!;
    return product === '' || product === 'Mozilla' ? (system ?? '') : product.slice(0, LONGEST_PRODUCT);
}
