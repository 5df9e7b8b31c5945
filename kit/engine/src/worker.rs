//! The one thread that owns a backend, and the queue that leads to it.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;

use tokio::sync::{mpsc, oneshot, watch};

use crate::Error;
use crate::backend::{Backend, Batch};
use crate::stats::{FailStop, Queue, Status};

/// Callers that may wait in the queue; the next one waits for a place in it.
const QUEUE: usize = 1024;

/// Jobs that one group takes in before it is written, so that no caller waits forever while others keep coming.
const GROUP_JOBS: usize = 512;

/// Bytes after which a group takes in no further update, so that many large values don't add up in one batch.
pub(crate) const GROUP_BYTES: usize = 8 << 20;

/// Tells a caller whether the group that its update was part of is on disk.
pub(crate) type Answer = Box<dyn FnOnce(Result<(), Error>) + Send>;

type Read = Box<dyn FnOnce(FailStop<'_>) + Send>;
type Update = Box<dyn FnOnce(FailStop<'_>, &mut Batch) -> Answer + Send>;

pub(crate) enum Job {
    Read(Read),
    Update(Update),
    Close,
}

/// The way to the thread.
#[derive(Clone)]
pub(crate) struct Handle {
    jobs: mpsc::Sender<Job>,
    /// Holds the result of closing the backend when its sender, which the thread keeps, is gone.
    ended: watch::Receiver<Result<(), Error>>,
}

impl Handle {
    /// Hands over `job`, which promises an `answer`.
    pub async fn submit<T>(&self, job: Job, answer: oneshot::Receiver<T>) -> Result<T, Error> {
        self.jobs.send(job).await.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)
    }

    pub fn queue(&self) -> Queue {
        let most = self.jobs.max_capacity();
        Queue { waiting: most - self.jobs.capacity(), most }
    }

    /// Returns when the thread has ended, whoever asked for it first.
    pub async fn close(&self) -> Result<(), Error> {
        // An error means that the thread is on its way out already.
        drop(self.jobs.send(Job::Close).await);
        let mut ended = self.ended.clone();
        while ended.changed().await.is_ok() {}
        ended.borrow().clone()
    }
}

/// Starts the thread; `open` runs on it, since a backend may be bound to the thread that made it.
pub(crate) async fn start<B: Backend + 'static>(
    status: Arc<Status>,
    open: impl FnOnce() -> Result<B, Error> + Send + 'static,
) -> Result<Handle, Error> {
    let (sender, jobs) = mpsc::channel(QUEUE);
    let (opened, answer) = oneshot::channel();
    let (end, ended) = watch::channel(Ok(()));
    let run = move || match open() {
        Ok(backend) => {
            status.bytes_dropped.store(backend.bytes_dropped(), Relaxed);
            if opened.send(Ok(())).is_ok() {
                let closed = Worker { backend, status, jobs }.run();
                drop(end.send(closed));
            }
        }
        Err(error) => drop(opened.send(Err(error))),
    };
    thread::Builder::new().name("engine".into()).spawn(run).map_err(|cause| Error::Io {
        action: "start the thread of the engine".into(),
        kind: cause.kind(),
        message: cause.to_string(),
    })?;
    answer.await.unwrap_or(Err(Error::Closed))?;
    Ok(Handle { jobs: sender, ended })
}

struct Worker<B> {
    backend: B,
    status: Arc<Status>,
    jobs: mpsc::Receiver<Job>,
}

impl<B: Backend + 'static> Worker<B> {
    /// Works until the queue is closed and empty, then closes the backend and lets go of it.
    fn run(mut self) -> Result<(), Error> {
        while let Some(job) = self.jobs.blocking_recv() {
            self.group(job);
        }
        self.backend.close()
    }

    /// Group commit: updates that wait at the same time share one batch and one sync.
    ///
    /// While the sync runs, the next updates gather in the queue. So the group grows with the load by itself, and a
    /// lone caller never waits for company.
    fn group(&mut self, first: Job) {
        let mut batch = Batch::default();
        let mut answers = Vec::new();
        let mut next = Some(first);
        for _ in 0..GROUP_JOBS {
            let disk = FailStop { backend: &mut self.backend, status: &self.status };
            match next.take().or_else(|| self.jobs.try_recv().ok()) {
                // A read sees what is on disk, so it need not wait for the group.
                Some(Job::Read(read)) => read(disk),
                Some(Job::Update(update)) => answers.push(update(disk, &mut batch)),
                // Refuses new jobs; those in the queue are still done.
                Some(Job::Close) => self.jobs.close(),
                None => break,
            }
            if batch.bytes() >= GROUP_BYTES {
                break;
            }
        }
        if answers.is_empty() {
            return;
        }
        let written = FailStop { backend: &mut self.backend, status: &self.status }.write(&batch);
        for answer in answers {
            answer(written.clone());
        }
    }
}
