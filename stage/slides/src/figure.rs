//! Figures: numbers that a benchmark wrote, as bars.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// What a file of `slides/figures/` holds.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What is compared.
    pub title: String,
    /// Of all values: `puts/s`, `bytes`.
    pub unit: String,
    /// How and where it was measured, in one line.
    pub measured: String,
    /// At least one.
    pub bars: Vec<Bar>,
}

/// One number.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// What it is the number of.
    pub label: String,
    /// At least 0.
    pub value: f64,
}

impl Figure {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut figure: Self = serde_json::from_str(text).context(
            "a figure is {\"title\", \"unit\", \"measured\", \"bars\": [{\"label\", \"value\"}]}, as a benchmark writes it",
        )?;
        ensure!((1..=10).contains(&figure.bars.len()), "a figure has one to ten bars");
        let whole = figure.bars.iter().all(|bar| bar.value.is_finite() && bar.value >= 0.0);
        ensure!(whole, "a figure shows no value below 0");
        let texts = [&figure.title, &figure.unit, &figure.measured];
        ensure!(
            texts.iter().all(|text| !text.trim().is_empty()),
            "a figure has a title, a unit, and how it was measured"
        );
        for text in [&mut figure.title, &mut figure.measured] {
            *text = separated(text);
        }
        Ok(figure)
    }
}

/// A number with its thousands separated, and a decimal if it is small.
pub(crate) fn number(value: f64) -> String {
    let decimals = if value < 10.0 && value.fract() != 0.0 {
        2
    } else if value < 100.0 && value.fract() != 0.0 {
        1
    } else {
        0
    };
    let text = format!("{value:.decimals$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    thousands(whole) + rest
}

/// A text whose whole numbers of five and more digits have their thousands apart.
fn separated(text: &str) -> String {
    let part = |part: &str| {
        let is_number = part.len() > 4 && part.chars().all(|c| c.is_ascii_digit());
        if is_number { thousands(part) } else { part.to_owned() }
    };
    text.split(' ').map(part).collect::<Vec<_>>().join(" ")
}

fn thousands(whole: &str) -> String {
    let mut digits = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            digits.push(',');
        }
        digits.push(digit);
    }
    digits
}
