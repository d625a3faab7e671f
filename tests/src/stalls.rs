//! How long this machine keeps somebody waiting who wants to wake up in time and have a few bytes on the disk. A bound on
//! the hub's own time is the bound and this: on a machine that does nothing else it is next to nothing.

use std::{
    collections::VecDeque,
    fs::{self, File},
    os::unix::fs::FileExt,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// From one look to the next.
const PAUSE: Duration = Duration::from_millis(4);
/// How many looks are remembered: more than a test asks for. The oldest go.
const REMEMBERED: usize = 10_000;

/// A thread that looks again and again how long a short sleep and a small synced write take.
#[derive(Debug)]
pub struct Stalls {
    looks: Arc<Mutex<VecDeque<Look>>>,
    over: Arc<AtomicBool>,
    looking: Option<JoinHandle<()>>,
}

#[derive(Debug, Clone, Copy)]
struct Look {
    begun: Instant,
    /// `None` for the look that is under way.
    late: Option<Duration>,
}

impl Stalls {
    /// Looks at the machine and at the disk of a folder, from now on until it is dropped.
    pub fn of(folder: &Path) -> Self {
        let file = File::create(folder.join("stalls")).expect("the temporary folder can be written");
        let (looks, over) = (Arc::<Mutex<VecDeque<Look>>>::default(), Arc::<AtomicBool>::default());
        let (kept, ended) = (Arc::clone(&looks), Arc::clone(&over));
        let looking = thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                look(&file, &kept);
            }
        });
        Self { looks, over, looking: Some(looking) }
    }

    /// For how long nothing went on, of the time since `from`.
    pub fn since(&self, from: Instant) -> Duration {
        let looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let late = |look: &Look| look.late.unwrap_or_else(|| look.begun.elapsed().saturating_sub(PAUSE));
        looks.iter().rev().take_while(|look| look.begun + PAUSE + late(look) >= from).map(late).sum()
    }
}

fn look(file: &File, kept: &Mutex<VecDeque<Look>>) {
    let begun = Instant::now();
    {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == REMEMBERED {
            kept.pop_front();
        }
        kept.push_back(Look { begun, late: None });
    }
    thread::sleep(PAUSE);
    // What can't be written is not what is measured here.
    let _ = file.write_all_at(b"stall", 0).and_then(|()| file.sync_data());
    let late = begun.elapsed().saturating_sub(PAUSE);
    if let Some(last) = kept.lock().unwrap_or_else(PoisonError::into_inner).back_mut() {
        last.late = Some(late);
    }
}

impl Drop for Stalls {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(looking) = self.looking.take() {
            // It only looks and remembers.
            let _ = looking.join();
        }
    }
}

/// How long the threads of a process have waited for a processor since it began, together or only those of one name.
/// Zero where the kernel doesn't tell.
pub fn waited_for_processor(process: u32, thread: Option<&str>) -> Duration {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { return Duration::ZERO };
    let of_name = |folder: &Path| {
        thread.is_none_or(|name| fs::read_to_string(folder.join("comm")).is_ok_and(|comm| comm.trim() == name))
    };
    let waited = |folder: &Path| -> Option<u64> {
        fs::read_to_string(folder.join("schedstat")).ok()?.split_whitespace().nth(1)?.parse().ok()
    };
    let threads = threads.flatten().map(|entry| entry.path()).filter(|folder| of_name(folder));
    threads.filter_map(|folder| waited(&folder)).map(Duration::from_nanos).sum()
}
