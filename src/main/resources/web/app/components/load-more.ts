import { html, nothing } from 'lit';
import { describe, strings } from '../i18n/language';
import type { Paged } from '../state/paged';
import { LightElement } from './element';
import { failure, notice, skeleton, spinner } from './feedback';

/** The end of a list: the way to its next page, and what went wrong on it. */
export class LoadMore extends LightElement {
    static override properties = { list: { attribute: false }, running: { type: Boolean } };

    declare list: Paged<unknown> | undefined;
    /** Bound to `list.running`, so that this renders when it changes. */
    declare running: boolean;

    constructor() {
        super();
        this.running = false;
    }

    protected override render() {
        const list = this.list;
        if (!list || !list.begun || (!list.hasMore && !list.problem)) {
            return nothing;
        }
        return html`${list.problem ? notice('bad', describe(list.problem)) : nothing}
            <p class="row">
                <button class="button" type="button" ?disabled=${list.running} @click=${() => void list.more()}>
                    ${list.running ? spinner() : nothing}
                    ${list.problem ? strings().common.retry : strings().common.loadMore}
                </button>
            </p>`;
    }
}

customElements.define('cra-load-more', LoadMore);

/** A list as it is read: what stands for `lines` while it comes, `empty` where there is nothing, and the way to its next page. */
export function listed<T>(
    list: Paged<T>,
    views: { lines: number; empty?: () => unknown; ready: (items: readonly T[]) => unknown },
): unknown {
    if (!list.begun) {
        return list.problem ? failure(list.problem, () => void list.start()) : skeleton(views.lines);
    }
    return html`${list.items.length === 0 && views.empty ? views.empty() : views.ready(list.items)}
        <cra-load-more .list=${list} .running=${list.running}></cra-load-more>`;
}
