package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AnswerPlacesTest {

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final AnswerPlaces places = new AnswerPlaces(2, Duration.ofSeconds(5), timer);
    private final List<String> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private AnswerPlaces.Place enter(AnswerPlaces among, String name) {
        AnswerPlaces.Place place = among.place(() -> told.add(name + " goes"), () -> told.add(name + " is refused"));
        place.enter();
        return place;
    }

    @Test
    void freePlacesAreTakenAtOnce() {
        enter(places, "a");
        enter(places, "b");

        assertThat(told).containsExactly("a goes", "b goes");
        assertThat(places.taken()).isEqualTo(2);
    }

    @Test
    void othersFollowInOrderAsPlacesBecomeFree() {
        AnswerPlaces.Place a = enter(places, "a");
        AnswerPlaces.Place b = enter(places, "b");
        enter(places, "c");
        enter(places, "d");
        assertThat(places.waiting()).isEqualTo(2);

        a.leave();
        await().until(() -> told.size() == 3);
        b.leave();
        await().until(() -> told.size() == 4);

        assertThat(told).containsExactly("a goes", "b goes", "c goes", "d goes");
        assertThat(places.taken()).isEqualTo(2);
    }

    @Test
    void whoWaitsForTooLongIsRefused() {
        var impatient = new AnswerPlaces(1, Duration.ofMillis(50), timer);
        AnswerPlaces.Place a = enter(impatient, "a");
        enter(impatient, "b");

        await().until(() -> told.contains("b is refused"));
        a.leave();

        assertThat(impatient.taken()).isZero();
        assertThat(told).containsExactly("a goes", "b is refused");
    }

    @Test
    void whoLeavesTheLineHearsNothing() throws InterruptedException {
        var impatient = new AnswerPlaces(1, Duration.ofMillis(50), timer);
        AnswerPlaces.Place a = enter(impatient, "a");
        AnswerPlaces.Place b = enter(impatient, "b");

        b.leave();
        b.leave();
        a.leave();
        Thread.sleep(150);

        assertThat(told).containsExactly("a goes");
        assertThat(impatient.taken()).isZero();
        assertThat(impatient.waiting()).isZero();
    }

    @Test
    void leavingTwiceFreesOnePlace() {
        AnswerPlaces.Place a = enter(places, "a");
        enter(places, "b");

        a.leave();
        a.leave();

        assertThat(places.taken()).isEqualTo(1);
    }

    @Test
    void neverMoreThanTheMostAreUnderWay() throws InterruptedException {
        var underWay = new AtomicInteger();
        var most = new AtomicInteger();
        var done = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                var own = new AnswerPlaces.Place[1];
                own[0] = places.place(
                        () -> Thread.startVirtualThread(() -> {
                            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                            Thread.yield();
                            underWay.decrementAndGet();
                            own[0].leave();
                            done.incrementAndGet();
                        }),
                        done::incrementAndGet);
                own[0].enter();
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        await().until(() -> done.get() == 300);

        assertThat(most).hasValueBetween(1, 2);
        assertThat(places.taken()).isZero();
        assertThat(places.waiting()).isZero();
    }
}
