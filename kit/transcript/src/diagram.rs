//! The diagram of a transcript.

use std::fmt;

use crate::transcript::Transcript;

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("")
    }
}
