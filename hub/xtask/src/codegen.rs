//! `cargo xtask codegen`: every file that is written from a table rather than by hand.
//!
//! It reads hub-model, and never the crates that hold the written files: else a removed row would leave them unable to
//! compile, and this unable to mend them. Schemas therefore come from programs of the crates that own them, built after
//! their sources were written.

mod capability;
mod files;
mod names;
mod roots;
mod schema;

use anyhow::Result;
use files::Files;

/// The schemas: the crate that owns each, its example that prints it, and the file.
const SCHEMAS: [(&str, &str, &str); 3] = [
    ("mobile-api", "graphql_schema", "schema.graphql"),
    ("automations", "rule_schema", "rule.schema.json"),
    ("automations", "blueprint_schema", "blueprint.schema.json"),
];

/// Writes the generated files; with `check` compares them instead, and names those that differ in the error.
pub(crate) fn run(check: bool) -> Result<()> {
    let mut sources = Files::new("mobile-api/src");
    for row in hub_model::capability::CAPABILITIES {
        sources.rust(format!("generated/{}.rs", row.name), &capability::module(row))?;
    }
    sources.rust("generated/capabilities.rs", &roots::capabilities())?;
    sources.rust("generated/set.rs", &roots::set())?;
    sources.rust("generated/invoke.rs", &roots::invoke())?;
    sources.rust("generated.rs", &roots::modules())?;
    sources.settle("generated", check)?;

    for (package, example, file) in SCHEMAS {
        let mut schema = Files::new(package);
        schema.text(file, schema::of(package, example)?);
        schema.settle("", check)?;
    }
    Ok(())
}
