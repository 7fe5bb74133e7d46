package dev.customrag.usage;

import dev.customrag.model.ModelPrice;
import dev.customrag.model.ModelPrices;
import dev.customrag.model.ModelProvider;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The configured prices, by model. Where the models run in this process there is nothing to pay. */
@Startup
@ApplicationScoped
class PriceTable implements ModelPrices {

    private static final Logger LOG = Logger.getLogger(PriceTable.class);

    private static final Pattern SIGNS = Pattern.compile("[^a-z0-9]");

    private static final char SIGN = '.';

    private final List<Entry> entries;
    private final String currency;
    private final boolean free;
    private final Map<String, Optional<Price>> known = new ConcurrentHashMap<>();

    /** @param beginning of the models' names */
    private record Entry(String beginning, Price price) {

        /** To the end of a word of it: a nova-pro is no nova-proto. */
        private boolean fits(String name) {
            return name.startsWith(beginning)
                    && (name.length() == beginning.length() || name.charAt(beginning.length()) == SIGN);
        }
    }

    @Inject
    PriceTable(UsageConfig config, ModelProvider models) {
        this(config, models.source().equals("local"));
    }

    /** @param free whether models without a price cost nothing */
    PriceTable(UsageConfig config, boolean free) {
        this.free = free;
        currency = config.currency();
        entries = config.prices().entrySet().stream()
                .map(price -> entry(price.getKey(), price.getValue()))
                .sorted(Comparator.comparing((Entry entry) -> entry.beginning().length())
                        .reversed())
                .toList();
        if (entries.stream().map(Entry::beginning).distinct().count() < entries.size()) {
            throw new ConfigurationException("usage.prices: the same model has several prices.");
        }
    }

    /** The price of a model; empty if none is configured, which is said once. */
    Optional<Price> of(String modelId) {
        return known.computeIfAbsent(modelId, id -> {
            Optional<Price> price = find(id);
            if (price.isEmpty()) {
                LOG.warnf("usage.prices has none for %s: what it costs is not known, and counts for no budget", id);
            }
            return price;
        });
    }

    /** Says nothing where there is none: a model on offer need not be one that is asked. */
    @Override
    public Optional<ModelPrice> priceOf(String modelId) {
        return find(modelId)
                .map(price -> new ModelPrice(
                        Money.text(price.input()),
                        price.output() == null ? null : Money.text(price.output()),
                        currency));
    }

    private Optional<Price> find(String modelId) {
        Set<String> names = names(modelId);
        Optional<Price> price = entries.stream()
                .filter(entry -> names.stream().anyMatch(entry::fits))
                .map(Entry::price)
                .findFirst();
        return price.isEmpty() && free ? Optional.of(Price.NOTHING) : price;
    }

    /** The id as it is; an ARN's last part; both without what stands before the first dot, which may be a region. */
    private static Set<String> names(String modelId) {
        String name = modelId.startsWith("arn:") ? modelId.substring(modelId.lastIndexOf('/') + 1) : modelId;
        var names = new LinkedHashSet<String>();
        for (String form : List.of(modelId, name, name.substring(name.indexOf('.') + 1))) {
            names.add(plain(form));
        }
        return names;
    }

    /** Any sign is as good as another, as none but the underscore stands in the name of an environment variable. */
    private static String plain(String id) {
        return SIGNS.matcher(id.toLowerCase(Locale.ROOT)).replaceAll(String.valueOf(SIGN));
    }

    private static Entry entry(String key, UsageConfig.Price price) {
        if (key.isBlank()) {
            throw new ConfigurationException("usage.prices: a price needs the id of a model.");
        }
        var all = new ArrayList<>(List.of(price.input()));
        Stream.of(price.output(), price.cacheRead(), price.cacheWrite())
                .flatMap(Optional::stream)
                .forEach(all::add);
        if (all.stream().anyMatch(amount -> amount.signum() < 0)) {
            throw new ConfigurationException("usage.prices.\"" + key + "\": a price is zero or more.");
        }
        return new Entry(plain(key.strip()), Price.of(price));
    }
}
