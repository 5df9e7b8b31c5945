//! A headless Chromium, driven through chromedriver.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{PageLoadStrategy, prelude::*};

use crate::target;

/// How long something may take to appear on a page: machines that test are slow, and who waits for what is there
/// does not wait.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a page is asked again.
const PAUSE: Duration = Duration::from_millis(50);

/// The size of a projector, in pixels.
const SIZE: (u32, u32) = (1280, 720);

/// Without these, a browser in a container does not start, or asks the network for things of its own.
const ARGUMENTS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// A browser with one page. It ends when this is dropped.
pub struct Browser {
    /// The page, for what this type has no name for.
    pub page: WebDriver,
    _running: Running,
}

/// The driver, and the browser that it has started on a profile of its own.
struct Running {
    driver: Child,
    profile: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Either may have ended already. A driver that is killed leaves its browser behind, which only its profile
        // tells from others.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = Command::new("pkill").args(["-KILL", "-f"]).arg(self.profile.path()).status();
    }
}

impl Browser {
    /// Starts chromedriver on a free port, and a browser whose page has the size of a projector.
    ///
    /// # Errors
    /// If there is no chromedriver, or no Chromium.
    pub async fn start() -> Result<Self> {
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start chromedriver: install Debian's chromium and chromium-driver")?;
        let mut running = Running { driver, profile: TempDir::new()? };
        let said = running.driver.stdout.take().context("it has an output")?;
        let port = BufReader::new(said).lines().map_while(Result::ok).find_map(|line| {
            let port = line.split_once("started successfully on port ")?.1;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.context("chromedriver does not say on which port it listens")?;
        let mut wanted = DesiredCapabilities::chrome();
        for argument in ARGUMENTS {
            wanted.add_arg(argument)?;
        }
        wanted.add_arg(&format!("--user-data-dir={}", running.profile.path().display()))?;
        // A page that another one writes, as the speaker view is, never says that it is loaded. The tests wait for
        // what they look for.
        wanted.set_page_load_strategy(PageLoadStrategy::None)?;
        wanted.set("goog:loggingPrefs", json!({ "browser": "ALL", "performance": "ALL" }))?;
        let page = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await?;
        let browser = Self { page, _running: running };
        browser.resize(SIZE.0, SIZE.1).await?;
        Ok(browser)
    }

    /// Gives the page this size, in pixels.
    ///
    /// The page alone, not the window: a window that is still being opened may tell a wrong size of its frame, and
    /// forget the size that it was given.
    ///
    /// # Errors
    /// If the browser cannot be asked.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.page.cdp().emulation().set_device_metrics_override(width, height, 1.0, false).await?;
        let as_wanted = format!("return innerWidth === {width} && innerHeight === {height}");
        self.until("the page has its size", &as_wanted).await
    }

    /// Goes to an address, and waits until the page is there with its own scripts.
    ///
    /// # Errors
    /// If nothing comes from there.
    pub async fn open(&self, address: &str) -> Result<()> {
        self.page.goto(address).await?;
        // Until the new page is there, scripts run in the one before it.
        let there = format!(
            "return document.readyState === 'complete' && decodeURI(location.href).startsWith('{address}')"
        );
        self.until(&format!("{address} is loaded"), &there).await
    }

    /// What a script returns.
    ///
    /// # Errors
    /// If it throws.
    pub async fn run(&self, script: &str) -> Result<Value> {
        let answer = self.page.execute(script, Vec::new()).await;
        Ok(answer.with_context(|| format!("on the page: {script}"))?.json().clone())
    }

    /// Waits until a script returns something true. A script that throws is asked again: what it looks at may not be
    /// on the page yet.
    ///
    /// # Errors
    /// If it still doesn't after a while: with `what`, and what it answered last.
    pub async fn until(&self, what: &str, script: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.run(script).await;
            if matches!(&answer, Ok(answer) if !matches!(answer, Value::Null | Value::Bool(false))) {
                return Ok(());
            }
            if Instant::now() > deadline {
                self.picture(&format!("failed {}", what.replace('/', "-"))).await?;
                bail!("not within {PATIENCE:?}: {what} ({script}), but {answer:?}");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Keeps a picture of the page in `target/pictures`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn picture(&self, name: &str) -> Result<PathBuf> {
        let file = target().join("pictures").join(name.replace(' ', "-") + ".png");
        std::fs::create_dir_all(file.parent().context("it has a folder")?)?;
        self.page.screenshot(&file).await?;
        Ok(file)
    }

    /// What the page has asked for since it was last asked here: all addresses but data in the address itself.
    ///
    /// # Errors
    /// If the browser keeps no such log.
    pub async fn requests(&self) -> Result<Vec<String>> {
        let mut asked = Vec::new();
        for entry in self.page.get_log("performance").await? {
            let event: Value = serde_json::from_str(&entry.message)?;
            if event["message"]["method"] == "Network.requestWillBeSent" {
                let address = event["message"]["params"]["request"]["url"].as_str().unwrap_or_default();
                asked.push(address.to_owned());
            }
        }
        // What the browser shows of itself before a page is there does not count either.
        let own = ["data:", "blob:", "chrome:", "chrome-untrusted:"];
        asked.retain(|address| !own.iter().any(|own| address.starts_with(own)));
        Ok(asked)
    }

    /// Errors that the page's scripts have logged.
    ///
    /// # Errors
    /// If the browser keeps no such log.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let log = self.page.browser_log().await?;
        let severe = log.into_iter().filter(|entry| entry.level == "SEVERE");
        Ok(severe.map(|entry| entry.message).collect())
    }
}
