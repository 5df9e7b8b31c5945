// mutant of 3.1: the first source wins
// As in most programs an option overrules the rest, and so two replicas can get one id.
let Some(first) = said.first() else {
    return Err(Error::NoIdentity { host_name: sources.host_name.clone() });
};
Ok(first.replica)
