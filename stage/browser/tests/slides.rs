//! Every deck in a browser: one file that asks for nothing else, and in which every slide has room.
//! `cargo workshop slides` has to have built them.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;
use stage_browser::{Browser, Tested, root, target};
use thirtyfour::prelude::*;

/// What of the present slide is not wholly on the page, or does not fit into what it stands in.
const OVERFLOW: &str = r#"
const slide = Reveal.getCurrentSlide();
const name = (node) => `${node.tagName.toLowerCase()} "${(node.textContent || '').trim().slice(0, 40)}"`;
const faults = [];
for (const node of [slide, ...slide.querySelectorAll('*')]) {
  if (node.closest('aside.notes, style')) continue;
  const box = node.getBoundingClientRect();
  if (box.width === 0 && box.height === 0) continue;
  if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) {
    faults.push(`${name(node)} is not on the page: ${JSON.stringify(box)}`);
  }
  if (node.matches('pre, pre code, td, th, li') && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0) {
    faults.push(`${name(node)} is wider than its place by ${node.scrollWidth - node.clientWidth} px`);
  }
  if (node.matches('pre, pre code') && node.scrollHeight > node.clientHeight + 1 && node.clientHeight > 0) {
    faults.push(`${name(node)} is higher than its place by ${node.scrollHeight - node.clientHeight} px`);
  }
}
return faults;
"#;

/// Texts of a picture that lie on each other.
const COLLISIONS: &str = r#"
const faults = [];
for (const picture of Reveal.getCurrentSlide().querySelectorAll('svg')) {
  const texts = [...picture.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
  texts.forEach(([one, a], at) => texts.slice(at + 1).forEach(([other, b]) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    // The box of a text has space above and below its letters.
    if (wide > 1 && high > 0.35 * Math.min(a.height, b.height)) faults.push(`"${one}" lies on "${other}"`);
  }));
}
return faults;
"#;

fn decks() -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut decks = Vec::new();
    for source in fs::read_dir(root().join("slides"))? {
        let source = source?.path();
        if source.extension().is_some_and(|extension| extension == "md") {
            let name = source.file_stem().context("it has a name")?.to_string_lossy().into_owned();
            decks.push((name.clone(), target().join("slides").join(name + ".html")));
        }
    }
    decks.sort();
    ensure!(decks.len() > 1, "there are no decks");
    Ok(decks)
}

fn list(faults: &Value) -> Vec<String> {
    let faults = faults.as_array().into_iter().flatten();
    faults.map(|fault| fault.as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn every_slide_has_room_and_asks_for_nothing() -> Tested {
    let browser = Browser::start().await?;
    let mut faults = Vec::new();
    for (deck, file) in decks()? {
        ensure!(file.exists(), "{} is not there: cargo workshop slides", file.display());
        browser.open(&format!("file://{}", file.display())).await?;
        browser.until("the deck is ready", "return window.Reveal && Reveal.isReady()").await?;
        browser.run("Reveal.configure({ transition: 'none', fragments: false })").await?;
        browser.until("its fonts are there", "return document.fonts.status === 'loaded'").await?;
        let slides = browser.run("return Reveal.getTotalSlides()").await?.as_u64().unwrap_or_default();
        ensure!(slides > 3, "{deck} has {slides} slides");
        for theme in ["light", "dark"] {
            browser.run(&format!("document.documentElement.dataset.theme = '{theme}'")).await?;
            for number in 0..slides {
                browser.run(&format!("Reveal.slide({number})")).await?;
                let title = browser.run("return Reveal.getCurrentSlide().innerText.trim()").await?;
                let has_picture =
                    browser.run("return !!Reveal.getCurrentSlide().querySelector('svg')").await?;
                let place = format!("{deck} {:02} {theme}", number + 1);
                if title == "" && has_picture == false {
                    faults.push(format!("{place}: nothing is on it"));
                }
                for script in [OVERFLOW, COLLISIONS] {
                    let found = list(&browser.run(script).await?);
                    faults.extend(found.into_iter().map(|fault| format!("{place}: {fault}")));
                }
                browser.picture(&format!("slides/{place}")).await?;
            }
        }
        let asked = browser.requests().await?;
        let foreign = asked.iter().filter(|address| !address.ends_with(&format!("{deck}.html")));
        faults.extend(foreign.map(|address| format!("{deck} asks for {address}")));
        faults.extend(browser.complaints().await?.into_iter().map(|said| format!("{deck}: {said}")));
    }
    ensure!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    browser.page.quit().await?;
    Ok(())
}

#[tokio::test]
async fn the_speaker_sees_notes_the_next_slide_and_the_time() -> Tested {
    let browser = Browser::start().await?;
    let (_, file) = decks()?.remove(0);
    browser.open(&format!("file://{}", file.display())).await?;
    browser.until("the deck is ready", "return window.Reveal && Reveal.isReady()").await?;
    browser.page.find(By::Tag("body")).await?.send_keys("s").await?;
    let mut speaker = browser.page.windows().await?;
    for _ in 0..100 {
        if speaker.len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        speaker = browser.page.windows().await?;
    }
    ensure!(speaker.len() == 2, "no speaker view has opened");
    browser.page.switch_to_window(speaker[1].clone()).await?;
    let notes =
        "return document.querySelector('.speaker-controls-notes:not(.hidden) .value')?.innerText.length > 20";
    browser.until("the notes of the first slide are there", notes).await?;
    let clock = "return /\\d+:\\d\\d/.test(document.querySelector('.clock-value')?.innerText)";
    browser.until("the clock runs", clock).await?;
    let pacing = "return /\\d/.test(document.querySelector('.pacing')?.innerText)";
    browser.until("the pacing is there", pacing).await?;
    let next = "return !!document.querySelector('#upcoming-slide iframe')";
    browser.until("the next slide is there", next).await?;
    browser.picture("slides/speaker view").await?;
    browser.page.quit().await?;
    Ok(())
}
