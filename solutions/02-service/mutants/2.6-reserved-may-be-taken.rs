// mutant of 2.6, part 2: a reserved number may be taken
// The reserve stood in the old file, and only the new one is looked at.
for before in &old.field {
    let number = before.number();
    match new.field.iter().find(|field| field.number() == number) {
        None if is_reserved(new, number) => {}
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

