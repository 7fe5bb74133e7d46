/** Defines the components that screens use by their tags; the functions are imported from where they are. */
import './dialog';
import './load-more';
import './menu';
import './panel';
import './tabs';
import './text-field';
import './toasts';
