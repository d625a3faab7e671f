//! How the program is linked.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Packed relocations (DT_RELR, glibc 2.36) save the hub about a megabyte of memory, as they are read at every start.
    let gnu = std::env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|environment| environment == "gnu");
    if gnu {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
