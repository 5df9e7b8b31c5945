// mutant of 1.1: a length before the key as well
// Symmetry suggests it. It keeps namespaces apart, but sorts "b" before "aa".
let mut record = vec![OBJECT, namespace.len() as u8];
record.extend_from_slice(namespace);
record.push(prefix.len() as u8);
record.extend_from_slice(prefix);
record
