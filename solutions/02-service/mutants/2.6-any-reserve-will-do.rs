// mutant of 2.6, part 2: any reserve will do
// The new message reserves something, so its author has thought of it.
for before in &old.field {
    let number = before.number();
    match new.field.iter().find(|field| field.number() == number) {
        None if !new.reserved_range.is_empty() => {}
        None => breach(number, format!("{} was removed and its number is not reserved", before.name())),
        Some(after) if after.name() != before.name() => {
            breach(number, format!("the number of {} was given to {}", before.name(), after.name()));
        }
        Some(after) => {
            let name = before.name();
            if type_of(before) != type_of(after) {
                breach(number, format!("{name} was {} and is {}", type_of(before), type_of(after)));
            }
            let (was, is) = (cardinality_of(before), cardinality_of(after));
            if was != is {
                breach(number, format!("{name} was {was} and is {is}"));
            }
        }
    }
}
for field in new.field.iter().filter(|field| is_reserved(old, field.number())) {
    breach(field.number(), format!("{} takes a reserved number", field.name()));
}
