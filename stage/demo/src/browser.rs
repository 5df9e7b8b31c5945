//! Opening the page.

use std::process::{Command, Stdio};

/// Opens the address in a browser if there is a display. If that fails, the address was printed.
pub fn open(address: &str) {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if has_display {
        "xdg-open"
    } else {
        return;
    };
    let mut command = Command::new(program);
    command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Ok(mut child) = command.spawn() {
        // A browser may live as long as this; its launcher is waited for, but nobody waits for the
        // browser.
        drop(std::thread::spawn(move || child.wait()));
    }
}
