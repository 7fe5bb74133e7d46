package dev.customrag.privacy;

import dev.customrag.tenancy.Export;
import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** What is stored of exports themselves. */
@ApplicationScoped
class ExportData implements PersonalData {

    private static final String UNDER_WAY = "That an export of your data is under way";

    @Override
    public List<Kept> kept() {
        return List.of(Kept.inDatabase(
                UNDER_WAY,
                "until it is over; if it broke off, until the next one or you delete the account",
                "data_exports"));
    }

    @Override
    public List<Exported> exported() {
        return List.of();
    }

    @Override
    public List<LeftOut> leftOut() {
        return List.of(new LeftOut(UNDER_WAY, "it is this one", "data_exports"));
    }

    @Override
    public void export(UUID person, Export export) {}
}
