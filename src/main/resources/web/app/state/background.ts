import { Store } from './store';

/** Work that goes on whatever screen is shown, such as uploads. */
export interface BackgroundWork {
    /** What goes on, in the language of now. */
    text: () => string;
    /** How far it is, from 0 to 1. */
    share: number;
    /** The screen that shows more of it. */
    address: string;
}

/** What the frame shows while it is not on the work's own screen. */
class Background extends Store<{ work: BackgroundWork | null }> {
    constructor() {
        super({ work: null });
    }

    show(work: BackgroundWork | null): void {
        this.set({ work });
    }
}

export const background = new Background();
