/** Files that systems leave in folders for themselves. */
const HIDDEN = /^(\.|Thumbs\.db$|desktop\.ini$|~\$)/i;

/**
 * All files of a drop, those in folders too. To be called in the event itself: afterwards its items are gone. A folder that
 * cannot be read is left out.
 */
export function droppedFiles(transfer: DataTransfer): Promise<File[]> {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
    if (!entries.some((entry) => entry?.isDirectory)) {
        return Promise.resolve([...transfer.files]);
    }
    return Promise.all(entries.map((entry) => (entry ? filesOf(entry) : []))).then((files) => files.flat());
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
    if (HIDDEN.test(entry.name)) {
        return [];
    }
    try {
        if (entry.isFile) {
            return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
        }
        const reader = (entry as FileSystemDirectoryEntry).createReader();
        const files: File[] = [];
        for (;;) {
            // It gives a hundred at a time, and none at the end.
            const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
            if (some.length === 0) {
                return files;
            }
            for (const each of some) {
                files.push(...(await filesOf(each)));
            }
        }
    } catch (thrown) {
        if (thrown instanceof DOMException) {
            return [];
        }
        throw thrown;
    }
}
