import { getBlob, post } from '../../api/http';
import { asProblem, Problem } from '../../api/problem';
import { session } from '../../api/session';
import type { StoredDocument } from '../../api/types';
import type { MenuItem } from '../../components/menu';
import { toast, undoable } from '../../components/toasts';
import { strings } from '../../i18n/language';
import { Store } from '../../state/store';
import { news } from './news';
import { removed } from './removed';
import { uploads } from './uploads';

/** Something that could not be done, and the way to try again. */
export interface Trouble {
    text: () => string;
    problem: Problem;
    retry: () => void;
}

interface State {
    /** Ids of documents that are being downloaded. */
    downloading: ReadonlySet<string>;
    troubles: readonly Trouble[];
}

/** At most so many ids go with one call. */
const MOST_IDS = 100;
/** A download may take long, but not for ever. */
const DOWNLOAD = 3_600_000;

const NOTHING: State = { downloading: new Set(), troubles: [] };

/** What one can do with documents. It goes on, and can be undone, on other screens too. */
class DocumentActions extends Store<State> {
    constructor() {
        super(NOTHING);
        session.listen(() => {
            if (session.state.status === 'signed-out') {
                this.set(NOTHING);
            }
        });
    }

    /** Hides documents, and deletes them when they can no longer be brought back. */
    remove(documents: readonly StoredDocument[]): void {
        const ids = documents.map((document) => document.id);
        const only = documents.length === 1 ? documents[0] : undefined;
        const deletion = removed.hide(ids);
        undoable(
            only ? strings().documents.deleted(only.filename) : strings().documents.deletedSeveral(ids.length),
            () => removed.bringBack(removed.of(deletion)),
            () => this.#delete(removed.of(deletion)),
        );
    }

    /** Has a document read again. */
    async reread(document: StoredDocument): Promise<void> {
        await this.#tried(
            () => strings().documents.trouble.reread(document.filename),
            () => this.reread(document),
            async () => {
                news.changed(await post<StoredDocument>(`/documents/${document.id}/reingest`));
                toast(strings().documents.queuedAgain(document.filename));
            },
        );
    }

    /** Saves the original where the browser keeps downloads. */
    async download(document: StoredDocument): Promise<void> {
        const { id, filename } = document;
        if (this.state.downloading.has(id)) {
            return;
        }
        this.set({ downloading: new Set([...this.state.downloading, id]) });
        await this.#tried(
            () => strings().documents.trouble.download(filename),
            () => this.download(document),
            async () => save(await bytesOf(id), filename),
        );
        this.set({ downloading: new Set([...this.state.downloading].filter((each) => each !== id)) });
    }

    /** Asks for a newer file and sends it. */
    replace(document: StoredDocument): void {
        chooseFiles(false, (files) => uploads.add(files, document));
    }

    dismiss(trouble: Trouble): void {
        this.set({ troubles: this.state.troubles.filter((each) => each !== trouble) });
    }

    /**
     * All of it for a menu.
     *
     * @param rename opens what asks for the new name
     * @param remove deletes it, and moves the focus to where it makes sense
     */
    menu(document: StoredDocument, rename: () => void, remove: () => void): MenuItem[] {
        const texts = strings().documents;
        const inWork = isInWork(document);
        return [
            { label: texts.download, icon: 'download', run: () => void this.download(document) },
            { label: texts.rename, icon: 'edit', run: rename },
            { label: texts.replace, icon: 'upload', disabled: inWork, run: () => this.replace(document) },
            { label: texts.readAgain, icon: 'refresh', disabled: inWork, run: () => void this.reread(document) },
            { label: texts.delete, icon: 'trash', danger: true, run: remove },
        ];
    }

    async #delete(ids: string[]): Promise<void> {
        await this.#tried(
            () => strings().documents.trouble.delete(ids.length),
            async () => {
                removed.hide(ids);
                await this.#delete(ids);
            },
            async () => {
                try {
                    for (let at = 0; at < ids.length; at += MOST_IDS) {
                        // The page may be about to go.
                        const some = { ids: ids.slice(at, at + MOST_IDS) };
                        await post('/documents/delete', some, { keepalive: true });
                        some.ids.forEach((id) => news.deleted(id));
                    }
                } catch (thrown) {
                    removed.bringBack(ids);
                    throw thrown;
                }
            },
        );
    }

    async #tried(text: () => string, again: () => Promise<void>, action: () => Promise<void>): Promise<void> {
        try {
            await action();
        } catch (thrown) {
            const problem = asProblem(thrown);
            if (session.state.status === 'signed-out') {
                return;
            }
            const trouble: Trouble = {
                text,
                problem,
                retry: () => {
                    this.dismiss(trouble);
                    void again();
                },
            };
            this.set({ troubles: [...this.state.troubles, trouble] });
        }
    }
}

/** Whether the service is at work on it. */
export function isInWork({ status }: StoredDocument): boolean {
    return status !== 'ready' && status !== 'failed';
}

/** Opens the browser's own choice of files. */
export function chooseFiles(several: boolean, take: (files: File[]) => void): void {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = several;
    // In the page until it has served: one that nothing holds may be collected while the person chooses.
    input.hidden = true;
    document.body.append(input);
    input.addEventListener('cancel', () => input.remove());
    input.addEventListener('change', () => {
        input.remove();
        take([...(input.files ?? [])]);
    });
    input.click();
}

async function bytesOf(id: string): Promise<Blob> {
    try {
        return await getBlob(`/documents/${id}/content`, { signal: AbortSignal.timeout(DOWNLOAD) });
    } catch (thrown) {
        if (thrown instanceof TypeError || thrown instanceof DOMException) {
            // It broke off in the midst of the bytes, or took too long.
            throw Problem.local(thrown instanceof TypeError ? 'network' : 'timeout');
        }
        throw thrown;
    }
}

function save(bytes: Blob, filename: string): void {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(bytes);
    link.download = filename;
    link.click();
    // The browser needs the address a little longer than the click takes.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export const actions = new DocumentActions();
