package dev.customrag.identity;

import dev.customrag.tenancy.People;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells other rooms of accounts what administrators see of them anyway. */
@ApplicationScoped
class KnownPeople implements People {

    @Override
    @Transactional
    public Map<UUID, Person> of(Collection<UUID> ids) {
        return User.<User>list("id in ?1", ids).stream()
                .map(user -> new Person(user.id, user.email, user.firstName, user.lastName, user.active))
                .collect(Collectors.toMap(Person::id, Function.identity()));
    }
}
