//! The page that leads to the decks.

use deck::Deck;

use crate::assets::Assets;
use crate::block::escape;

/// The decks in their order, with the names of their pages.
pub(crate) fn html(decks: &[(String, Deck)], assets: &Assets) -> String {
    let row = |(name, deck): &(String, Deck)| {
        format!(
            "<li><a href=\"{name}.html\">{}</a><span>{name}</span><span>{} slides, {} min</span></li>\n",
            escape(&deck.title),
            deck.slides.len(),
            deck.minutes()
        )
    };
    let rows: String = decks.iter().map(row).collect();
    let minutes: f64 = decks.iter().map(|(_, deck)| deck.minutes()).sum();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Atoll: slides</title>\n<style>\n{}\n</style>\n</head>\n<body class=\"index\">\n<main>\n\
         <h1>Slides</h1>\n<ol>\n{rows}</ol>\n<p>{minutes} minutes in all.</p>\n\
         <table>\n\
         <tr><th>S</th><td>speaker view: notes, next slide, clock, pacing</td></tr>\n\
         <tr><th>D</th><td>dark or light</td></tr>\n\
         <tr><th>F</th><td>full screen</td></tr>\n\
         <tr><th>B</th><td>black</td></tr>\n\
         <tr><th>Esc</th><td>overview</td></tr>\n\
         <tr><th>?</th><td>all keys</td></tr>\n\
         </table>\n</main>\n</body>\n</html>\n",
        assets.style
    )
}
