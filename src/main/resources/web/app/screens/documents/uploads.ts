import { asProblem, isAbort, type Problem } from '../../api/problem';
import { session } from '../../api/session';
import type { DocumentUsage, StoredDocument } from '../../api/types';
import { toast } from '../../components/toasts';
import { strings } from '../../i18n/language';
import { router } from '../../routing/router';
import { background } from '../../state/background';
import { Store } from '../../state/store';
import { type Refusal, refusal } from './acceptance';
import { news } from './news';
import { removed } from './removed';
import { transmit } from './transmit';

/**
 * - `refused`: it was not sent
 * - `sending`: so much of it is out, from 0 to 1; at 1 the service looks at it
 * - `known`: the service had it already
 */
export type UploadState =
    | { kind: 'refused'; why: Refusal }
    | { kind: 'waiting' }
    | { kind: 'sending'; share: number }
    | { kind: 'known'; document: StoredDocument }
    | { kind: 'failed'; problem: Problem };

/** A file on its way. One that the service has taken is none any more: it is in the list of documents. */
export interface Upload {
    readonly id: number;
    readonly file: File;
    /** The document it is a newer version of; null for a new one. */
    readonly replaces: StoredDocument | null;
    readonly state: UploadState;
    /** Whether it was sent before, so that the service may have it from then. */
    readonly again: boolean;
}

const AT_A_TIME = 3;
const ADDRESS = '/documents';

/** The files on their way, whatever screen is shown: {@link AT_A_TIME} at a time, in the order they were added. */
class Uploads extends Store<{ uploads: readonly Upload[] }> {
    #last = 0;
    #sending = new Map<number, AbortController>();
    /** Since nothing was under way last. */
    #batch = { bytes: 0, done: 0, taken: 0 };
    #usage: DocumentUsage | undefined;
    readonly #beforeLeaving = (event: BeforeUnloadEvent) => event.preventDefault();

    constructor() {
        super({ uploads: [] });
        session.listen(() => this.#sessionChanged());
    }

    /** What the person keeps and may keep, as far as it is known. */
    get usage(): DocumentUsage | undefined {
        return this.#usage;
    }

    /** Tells how much room there is, for the files to come. */
    limit(usage: DocumentUsage): void {
        this.#usage = usage;
    }

    get isUnderWay(): boolean {
        return this.#underWay.length > 0;
    }

    /** Checks files and sends them; those that were refused stay in the list with the reason. */
    add(files: readonly File[], replaces: StoredDocument | null = null): void {
        const added: Upload[] = [];
        const waiting = this.#underWay;
        let { length } = waiting;
        let bytes = waiting.reduce((sum, upload) => sum + upload.file.size, 0);
        for (const file of files) {
            const why = refusal(file, this.#usage, { files: length, bytes }, replaces ? replaces.size_bytes : null);
            const state: UploadState = why ? { kind: 'refused', why } : { kind: 'waiting' };
            added.push({ id: ++this.#last, file, replaces, state, again: false });
            if (!why) {
                length++;
                bytes += file.size;
                this.#batch.bytes += file.size;
            }
        }
        this.set({ uploads: [...this.state.uploads, ...added] });
        this.#proceed();
    }

    /** Sends one again that failed. */
    retry(upload: Upload): void {
        this.#batch.bytes += upload.file.size;
        this.#change(upload.id, { kind: 'waiting' }, true);
        this.#proceed();
    }

    /** Takes one out of the list, and ends its sending. */
    remove(upload: Upload): void {
        if (upload.state.kind === 'waiting' || upload.state.kind === 'sending') {
            this.#batch.bytes -= upload.file.size;
        }
        this.#drop(upload.id);
        this.#sending.get(upload.id)?.abort();
        this.#proceed();
    }

    get #underWay(): Upload[] {
        return this.state.uploads.filter(({ state }) => state.kind === 'waiting' || state.kind === 'sending');
    }

    #proceed(): void {
        for (const upload of this.state.uploads) {
            if (this.#sending.size >= AT_A_TIME || session.state.status !== 'signed-in') {
                break;
            }
            if (upload.state.kind === 'waiting') {
                void this.#send(upload);
            }
        }
        const underWay = this.#underWay;
        if (underWay.length > 0) {
            addEventListener('beforeunload', this.#beforeLeaving);
        } else {
            removeEventListener('beforeunload', this.#beforeLeaving);
            this.#ended();
        }
        this.#show(underWay);
    }

    #ended(): void {
        const { taken } = this.#batch;
        this.#batch = { bytes: 0, done: 0, taken: 0 };
        if (taken > 0) {
            const elsewhere = !location.pathname.startsWith(ADDRESS);
            toast(
                strings().documents.uploaded(taken),
                elsewhere ? { label: strings().documents.showThem, run: () => router.go(ADDRESS) } : undefined,
            );
        }
    }

    #show(underWay: Upload[]): void {
        if (underWay.length === 0) {
            background.show(null);
            return;
        }
        const sent = underWay.reduce(
            (sum, { state, file }) => sum + (state.kind === 'sending' ? state.share * file.size : 0),
            this.#batch.done,
        );
        background.show({
            text: () => strings().documents.uploadsRunning(underWay.length),
            share: this.#batch.bytes > 0 ? sent / this.#batch.bytes : 0,
            address: ADDRESS,
        });
    }

    async #send(upload: Upload): Promise<void> {
        const call = new AbortController();
        this.#sending.set(upload.id, call);
        this.#change(upload.id, { kind: 'sending', share: 0 });
        try {
            const { document, isNew } = await transmit({
                method: upload.replaces ? 'PUT' : 'POST',
                path: upload.replaces ? `/documents/${upload.replaces.id}/content` : '/documents',
                file: upload.file,
                signal: call.signal,
                onSent: (share) => this.#sent(upload.id, share),
            });
            const broughtBack = removed.has(document.id);
            removed.bringBack([document.id]);
            if (isNew || upload.again || broughtBack) {
                this.#batch.taken++;
                this.#drop(upload.id);
            } else {
                this.#change(upload.id, { kind: 'known', document });
            }
            this.#batch.done += upload.file.size;
            news.changed(document);
        } catch (thrown) {
            if (!isAbort(thrown)) {
                await this.#failed(upload, asProblem(thrown));
            }
        } finally {
            this.#sending.delete(upload.id);
            this.#proceed();
        }
    }

    async #failed(upload: Upload, problem: Problem): Promise<void> {
        if (problem.kind === 'signed-out' && session.state.status === 'expired') {
            // Goes on once the person has signed in again.
            this.#change(upload.id, { kind: 'waiting' });
            return;
        }
        const vanished = problem.kind === 'network' && !(await isReadable(upload.file));
        this.#batch.bytes -= upload.file.size;
        this.#change(upload.id, vanished ? { kind: 'refused', why: 'vanished' } : { kind: 'failed', problem });
    }

    #sent(id: number, share: number): void {
        this.#change(id, { kind: 'sending', share });
        this.#show(this.#underWay);
    }

    #change(id: number, state: UploadState, again?: boolean): void {
        this.set({
            uploads: this.state.uploads.map((upload) =>
                upload.id === id ? { ...upload, state, again: again ?? upload.again } : upload,
            ),
        });
    }

    #drop(id: number): void {
        this.set({ uploads: this.state.uploads.filter((upload) => upload.id !== id) });
    }

    #sessionChanged(): void {
        if (session.state.status === 'signed-out') {
            const sending = [...this.#sending.values()];
            this.set({ uploads: [] });
            this.#usage = undefined;
            this.#batch = { bytes: 0, done: 0, taken: 0 };
            sending.forEach((call) => call.abort());
        }
        this.#proceed();
    }
}

/** The browser says "network" as well where it cannot read the file. */
async function isReadable(file: File): Promise<boolean> {
    try {
        await file.slice(0, 1).arrayBuffer();
        return true;
    } catch {
        return false;
    }
}

export const uploads = new Uploads();
