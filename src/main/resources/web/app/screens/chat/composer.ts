import { css, html, nothing, type PropertyValues } from 'lit';
import { LightElement } from '../../components/element';
import { icon } from '../../components/icons';
import { tip } from '../../components/tip';
import { formatNumber, strings } from '../../i18n/language';
import { drafts } from './drafts';

/** MessageResource refuses more. */
const LONGEST = 32_000;
const NEARLY = 30_000;

/** With a keyboard on the screen there is no other way to begin a line. */
const onScreenKeyboard = matchMedia('(hover: none) and (pointer: coarse)');

/**
 * Where questions are typed. Tells with `send` that the draft is to be sent, and with `stop` that no more is wanted of the
 * answer on its way.
 */
export class Composer extends LightElement {
    static override properties = {
        conversation: {},
        running: { type: Boolean },
        stopping: { type: Boolean },
        text: { state: true },
    };

    static override styles = css`
        cra-composer {
            display: block;

            & .box {
                display: flex;
                align-items: end;
                gap: var(--space-2);
                padding: var(--space-2);
                border: 1px solid var(--border-control);
                border-radius: var(--radius-l);
                background: var(--surface-raised);
                box-shadow: var(--shadow-1);
            }

            & .box:focus-within {
                border-color: var(--focus);
                outline: 1px solid var(--focus);
            }

            & textarea {
                flex: 1;
                min-inline-size: 0;
                max-block-size: 40dvh;
                padding: var(--space-2) var(--space-2) var(--space-2) var(--space-3);
                border: 0;
                background: none;
                resize: none;
                overflow-y: auto;
            }

            & textarea::placeholder {
                overflow: hidden;
                text-overflow: ellipsis;
                white-space: nowrap;
            }

            & textarea:focus-visible {
                outline: none;
            }

            & .act {
                border-radius: var(--radius-m);
            }

            & .under {
                display: flex;
                justify-content: space-between;
                gap: var(--space-3);
                min-block-size: 1.25rem;
                margin-block-start: var(--space-1);
                padding-inline: var(--space-3);
                color: var(--text-muted);
                font-size: var(--text-xs);
            }

            & .under .too-long {
                color: var(--danger);
                font-weight: var(--weight-medium);
            }

            @media (width < 52rem) {
                & .under .keys {
                    display: none;
                }
            }
        }
    `;

    /** Whose draft it is: an id, or empty for the conversation that is to be begun. */
    declare conversation: string;
    /** An answer is on its way: there is a stop in place of the send. */
    declare running: boolean;
    declare stopping: boolean;
    declare text: string;

    constructor() {
        super();
        this.conversation = '';
        this.running = false;
        this.stopping = false;
        this.text = '';
    }

    override focus(): void {
        void this.updateComplete.then(() => this.querySelector('textarea')!.focus());
    }

    /** The draft was changed elsewhere. */
    reload(): void {
        this.text = drafts.of(this.conversation);
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has('conversation')) {
            this.reload();
        }
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (changed.has('text')) {
            this.#fit();
        }
    }

    #fit(): void {
        const field = this.querySelector('textarea')!;
        if (field.value !== this.text) {
            field.value = this.text;
        }
        field.style.blockSize = 'auto';
        field.style.blockSize = `${field.scrollHeight}px`;
    }

    protected override render() {
        const { chat } = strings();
        const tooLong = this.text.length > LONGEST;
        return html`<form
            @submit=${(event: Event) => {
                event.preventDefault();
                this.#act();
            }}
        >
            <div class="box">
                <textarea
                    rows="1"
                    dir="auto"
                    enterkeyhint=${onScreenKeyboard.matches ? 'enter' : 'send'}
                    aria-label=${chat.question}
                    aria-invalid=${tooLong ? 'true' : nothing}
                    aria-describedby="composer-hint"
                    placeholder=${chat.questionPlaceholder}
                    @input=${(event: Event) => {
                        this.text = (event.target as HTMLTextAreaElement).value;
                        drafts.keep(this.conversation, this.text);
                    }}
                    @keydown=${this.#key}
                ></textarea>
                <button
                    class="button primary icon act"
                    type="submit"
                    aria-label=${this.running ? chat.stop : chat.send}
                    aria-disabled=${this.running ? this.stopping : this.text.trim() === '' || tooLong}
                    ${tip(this.running ? chat.stopTip : chat.sendTip)}
                >
                    ${icon(this.running ? 'stop' : 'send')}
                </button>
            </div>
            <p class="under">
                <span id="composer-hint">
                    <span class="keys" ?hidden=${onScreenKeyboard.matches}>${chat.keys}</span> ${chat.mayBeWrong}
                </span>
                ${this.text.length > NEARLY
                    ? html`<span class=${tooLong ? 'too-long' : ''} role="status">
                          ${chat.length(formatNumber(this.text.length), formatNumber(LONGEST))}
                      </span>`
                    : nothing}
            </p>
        </form>`;
    }

    #key(event: KeyboardEvent): void {
        const sends =
            event.key === 'Enter' && !event.shiftKey && !event.altKey && !event.isComposing && !onScreenKeyboard.matches;
        if (sends) {
            event.preventDefault();
            if (!this.running) {
                this.#act();
            } else {
                this.dispatchEvent(new Event('wait'));
            }
        }
    }

    #act(): void {
        if (this.running) {
            this.dispatchEvent(new Event('stop'));
        } else if (this.text.trim() !== '' && this.text.length <= LONGEST) {
            this.dispatchEvent(new Event('send'));
        }
    }
}

customElements.define('cra-composer', Composer);
