//! With the keyboard: all of the page, every scenario, and commands that are typed.

use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::json;
use stage_browser::Tested;
use thirtyfour::prelude::*;

use crate::support::{begin, command, end, press};

#[tokio::test]
async fn all_of_it_with_the_keyboard() -> Tested {
    let (demo, browser) = begin().await?;
    press(&browser, "?").await?;
    browser.until("the keys are told", "return document.querySelector('#help').open").await?;
    browser.picture("demo/keys").await?;
    press(&browser, Key::Escape + "").await?;
    browser.until("they are gone", "return !document.querySelector('#help').open").await?;

    press(&browser, " ").await?;
    browser
        .until("the time stands", "return document.querySelector('#time').dataset.paused === 'true'")
        .await?;
    press(&browser, "l").await?;
    browser.until("it is live", "return document.querySelector('#time').dataset.live === 'true'").await?;

    // With Tab alone to a link, and Enter to its menu.
    let at = "return document.activeElement.id";
    press(&browser, Key::Tab + "").await?;
    for _ in 0..60 {
        if browser.run(at).await? == "pair-us-de" {
            break;
        }
        browser.page.active_element().await?.send_keys(Key::Tab + "").await?;
    }
    ensure!(browser.run(at).await? == "pair-us-de", "Tab does not come to the link");
    browser.picture("demo/focus on a link").await?;
    browser.page.active_element().await?.send_keys(Key::Enter + "").await?;
    browser.until("its menu is open", "return !document.querySelector('#menu').hidden").await?;
    browser.page.active_element().await?.send_keys(Key::Escape + "").await?;
    browser.until("its menu is closed", "return document.querySelector('#menu').hidden").await?;
    ensure!(browser.run(at).await? == "pair-us-de", "the focus is not where it was before the menu");

    // Keys in a field are text.
    browser.page.find(By::Id("command")).await?.send_keys("1").await?;
    let none = "return document.querySelector('#caption').dataset.scenario === ''";
    ensure!(browser.run(none).await? == json!(true), "a digit in a field has begun a scenario");
    browser.page.find(By::Id("command")).await?.clear().await?;
    end(demo, browser).await
}

#[tokio::test]
async fn every_scenario_plays_to_its_end() -> Tested {
    let (demo, browser) = begin().await?;
    let cut_off = "const text = document.querySelector('#caption .text'); \
                   return text.scrollHeight > text.clientHeight + 2 ? text.innerText : ''";
    for (key, scenario) in [
        ("1", "quiet"),
        ("2", "partition"),
        ("3", "stomp"),
        ("4", "tombstone"),
        ("5", "slow"),
        ("6", "returns"),
        ("7", "no-streaming"),
    ] {
        press(&browser, key).await?;
        let runs = format!("return document.querySelector('#caption').dataset.scenario === '{scenario}'");
        browser.until(&format!("{scenario} runs"), &runs).await?;
        // Each step waits for the instructor's key, or for the cluster; a caption is a state to look at.
        let deadline = Instant::now() + Duration::from_secs(120);
        let mut last = json!(null);
        loop {
            let caption = browser.run("return {...document.querySelector('#caption').dataset}").await?;
            let failed = caption["failed"].as_str().unwrap_or_default();
            ensure!(failed.is_empty(), "{scenario}: {failed}");
            if caption["scenario"] != scenario {
                break;
            }
            let cut_off = browser.run(cut_off).await?;
            ensure!(cut_off == "", "{scenario}: the caption has no room: {cut_off}");
            // The page shows a hold a little longer than it lasts: one key for each, or the next one is passed over.
            if caption["holds"] == "true" && caption["step"] != last {
                last = caption["step"].clone();
                tokio::time::sleep(Duration::from_millis(700)).await;
                browser.picture(&format!("demo/{scenario} {}", last.as_str().unwrap_or("0"))).await?;
                press(&browser, "n").await?;
            }
            ensure!(Instant::now() < deadline, "{scenario} does not end");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        ensure!(!last.is_null(), "{scenario} never held");
    }
    end(demo, browser).await
}

#[tokio::test]
async fn bad_commands_say_what_to_do_and_dark_is_dark() -> Tested {
    let (demo, browser) = begin().await?;
    for (bad, says) in [("explode", "put"), ("start us", "runs"), ("put us", "key")] {
        browser.run("document.querySelector('#answer').dataset.ok = ''").await?;
        let line = browser.page.find(By::Id("command")).await?;
        line.clear().await?;
        line.send_keys(bad + Key::Enter).await?;
        let refused = "return document.querySelector('#answer').dataset.ok === 'false'";
        browser.until(&format!("{bad} is refused"), refused).await?;
        let answer = browser.run("return document.querySelector('#answer').innerText").await?;
        ensure!(answer.as_str().unwrap_or_default().contains(says), "{bad}: {answer}");
    }
    browser.page.find(By::Id("command")).await?.clear().await?;
    // Nothing that a store holds may act as part of the page.
    command(&browser, "put us bad <img src=x onerror=\"document.title='caught'\">").await?;
    browser.until("it is shown", "return !!document.querySelector('#keys-de [data-key=bad]')").await?;
    let acts = browser.run("return document.querySelector('img') !== null").await?;
    ensure!(
        acts == json!(false) && browser.page.title().await? != "caught",
        "a value acts as a part of the page"
    );
    let background = "return getComputedStyle(document.body).backgroundColor";
    let before = browser.run(background).await?;
    press(&browser, "t").await?;
    browser
        .until(
            "the theme is another one",
            &format!("{background} !== '{}'", before.as_str().unwrap_or_default()),
        )
        .await?;
    browser.picture("demo/other theme").await?;
    for (width, height) in [(1920, 1080), (1280, 720)] {
        browser.resize(width, height).await?;
        let fits = "return document.documentElement.scrollWidth <= innerWidth \
                    && document.documentElement.scrollHeight <= innerHeight";
        ensure!(browser.run(fits).await? == json!(true), "the page does not fit {width}x{height}");
        browser.picture(&format!("demo/other theme {width}")).await?;
    }
    end(demo, browser).await
}
