//! The handle that tasks share.

use std::fmt;
use std::future::pending;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::backend::{Backend, Batch};
use crate::leveldb::{LevelDb, LevelDbOptions};
use crate::memory::Memory;
use crate::stats::{FailStop, Queue, Status, bytes_below};
use crate::view::{Outcome, run_read, run_update};
use crate::worker::{Handle, Job, start};
use crate::{Error, MemoryDisk, Reader, Stats, Transaction};

/// A sorted store of rows that many tasks share; cheap to clone.
///
/// All work on a disk is done by one thread. It ends with [`Engine::close`], or when the last handle is dropped.
#[derive(Clone)]
pub struct Engine {
    status: Arc<Status>,
    route: Route,
    /// Where its files are; none in memory.
    dir: Option<Arc<Path>>,
}

/// The path to the backend.
#[derive(Clone)]
enum Route {
    /// Through a queue to the thread that owns it.
    Thread(Handle),
    /// At once, in the calling task: nothing here blocks, and tests are the same in every run. None
    /// once closed.
    Inline(Arc<Mutex<Option<Memory>>>),
}

impl Engine {
    /// Opens the LevelDB database in `dir`, or creates one.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Corrupt`], or the operating system's refusal.
    pub async fn leveldb(dir: impl AsRef<Path>) -> Result<Self, Error> {
        Self::leveldb_with(dir, LevelDbOptions::default()).await
    }

    /// Like [`Engine::leveldb`], with sizes that suit tests and not a store.
    ///
    /// # Errors
    /// The same.
    pub async fn leveldb_with(dir: impl AsRef<Path>, options: LevelDbOptions) -> Result<Self, Error> {
        Self::start(dir.as_ref(), move |dir| LevelDb::open(dir, options)).await
    }

    /// Opens the fjall database in `dir`, or creates one.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Corrupt`], or the operating system's refusal.
    #[cfg(feature = "fjall")]
    pub async fn fjall(dir: impl AsRef<Path>) -> Result<Self, Error> {
        Self::start(dir.as_ref(), crate::fjall::Fjall::open).await
    }

    async fn start<B: Backend + 'static>(
        dir: &Path,
        open: impl FnOnce(&Path) -> Result<B, Error> + Send + 'static,
    ) -> Result<Self, Error> {
        let (status, dir) = (Arc::<Status>::default(), Arc::<Path>::from(dir));
        let opened = dir.clone();
        let route = Route::Thread(start(status.clone(), move || open(&opened)).await?);
        Ok(Self { status, route, dir: Some(dir) })
    }

    /// Opens an engine on `disk`, and cuts off the one that was open on it before.
    #[must_use]
    pub fn memory(disk: &MemoryDisk) -> Self {
        let memory = Arc::new(Mutex::new(Some(Memory::open(disk))));
        Self { status: Arc::default(), route: Route::Inline(memory), dir: None }
    }

    /// Runs `body` on a consistent view of what is committed.
    ///
    /// A panic in `body` comes out of this call and harms nothing else.
    ///
    /// # Errors
    /// What `body` returns, [`Error::Closed`], or [`Error::Stopped`] as soon as `body` reads.
    pub async fn read<T, E>(
        &self,
        body: impl FnOnce(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let outcome = match &self.route {
            Route::Inline(memory) => inline(memory, &self.status, |disk| run_read(disk, body)).await?,
            Route::Thread(thread) => {
                let (sender, answer) = oneshot::channel();
                // A caller that no longer waits needs no answer, here and below.
                let read = move |disk: FailStop<'_>| drop(sender.send(run_read(disk, body)));
                thread.submit(Job::Read(Box::new(read)), answer).await?
            }
        };
        settle(outcome, Ok(()))
    }

    /// Runs `body` alone, then writes all it wrote in one atomic batch. What it wrote is on disk when this returns.
    ///
    /// An error from `body`, or a panic, discards its writes. Updates that wait at the same time run one after the
    /// other, each seeing the writes of those before it, and share one batch and one sync. When the caller's future is
    /// dropped, the update still happens, or does not, as a whole.
    ///
    /// # Errors
    /// What `body` returns, [`Error::Closed`], [`Error::Stopped`], or the failure of the write that stops the engine;
    /// after such a failure the update may or may not be on disk.
    pub async fn update<T, E>(
        &self,
        body: impl FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (outcome, written) = match &self.route {
            Route::Inline(memory) => {
                inline(memory, &self.status, |mut disk| {
                    let mut batch = Batch::default();
                    let outcome = run_update(disk.reborrow(), &mut batch, body);
                    (outcome, disk.write(&batch))
                })
                .await?
            }
            Route::Thread(thread) => {
                let (sender, answer) = oneshot::channel();
                let update = Job::Update(Box::new(move |disk, batch| {
                    let outcome = run_update(disk, batch, body);
                    Box::new(move |written| drop(sender.send((outcome, written))))
                }));
                thread.submit(update, answer).await?
            }
        };
        settle(outcome, written)
    }

    /// Why the engine has stopped, if it has. Open it again to continue.
    #[must_use]
    pub fn stopped(&self) -> Option<Error> {
        self.status.stopped.get().cloned()
    }

    /// What the engine has done since it was opened.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.status.stats()
    }

    /// The calls that wait for the thread.
    #[must_use]
    pub fn queue(&self) -> Queue {
        match &self.route {
            Route::Inline(_) => Queue::default(),
            Route::Thread(thread) => thread.queue(),
        }
    }

    /// How many bytes its files have; none in memory.
    pub async fn bytes_on_disk(&self) -> Option<u64> {
        let dir = self.dir.clone()?;
        tokio::task::spawn_blocking(move || bytes_below(&dir)).await.ok()
    }

    /// Finishes what is queued, then lets go of the disk: the directory can be opened again when this returns.
    ///
    /// Every later call on any handle gets [`Error::Closed`], except `close`, which may be repeated.
    ///
    /// # Errors
    /// The disk refused the last touches. Acknowledged updates are safe even so.
    pub async fn close(&self) -> Result<(), Error> {
        match &self.route {
            Route::Inline(memory) => {
                memory.lock().unwrap_or_else(PoisonError::into_inner).take();
                Ok(())
            }
            Route::Thread(thread) => thread.close().await,
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("stats", &self.stats())
            .field("stopped", &self.stopped())
            .finish_non_exhaustive()
    }
}

/// Acts on a memory engine. Where its process has died, nobody ever hears of the outcome.
async fn inline<T>(
    memory: &Mutex<Option<Memory>>,
    status: &Status,
    act: impl FnOnce(FailStop<'_>) -> T,
) -> Result<T, Error> {
    let outcome = {
        // Bodies cannot poison this lock: their panics are caught before they reach it.
        let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        let backend = memory.as_mut().ok_or(Error::Closed)?;
        let outcome = (!backend.has_died()).then(|| act(FailStop { backend: &mut *backend, status }));
        outcome.filter(|_| !backend.has_died())
    };
    match outcome {
        Some(outcome) => Ok(outcome),
        None => pending().await,
    }
}

/// Turns what the engine's thread found into what the caller gets.
fn settle<T, E: From<Error>>(outcome: Outcome<T, E>, written: Result<(), Error>) -> Result<T, E> {
    match outcome {
        Err(panic) => resume_unwind(panic),
        // Even an error of the body may rest on writes of its group that were then lost, so the failed write comes first.
        Ok(result) => written.map_err(E::from).and(result),
    }
}
