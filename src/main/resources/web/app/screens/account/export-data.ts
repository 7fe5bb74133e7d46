import { Problem } from '../../api/problem';
import { respond } from '../../api/http';
import { saveFile } from './save-file';

/** Of the File System Access API, which not all browsers have, and TypeScript's library does not describe. */
interface PickedFile {
    createWritable(): Promise<WritableStream<Uint8Array>>;
    remove?(): Promise<void>;
}

type PickFile = (options: {
    suggestedName: string;
    types: { description: string; accept: Record<string, string[]> }[];
}) => Promise<PickedFile>;

/**
 * Saves everything that is stored about the person as a zip. Where the browser lets a page write a file, it goes there as it
 * comes; elsewhere the browser collects it as a blob, which it keeps on disk when it is large. The access token goes with
 * the request and so into no address.
 *
 * @param onProgress told how many bytes have come
 * @returns false if the person chose no place for it
 * @throws Problem if it did not come, or not all of it
 */
export async function exportData(signal: AbortSignal, onProgress: (bytes: number) => void): Promise<boolean> {
    const name = `customrag-export-${new Date().toISOString().slice(0, 10)}.zip`;
    const pick = (window as { showSaveFilePicker?: PickFile }).showSaveFilePicker;
    if (!pick) {
        const body = await zip(signal, onProgress);
        saveFile(await whole(new Response(body, { headers: { 'Content-Type': 'application/zip' } }).blob(), signal), name);
        return true;
    }
    // First of all: browsers ask for a place only right after a click.
    const file = await place(pick, name);
    if (!file) {
        return false;
    }
    try {
        const body = await zip(signal, onProgress);
        await whole(body.pipeTo(await file.createWritable(), { signal }), signal);
        return true;
    } catch (thrown) {
        // Half a zip is none.
        await file.remove?.();
        throw thrown;
    }
}

async function place(pick: PickFile, name: string): Promise<PickedFile | null> {
    try {
        return await pick({ suggestedName: name, types: [{ description: 'ZIP', accept: { 'application/zip': ['.zip'] } }] });
    } catch (thrown) {
        if (thrown instanceof DOMException && thrown.name === 'AbortError') {
            return null;
        }
        throw thrown;
    }
}

async function zip(signal: AbortSignal, onProgress: (bytes: number) => void): Promise<ReadableStream<Uint8Array>> {
    const response = await respond('GET', '/privacy/export', undefined, {
        headers: { Accept: 'application/zip, application/json' },
        signal,
        // The service begins to write at once; how long it goes on has no limit.
        timeout: 120_000,
    });
    let bytes = 0;
    const counting = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
            bytes += chunk.byteLength;
            onProgress(bytes);
            controller.enqueue(chunk);
        },
    });
    return response.body!.pipeThrough(counting);
}

/** What breaks off while it comes is a failure of the network. */
async function whole<T>(transfer: Promise<T>, signal: AbortSignal): Promise<T> {
    try {
        return await transfer;
    } catch (thrown) {
        if (!signal.aborted && thrown instanceof TypeError) {
            throw Problem.local('network');
        }
        throw thrown;
    }
}
