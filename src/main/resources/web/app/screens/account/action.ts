import { nothing, type ReactiveControllerHost } from 'lit';
import { asProblem, type Problem } from '../../api/problem';
import { notice } from '../../components/feedback';
import { describe } from '../../i18n/language';

/** Something that a button does with the service: once at a time, and what went wrong is shown. */
export class Action {
    busy = false;
    problem: Problem | undefined;
    readonly #host: ReactiveControllerHost;

    constructor(host: ReactiveControllerHost) {
        this.#host = host;
    }

    /** @returns whether it came about */
    async run(action: () => Promise<void>): Promise<boolean> {
        if (this.busy) {
            return false;
        }
        this.busy = true;
        this.problem = undefined;
        this.#host.requestUpdate();
        try {
            await action();
            return true;
        } catch (thrown) {
            this.problem = asProblem(thrown);
            return false;
        } finally {
            this.busy = false;
            this.#host.requestUpdate();
        }
    }

    /** What went wrong, if anything did. */
    failure() {
        return this.problem ? notice('bad', describe(this.problem)) : nothing;
    }
}
