//! A scene as SVG.

use anyhow::Result;

use crate::scene::{Scene, What};

pub(crate) fn svg(scene: &Scene, _height: f64) -> Result<String> {
    let mut out = String::from("<pre>");
    for event in &scene.events {
        let text = match &event.what {
            What::Sent(m) => {
                format!("{} sends {}", scene.columns[scene.messages[*m].from].name, scene.messages[*m].label)
            }
            What::Arrived(m) => {
                format!("{} gets {}", scene.columns[scene.messages[*m].to].name, scene.messages[*m].label)
            }
            What::Note(c, t) => format!("{}: {t}", scene.columns[*c].name),
        };
        out += &format!("{} {text}\n", event.at);
    }
    Ok(out + "</pre>")
}
