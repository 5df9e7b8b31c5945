// mutant of 2.6, part 2: one and many are the same
// A repeated field of one looks like a single one. Several lose all but the last.
for before in &old.field {
    let number = before.number();
    match new.field.iter().find(|field| field.number() == number) {
        None if is_reserved(new, number) => {}
        None => breach(number, format!("{} was removed and its number is not reserved", before.name())),
        Some(after) if after.name() != before.name() => {
            breach(number, format!("the number of {} was given to {}", before.name(), after.name()));
        }
        Some(after) if type_of(before) != type_of(after) => {
            breach(number, format!("{} was {} and is {}", before.name(), type_of(before), type_of(after)));
        }
        Some(_) => {}
    }
}
for field in new.field.iter().filter(|field| is_reserved(old, field.number())) {
    breach(field.number(), format!("{} takes a reserved number", field.name()));
}
