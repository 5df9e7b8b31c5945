//! How many files may be open, and how many of them are connections.

/// What the engine may have open: it keeps up to 1,024 tables at hand, and fewer where the limit is low.
fn engine(limit: usize) -> usize {
    (limit / 2).min(1024)
}

/// Listeners, channels to peers, logs, and what the system itself needs.
const OTHERS: usize = 64;

/// More connections would cost memory and answer nobody faster.
const MOST: usize = 10_000;

/// How many connections each port may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    pub(crate) limit: usize,
    pub(crate) grpc: usize,
    pub(crate) pages: usize,
}

impl Shares {
    /// Raises the limit of this process as far as it may, and shares it out.
    pub(crate) fn raise() -> Self {
        Self::of(raise())
    }

    fn of(limit: usize) -> Self {
        let rest = limit.saturating_sub(engine(limit) + OTHERS);
        let pages = (rest / 8).clamp(4, 128);
        Self { limit, pages, grpc: rest.saturating_sub(pages).clamp(16, MOST) }
    }
}

/// The limit of open files after it was raised. Windows has none that matters here.
fn raise() -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let before = getrlimit(Resource::Nofile);
        // Where the system refuses, the limit is as it was.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: before.maximum, ..before });
    }
    limit().unwrap_or(usize::MAX)
}

/// How many files this process may have open, where there is a limit.
pub(crate) fn limit() -> Option<usize> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        getrlimit(Resource::Nofile).current.and_then(|limit| limit.try_into().ok())
    }
    #[cfg(windows)]
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_share() {
        assert_eq!(Shares::of(256), Shares { limit: 256, grpc: 56, pages: 8 });
        assert_eq!(Shares::of(1024), Shares { limit: 1024, grpc: 392, pages: 56 });
        assert_eq!(Shares::of(1 << 20), Shares { limit: 1 << 20, grpc: MOST, pages: 128 });
        for limit in [128, 256, 1024, 4096, 65_536] {
            let Shares { grpc, pages, .. } = Shares::of(limit);
            assert!(grpc + pages + engine(limit) <= limit, "{limit}");
        }
    }
}
