//! The files embedded in every deck: reveal.js, the theme, the fonts.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const THEME: &[&str] = &[
    include_str!("../theme/colours.css"),
    include_str!("../theme/slides.css"),
    include_str!("../theme/drawings.css"),
];
const OWN: &str = include_str!("../theme/slides.js");

/// Family, weight, style and file. The monospaced one has the characters that tables and diagrams are drawn with,
/// and no ligatures: `!=` on a slide looks as it does in an editor.
const FONTS: &[(&str, u16, &str, &str)] = &[
    ("IBM Plex Sans", 400, "normal", "@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-400-normal.woff2"),
    ("IBM Plex Sans", 400, "italic", "@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-400-italic.woff2"),
    ("IBM Plex Sans", 600, "normal", "@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-600-normal.woff2"),
    ("JetBrains Mono", 400, "normal", "jetbrains-mono/fonts/webfonts/JetBrainsMonoNL-Regular.woff2"),
    ("JetBrains Mono", 700, "normal", "jetbrains-mono/fonts/webfonts/JetBrainsMonoNL-Bold.woff2"),
];

/// The parts of a page that are the same in each deck.
pub struct Assets {
    /// For a style element.
    pub style: String,
    /// Script elements.
    pub scripts: String,
}

impl Assets {
    /// Reads them from a folder `node_modules`.
    ///
    /// # Errors
    /// If a file is missing.
    pub fn read(modules: &Path) -> Result<Self> {
        let read = |name: &str| {
            fs::read(modules.join(name)).with_context(|| format!("{name} is not in the npm packages"))
        };
        let mut style = String::from_utf8(read("reveal.js/dist/reveal.css")?)?;
        for (family, weight, shape, file) in FONTS {
            let font = STANDARD.encode(read(file)?);
            writeln!(
                style,
                "@font-face{{font-family:\"{family}\";font-weight:{weight};font-style:{shape};\
                 src:url(data:font/woff2;base64,{font}) format(\"woff2\")}}"
            )?;
        }
        style.extend(THEME.iter().copied());
        let reveal = read("reveal.js/dist/reveal.js")?;
        let notes = read("reveal.js/dist/plugin/notes.js")?;
        let scripts = [&reveal, &notes, OWN.as_bytes()].map(script).concat();
        Ok(Self { style, scripts })
    }
}

/// As data, so that nothing in it can be taken for the end of its element.
fn script(code: &[u8]) -> String {
    format!("<script src=\"data:text/javascript;base64,{}\"></script>\n", STANDARD.encode(code))
}
