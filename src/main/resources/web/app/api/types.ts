/** The records of the API, as docs/api.md describes them. Times are ISO 8601 texts, ids are UUIDs. */

export interface Page<T> {
    items: T[];
    next_cursor: string | null;
}

// --- Accounts ---------------------------------------------------------------------------------------------------

export interface User {
    id: string;
    email: string;
    first_name: string;
    last_name: string;
    is_active: boolean;
    email_verified: boolean;
    created_at: string;
}

/** `refresh_token` is absent where it came as a cookie. */
export interface Tokens {
    access_token: string;
    token_type: string;
    expires_in: number;
}

export interface SignInProvider {
    name: string;
    title: string;
}

export interface SignInSession {
    id: string;
    device: string;
    address_prefix: string;
    created_at: string;
    last_used_at: string;
    current: boolean;
}

export interface SecondFactorState {
    totp: boolean;
    confirmed_at: string | null;
    recovery_codes_left: number;
}

export interface Enrolment {
    secret: string;
    otpauth_uri: string;
    qr_svg: string;
}

export interface RecoveryCodes {
    recovery_codes: string[];
}

/** `key` is there in the answer to its creation, and never again. */
export interface ApiKey {
    id: string;
    name: string;
    key?: string;
    hint: string;
    created_at: string;
    expires_at: string | null;
    last_used_at: string | null;
}

export interface ConnectedIdentity {
    id: string;
    provider: string;
    created_at: string;
}

export interface SecurityEvent {
    id: string;
    type: string;
    outcome: 'success' | 'failure';
    reason: string | null;
    occurred_at: string;
    user_id: string | null;
    object_id: string | null;
    session_id: string | null;
    address_prefix: string | null;
    user_agent: string | null;
    request_id: string | null;
    by_administrator: boolean;
}

// --- Administration ---------------------------------------------------------------------------------------------

export interface Account extends User {
    roles: string[];
    last_sign_in_at: string | null;
}

export interface RecordedEvent {
    id: string;
    occurred_at: string;
    type: string;
    outcome: 'success' | 'failure';
    reason: string | null;
    actor_id: string | null;
    subject_id: string | null;
    object_id: string | null;
    session_id: string | null;
    address_prefix: string | null;
    user_agent: string | null;
    request_id: string | null;
}

// --- Documents --------------------------------------------------------------------------------------------------

export type DocumentStatus = 'queued' | 'parsing' | 'embedding' | 'ready' | 'failed';

/** `progress` is a share from 0 to 1. */
export interface StoredDocument {
    id: string;
    filename: string;
    media_type: string;
    size_bytes: number;
    sha256: string;
    status: DocumentStatus;
    progress: number;
    page_count: number | null;
    pages_without_text: number[];
    passage_count: number;
    error: string | null;
    warning: string | null;
    created_at: string;
    updated_at: string;
    ready_at: string | null;
}

export interface DocumentUsage {
    documents: number;
    bytes: number;
    max_documents: number;
    max_bytes: number;
    max_file_bytes: number;
}

/** `score` is absent in the list of a document's passages. */
export interface Passage {
    id: string;
    document_id: string;
    filename: string;
    page: number | null;
    heading: string | null;
    start: number;
    end: number;
    text: string;
    score?: number;
}

// --- Models and assistants --------------------------------------------------------------------------------------

export interface Model {
    id: string;
    name: string;
    provider: string;
    kind: 'chat' | 'embedding';
    source: string;
    streaming: boolean;
    base_model: string | null;
    regions: string[];
    price: ModelPrice | null;
}

/** Of a million tokens, as decimal numbers. */
export interface ModelPrice {
    input: string;
    output: string | null;
    currency: string;
}

export type AnswersFrom = 'documents' | 'documents_and_knowledge';

export interface Assistant {
    id: string;
    name: string;
    description: string | null;
    instructions: string | null;
    model_id: string | null;
    temperature: number | null;
    top_p: number | null;
    max_tokens: number | null;
    retrieval: { enabled: boolean; limit: number };
    answers_from: AnswersFrom;
    all_documents: boolean;
    document_ids: string[];
    is_default: boolean;
    created_at: string;
    updated_at: string;
}

/** A request to make or change one; members that are absent stay as they are. */
export type AssistantRequest = Partial<
    Omit<Assistant, 'id' | 'created_at' | 'updated_at' | 'retrieval'> & { retrieval: Partial<Assistant['retrieval']> }
>;

export interface KnownDocument {
    filename: string;
    sha256: string;
}

export interface AssistantFile {
    format: string;
    version: number;
    exported_at: string;
    assistant: AssistantRequest;
    documents: KnownDocument[];
}

export interface ImportedAssistant {
    assistant: Assistant;
    notices: string[];
    missing_documents: KnownDocument[];
}

// --- Conversations ----------------------------------------------------------------------------------------------

export interface Conversation {
    id: string;
    title: string | null;
    assistant_id: string | null;
    ephemeral: boolean;
    current_message_id: string | null;
    created_at: string;
    updated_at: string;
}

export type MessageStatus = 'complete' | 'unanswered' | 'running' | 'cut' | 'stopped' | 'filtered' | 'failed';

/** `state` is null while nothing was said yet. */
export interface Citation {
    number: number;
    passage_id: string;
    document_id: string;
    filename: string;
    page: number | null;
    quote: string;
    start: number;
    end: number;
    heading: string | null;
    state: 'verified' | 'weak' | 'missing' | null;
}

export interface MessageUsage {
    input_tokens: number;
    output_tokens: number;
    cache_read_tokens: number;
    cache_write_tokens: number;
}

export interface Message {
    id: string;
    parent_id: string | null;
    role: 'user' | 'assistant';
    status: MessageStatus;
    content: string;
    citations: Citation[];
    model_id: string | null;
    usage: MessageUsage | null;
    error?: ProblemDocument;
    active?: boolean;
    created_at: string;
}

export interface AskRequest {
    content: string;
    model_id?: string;
    retrieval?: boolean;
    background?: boolean;
}

export interface ConversationMatch {
    session_id: string;
    title: string | null;
    message_id: string;
    role: 'user' | 'assistant';
    snippet: string;
    created_at: string;
}

export interface TracedPassage {
    number: number;
    passage_id: string;
    document_id: string;
    filename: string;
    page: number | null;
    heading: string | null;
    start: number;
    end: number;
    dense: number | null;
    text: number | null;
    fused: number;
}

export interface Trace {
    question: string;
    retrieval: boolean;
    passages: TracedPassage[];
    best_similarity: number | null;
    threshold: number | null;
    model_id: string | null;
    region: string | null;
    parameters: { temperature: number | null; top_p: number | null; max_tokens: number | null } | null;
    history_turns: number;
    tokens: { input: number; output: number; cache_read: number; cache_write: number } | null;
    first_token_millis: number | null;
    total_millis: number | null;
    stop_reason: string | null;
    guardrail: string | null;
}

// --- Usage and privacy ------------------------------------------------------------------------------------------

export interface UsageTotal {
    calls: number;
    input_tokens: number;
    output_tokens: number;
    cache_read_tokens: number;
    cache_write_tokens: number;
    unpriced_tokens: number;
    cost: string | null;
}

export interface UsageDay {
    date: string;
    total: UsageTotal;
    lines: { model_id: string; purpose: string; total: UsageTotal }[];
}

/** Tokens are numbers, money is text. */
export interface Budget<T> {
    limit: T;
    used: T;
    reserved: T;
    left: T;
    resets_at: string;
}

export interface UsageReport {
    currency: string;
    today: UsageTotal;
    month: UsageTotal;
    budgets: {
        tokens_per_day: Budget<number> | null;
        tokens_per_month: Budget<number> | null;
        money_per_day: Budget<string> | null;
        money_per_month: Budget<string> | null;
    };
    days: UsageDay[];
}

export interface ModelCall {
    id: string;
    purpose: string;
    model_id: string;
    input_tokens: number;
    output_tokens: number;
    cache_read_tokens: number;
    cache_write_tokens: number;
    cost: string | null;
    made_at: string;
}

export interface Retention {
    model_provider: {
        source: string;
        leaves_service: boolean;
        required: boolean;
        proven: boolean;
        regions: {
            region: string;
            mode: string | null;
            invocation_logging: boolean | null;
            checked_at: string | null;
            problem: string | null;
        }[];
        unproven_models: { model_id: string; reason: string }[];
        enforced: string;
    };
    kept: { what: string; where: string; until: string; at_most_seconds: number | null }[];
}

// --- Errors -----------------------------------------------------------------------------------------------------

/** RFC 9457, as it comes over the wire; a kind may add members. */
export interface ProblemDocument {
    type: string;
    title: string;
    status: number;
    detail: string;
    errors?: { field: string; message: string }[];
    [member: string]: unknown;
}

// --- Administration: usage of everybody -------------------------------------------------------------------------

/** Days are those of UTC; `from` and `to` are both included. */
export interface EverybodysUsage {
    currency: string;
    from: string;
    to: string;
    total: UsageTotal;
    days: UsageDay[];
}

export interface PersonUsage {
    user_id: string;
    email: string;
    first_name: string;
    last_name: string;
    is_active: boolean;
    total: UsageTotal;
}
