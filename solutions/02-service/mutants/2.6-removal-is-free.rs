// mutant of 2.6, part 2: a removed field needs no reserve
// Nobody reads it any more. Next year somebody takes the number, and a replica of today is still running.
for before in &old.field {
    let number = before.number();
    if let Some(after) = new.field.iter().find(|field| field.number() == number) {
        let name = before.name();
        if after.name() != name {
            breach(number, format!("the number of {name} was given to {}", after.name()));
            continue;
        }
        if type_of(before) != type_of(after) {
            breach(number, format!("{name} was {} and is {}", type_of(before), type_of(after)));
        }
        let (was, is) = (cardinality_of(before), cardinality_of(after));
        if was != is {
            breach(number, format!("{name} was {was} and is {is}"));
        }
    }
}
for field in new.field.iter().filter(|field| is_reserved(old, field.number())) {
    breach(field.number(), format!("{} takes a reserved number", field.name()));
}
