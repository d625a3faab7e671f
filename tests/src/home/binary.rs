//! Where the program `hub` is.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// The binary `hub` of the build that this test belongs to, or the one that `$HEARTH_HUB` names.
pub fn hub_binary() -> PathBuf {
    if let Some(named) = env::var_os("HEARTH_HUB") {
        return named.into();
    }
    let test = env::current_exe().expect("a test knows where it is");
    // target/debug/deps/test-0123, or target/debug/load
    let found = test.ancestors().skip(1).take(2).map(|folder| folder.join("hub")).find(|path| path.is_file());
    let found = found.unwrap_or_else(|| {
        let place = test.parent().and_then(Path::parent).unwrap_or(&test).display();
        panic!("there is no program `hub` in {place}: build it with `cargo build --workspace --all-targets`")
    });
    if let Some(newer) = newer_source(&found).expect("cargo wrote what the hub was made of") {
        let (hub, newer) = (found.display(), newer.display());
        panic!("{hub} is older than {newer}: build it with `cargo build --workspace --all-targets`");
    }
    found
}

/// A source that changed after the binary was made. Building the tests alone does not build the hub, and a test of the
/// hub of yesterday proves nothing.
fn newer_source(binary: &Path) -> io::Result<Option<PathBuf>> {
    let changed = |path: &Path| -> io::Result<SystemTime> { fs::metadata(path)?.modified() };
    let made = changed(binary)?;
    // Written by cargo beside the binary, as for make: "binary: source source ...".
    let list = fs::read_to_string(binary.with_extension("d"))?;
    let sources = list.split_once(": ").map_or("", |(_, sources)| sources);
    // A source that is gone since has made others change, or the build fails.
    let newer = sources.split_whitespace().map(Path::new).find(|it| changed(it).is_ok_and(|at| at > made));
    Ok(newer.map(Path::to_path_buf))
}
