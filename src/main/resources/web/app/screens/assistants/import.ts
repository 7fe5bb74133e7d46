import { post } from '../../api/http';
import { asProblem, type Problem } from '../../api/problem';
import type { AssistantFile, ImportedAssistant } from '../../api/types';

/** What became of a file: an assistant, or why not. */
export interface Outcome {
    file: string;
    imported?: ImportedAssistant;
    /** The file names a model that there is not here. */
    modelMissing?: boolean;
    problem?: Problem | 'not-a-file' | 'too-large';
}

/** Instructions and the names of 500 documents are far less. */
const LARGEST = 1_000_000;

/** Makes an assistant of a file that was exported. */
export async function importFile(file: File): Promise<Outcome> {
    if (file.size > LARGEST) {
        return { file: file.name, problem: 'too-large' };
    }
    const content = await read(file);
    if (!content) {
        return { file: file.name, problem: 'not-a-file' };
    }
    try {
        const imported = await post<ImportedAssistant>('/assistants/import', content);
        const wanted = content.assistant?.model_id;
        return { file: file.name, imported, modelMissing: Boolean(wanted) && imported.assistant.model_id === null };
    } catch (thrown) {
        return { file: file.name, problem: asProblem(thrown) };
    }
}

async function read(file: File): Promise<Partial<AssistantFile> | null> {
    try {
        const content: unknown = JSON.parse(await file.text());
        return typeof content === 'object' && content !== null && !Array.isArray(content) ? content : null;
    } catch {
        // No JSON, or the browser may not read the file.
        return null;
    }
}
