import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Problem } from '../../api/problem';
import { LightElement } from '../../components/element';
import { icon } from '../../components/icons';
import { formatBytes, formatShare, strings } from '../../i18n/language';
import { Watching } from '../../state/store';
import { adviceFor } from './acceptance';
import { explain, shownName } from './document-text';
import { type Upload, uploads } from './uploads';

const WAITING_SHOWN = 10;

/** What stays as it is however often it is sent. */
const LASTING = new Set(['unsupported-file', 'too-large', 'already-uploaded']);

/** The files on their way, and those that did not get there. */
class UploadList extends LightElement {
    static override styles = css`
        cra-uploads {
            display: block;

            & section {
                padding: var(--space-4);
                border: 1px solid var(--border);
                border-radius: var(--radius-l);
                background: var(--surface-raised);
            }

            & header {
                display: flex;
                flex-wrap: wrap;
                align-items: center;
                justify-content: space-between;
                gap: var(--space-2);
            }

            & h2 {
                font-size: var(--text-m);
            }

            & ul {
                display: grid;
                gap: var(--space-4);
                max-block-size: 40dvh;
                margin-block-start: var(--space-3);
                list-style: none;
                overflow: auto;
            }

            & li {
                display: grid;
                grid-template-columns: minmax(0, 1fr) auto;
                gap: var(--space-1) var(--space-3);
                align-items: center;
            }

            & .name {
                font-weight: var(--weight-medium);
            }

            & progress,
            & p {
                grid-column: 1 / -1;
            }

            & .more {
                margin-block-start: var(--space-3);
            }

            & .bad {
                color: var(--danger);
            }
        }
    `;

    constructor() {
        super();
        new Watching(this, uploads);
    }

    protected override render() {
        const all = uploads.state.uploads;
        if (all.length === 0) {
            return nothing;
        }
        const texts = strings().documents;
        const running = all.filter(({ state }) => state.kind === 'waiting' || state.kind === 'sending').length;
        const failed = all.filter(({ state }) => state.kind === 'failed' && mayPass(state.problem));
        const stopped = all.length - running;
        // Somebody may drop a folder with thousands.
        const queue = new Set(all.filter(({ state }) => state.kind === 'waiting').slice(WAITING_SHOWN));
        return html`<section aria-label=${texts.uploads}>
            <header>
                <h2>${running > 0 ? texts.uploadsRunning(running) : texts.uploadsStopped(stopped)}</h2>
                <div class="row">
                    ${failed.length > 1
                        ? html`<button
                              class="button small"
                              type="button"
                              @click=${() => failed.forEach((upload) => uploads.retry(upload))}
                          >
                              ${icon('refresh', 16)}${texts.retryAll}
                          </button>`
                        : nothing}
                    ${running === 0 && stopped > 1
                        ? html`<button
                              class="button small quiet"
                              type="button"
                              @click=${() => all.forEach((upload) => uploads.remove(upload))}
                          >
                              ${texts.dismissAll}
                          </button>`
                        : nothing}
                </div>
            </header>
            <ul tabindex="0" aria-label=${texts.uploads}>
                ${repeat(
                    all.filter((upload) => !queue.has(upload)),
                    (upload) => upload.id,
                    (upload) => this.#row(upload),
                )}
            </ul>
            ${queue.size > 0 ? html`<p class="small muted more">${texts.moreWaiting(queue.size)}</p>` : nothing}
        </section>`;
    }

    #row(upload: Upload) {
        const { file, replaces } = upload;
        const name = shownName(file);
        const running = upload.state.kind === 'waiting' || upload.state.kind === 'sending';
        const texts = strings().documents;
        return html`<li data-id=${upload.id}>
            <div>
                <bdi class="name">${name}</bdi>
                <span class="muted small">
                    ${formatBytes(file.size)}${replaces ? html` · ${texts.replaces(replaces.filename)}` : nothing}
                </span>
            </div>
            <button
                class="button quiet icon small"
                type="button"
                aria-label=${running ? texts.cancelUpload(name) : texts.dismissUpload(name)}
                @click=${() => void this.#keepFocus(upload, () => uploads.remove(upload))}
            >
                ${icon('close', 16)}
            </button>
            ${this.#state(upload)}
        </li>`;
    }

    #state(upload: Upload) {
        const { state, replaces } = upload;
        const name = shownName(upload.file);
        const texts = strings().documents;
        switch (state.kind) {
            case 'waiting':
                return html`<progress max="1" value="0" aria-label=${name}></progress>
                    <p class="small muted">${texts.waiting}</p>`;
            case 'sending':
                return html`<progress max="1" .value=${state.share} aria-label=${name}></progress>
                    <p class="small muted">
                        ${state.share < 1 ? texts.sending(formatShare(state.share)) : texts.checking}
                    </p>`;
            case 'refused':
                return html`<p class="small bad" role="alert">${adviceFor(state.why, uploads.usage)}</p>`;
            case 'failed':
                return html`<p class="small bad" role="alert">${explain(state.problem)}</p>
                    ${mayPass(state.problem)
                        ? html`<p>
                              <button
                                  class="button small"
                                  type="button"
                                  aria-label=${texts.retryUpload(name)}
                                  @click=${() => void this.#keepFocus(upload, () => uploads.retry(upload))}
                              >
                                  ${icon('refresh', 16)}${strings().common.retry}
                              </button>
                          </p>`
                        : nothing}`;
            case 'known':
                return html`<p class="small" role="status">
                    ${replaces ? texts.unchanged : texts.known}
                    <a href="/documents/${state.document.id}"><bdi>${state.document.filename}</bdi></a>
                </p>`;
        }
    }

    /** What had the focus may be gone after the action: then what is nearest to it gets it. */
    async #keepFocus(upload: Upload, action: () => void): Promise<void> {
        const at = uploads.state.uploads.indexOf(upload);
        action();
        await this.updateComplete;
        if (document.activeElement === document.body) {
            const next = uploads.state.uploads[Math.min(at, uploads.state.uploads.length - 1)];
            const near = next ? this.querySelector<HTMLElement>(`li[data-id="${next.id}"] button`) : null;
            (near ?? document.querySelector<HTMLElement>('cra-documents .add'))?.focus();
        }
    }
}

function mayPass(problem: Problem): boolean {
    return !LASTING.has(problem.kind);
}

customElements.define('cra-uploads', UploadList);
