//! The live demo, started the way a person starts it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::root;

/// A running `cargo workshop demo`. It is told to end when this is dropped.
pub struct Demo {
    process: Child,
    /// The address of its page.
    pub address: String,
}

impl Demo {
    /// Starts it, which builds what is not built, and waits for the address.
    ///
    /// # Errors
    /// If it ends without one.
    pub fn start() -> Result<Self> {
        let mut process = Command::new("cargo")
            .args(["workshop", "demo"])
            .current_dir(root())
            // No window should open on the machine that runs the tests.
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start cargo")?;
        let said = process.stdout.take().context("it has an output")?;
        let mut demo = Self { process, address: String::new() };
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        let address = lines.find_map(|line| {
            let at = line.find("http://127.0.0.1:")?;
            line[at..].split_whitespace().next().map(str::to_owned)
        });
        demo.address = address.context("the demo ended, or told no address")?;
        // Whatever it says later is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(|line| println!("demo: {line}")));
        Ok(demo)
    }

    /// Tells it to end, and waits until it has.
    ///
    /// # Errors
    /// If it cannot be told.
    pub fn stop(&mut self) -> Result<()> {
        let told = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status()?;
        ensure!(told.success(), "the demo has ended before it was told to");
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            // Nobody is there any more to hear of a failure.
            let _ = self.stop();
        }
    }
}
