// mutant of 2.6, part 2: fields are matched by name
// Names are what people see. The bytes hold numbers, so exactly the dangerous changes go through.
for before in &old.field {
    let number = before.number();
    match new.field.iter().find(|field| field.name() == before.name()) {
        None if is_reserved(new, number) => {}
        None => breach(number, format!("{} was removed and its number is not reserved", before.name())),
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
