import type { DocumentUsage } from '../../api/types';
import { formatBytes, formatNumber, strings } from '../../i18n/language';

/** Why a file is not even sent. */
export type Refusal = 'empty' | 'large' | 'room' | 'many' | 'vanished' | UnreadableKind;

type UnreadableKind = 'office' | 'picture' | 'media' | 'archive' | 'program' | 'foreign';

/**
 * Endings of formats that the service cannot read. It judges by the content, so that an ending which is not here, or none,
 * is for it to decide.
 */
const UNREADABLE: Record<UnreadableKind, string> = {
    office: 'doc dot xls xlt ppt pps pot',
    picture: 'avif bmp gif heic heif ico jpeg jpg png psd tif tiff webp',
    media: 'aac avi flac m4a m4v mkv mov mp3 mp4 mpeg mpg ogg opus wav webm wma wmv',
    archive: '7z bz2 gz rar tar tgz xz zip zst',
    program: 'apk app bin class deb dll dmg exe iso jar msi o rpm so wasm',
    foreign: 'accdb azw azw3 indd key mdb mobi msg numbers one pages pst pub sqlite vsd vsdx xlsb xps',
};

const KINDS = new Map(
    Object.entries(UNREADABLE).flatMap(([kind, endings]) =>
        endings.split(' ').map((ending) => [ending, kind as UnreadableKind] as const),
    ),
);

/**
 * What speaks against a file before it is sent, as far as that can be known here.
 *
 * @param usage what the person keeps and may keep; undefined while nobody knows
 * @param waiting bytes and files that are to be sent before it
 * @param freed bytes of the version it takes the place of; null if it is a new document
 */
export function refusal(
    file: File,
    usage: DocumentUsage | undefined,
    waiting: { files: number; bytes: number },
    freed: number | null,
): Refusal | null {
    const ending = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
    const kind = KINDS.get(ending);
    if (kind) {
        return kind;
    }
    if (file.size === 0) {
        return 'empty';
    }
    if (!usage) {
        return null;
    }
    if (file.size > usage.max_file_bytes) {
        return 'large';
    }
    if (usage.bytes + waiting.bytes + file.size - (freed ?? 0) > usage.max_bytes) {
        return 'room';
    }
    return freed === null && usage.documents + waiting.files + 1 > usage.max_documents ? 'many' : null;
}

/** What the person can do about it. */
export function adviceFor(why: Refusal, usage: DocumentUsage | undefined): string {
    const texts = strings().documents.refusals;
    switch (why) {
        case 'large':
            return texts.large(formatBytes(usage?.max_file_bytes ?? 0));
        case 'room':
            return texts.room(formatBytes(Math.max(0, (usage?.max_bytes ?? 0) - (usage?.bytes ?? 0))));
        case 'many':
            return texts.many(formatNumber(usage?.max_documents ?? 0));
        default:
            return texts[why];
    }
}
