//! Keys and values on the command line and in the output: as text if they are text, otherwise as
//! hex.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::str::FromStr;

use serde_json::{Value, json};

/// A key: text as it is, or `hex:00ff`, or `text:hex:` for text that begins like one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(digits) = text.strip_prefix("hex:") {
            return from_hex(digits).map(Self);
        }
        Ok(Self(text.strip_prefix("text:").unwrap_or(text).into()))
    }
}

/// A value: written as a key is, or `-` for what stdin holds, or `@FILE` for what a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The value itself.
    Bytes(Bytes),
    /// All of stdin.
    Stdin,
    /// All of a file.
    File(PathBuf),
}

impl FromStr for Input {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix('@') {
            Some(path) => Ok(Self::File(path.into())),
            None if text == "-" => Ok(Self::Stdin),
            None => text.parse().map(Self::Bytes),
        }
    }
}

impl Input {
    /// The value, read from where it is.
    pub(crate) fn read(self) -> Result<Vec<u8>, String> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.0),
            Self::Stdin => {
                let mut value = Vec::new();
                io::stdin().read_to_end(&mut value).map_err(|error| format!("cannot read stdin: {error}"))?;
                Ok(value)
            }
            Self::File(path) => fs::read(&path).map_err(|error| {
                format!("cannot read {}: {error} (text:@… is a value that begins with @)", path.display())
            }),
        }
    }
}

/// The bytes on one line, so that they can be given back as an argument.
pub(crate) fn show(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) if text.chars().any(char::is_control) => format!("hex:{}", to_hex(bytes)),
        Ok(text) if text.starts_with("hex:") || text.starts_with("text:") => format!("text:{text}"),
        Ok(text) => text.to_owned(),
        Err(_) => format!("hex:{}", to_hex(bytes)),
    }
}

/// The bytes in JSON, which can carry every text.
pub(crate) fn to_json(bytes: &[u8]) -> Value {
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => json!({ "hex": to_hex(bytes) }),
    }
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing into a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

pub(crate) fn from_hex(digits: &str) -> Result<Vec<u8>, String> {
    let wrong = || format!("{digits:?} is no hex: give an even number of digits 0-9 and a-f");
    if !digits.len().is_multiple_of(2) || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| wrong()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_given_back() {
        let cases: [&[u8]; 10] = [
            b"",
            b"apple",
            "Äpfel und Öl".as_bytes(),
            b"a\tb\n",
            b"\x00\xff",
            b"hex:",
            b"hex:00",
            b"text:hex:00",
            b"\xf0\x9f\x8d",
            b"-",
        ];
        for bytes in cases {
            let shown = show(bytes);
            assert!(!shown.contains(['\t', '\n']), "{shown:?}");
            assert_eq!(shown.parse(), Ok(Bytes(bytes.to_vec())), "{shown:?}");
        }
    }

    #[test]
    fn hex_is_whole_bytes_and_nothing_else() {
        assert_eq!("hex:00fF".parse(), Ok(Bytes(vec![0, 255])));
        for wrong in ["hex:0", "hex:0g", "hex:+1", "hex:é"] {
            assert!(wrong.parse::<Bytes>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_value_comes_from_the_line_from_stdin_or_from_a_file() {
        assert_eq!("-".parse(), Ok(Input::Stdin));
        assert_eq!("@a/b".parse(), Ok(Input::File("a/b".into())));
        assert_eq!("text:@a".parse(), Ok(Input::Bytes(Bytes(b"@a".to_vec()))));
        assert_eq!("text:-".parse(), Ok(Input::Bytes(Bytes(b"-".to_vec()))));
        let error = Input::File("no/such/file".into()).read().unwrap_err();
        assert!(error.contains("no/such/file"), "{error}");
    }

    #[test]
    fn json_has_text_as_text_and_the_rest_as_hex() {
        assert_eq!(to_json(b"a\tb"), json!("a\tb"));
        assert_eq!(to_json(b"\xff"), json!({ "hex": "ff" }));
    }
}
