import { html, nothing, type PropertyValues } from 'lit';
import { patch } from '../../api/http';
import type { StoredDocument } from '../../api/types';
import { LightElement } from '../../components/element';
import { notice } from '../../components/feedback';
import { toast } from '../../components/toasts';
import { strings } from '../../i18n/language';
import { Form } from '../../state/form';
import { explain } from './document-text';
import { news } from './news';

const LONGEST = 255;

/** Asks for another name of a document, if it has one. Tells with `close` that it is over. */
class RenameDialog extends LightElement {
    static override properties = { document: { attribute: false } };

    declare document: StoredDocument | null;
    readonly #form = new Form(this);

    constructor() {
        super();
        this.document = null;
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (changed.has('document') && this.document) {
            // The dialog opens, and the field is made, after this.
            requestAnimationFrame(() => this.#selectStem());
        }
    }

    protected override render() {
        const { document } = this;
        if (!document) {
            return nothing;
        }
        const texts = strings().documents;
        return html`<cra-dialog .heading=${texts.renameTitle} .open=${true} @close=${() => this.#close()}>
            <form
                id="rename-document"
                class="stack"
                novalidate
                @submit=${(event: SubmitEvent) => void this.#submit(event, document)}
            >
                ${this.#form.problem && !this.#form.isAboutFields
                    ? notice('bad', explain(this.#form.problem))
                    : nothing}
                <cra-text-field
                    name="filename"
                    .label=${texts.name}
                    .value=${document.filename}
                    .error=${this.#form.error('filename')}
                    autocomplete="off"
                ></cra-text-field>
            </form>
            <button slot="actions" class="button" type="button" @click=${() => this.#close()}>
                ${strings().common.cancel}
            </button>
            <button
                slot="actions"
                class="button primary"
                type="submit"
                form="rename-document"
                aria-disabled=${this.#form.busy}
            >
                ${strings().common.save}
            </button>
        </cra-dialog>`;
    }

    async #submit(event: SubmitEvent, document: StoredDocument): Promise<void> {
        const taken = await this.#form.submit(
            event,
            async ({ filename }) => news.changed(await patch<StoredDocument>(`/documents/${document.id}`, { filename })),
            ({ filename = '' }): Record<string, string> => {
                const texts = strings().documents;
                if (filename.trim() === '') {
                    return { filename: texts.nameMissing };
                }
                return filename.trim().length > LONGEST ? { filename: texts.nameTooLong } : {};
            },
        );
        if (taken) {
            toast(strings().documents.renamed);
            this.#close();
        }
    }

    /** The ending mostly stays. */
    #selectStem(): void {
        const field = this.querySelector<HTMLInputElement>('input');
        const dot = field?.value.lastIndexOf('.') ?? -1;
        field?.focus();
        field?.setSelectionRange(0, dot > 0 ? dot : field.value.length);
    }

    #close(): void {
        if (this.document) {
            this.document = null;
            this.#form.refuse({});
            this.dispatchEvent(new Event('close'));
        }
    }
}

customElements.define('cra-rename-document', RenameDialog);
