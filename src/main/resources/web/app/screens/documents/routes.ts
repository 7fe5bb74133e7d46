import type { Route } from '../../routing/route';

export const routes: Route[] = [];
