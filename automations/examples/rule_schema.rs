//! Prints the JSON schema of rule files; `cargo xtask codegen` writes it into `rule.schema.json`.

fn main() {
    println!("{:#}", automations::json_schema());
}
