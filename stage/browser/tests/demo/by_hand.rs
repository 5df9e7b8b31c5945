//! With the mouse and by hand: links are cut, replicas killed, and the slider leads back.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use stage_browser::Tested;
use thirtyfour::prelude::*;

use crate::support::{begin, click, command, end, holds, is, verdict};

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
    let unknown =
        "return document.querySelector('#verdict .names').textContent.includes('sg does not answer')";
    browser.until("the verdict says who does not answer", unknown).await?;
    browser.picture("demo/killed").await?;
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
