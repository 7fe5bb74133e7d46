import type { Problem } from '../../api/problem';
import type { StoredDocument } from '../../api/types';
import { describe, formatAge, formatBytes, formatNumber, formatShare, language, strings } from '../../i18n/language';

/* What is said about documents. */

export function kindOf(document: StoredDocument): string {
    return strings().documents.kind[document.media_type] ?? document.media_type;
}

/** Kind, size, pages, passages and age, as far as they are known. */
export function factsOf(document: StoredDocument): string {
    const texts = strings().documents;
    const facts = [kindOf(document), formatBytes(document.size_bytes)];
    if (document.page_count !== null) {
        facts.push(texts.pages(document.page_count, formatNumber(document.page_count)));
    }
    if (document.passage_count > 0) {
        facts.push(texts.passages(document.passage_count, formatNumber(document.passage_count)));
    }
    facts.push(texts.added(formatAge(document.created_at)));
    return facts.join(' · ');
}

/** What happens to it now. */
export function stageOf(document: StoredDocument): string {
    const text = strings().documents.status[document.status];
    return document.status === 'embedding' ? `${text}, ${formatShare(document.progress)}` : text;
}

/** Pages nothing can be read on, such as "3, 7 and 12–15"; empty if there are none, or nobody knows yet. */
export function pagesWithoutText(document: StoredDocument): string {
    if (document.warning === null) {
        return '';
    }
    const ranges: string[] = [];
    let first = 0;
    let last = 0;
    const end = () => {
        if (first > 0) {
            ranges.push(first === last ? formatNumber(first) : `${formatNumber(first)}–${formatNumber(last)}`);
        }
    };
    for (const page of document.pages_without_text) {
        if (page !== last + 1 || first === 0) {
            end();
            first = page;
        }
        last = page;
    }
    end();
    return new Intl.ListFormat(language.state.code).format(ranges);
}

/** The name of a file of the person's, without what could turn its direction: the service cleans names the same way. */
export function shownName(file: File): string {
    return file.name.replaceAll(/[\p{Cc}\p{Cf}]/gu, '');
}

/** What to tell about a call of this screen that failed. */
export function explain(problem: Problem): string {
    return strings().documents.problems[problem.kind] ?? describe(problem);
}
