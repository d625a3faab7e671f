//! Prints the schema of blueprints, for `cargo xtask codegen`.

fn main() {
    println!("{:#}", automations::blueprint_schema());
}
