/** Hands something to the browser as a download. */
export function saveFile(content: Blob, name: string): void {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    // The download begins a moment later.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
