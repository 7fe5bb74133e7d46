/** What other tabs of this browser are told of conversations, so that all show the same. */
export type Word = { kind: 'changed' | 'deleted'; id: string };

const channel = new BroadcastChannel('conversations');
const listeners = new Set<(word: Word) => void>();

channel.onmessage = (event: MessageEvent<Word>) => listeners.forEach((listener) => listener(event.data));

export function tellTabs(word: Word): void {
    channel.postMessage(word);
}

/** @returns what ends the listening */
export function hearTabs(listener: (word: Word) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}
