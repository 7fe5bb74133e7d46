import { svg, html, type TemplateResult } from 'lit';

/** 24 x 24, strokes of 1.8, drawn for this app. */
const PATHS = {
    alert: svg`<path d="M12 4 2.8 19.5h18.4z"/><path d="M12 10v4.5M12 17.2v.1"/>`,
    archive: svg`<rect x="3.5" y="4.5" width="17" height="4" rx="1"/><path d="M5 8.5v10.5h14V8.5M10 12.5h4"/>`,
    'arrow-down': svg`<path d="M12 5v14M6 13l6 6 6-6"/>`,
    'arrow-up': svg`<path d="M12 19V5M6 11l6-6 6 6"/>`,
    assistant: svg`<rect x="4" y="8" width="16" height="11" rx="3"/><path d="M12 8V4.5M9 13v1.5M15 13v1.5"/>`,
    chart: svg`<path d="M4 4v16h16M8.5 16v-4M13 16V8M17.5 16v-6"/>`,
    chat: svg`<path d="M5 5h14a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 19 17h-7l-5 3.5V17H5a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 5 5z"/>`,
    check: svg`<path d="m4.5 12.5 5 5 10-11"/>`,
    'chevron-down': svg`<path d="m6 9.5 6 6 6-6"/>`,
    'chevron-left': svg`<path d="m14.5 6-6 6 6 6"/>`,
    'chevron-right': svg`<path d="m9.5 6 6 6-6 6"/>`,
    close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
    copy: svg`<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2"/><path d="M15.5 8.5V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7.5a2 2 0 0 0 2 2h2.5"/>`,
    device: svg`<rect x="3.5" y="4.5" width="17" height="11.5" rx="1.5"/><path d="M9 20h6M12 16v4"/>`,
    document: svg`<path d="M6 3.5h7.5L18.5 8.5V19a1.5 1.5 0 0 1-1.5 1.5H6.5A1.5 1.5 0 0 1 5 19V5a1.5 1.5 0 0 1 1-1.5z"/><path d="M13.5 3.5v5h5M8.5 13h7M8.5 16.5h5"/>`,
    download: svg`<path d="M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15"/>`,
    edit: svg`<path d="m4.5 19.5.8-4L16 4.8a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L8.5 18.7z"/>`,
    external: svg`<path d="M13.5 4.5h6v6M19.5 4.5 11 13M18 14v4.5a1 1 0 0 1-1 1H5.5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1H10"/>`,
    eye: svg`<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="3"/>`,
    'eye-off': svg`<path d="M4 4l16 16M9.5 6a9 9 0 0 1 2.5-.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7M6 7.8A16 16 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4-1"/>`,
    file: svg`<path d="M6 3.5h7.5L18.5 8.5V19a1.5 1.5 0 0 1-1.5 1.5H6.5A1.5 1.5 0 0 1 5 19V5a1.5 1.5 0 0 1 1-1.5zM13.5 3.5v5h5"/>`,
    globe: svg`<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c3 3 3 14 0 17M12 3.5c-3 3-3 14 0 17"/>`,
    info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.6v.1"/>`,
    key: svg`<circle cx="8" cy="15.5" r="4"/><path d="m11 12.5 8.5-8.5M16 7.5l2.5 2.5"/>`,
    lock: svg`<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>`,
    menu: svg`<path d="M4 6.5h16M4 12h16M4 17.5h16"/>`,
    minus: svg`<path d="M5 12h14"/>`,
    more: svg`<path d="M5.5 12h.1M12 12h.1M18.5 12h.1" stroke-width="3"/>`,
    panel: svg`<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="M15 4.5v15"/>`,
    people: svg`<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.5-4 3-6 6.5-6s6 2 6.5 6M16 5.200a3.5 3.5 0 0 1 0 6.600M18.5 14c1.8.900 2.8 2.7 3 5.5"/>`,
    person: svg`<circle cx="12" cy="8" r="4"/><path d="M4.5 20.500c.6-4.5 3.4-6.5 7.5-6.500s6.9 2 7.5 6.5"/>`,
    plus: svg`<path d="M12 5v14M5 12h14"/>`,
    quote: svg`<path d="M5 17c2.5-1 3.5-3 3.5-5H5V7h5v5c0 3.5-1.5 6-5 7zM14 17c2.5-1 3.5-3 3.5-5H14V7h5v5c0 3.5-1.5 6-5 7z"/>`,
    refresh: svg`<path d="M20 6v5h-5M4 18v-5h5"/><path d="M6 9.500a7 7 0 0 1 12.5-1.500L20 11M4 13l1.5 3A7 7 0 0 0 18 14.5"/>`,
    search: svg`<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>`,
    send: svg`<path d="M12 19.500v-15M5.5 11 12 4.500l6.5 6.5"/>`,
    settings: svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`,
    shield: svg`<path d="M12 3.5 5 6v6c0 4.5 3 7 7 8.5 4-1.5 7-4 7-8.500V6z"/>`,
    'sign-out': svg`<path d="M10 4.500H6A1.5 1.5 0 0 0 4.5 6v12A1.5 1.5 0 0 0 6 19.500h4M15 8l4 4-4 4M19 12H9.5"/>`,
    star: svg`<path d="m12 4 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z"/>`,
    stop: svg`<rect x="6.5" y="6.5" width="11" height="11" rx="1.5" fill="currentColor"/>`,
    trash: svg`<path d="M4.5 6.500h15M9.5 6.500v-2h5v2M6.5 6.500l1 13h9l1-13M10 10.500v5M14 10.500v5"/>`,
    upload: svg`<path d="M12 15.500v-11M7 9l5-5 5 5M4.5 19.500h15"/>`,
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words, or in a button with an `aria-label`; in itself it says nothing. */
export function icon(name: IconName, size = 20): TemplateResult {
    return html`<svg
        width=${`${size / 16}rem`}
        height=${`${size / 16}rem`}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
        focusable="false"
    >
        ${PATHS[name]}
    </svg>`;
}
