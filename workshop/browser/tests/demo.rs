//! The live page as an instructor uses it: with the mouse, with the keyboard, and by hand.

use std::time::Duration;

use anyhow::ensure;
use browser_tests::{Browser, Demo, Tested};
use serde_json::json;
use thirtyfour::prelude::*;

/// A page of a demo that has just begun.
async fn begin() -> anyhow::Result<(Demo, Browser)> {
    let demo = Demo::start()?;
    let browser = Browser::start().await?;
    browser.page.goto(&demo.address).await?;
    for replica in ["us", "de", "sg"] {
        is(&browser, replica, "running").await?;
    }
    verdict(&browser, "converged").await?;
    Ok((demo, browser))
}

async fn verdict(browser: &Browser, wanted: &str) -> Tested {
    let script = format!("return document.querySelector('#verdict').dataset.verdict === '{wanted}'");
    browser.until(&format!("the verdict is {wanted}"), &script).await
}

async fn is(browser: &Browser, replica: &str, state: &str) -> Tested {
    let script = format!("return document.querySelector('#replica-{replica}').dataset.state === '{state}'");
    browser.until(&format!("{replica} is {state}"), &script).await
}

/// Waits until the card of a replica shows a key with this value.
async fn holds(browser: &Browser, replica: &str, key: &str, value: &str) -> Tested {
    let row = format!("document.querySelector('#keys-{replica} [data-key={key}]')");
    let script = format!("return {row}?.dataset.value === '{value}'");
    browser.until(&format!("{replica} holds {key} {value}"), &script).await
}

async fn click(browser: &Browser, selector: &str) -> Tested {
    Ok(browser.page.query(By::Css(selector)).first().await?.click().await?)
}

/// Types a command into its line, and waits for a good answer.
async fn command(browser: &Browser, command: &str) -> Tested {
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
async fn press(browser: &Browser, keys: impl Into<TypingData>) -> Tested {
    browser.run("document.activeElement.blur()").await?;
    Ok(browser.page.find(By::Tag("body")).await?.send_keys(keys).await?)
}

async fn end(mut demo: Demo, browser: Browser) -> Tested {
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

#[tokio::test]
async fn writes_on_both_sides_of_a_cut_diverge_and_converge() -> Tested {
    let (demo, browser) = begin().await?;
    command(&browser, "put us apple green").await?;
    for replica in ["us", "de", "sg"] {
        holds(&browser, replica, "apple", "green").await?;
    }
    verdict(&browser, "converged").await?;
    browser.picture("demo/converged").await?;

    // Germany is cut off, with the mouse.
    for (pair, cut) in [("us-de", "cut us de"), ("de-sg", "cut de sg")] {
        click(&browser, &format!("#pair-{pair}")).await?;
        browser.picture(&format!("demo/menu of {pair}")).await?;
        click(&browser, &format!("#menu [data-command='{cut}']")).await?;
    }
    let cut = "return ['us-de', 'de-us', 'de-sg', 'sg-de'].every((link) => \
               document.querySelector(`#link-${link}`).dataset.up === 'false')";
    browser.until("both links are cut", cut).await?;

    // A write on each side, by hand.
    for (replica, value) in [("us", "red"), ("de", "yellow")] {
        browser.run(&format!("document.querySelector('#put-replica').value = '{replica}'")).await?;
        for (field, text) in [("put-key", "apple"), ("put-value", value)] {
            let field = browser.page.find(By::Id(field)).await?;
            field.clear().await?;
            field.send_keys(text).await?;
        }
        click(&browser, "#put").await?;
        holds(&browser, replica, "apple", value).await?;
    }
    verdict(&browser, "differ").await?;
    let stale = "return !!document.querySelector('#keys-us [data-stale], #keys-de [data-stale]')";
    browser.until("one of the two is marked as stale", stale).await?;
    browser.picture("demo/diverged").await?;

    command(&browser, "heal").await?;
    verdict(&browser, "converged").await?;
    let values = "return new Set(['us', 'de', 'sg'].map((replica) => \
                  document.querySelector(`#keys-${replica} [data-key=apple]`).dataset.value)).size";
    ensure!(browser.run(values).await? == json!(1), "the page says converged, and the values differ");
    browser.picture("demo/healed").await?;
    end(demo, browser).await
}

#[tokio::test]
async fn a_replica_is_killed_restarted_paused_and_continued() -> Tested {
    let (demo, browser) = begin().await?;
    click(&browser, "#replica-sg .head").await?;
    browser.picture("demo/menu of a replica").await?;
    click(&browser, "#menu [data-command='kill sg']").await?;
    is(&browser, "sg", "down").await?;
    command(&browser, "put us pear green").await?;
    holds(&browser, "de", "pear", "green").await?;
    let unknown = "return document.querySelector('#verdict').innerText";
    let said = browser.run(unknown).await?;
    browser.picture("demo/killed").await?;
    ensure!(said.as_str().is_some_and(|said| !said.is_empty()), "there is no verdict");
    command(&browser, "start sg").await?;
    is(&browser, "sg", "running").await?;
    holds(&browser, "sg", "pear", "green").await?;
    command(&browser, "pause de").await?;
    is(&browser, "de", "paused").await?;
    browser.picture("demo/paused").await?;
    command(&browser, "continue de").await?;
    is(&browser, "de", "running").await?;
    verdict(&browser, "converged").await?;
    end(demo, browser).await
}

#[tokio::test]
async fn the_slider_leads_back_and_live_leads_on() -> Tested {
    let (demo, browser) = begin().await?;
    command(&browser, "put us apple green").await?;
    holds(&browser, "sg", "apple", "green").await?;
    let moment = browser.run("return Number(document.querySelector('#slider').value)").await?;
    let moment = moment.as_f64().unwrap_or_default();
    tokio::time::sleep(Duration::from_secs(1)).await;
    command(&browser, "put us apple red").await?;
    holds(&browser, "sg", "apple", "red").await?;

    let go = format!(
        "const slider = document.querySelector('#slider'); slider.value = {moment}; \
         slider.dispatchEvent(new Event('input', {{ bubbles: true }}))"
    );
    browser.run(&go).await?;
    holds(&browser, "sg", "apple", "green").await?;
    browser
        .until("it is said to be the past", "return document.querySelector('#time').dataset.live === 'false'")
        .await?;
    let past =
        "const past = document.querySelector('#past'); return !past.hidden && /ago/.test(past.innerText)";
    browser.until("the page says how long ago", past).await?;
    browser.picture("demo/the past").await?;

    // What is done is done now, whatever moment is shown.
    command(&browser, "put us apple yellow").await?;
    holds(&browser, "sg", "apple", "green").await?;
    click(&browser, "#live").await?;
    holds(&browser, "sg", "apple", "yellow").await?;
    browser.until("it is live", "return document.querySelector('#time').dataset.live === 'true'").await?;
    end(demo, browser).await
}

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
        let deadline = std::time::Instant::now() + Duration::from_secs(120);
        let mut last = json!(null);
        loop {
            let caption = browser.run("return {...document.querySelector('#caption').dataset}").await?;
            let failed = caption["failed"].as_str().unwrap_or_default();
            ensure!(failed.is_empty(), "{scenario}: {failed}");
            if caption["scenario"] != scenario {
                break;
            }
            if caption["holds"] == "true" {
                if caption["step"] != last {
                    last = caption["step"].clone();
                    tokio::time::sleep(Duration::from_millis(700)).await;
                    browser.picture(&format!("demo/{scenario} {}", last.as_str().unwrap_or("0"))).await?;
                }
                press(&browser, "n").await?;
            }
            ensure!(std::time::Instant::now() < deadline, "{scenario} does not end");
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
    ensure!(browser.page.title().await? != "caught", "a value acts as a part of the page");
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
