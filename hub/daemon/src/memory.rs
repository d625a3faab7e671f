//! Gives back what the start alone needed of the program.
//!
//! The kernel maps a program in pages, sixteen around each that is touched, and they count as the process's memory for as
//! long as they are mapped. Starting touches much that is not run again: command line, settings, migrations, the making of
//! the schema. Those pages are let go once; what is needed later comes back from the page cache within microseconds.

use std::{ffi::c_void, fs, io, ops::Range, ptr, time::Duration};

use rustix::mm::{Advice, madvise};

/// When a start is over: adapters run, and phones that waited for the hub have come back.
const SETTLED: Duration = Duration::from_secs(5);

/// Waits until the start is over, and gives back what it needed.
pub(crate) async fn settle() {
    tokio::time::sleep(SETTLED).await;
    if let Err(error) = give_back() {
        tracing::debug!(%error, "What the start needed of the program stays in memory.");
    }
}

#[expect(unsafe_code, reason = "the kernel is told about memory by its address")]
fn give_back() -> io::Result<()> {
    let here = give_back as *const () as usize;
    for pages in as_in_the_file(&fs::read_to_string("/proc/self/smaps")?, here) {
        let start: *mut c_void = ptr::with_exposed_provenance_mut(pages.start);
        // SAFETY: these are the program's own mappings, which stay for as long as it runs; nobody can write them and
        // nobody did, so that they read the same after they were let go.
        unsafe { madvise(start, pages.len(), Advice::LinuxDontNeed)? };
    }
    Ok(())
}

/// The mappings of the file that holds the address `here` which nobody can write and nobody did: what they show is what
/// the file has (`man 5 proc_pid_smaps`).
fn as_in_the_file(smaps: &str, here: usize) -> Vec<Range<usize>> {
    let mut mappings: Vec<Mapping<'_>> = Vec::new();
    for line in smaps.lines() {
        if let Some(mapping) = Mapping::parse(line) {
            mappings.push(mapping);
        } else if let (Some(last), Some(written)) = (mappings.last_mut(), line.strip_prefix("Anonymous:")) {
            last.is_as_in_the_file = written.trim() == "0 kB";
        }
    }
    let ours = mappings.iter().find(|mapping| mapping.pages.contains(&here)).map(|mapping| mapping.file);
    let untouched =
        |mapping: &Mapping<'_>| Some(mapping.file) == ours && mapping.is_read_only && mapping.is_as_in_the_file;
    mappings.into_iter().filter(untouched).map(|mapping| mapping.pages).collect()
}

struct Mapping<'a> {
    pages: Range<usize>,
    is_read_only: bool,
    file: &'a str,
    is_as_in_the_file: bool,
}

impl<'a> Mapping<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let mut words = line.splitn(6, ' ');
        let (start, end) = words.next()?.split_once('-')?;
        let address = |text| usize::from_str_radix(text, 16).ok();
        let (pages, rights) = (address(start)?..address(end)?, words.next()?);
        // After the rights come the place in the file, the device and the file's number; there need be no file.
        let file = words.nth(3).unwrap_or_default().trim_start();
        Some(Self { pages, is_read_only: matches!(rights, "r-xp" | "r--p"), file, is_as_in_the_file: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMAPS: &str = "\
1000-3000 r--p 00000000 fe:00 77                 /bin/hub one
Rss:                   8 kB
Anonymous:             0 kB
3000-9000 r-xp 00002000 fe:00 77                 /bin/hub one
Anonymous:             0 kB
9000-a000 r--p 00008000 fe:00 77                 /bin/hub one
Anonymous:             4 kB
a000-b000 rw-p 00009000 fe:00 77                 /bin/hub one
Anonymous:             0 kB
b000-c000 rw-p 00000000 00:00 0
Anonymous:             0 kB
c000-d000 r-xp 00000000 fe:00 78                 /lib/libc.so.6
Anonymous:             0 kB
e000-f000 rw-p 00000000 00:00 0
Anonymous:             4 kB
";

    #[test]
    fn only_pages_of_the_program_that_are_as_in_its_file_are_given_back() {
        assert_eq!(as_in_the_file(SMAPS, 0x4000), [0x1000..0x3000, 0x3000..0x9000]);
        assert_eq!(as_in_the_file(SMAPS, 0xa800), [0x1000..0x3000, 0x3000..0x9000]);
        assert_eq!(as_in_the_file(SMAPS, 0xe800), [] as [Range<usize>; 0]);
        assert_eq!(as_in_the_file("", 0x4000), [] as [Range<usize>; 0]);
    }

    #[test]
    fn the_program_runs_on_after_it() {
        give_back().unwrap();
        assert!(fs::read_to_string("/proc/self/smaps").unwrap().contains("r-xp"));
    }
}
