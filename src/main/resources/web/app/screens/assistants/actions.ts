import { del, post, respond, whole } from '../../api/http';
import type { Assistant } from '../../api/types';
import { confirm } from '../../components/dialog';
import { strings } from '../../i18n/language';

/** What one can do with an assistant, wherever it is shown. */

/** Where one talks to it. */
export function chatAddress(assistant: Assistant): string {
    return `/chat?assistant=${encodeURIComponent(assistant.id)}`;
}

export function editAddress(assistant: Assistant): string {
    return `/assistants/${encodeURIComponent(assistant.id)}`;
}

/** Which documents it knows, in a few words. */
export function scope(assistant: Assistant): string {
    const texts = strings().assistants;
    if (!assistant.retrieval.enabled) {
        return texts.scopeNotSearched;
    }
    return assistant.all_documents ? texts.scopeAll : texts.scopeSome(assistant.document_ids.length);
}

/** Makes another one like it. @throws Problem */
export function duplicate(assistant: Assistant): Promise<Assistant> {
    return post<Assistant>(`/assistants/${assistant.id}/duplicate`);
}

/** Gives its file to the browser to save. @throws Problem */
export async function exportFile(assistant: Assistant): Promise<void> {
    const response = await respond('GET', `/assistants/${assistant.id}/export`, undefined, {});
    const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await whole(response.blob()));
    link.download = name ?? 'assistant.json';
    link.click();
    // The browser reads it a moment after the click.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Asks whether it is to be deleted. */
export function isToGo(assistant: Assistant): Promise<boolean> {
    const texts = strings().assistants;
    return confirm({
        heading: texts.deleteTitle(assistant.name),
        text: texts.deleteText,
        action: strings().common.delete,
        danger: true,
    });
}

/** Deletes it. @throws Problem */
export function remove(assistant: Assistant): Promise<void> {
    return del(`/assistants/${assistant.id}`);
}
