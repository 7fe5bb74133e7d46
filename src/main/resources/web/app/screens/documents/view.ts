import type { DocumentStatus, StoredDocument } from '../../api/types';
import { strings } from '../../i18n/language';
import type { Strings } from '../../i18n/en';

export const STATES = ['all', 'ready', 'working', 'failed'] as const;

export type State = (typeof STATES)[number];
export type Order = keyof Strings['documents']['orders'];

/** What narrows and orders the list. It is in the address, so that a reload and a link keep it. */
export interface View {
    q: string;
    state: State;
    order: Order;
}

const NEWEST: Order = '-created_at';

export function readView(search: string): View {
    const query = new URLSearchParams(search);
    const state = query.get('state') ?? '';
    const order = query.get('order') ?? '';
    return {
        q: query.get('q') ?? '',
        state: STATES.find((each) => each === state) ?? 'all',
        order: Object.hasOwn(strings().documents.orders, order) ? (order as Order) : NEWEST,
    };
}

/** As a part of an address, with its `?`; empty if nothing differs from the usual. */
export function viewQuery({ q, state, order }: View): string {
    const query = new URLSearchParams();
    if (q !== '') {
        query.set('q', q);
    }
    if (state !== 'all') {
        query.set('state', state);
    }
    if (order !== NEWEST) {
        query.set('order', order);
    }
    return query.size > 0 ? `?${query}` : '';
}

export function isSame(one: View, other: View): boolean {
    return one.q === other.q && one.state === other.state && one.order === other.order;
}

/** For the API; empty for any. */
export function statusesOf(state: State): DocumentStatus[] {
    switch (state) {
        case 'all':
            return [];
        case 'working':
            return ['queued', 'parsing', 'embedding'];
        default:
            return [state];
    }
}

/** Whether the list as it is narrowed has a document, as the service decides it. */
export function belongs(document: StoredDocument, { q, state }: View): boolean {
    const statuses = statusesOf(state);
    return (
        (statuses.length === 0 || statuses.includes(document.status)) &&
        folded(document.filename).includes(folded(q.trim()))
    );
}

/** Where a document stands among those that are shown. */
export function placeOf(document: StoredDocument, items: readonly StoredDocument[], order: Order): number {
    const descending = order.startsWith('-');
    const at = items.findIndex((each) => {
        const difference = compared(each, document, order.replace('-', ''));
        return descending ? difference < 0 : difference > 0;
    });
    return at < 0 ? items.length : at;
}

function compared(one: StoredDocument, other: StoredDocument, by: string): number {
    switch (by) {
        case 'size_bytes':
            return one.size_bytes - other.size_bytes;
        case 'filename':
            return one.filename.localeCompare(other.filename, undefined, { sensitivity: 'base' });
        default:
            return Date.parse(one.created_at) - Date.parse(other.created_at);
    }
}

/** Without case and accents. */
function folded(text: string): string {
    return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
