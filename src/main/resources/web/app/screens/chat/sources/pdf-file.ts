import {
    getDocument,
    GlobalWorkerOptions,
    type PDFDocumentProxy,
    PDFWorker,
    TextLayer,
    VerbosityLevel,
    version,
} from 'pdfjs-dist';
import { getBytes } from '../../../api/http';
import type { StoredDocument } from '../../../api/types';

// The build puts them there, from the library itself: its worker, fonts, character maps.
const FILES = `/static/pdfjs-dist/${version}/`;

GlobalWorkerOptions.workerSrc = `${FILES}build/pdf.worker.min.mjs`;

/** Milliseconds a file may keep its worker busy with one thing; a hostile one would for ever. */
const PATIENCE = 30_000;

/** Pixels of one picture in a file: more of them would take more memory than a phone has. */
const MOST_IN_PICTURE = 2 ** 26;

/** Pixels of a drawn page: more than Safari on a phone makes of a canvas. */
const MOST_DRAWN = 2 ** 24;

/** Why a page cannot be shown, though the file is there. */
export class Undrawable extends Error {
    constructor(readonly reason: 'locked' | 'broken' | 'slow') {
        super(reason);
    }
}

/** A page as it is drawn. */
export interface Drawn {
    number: number;
    canvas: HTMLCanvasElement;
    /** Its words at their places, invisible, to be selected and read out. */
    layer: HTMLDivElement;
    /** The elements of the words, and what each says. */
    elements: readonly HTMLElement[];
    texts: readonly string[];
    /** CSS pixels for a point of the page. */
    scale: number;
    width: number;
    height: number;
    /** Whether all pictures on it could be drawn. */
    whole: boolean;
}

/** A PDF that was read. Nothing in it is run: no scripts, no forms, no links. */
export class PdfFile {
    readonly #document: PDFDocumentProxy;

    constructor(document: PDFDocumentProxy) {
        this.#document = document;
    }

    get pages(): number {
        return this.#document.numPages;
    }

    /**
     * Draws a page, from 1.
     *
     * @param width what it has to fit into, in CSS pixels
     * @throws Undrawable; DOMException `AbortError` if the signal says so
     */
    async draw(number: number, width: number, zoom: number, signal: AbortSignal): Promise<Drawn> {
        const page = await patiently(this.#document.getPage(number));
        signal.throwIfAborted();
        const scale = (width / page.getViewport({ scale: 1 }).width) * zoom;
        const viewport = page.getViewport({ scale });
        const ratio = Math.min(devicePixelRatio, Math.sqrt(MOST_DRAWN / (viewport.width * viewport.height)));
        const canvas = document.createElement('canvas');
        canvas.width = Math.max(1, Math.floor(viewport.width * ratio));
        canvas.height = Math.max(1, Math.floor(viewport.height * ratio));
        const task = page.render({
            canvasContext: canvas.getContext('2d')!,
            viewport,
            transform: [ratio, 0, 0, ratio, 0, 0],
        });
        const cancel = () => task.cancel();
        signal.addEventListener('abort', cancel);
        try {
            await patiently(task.promise);
        } catch (thrown) {
            signal.throwIfAborted();
            throw thrown;
        } finally {
            signal.removeEventListener('abort', cancel);
        }
        const layer = document.createElement('div');
        layer.className = 'text-layer';
        layer.style.setProperty('--scale-factor', String(scale));
        const words = new TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport });
        await patiently(words.render());
        signal.throwIfAborted();
        // Formats of pictures that only WebAssembly decodes have nothing in their place.
        const whole = [...page.objs].every(([, picture]) => picture !== null);
        return {
            number,
            canvas,
            layer,
            elements: words.textDivs,
            texts: words.textContentItemsStr,
            scale,
            width: viewport.width,
            height: viewport.height,
            whole,
        };
    }
}

/** @throws Undrawable, also if it takes too long; then the worker is ended, as it may never be free again */
async function patiently<T>(work: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
            closePdf();
            reject(new Undrawable('slow'));
        }, PATIENCE);
    });
    try {
        return await Promise.race([work, late]);
    } catch (thrown) {
        if (thrown instanceof Undrawable || thrown instanceof DOMException) {
            throw thrown;
        }
        throw new Undrawable(thrown instanceof Error && thrown.name === 'PasswordException' ? 'locked' : 'broken');
    } finally {
        clearTimeout(timer);
    }
}

/** A file being read, or read. */
class Reading {
    readonly file: Promise<PdfFile>;
    readonly #left = new AbortController();
    #worker: PDFWorker | undefined;

    constructor(
        readonly key: string,
        stored: StoredDocument,
        onProgress: (share: number) => void,
    ) {
        this.file = this.#read(stored, onProgress);
        // What failed is read anew by who asks again.
        this.file.catch(() => {
            if (kept === this) {
                closePdf();
            }
        });
    }

    async #read(stored: StoredDocument, onProgress: (share: number) => void): Promise<PdfFile> {
        const data = await getBytes(`/documents/${encodeURIComponent(stored.id)}/content`, {
            size: stored.size_bytes,
            signal: this.#left.signal,
            onProgress,
        });
        this.#worker = new PDFWorker({ verbosity: VerbosityLevel.ERRORS });
        const task = getDocument({
            data,
            worker: this.#worker,
            cMapUrl: `${FILES}cmaps/`,
            standardFontDataUrl: `${FILES}standard_fonts/`,
            maxImageSize: MOST_IN_PICTURE,
            // The content security policy lets no text become a program.
            isEvalSupported: false,
            verbosity: VerbosityLevel.ERRORS,
        });
        return new PdfFile(await patiently(task.promise));
    }

    /** Not by way of the worker, which may be busy for ever. */
    end(): void {
        this.#left.abort();
        this.#worker?.destroy();
    }
}

/** The file of which pages were shown last: several sources of an answer are often of one. */
let kept: Reading | undefined;

/**
 * Reads a PDF, unless it is the one that was read last.
 *
 * @param onProgress hears the share of it that has come, from 0 to 1
 * @throws Problem, Undrawable; DOMException `AbortError` if it was closed meanwhile
 */
export function openPdf(stored: StoredDocument, onProgress: (share: number) => void): Promise<PdfFile> {
    const key = `${stored.id} ${stored.sha256}`;
    if (kept?.key !== key) {
        closePdf();
        kept = new Reading(key, stored, onProgress);
    }
    return kept.file;
}

/** Gives back the memory of the file, and its worker. */
export function closePdf(): void {
    const closed = kept;
    kept = undefined;
    closed?.end();
}
