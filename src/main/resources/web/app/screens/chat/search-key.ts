import { router } from '../../routing/router';

const PATIENCE = 5000;

/** Brings the search of the conversations up and puts the cursor into it. */
export async function focusSearch(): Promise<void> {
    if (!document.querySelector('cra-conversations')) {
        const view = router.state.view;
        if (view.kind !== 'screen' || view.route.sidebar !== 'cra-conversations') {
            router.go('/chat');
        }
    }
    document.dispatchEvent(new Event('open-navigation'));
    // The screen may have to be loaded first, and the drawer to open.
    for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
        const field = document.querySelector<HTMLInputElement>('cra-conversations input[type="search"]');
        if (field?.checkVisibility()) {
            field.focus();
            field.select();
            return;
        }
        await new Promise(requestAnimationFrame);
        document.dispatchEvent(new Event('open-navigation'));
    }
}
