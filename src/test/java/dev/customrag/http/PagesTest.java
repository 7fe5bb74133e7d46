package dev.customrag.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagesTest {

    private final List<Integer> read = new ArrayList<>();

    /** The numbers up to {@code most}, and notes which page was read. */
    private Iterator<Integer> numbers(int size, int most) {
        return Pages.of(size, page -> {
            int from = page.after("numbers").map(last -> (int) last.number(0)).orElse(0);
            read.add(from);
            List<Integer> rows = IntStream.rangeClosed(from + 1, most)
                    .limit(page.limit + 1)
                    .boxed()
                    .toList();
            return Page.of(rows, page.limit, "numbers", Place::after);
        });
    }

    @Test
    void allItemsComeInOrder() {
        assertThat(numbers(3, 7)).toIterable().containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(read).containsExactly(0, 3, 6);
    }

    @Test
    void aFullLastPageIsTheLast() {
        assertThat(numbers(3, 6)).toIterable().containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(read).containsExactly(0, 3);
    }

    @Test
    void aPageIsReadWhenItIsComeTo() {
        Iterator<Integer> numbers = numbers(2, 5);
        assertThat(read).isEmpty();

        numbers.next();
        numbers.next();

        assertThat(read).containsExactly(0);
        assertThat(numbers.hasNext()).isTrue();
        assertThat(read).containsExactly(0, 2);
    }

    @Test
    void anEmptyListEnds() {
        Iterator<Integer> none = numbers(3, 0);

        assertThat(none.hasNext()).isFalse();
        assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
        assertThat(read).containsExactly(0);
    }

    @Test
    void listsFollowEachOther() {
        Iterator<Integer> all = Pages.ofEach(List.of(2, 0, 3).iterator(), most -> numbers(2, most));

        assertThat(Pages.map(all, number -> "n" + number)).toIterable().containsExactly("n1", "n2", "n1", "n2", "n3");
        assertThatThrownBy(all::next).isInstanceOf(NoSuchElementException.class);
    }
}
