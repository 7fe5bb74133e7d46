import type { TextField } from '../../components/text-field';

/** Empties the text fields of a form that has served; the focus stays where it is. */
export function emptyFields(form: Element): void {
    form.querySelectorAll<TextField>('cra-text-field').forEach((field) => {
        field.value = '';
    });
}
