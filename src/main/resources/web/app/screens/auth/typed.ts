/** What was typed into one of the screens before the sign-in and is asked for on another; in memory only. */
export const typed = { email: '' };
