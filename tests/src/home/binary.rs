//! Where the program `hub` is.

use std::{env, path::PathBuf};

/// The binary `hub` of the build that this test belongs to, or the one that `$HEARTH_HUB` names.
pub fn hub_binary() -> PathBuf {
    if let Some(named) = env::var_os("HEARTH_HUB") {
        return named.into();
    }
    let test = env::current_exe().expect("a test knows where it is");
    // target/debug/deps/test-0123, or target/debug/load
    let found = test.ancestors().skip(1).take(2).map(|folder| folder.join("hub")).find(|path| path.is_file());
    found.unwrap_or_else(|| {
        let place = test.parent().and_then(std::path::Path::parent).unwrap_or(&test).display();
        panic!("there is no program `hub` in {place}: build it with `cargo build -p hub-daemon`")
    })
}
