import { Store } from '../../state/store';

interface Shown {
    /** The answer it is a source of. */
    message: string | undefined;
    number: number | undefined;
}

/** The source that the panel shows, so that its marks in the answer can tell. */
class ShownSource extends Store<Shown> {
    constructor() {
        super({ message: undefined, number: undefined });
    }

    show(message: string, number: number | undefined): void {
        this.set({ message, number });
    }

    clear(): void {
        this.set({ message: undefined, number: undefined });
    }

    /** The number of the source of that answer which is shown, undefined if none is. */
    of(message: string): number | undefined {
        return this.state.message === message ? this.state.number : undefined;
    }
}

export const shownSource = new ShownSource();
