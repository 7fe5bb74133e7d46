import { strings } from '../../i18n/language';
import type { Form } from '../../state/form';

/** What is wrong with a value; empty if nothing is. */
export type Check = (value: string) => string;

/** Rules of the service that can be told before it is asked; those it alone knows, such as of common passwords, it says. */
export const checks = {
    required: (value: string): string => (value.trim() === '' ? strings().auth.missing : ''),

    email: (value: string): string => {
        const address = value.trim();
        return checks.required(value) || (/^[^\s@]+@[^\s@]+$/.test(address) && address.length <= 254 ? '' : problem(EMAIL));
    },

    name: (value: string): string => checks.required(value) || (value.trim().length <= 100 ? '' : problem(NAME)),

    /** Bytes in UTF-8 after NFKC, as the service counts. */
    newPassword: (value: string): string => {
        const bytes = new TextEncoder().encode(value.normalize('NFKC')).length;
        if (value === '') {
            return strings().auth.missing;
        }
        if (bytes < 8) {
            return strings().auth.passwordTooShort;
        }
        return bytes > 72 ? strings().auth.passwordTooLong : '';
    },
} satisfies Record<string, Check>;

const EMAIL = 'must be an e-mail address of at most 254 characters';
const NAME = 'must be 1 to 100 characters on one line';

function problem(message: string): string {
    return strings().fieldProblems[message] ?? message;
}

/** For {@link Form.submit}: what is wrong, by name. */
export function check(rules: Record<string, Check>): (values: Record<string, string>) => Record<string, string> {
    return (values) =>
        Object.fromEntries(
            Object.entries(rules)
                .map(([name, rule]) => [name, rule(values[name] ?? '')])
                .filter(([, wrong]) => wrong !== ''),
        ) as Record<string, string>;
}

/**
 * For the `focusout` of a form: looks at what was typed into the field that is left. Not at an empty one, and not when a
 * button is pressed next, which would move away under the pointer.
 */
export function checkOnLeaving(form: Form, rules: Record<string, Check>): (event: FocusEvent) => void {
    return (event) => {
        const field = event.target as HTMLInputElement;
        const rule = rules[field.name];
        if (rule && field.value !== '' && !(event.relatedTarget instanceof HTMLButtonElement)) {
            void form.mark(field.name, rule(field.value));
        }
    };
}
