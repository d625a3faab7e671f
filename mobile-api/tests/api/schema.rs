//! The schema against the file, and against the capability table.

use hub_model::capability::CAPABILITIES;

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let committed = include_str!("../../schema.graphql");
    assert!(committed == mobile_api::sdl(), "run `cargo xtask codegen` and look at the difference");
}

#[test]
fn every_row_of_the_capability_table_has_its_fields() {
    let sdl = mobile_api::sdl();
    let body = |of: &str| {
        let begin = sdl.find(&format!("\n{of} {{")).unwrap_or_else(|| panic!("there is no {of}"));
        let end = sdl[begin..].find("\n}").unwrap() + 1;
        sdl[begin..begin + end].to_owned()
    };
    let endpoint = body("type Endpoint");
    for row in CAPABILITIES {
        let object: String = row.name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        let field = object[..1].to_lowercase() + &object[1..];
        assert!(endpoint.contains(&format!("\t{field}: {object}\n")), "{field}");
        for spec in row.properties {
            let wanted = spec.short_name().replace('_', "");
            let fields = body(&format!("type {object}")).to_lowercase().replace('_', "");
            assert!(fields.contains(&format!("\t{wanted}: ")), "{}", spec.name);
        }
    }
}

#[test]
fn exactly_one_action_is_taken() {
    let sdl = mobile_api::sdl();
    assert!(sdl.contains("input InvokeInput @oneOf") && sdl.contains("input LockAction @oneOf"));
}
