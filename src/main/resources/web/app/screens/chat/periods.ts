import { locale, strings } from '../../i18n/language';

const DAY = 86_400_000;

/** Under which heading something of that time stands in a list: today, yesterday, …, then its month. */
export function period(iso: string, now = new Date()): string {
    const at = new Date(iso);
    const today = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
    // By calendar days, which daylight saving makes longer or shorter.
    const days = Math.round((today - new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()) / DAY);
    const { chat } = strings();
    if (days <= 0) {
        return chat.today;
    }
    if (days === 1) {
        return chat.yesterday;
    }
    if (days <= 7) {
        return chat.lastWeek;
    }
    if (days <= 30) {
        return chat.lastMonth;
    }
    return new Intl.DateTimeFormat(locale(), { month: 'long', year: 'numeric' }).format(at);
}
