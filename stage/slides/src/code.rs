//! Code, with its tokens marked with classes that the theme colours.

use std::sync::LazyLock;

use anyhow::{Context, Result};
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::{SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

use crate::block::escape;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Languages without colours.
const PLAIN: &[&str] = &["text", "toml", "proto", "console"];

const STYLE: ClassStyle = ClassStyle::SpacedPrefixed { prefix: "s-" };

/// Whether a fence may name this language.
pub(crate) fn knows(language: &str) -> bool {
    PLAIN.contains(&language) || syntax(language).is_some()
}

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    SYNTAXES.find_syntax_by_token(language)
}

/// The code as HTML.
pub(crate) fn html(language: &str, text: &str) -> Result<String> {
    let Some(syntax) = syntax(language).filter(|_| !PLAIN.contains(&language)) else {
        return Ok(escape(text));
    };
    let mut html = ClassedHTMLGenerator::new_with_class_style(syntax, &SYNTAXES, STYLE);
    for line in LinesWithEndings::from(text) {
        html.parse_html_for_line_which_includes_newline(line).context("cannot colour this code")?;
    }
    Ok(html.finalize())
}
