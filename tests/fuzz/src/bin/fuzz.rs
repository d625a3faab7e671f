//! The program that libFuzzer drives. Which target it is, `$HEARTH_FUZZ_TARGET` says; it writes the dictionary of the
//! target into the file that `$HEARTH_FUZZ_WORDS` names, before libFuzzer reads it.
#![no_main]

use std::{env, fs, sync::OnceLock};

use fuzz_targets::Target;

static TARGET: OnceLock<&'static Target> = OnceLock::new();

fn begin() {
    let name = env::var("HEARTH_FUZZ_TARGET").expect("$HEARTH_FUZZ_TARGET names the target");
    let target = TARGET.get_or_init(|| Target::named(&name).unwrap_or_else(|| panic!("there is no target {name}")));
    if let Some(file) = env::var_os("HEARTH_FUZZ_WORDS") {
        let words = target.dictionary().expect("the corpus can be read");
        let quoted = |word: &String| format!("\"{}\"\n", word.replace('\\', "\\\\").replace('"', "\\\""));
        fs::write(file, words.iter().map(quoted).collect::<String>()).expect("the dictionary can be written");
    }
}

libfuzzer_sys::fuzz_target!(init: begin(), |bytes: &[u8]| {
    if let Some(target) = TARGET.get() {
        (target.read)(bytes);
    }
});
