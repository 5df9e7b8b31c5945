//! The signals that tell a program to end.

/// Ends with the first signal that asks for an end: ctrl-c, SIGTERM, and on Unix the end of the terminal too.
///
/// # Errors
/// If the system doesn't tell of signals.
#[cfg(unix)]
pub async fn told_to_end() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut hang_up) = (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    tokio::select! {
        told = tokio::signal::ctrl_c() => Ok(told?),
        _ = terminate.recv() => Ok(()),
        _ = hang_up.recv() => Ok(()),
    }
}

/// Ends with ctrl-c.
///
/// # Errors
/// If the system doesn't tell of signals.
#[cfg(not(unix))]
pub async fn told_to_end() -> anyhow::Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}
