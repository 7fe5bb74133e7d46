import { session } from '../../api/session';
import { Store } from '../../state/store';

/** Documents that are not shown, deleted or about to be, each with the deletion it is of. */
class Removed extends Store<{ ids: ReadonlyMap<string, symbol> }> {
    constructor() {
        super({ ids: new Map() });
        session.listen(() => {
            if (session.state.status === 'signed-out') {
                this.set({ ids: new Map() });
            }
        });
    }

    has(id: string): boolean {
        return this.state.ids.has(id);
    }

    /** Hides documents; gives the deletion. */
    hide(ids: readonly string[]): symbol {
        const deletion = Symbol('deletion');
        this.set({ ids: new Map([...this.state.ids, ...ids.map((id) => [id, deletion] as const)]) });
        return deletion;
    }

    /** Documents of a deletion that nobody has brought back, nor deleted once more, since. */
    of(deletion: symbol): string[] {
        return [...this.state.ids].flatMap(([id, each]) => (each === deletion ? [id] : []));
    }

    bringBack(ids: readonly string[]): void {
        this.set({ ids: new Map([...this.state.ids].filter(([id]) => !ids.includes(id))) });
    }
}

export const removed = new Removed();
