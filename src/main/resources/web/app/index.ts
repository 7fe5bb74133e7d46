import './styles/app.css';
import './components';
import './shell/app';
import { language } from './i18n/language';
import './state/theme';

void language.begin();
