package dev.customrag.chat;

import dev.customrag.knowledge.PassageIndex;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/**
 * What the service says itself where an assistant answers from documents only and none of them is about the question. A
 * model that is given nothing might answer all the same.
 */
@ApplicationScoped
class Declining {

    private final PassageIndex index;

    Declining(PassageIndex index) {
        this.index = index;
    }

    /** A sentence in the language of the question; in English where that cannot be told. */
    String sentence(UUID owner, String question) {
        return in(index.language(owner, question));
    }

    /** @param language as PostgreSQL calls it */
    static String in(String language) {
        return switch (language) {
            case "german" -> """
                    Die Dokumente enthalten darauf keine Antwort: Formulieren Sie die Frage anders, fügen Sie Dokumente \
                    hinzu oder erlauben Sie dem Assistenten, auch Allgemeinwissen zu verwenden.""";
            case "french" -> """
                    Les documents ne contiennent pas de réponse à cette question : reformulez-la, ajoutez des documents \
                    ou autorisez l’assistant à utiliser aussi ses connaissances générales.""";
            case "spanish" -> """
                    Los documentos no contienen una respuesta a esta pregunta: formúlela de otra manera, añada documentos \
                    o permita que el asistente use también conocimientos generales.""";
            case "italian" -> """
                    I documenti non contengono una risposta a questa domanda: la riformuli, aggiunga documenti o consenta \
                    all’assistente di usare anche conoscenze generali.""";
            case "portuguese" -> """
                    Os documentos não contêm uma resposta a esta pergunta: reformule-a, adicione documentos ou permita \
                    que o assistente use também conhecimentos gerais.""";
            case "dutch" -> """
                    De documenten bevatten geen antwoord op deze vraag: stel de vraag anders, voeg documenten toe of sta \
                    de assistent toe ook algemene kennis te gebruiken.""";
            case "swedish" -> """
                    Dokumenten innehåller inget svar på frågan: formulera om den, lägg till dokument eller tillåt \
                    assistenten att även använda allmän kunskap.""";
            case "danish" -> """
                    Dokumenterne indeholder ikke noget svar på spørgsmålet: omformuler det, tilføj dokumenter, eller \
                    tillad assistenten også at bruge almen viden.""";
            case "norwegian" -> """
                    Dokumentene inneholder ikke noe svar på spørsmålet: omformuler det, legg til dokumenter, eller \
                    tillat assistenten også å bruke allmennkunnskap.""";
            case "finnish" -> """
                    Asiakirjoissa ei ole vastausta tähän kysymykseen: muotoile se toisin, lisää asiakirjoja tai salli \
                    avustajan käyttää myös yleistietoa.""";
            case "hungarian" -> """
                    A dokumentumok nem tartalmaznak választ erre a kérdésre: fogalmazza át a kérdést, adjon hozzá \
                    dokumentumokat, vagy engedje meg, hogy az asszisztens általános ismereteket is használjon.""";
            case "russian" -> """
                    В документах нет ответа на этот вопрос: переформулируйте его, добавьте документы или разрешите \
                    ассистенту использовать и общие знания.""";
            default -> """
                    The documents do not contain an answer to this: rephrase the question, add documents, or allow the \
                    assistant to use general knowledge as well.""";
        };
    }
}
