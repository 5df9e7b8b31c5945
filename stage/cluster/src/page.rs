//! Pages of a replica over plain HTTP: the few lines of HTTP that this takes need no client.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// The most bytes of a page.
const LIMIT: u64 = 4 << 20;

/// The body of a page, if its status is 200.
///
/// # Errors
/// If nobody answers, or with another status.
pub async fn get(address: SocketAddr, path: &str) -> io::Result<String> {
    let answer = timeout(PATIENCE, fetch(address, path)).await??;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    match head.split_whitespace().nth(1) {
        Some("200") => Ok(body.to_owned()),
        status => Err(io::Error::other(format!("{path} answers {}: {body}", status.unwrap_or("nothing")))),
    }
}

async fn fetch(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    // With HTTP/1.0 the body comes as it is, and the connection ends with it.
    let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(LIMIT).read_to_string(&mut answer).await?;
    Ok(answer)
}

/// The values of a metric, each with its labels as they stand on the page.
pub fn metric<'a>(page: &'a str, name: &str) -> Vec<(&'a str, f64)> {
    let lines = page.lines().filter_map(|line| line.strip_prefix(name)?.rsplit_once(' '));
    let of_this_name = lines.filter(|(labels, _)| labels.is_empty() || labels.starts_with('{'));
    of_this_name.filter_map(|(labels, value)| Some((labels, value.parse().ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_found_by_its_whole_name() {
        let page = "# HELP atoll_tasks Tasks\natoll_tasks 12\natoll_tasks_more 3\n\
                    atoll_lag{peer=\"2\"} 1.5\natoll_lag{peer=\"3\"} 0\n";
        assert_eq!(metric(page, "atoll_tasks"), [("", 12.0)]);
        assert_eq!(metric(page, "atoll_lag"), [("{peer=\"2\"}", 1.5), ("{peer=\"3\"}", 0.0)]);
        assert_eq!(metric(page, "atoll_nothing"), []);
    }
}
