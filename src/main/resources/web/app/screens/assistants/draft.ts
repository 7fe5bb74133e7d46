import type { AnswersFrom, Assistant, AssistantRequest } from '../../api/types';
import { formatNumber, strings } from '../../i18n/language';

export const LONGEST_NAME = 100;
export const LONGEST_DESCRIPTION = 1000;
export const LONGEST_INSTRUCTIONS = 8000;
export const MOST_DOCUMENTS = 500;
const MOST_TOKENS = 1_000_000;
const MOST_PASSAGES = 50;

/** An assistant as it stands in the editor; numbers are as they were typed, empty for what the model does by itself. */
export interface Draft {
    name: string;
    description: string;
    instructions: string;
    modelId: string | null;
    temperature: string;
    topP: string;
    maxTokens: string;
    retrieval: boolean;
    limit: string;
    answersFrom: AnswersFrom;
    allDocuments: boolean;
    documentIds: readonly string[];
    isDefault: boolean;
}

/** A new one, as the service would make it. */
export function emptyDraft(): Draft {
    return {
        name: '',
        description: '',
        instructions: '',
        modelId: null,
        temperature: '',
        topP: '',
        maxTokens: '',
        retrieval: true,
        limit: '5',
        answersFrom: 'documents',
        allDocuments: true,
        documentIds: [],
        isDefault: false,
    };
}

export function draftOf(assistant: Assistant): Draft {
    return {
        name: assistant.name,
        description: assistant.description ?? '',
        instructions: assistant.instructions ?? '',
        modelId: assistant.model_id,
        temperature: written(assistant.temperature),
        topP: written(assistant.top_p),
        maxTokens: written(assistant.max_tokens),
        retrieval: assistant.retrieval.enabled,
        limit: written(assistant.retrieval.limit),
        answersFrom: assistant.answers_from,
        allDocuments: assistant.all_documents,
        documentIds: assistant.document_ids,
        isDefault: assistant.is_default,
    };
}

function written(value: number | null): string {
    return value === null ? '' : formatNumber(value, { useGrouping: false, maximumFractionDigits: 20 });
}

/** The number that was typed, with a point or a comma; null for none, NaN for what is no number. */
function number(text: string): number | null {
    const plain = text.trim().replace(',', '.');
    return plain === '' ? null : Number(plain);
}

/** Without a point or a comma: in some languages 1.000 are a thousand. */
function isPlain(text: string): boolean {
    return /^\s*\d*\s*$/.test(text);
}

/** What is wrong, by the names of the request's members, in the order of the form. */
export function check(draft: Draft): Record<string, string> {
    const texts = strings().assistants;
    const errors: Record<string, string> = {};
    if (draft.name.trim() === '') {
        errors['name'] = texts.nameMissing;
    } else if (draft.name.length > LONGEST_NAME) {
        errors['name'] = texts.tooLong(LONGEST_NAME);
    }
    if (draft.description.length > LONGEST_DESCRIPTION) {
        errors['description'] = texts.tooLong(LONGEST_DESCRIPTION);
    }
    if (draft.instructions.length > LONGEST_INSTRUCTIONS) {
        errors['instructions'] = texts.tooLong(LONGEST_INSTRUCTIONS);
    }
    const limit = number(draft.limit);
    if (limit === null || !isPlain(draft.limit) || !isWhole(limit, 1, MOST_PASSAGES)) {
        errors['retrieval.limit'] = texts.wholeNumber(1, MOST_PASSAGES);
    }
    const temperature = number(draft.temperature);
    if (temperature !== null && !(temperature >= 0 && temperature <= 1)) {
        errors['temperature'] = texts.numberFromZero;
    }
    const topP = number(draft.topP);
    if (topP !== null && !(topP > 0 && topP <= 1)) {
        errors['top_p'] = texts.numberAboveZero;
    }
    const maxTokens = number(draft.maxTokens);
    if (maxTokens !== null && !(isPlain(draft.maxTokens) && isWhole(maxTokens, 1, MOST_TOKENS))) {
        errors['max_tokens'] = texts.wholeNumber(1, MOST_TOKENS);
    }
    if (!draft.allDocuments && draft.documentIds.length > MOST_DOCUMENTS) {
        errors['document_ids'] = texts.tooManyDocuments(MOST_DOCUMENTS);
    }
    return errors;
}

function isWhole(value: number, least: number, most: number): boolean {
    return Number.isInteger(value) && value >= least && value <= most;
}

/** What is to be sent so that `before` becomes `draft`: only what differs, so that changes made elsewhere stay. */
export function changes(draft: Draft, before: Draft): AssistantRequest {
    const request: AssistantRequest = {};
    if (draft.name.trim() !== before.name) {
        request.name = draft.name.trim();
    }
    if (draft.description !== before.description) {
        request.description = draft.description || null;
    }
    if (draft.instructions !== before.instructions) {
        request.instructions = draft.instructions || null;
    }
    if (draft.modelId !== before.modelId) {
        request.model_id = draft.modelId;
    }
    if (!Object.is(number(draft.temperature), number(before.temperature))) {
        request.temperature = number(draft.temperature);
    }
    if (!Object.is(number(draft.topP), number(before.topP))) {
        request.top_p = number(draft.topP);
    }
    if (!Object.is(number(draft.maxTokens), number(before.maxTokens))) {
        request.max_tokens = number(draft.maxTokens);
    }
    const limitChanged = !Object.is(number(draft.limit), number(before.limit));
    if (draft.retrieval !== before.retrieval || limitChanged) {
        request.retrieval = {
            ...(draft.retrieval === before.retrieval ? {} : { enabled: draft.retrieval }),
            ...(limitChanged ? { limit: number(draft.limit) ?? undefined } : {}),
        };
    }
    if (draft.answersFrom !== before.answersFrom) {
        request.answers_from = draft.answersFrom;
    }
    if (draft.allDocuments !== before.allDocuments) {
        request.all_documents = draft.allDocuments;
    }
    if (!draft.allDocuments && !isSame(draft.documentIds, before.documentIds)) {
        request.all_documents = false;
        request.document_ids = [...draft.documentIds];
    }
    if (draft.isDefault !== before.isDefault) {
        request.is_default = draft.isDefault;
    }
    return request;
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
    const known = new Set(others);
    return some.length === known.size && some.every((id) => known.has(id));
}

/** All of it, to make a new one. */
export function whole(draft: Draft): AssistantRequest {
    return { name: draft.name.trim(), ...changes(draft, emptyDraft()) };
}
