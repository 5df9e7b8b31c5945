//! A page of a demo, and what an instructor does on it and sees.

use anyhow::ensure;
use stage_browser::{Browser, Demo, Tested};
use thirtyfour::prelude::*;

/// A page of a demo that has just begun.
pub async fn begin() -> anyhow::Result<(Demo, Browser)> {
    let demo = Demo::start()?;
    let browser = Browser::start().await?;
    browser.open(&demo.address).await?;
    for replica in ["us", "de", "sg"] {
        is(&browser, replica, "running").await?;
    }
    verdict(&browser, "converged").await?;
    Ok((demo, browser))
}

pub async fn verdict(browser: &Browser, wanted: &str) -> Tested {
    let script = format!("return document.querySelector('#verdict').dataset.verdict === '{wanted}'");
    browser.until(&format!("the verdict is {wanted}"), &script).await
}

pub async fn is(browser: &Browser, replica: &str, state: &str) -> Tested {
    let script = format!("return document.querySelector('#replica-{replica}').dataset.state === '{state}'");
    browser.until(&format!("{replica} is {state}"), &script).await
}

/// Waits until the card of a replica shows a key with this value.
pub async fn holds(browser: &Browser, replica: &str, key: &str, value: &str) -> Tested {
    let row = format!("document.querySelector('#keys-{replica} [data-key={key}]')");
    let script = format!("return {row}?.dataset.value === '{value}'");
    browser.until(&format!("{replica} holds {key} {value}"), &script).await
}

pub async fn click(browser: &Browser, selector: &str) -> Tested {
    Ok(browser.page.query(By::Css(selector)).first().await?.click().await?)
}

/// Types a command into its line, and waits for a good answer.
pub async fn command(browser: &Browser, command: &str) -> Tested {
    browser.run("document.querySelector('#answer').dataset.ok = ''").await?;
    browser.page.find(By::Id("command")).await?.send_keys(command + Key::Enter).await?;
    browser
        .until(
            &format!("{command} is done"),
            "return document.querySelector('#answer').dataset.ok === 'true'",
        )
        .await?;
    // Keys are for the page again.
    browser.run("document.activeElement.blur()").await?;
    Ok(())
}

/// Presses keys while no field has the focus.
pub async fn press(browser: &Browser, keys: impl Into<TypingData>) -> Tested {
    browser.run("document.activeElement.blur()").await?;
    Ok(browser.page.find(By::Tag("body")).await?.send_keys(keys).await?)
}

pub async fn end(mut demo: Demo, browser: Browser) -> Tested {
    let mut complaints = browser.complaints().await?;
    // A command that is refused is no fault of the page.
    complaints.retain(|said| !said.contains("/do - Failed to load resource"));
    ensure!(complaints.is_empty(), "the page's scripts complain: {complaints:#?}");
    let asked = browser.requests().await?;
    let foreign: Vec<_> = asked.iter().filter(|address| !address.starts_with(&demo.address)).collect();
    ensure!(foreign.is_empty(), "the page asks elsewhere: {foreign:?}");
    browser.page.quit().await?;
    demo.stop()
}
