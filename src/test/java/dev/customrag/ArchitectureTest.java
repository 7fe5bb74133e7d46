package dev.customrag;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.customrag.identity.CurrentUser;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows of docs/architecture.md: who may call whom. */
class ArchitectureTest {

    private static final String ROOT = "dev.customrag.";

    /** What every room may use besides its own arrows. */
    private static final Set<String> SHARED = Set.of("http", "audit", "jobs", "tenancy");

    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("http", Set.of()),
            Map.entry("audit", Set.of("http")),
            Map.entry("jobs", Set.of()),
            Map.entry("tenancy", Set.of()),
            Map.entry("model", Set.of()),
            Map.entry("identity", Set.of()),
            Map.entry("usage", Set.of("model")),
            Map.entry("knowledge", Set.of("model", "usage")),
            Map.entry("document", Set.of("knowledge", "model", "usage")),
            Map.entry("assistant", Set.of("document", "model")),
            Map.entry("chat", Set.of("assistant", "knowledge", "model", "usage")),
            Map.entry("openai", Set.of("assistant", "chat", "model")),
            Map.entry(
                    "privacy",
                    Set.of("identity", "document", "knowledge", "assistant", "chat", "openai", "model", "usage")),
            Map.entry("web", Set.of()),
            Map.entry("system", Set.of("document", "model")));

    private static JavaClasses product;

    @BeforeAll
    static void read() {
        product = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.customrag");
        assertThat(product.contain(CurrentUser.class)).isTrue();
    }

    static Set<String> rooms() {
        return ARROWS.keySet();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomUsesOnlyTheRoomsItsArrowsAllow(String room) {
        Set<String> allowed = new TreeSet<>(ARROWS.get(room));
        if (!SHARED.contains(room)) {
            allowed.addAll(SHARED);
        }
        Set<String> forbidden = rooms().stream()
                .filter(other -> !other.equals(room) && !allowed.contains(other))
                .collect(Collectors.toSet());

        noClasses()
                .that()
                .resideInAPackage(ROOT + room + "..")
                .should()
                .dependOnClassesThat(inRooms(forbidden))
                .allowEmptyShould(true)
                .check(product);
    }

    @Test
    void everyPackageIsARoom() {
        classes().should().resideInAnyPackage(packages()).check(product);
    }

    @Test
    void roomsFormNoCycles() {
        slices().matching("dev.customrag.(*)..").should().beFreeOfCycles().check(product);
    }

    @Test
    void resourcesAndServicesAreNotPublic() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Resource")
                .should()
                .bePackagePrivate()
                .check(product);
    }

    @Test
    void noClassIsAnXxxUtilOrManager() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(product);
    }

    /** Of identity, other rooms see the current user only. */
    private static DescribedPredicate<JavaClass> inRooms(Set<String> rooms) {
        return DescribedPredicate.describe(
                "stand in " + new TreeSet<>(rooms),
                used -> !used.isEquivalentTo(CurrentUser.class)
                        && rooms.stream().anyMatch(room -> in(room, used.getPackageName())));
    }

    private static boolean in(String room, String packageName) {
        return packageName.equals(ROOT + room) || packageName.startsWith(ROOT + room + ".");
    }

    private static String[] packages() {
        List<String> packages = rooms().stream().map(room -> ROOT + room + "..").toList();
        return packages.toArray(String[]::new);
    }
}
