import type { Problem } from '../../api/problem';
import { describe, formatDateTime, strings } from '../../i18n/language';

/** What to tell about a question that was not taken or not answered; a budget says when it begins anew. */
export function explain(problem: Problem): string {
    const resets = problem.document?.['resets_at'];
    if (problem.kind === 'budget-exceeded' && typeof resets === 'string') {
        return strings().chat.budgetUsedUp(formatDateTime(resets));
    }
    return describe(problem);
}
