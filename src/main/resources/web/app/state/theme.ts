import { Store } from './store';

export type ThemeChoice = 'system' | 'light' | 'dark';

const CHOICE = 'theme';

/** Light or dark: as chosen, else as the system. */
class Theme extends Store<{ choice: ThemeChoice }> {
    constructor() {
        const kept = localStorage.getItem(CHOICE);
        super({ choice: kept === 'light' || kept === 'dark' ? kept : 'system' });
        this.#apply();
        addEventListener('storage', (event) => {
            if (event.key === CHOICE) {
                this.set({ choice: (event.newValue as ThemeChoice | null) ?? 'system' });
                this.#apply();
            }
        });
    }

    choose(choice: ThemeChoice): void {
        if (choice === 'system') {
            localStorage.removeItem(CHOICE);
        } else {
            localStorage.setItem(CHOICE, choice);
        }
        this.set({ choice });
        this.#apply();
    }

    #apply(): void {
        document.documentElement.dataset['theme'] = this.state.choice;
    }
}

export const theme = new Theme();
