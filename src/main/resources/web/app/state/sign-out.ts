import { session } from '../api/session';
import { confirm } from '../components/dialog';
import { settle, toast } from '../components/toasts';
import { strings } from '../i18n/language';
import { router } from '../routing/router';
import { background } from './background';

/** Signs out as the person wants it: asks before anything is lost, and finishes what could still be taken back. */
export async function signOut(): Promise<void> {
    if (!(await router.mayLeave())) {
        return;
    }
    const { shell } = strings();
    const isUnderWay = background.state.work !== null;
    if (isUnderWay && !(await confirm({ heading: shell.workTitle, text: shell.workText, action: shell.signOut, danger: true }))) {
        return;
    }
    await settle();
    const told = await session.signOut();
    router.go('/sign-in', { replace: true });
    if (!told) {
        toast(shell.signOutLater);
    }
}
