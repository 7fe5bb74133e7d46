import { router } from '../../routing/router';

/** The filters of a section are the address's query: they come from there and go there. */
export function parameters(query: string): Record<string, string> {
    return Object.fromEntries(new URLSearchParams(query));
}

/** Changes filters; those that are empty go. */
export function narrow(section: string, query: string, changes: Record<string, string>): void {
    const wanted = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes)) {
        if (value === '') {
            wanted.delete(name);
        } else {
            wanted.set(name, value);
        }
    }
    const text = wanted.toString();
    router.go(`/admin/${section}${text === '' ? '' : `?${text}`}`, { replace: true });
}
