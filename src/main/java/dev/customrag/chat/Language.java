package dev.customrag.chat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Languages that can be told by their commonest words or their script, cheaply and with few words of text. */
enum Language {
    ENGLISH(
            "a about after all also am an and any are as at be been before but by can could did do does for from had has have"
                    + " he her his how i if in into is it its may me more my no not of on only or our she should so some such than"
                    + " that the their them then there these they this to until us was we were what when where which who whom"
                    + " whose why will with would you your",
            "two three four five six seven eight nine ten eleven twelve"),
    GERMAN(
            "aber alle als also am an auch auf aus bei beim bin bis das dass dem den der des die dies diese dieser doch du"
                    + " durch ein eine einem einen einer eines er es für gibt hat haben hatte ich ihr ihre im in ins ist ja kann"
                    + " kein keine mein meine mich mit muss nach nicht noch nur ob oder ohne sein seine sich sie sind so über um"
                    + " und uns unter vom von vor wann war warum was welche welcher welches wenn wer werden wie wieviel wird wir"
                    + " wo zu zum zur",
            "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"),
    FRENCH(
            "à au aux avec ce ces cette combien comment dans de des dont du elle elles en est et être il ils je l la le les"
                    + " leur leurs lui mais me mes moi mon ma n ne non nos notre nous on ou où par pas pour pourquoi qu quand que"
                    + " quel quelle quelles quels qui quoi sa sans se ses si son sont sur ta te tes ton tu un une vos votre vous y"
                    + " a ont d c j s",
            "deux trois quatre cinq six sept huit neuf dix onze douze"),
    SPANISH(
            "a al como cómo con cual cuál cuáles cuando cuándo cuanto cuánto cuántos de del desde donde dónde el él ella en"
                    + " entre era es esta está este esto fue ha hay la las le les lo los más me mi mis muy no nos o para pero por"
                    + " porque qué que quién quien se ser si sí sin sobre son su sus también te tiene tu tus un una unos y ya yo",
            "dos tres cuatro cinco seis siete ocho nueve diez once doce"),
    ITALIAN(
            "a ai al alla alle anche c che chi ci come con cosa cui da dal dalla de degli dei del della delle dell di dove e è"
                    + " ed era gli ha hanno ho i il in io l la le lo ma mi mia mio nel nella non o per perché più qual quale quali"
                    + " quando quanti quanto se si sono su sua sul suo tra tu un una uno",
            "due tre quattro cinque sei sette otto nove dieci undici dodici"),
    PORTUGUESE(
            "a ao aos as com como da das de do dos e é ela ele em entre era essa esse esta está este eu foi há isso já lhe"
                    + " mais mas me meu minha muito na não nas no nos o onde ou os para pela pelo por porque qual quais quando"
                    + " quanto quantos que quem se sem ser seu sua são só também te tem um uma você",
            "dois três quatro cinco seis sete oito nove dez onze doze"),
    DUTCH(
            "aan al als bij dan dat de deze die dit door een en er geen had heb hebben heeft het hij hoe hoeveel ik in is je"
                    + " jij kan kun maar me meer met mijn moet naar niet nog of om onder ook op over te tot uit van veel voor waar"
                    + " waarom wanneer was wat we wel welk welke werd wie wij worden wordt zal ze zich zij zijn zo zou",
            "twee drie vier vijf zes zeven acht negen tien elf twaalf"),
    CHINESE("", ""),
    JAPANESE("", ""),
    KOREAN("", "");

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]+");

    /** Enough to tell: the beginning of a text is in the language of the rest. */
    private static final int MOST_WORDS = 400;

    private final Set<String> commonWords;
    private final Map<String, Integer> numbers;

    Language(String commonWords, String fromTwoToTwelve) {
        this.commonWords = Set.copyOf(Arrays.asList(commonWords.split(" ")));
        String[] words = fromTwoToTwelve.isEmpty() ? new String[0] : fromTwoToTwelve.split(" ");
        this.numbers = IntStream.range(0, words.length).boxed().collect(Collectors.toMap(i -> words[i], i -> i + 2));
    }

    /** The language of a text; empty where it cannot be told, as of names and figures. */
    static Optional<Language> of(String text) {
        Optional<Language> byScript = byScript(text);
        if (byScript.isPresent()) {
            return byScript;
        }
        Map<String, Long> words = WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .limit(MOST_WORDS)
                .map(MatchResult::group)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        Language best = null;
        long most = 0;
        long second = 0;
        for (Language language : values()) {
            long common = language.commonWords.stream()
                    .mapToLong(word -> words.getOrDefault(word, 0L))
                    .sum();
            if (common > most) {
                second = most;
                most = common;
                best = language;
            } else {
                second = Math.max(second, common);
            }
        }
        return most > second ? Optional.ofNullable(best) : Optional.empty();
    }

    private static Optional<Language> byScript(String text) {
        Map<Character.UnicodeScript, Long> letters = text.codePoints()
                .limit(10L * MOST_WORDS)
                .filter(Character::isLetter)
                .mapToObj(Character.UnicodeScript::of)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        long all = letters.values().stream().mapToLong(Long::longValue).sum();
        long kana = letters.getOrDefault(Character.UnicodeScript.HIRAGANA, 0L)
                + letters.getOrDefault(Character.UnicodeScript.KATAKANA, 0L);
        long han = letters.getOrDefault(Character.UnicodeScript.HAN, 0L);
        long hangul = letters.getOrDefault(Character.UnicodeScript.HANGUL, 0L);
        if (2 * hangul > all) {
            return Optional.of(KOREAN);
        }
        if (2 * (han + kana) > all) {
            return Optional.of(10 * kana > han + kana ? JAPANESE : CHINESE);
        }
        return Optional.empty();
    }

    /** Whether a word, in lower case, says nothing by itself. */
    boolean isCommon(String word) {
        return commonWords.contains(word);
    }

    /** Whether it is such a word in any of them, for text of unknown language. */
    static boolean isCommonAnywhere(String word) {
        return Arrays.stream(values()).anyMatch(language -> language.isCommon(word));
    }

    /** What a word, in lower case, counts, from two on: one is an article in most of them. */
    Optional<Integer> number(String word) {
        return Optional.ofNullable(numbers.get(word));
    }
}
