//! The JSON schema of rule files, made of the table of keys; editors complete and check from it.

use serde_json::{Map, Value, json};

use crate::{
    days,
    keys::{BLUEPRINT_FILE, Chiefs, FILE, Form, Need, PROPERTY, RULE, Rest, Takes, USE},
};

/// The schema of a rule file (JSON Schema draft 7). `cargo xtask codegen` writes it into `rule.schema.json`.
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    define(&FILE, &mut definitions);
    define(&USE, &mut definitions);
    // A rule says itself what it does, or uses a blueprint.
    let either = json!({ "if": { "required": ["use"] }, "then": { "$ref": reference(&USE) }, "else": { "$ref": reference(&RULE) } });
    definitions[&slug(&FILE)]["properties"]["rule"]["items"] = either.clone();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A Hearth rule file",
        "description": "One rule at the top of the file, or several as [[rule]].",
        "if": { "required": ["rule"] },
        "then": { "$ref": reference(&FILE) },
        "else": either,
        "definitions": definitions,
    })
}

/// The schema of a blueprint's file: that of a rule, in which every plain value may be an input.
/// `cargo xtask codegen` writes it into `blueprint.schema.json`.
pub fn blueprint_schema() -> Value {
    let mut definitions = Map::new();
    define(&RULE, &mut definitions);
    definitions.values_mut().for_each(allow_inputs);
    define(&BLUEPRINT_FILE, &mut definitions);
    let rule = definitions[&slug(&RULE)]["properties"].clone();
    let file = &mut definitions[&slug(&BLUEPRINT_FILE)];
    for key in rule.as_object().into_iter().flat_map(Map::keys).filter(|key| !OF_USE.contains(&key.as_str())) {
        file["properties"][key] = rule[key].clone();
    }
    file["additionalProperties"] = json!(false);
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A Hearth blueprint",
        "description": BLUEPRINT_FILE.doc,
        "allOf": [{ "$ref": reference(&BLUEPRINT_FILE) }],
        "definitions": definitions,
    })
}

/// What a rule has that is not said by its blueprint.
const OF_USE: [&str; 3] = ["name", "id", "enabled"];

/// Lets every plain value of a definition be an input instead.
fn allow_inputs(definition: &mut Value) {
    let Some(properties) = definition.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for schema in properties.values_mut() {
        let is_table = schema.get("allOf").is_some() || schema["items"].get("$ref").is_some();
        let is_text = schema["type"] == "string" && schema.get("pattern").is_none();
        if !is_table && !is_text {
            let description = schema["description"].take();
            let plain = std::mem::take(schema);
            let input = json!({ "type": "string", "pattern": "^\\{\\{ ?[a-z][a-z0-9_]* ?\\}\\}$" });
            *schema = json!({ "anyOf": [plain, input], "description": description });
        }
    }
}

/// The name of a form in the schema: its name without the article.
fn slug(form: &Form) -> String {
    let name = form.name.trim_start_matches("an ").trim_start_matches("a ");
    name.replace(' ', "_")
}

fn reference(form: &Form) -> String {
    format!("#/definitions/{}", slug(form))
}

/// Adds the definition of a form and of all that can stand in it.
fn define(form: &'static Form, definitions: &mut Map<String, Value>) {
    if definitions.contains_key(&slug(form)) {
        return;
    }
    // Forms contain each other, so that the place is taken before going on.
    definitions.insert(slug(form), Value::Null);
    let properties: Map<_, _> = form
        .here()
        .map(|key| {
            let mut schema = schema_of(key.takes, definitions);
            schema.insert("description".into(), key.doc.into());
            (key.name.to_owned(), schema.into())
        })
        .collect();
    let required: Vec<_> = form.here().filter(|key| key.need == Need::Required).map(|key| key.name).collect();
    let mut object = json!({ "type": "object", "description": form.doc, "properties": properties });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    let chiefs: Vec<_> =
        form.here().filter(|key| key.need == Need::Chief).map(|key| json!({ "required": [key.name] })).collect();
    match form.chiefs {
        Chiefs::None => {}
        Chiefs::One => object["oneOf"] = json!(chiefs),
        Chiefs::Some => object["anyOf"] = json!(chiefs),
    }
    match form.rest {
        Rest::Mistake => object["additionalProperties"] = json!(false),
        Rest::Property => complete_properties(&mut object),
        Rest::Parameter | Rest::Rule => {}
        Rest::Language => {
            object["additionalProperties"] = json!({ "type": ["string", "array"], "items": { "type": "string" } });
        }
    }
    definitions.insert(slug(form), object);
}

/// Offers every property of the table that can be set, and lets vendors' own through.
fn complete_properties(object: &mut Value) {
    use hub_model::capability::{self, Access};
    for spec in capability::properties().filter(|spec| spec.access == Access::ReadWrite) {
        object["properties"][spec.name] = json!({ "description": spec.doc });
    }
    object["patternProperties"] = json!({ "^x(\\.|$)": {} });
}

fn schema_of(takes: Takes, definitions: &mut Map<String, Value>) -> Map<String, Value> {
    const CLOCK: &str = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$";
    let clock = json!({ "type": "string", "pattern": CLOCK });
    let schema = match takes {
        Takes::Text | Takes::Template => json!({ "type": "string", "minLength": 1 }),
        Takes::OfOne | Takes::Action => json!({ "type": "string" }),
        Takes::Of | Takes::Devices => {
            json!({ "type": ["string", "array"], "items": { "type": "string" }, "minItems": 1 })
        }
        Takes::Occurrence => json!({ "type": "string", "examples": occurrences() }),
        Takes::Texts => json!({ "type": ["string", "array"], "items": { "type": "string" } }),
        Takes::WordsOrPeople(words) => {
            let one = json!({ "anyOf": [{ "enum": words }, { "type": "string", "minLength": 1 }] });
            json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
        }
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Number => json!({ "type": "number" }),
        Takes::Value => json!({ "type": ["boolean", "number", "string", "object"] }),
        Takes::Payload => json!({ "type": ["boolean", "number", "string", "object", "array"] }),
        Takes::Span => {
            json!({ "type": "string", "pattern": "^([0-9]+(ms|d|h|m|s))+$", "examples": ["30s", "3m", "1h30m"] })
        }
        Takes::Clock => clock,
        Takes::Clocks => json!({ "type": "array", "items": clock, "minItems": 2, "maxItems": 2 }),
        Takes::Days => json!({ "type": "array", "items": { "enum": days::WORDS }, "minItems": 1 }),
        Takes::Word(words) => json!({ "enum": words }),
        Takes::Words(words) => {
            json!({ "anyOf": [{ "enum": words }, { "type": "array", "items": { "enum": words }, "minItems": 1 }] })
        }
        Takes::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Takes::Offset => {
            json!({ "type": "string", "pattern": "^-?([0-9]+(ms|d|h|m|s))+$", "examples": ["30m", "-30m"] })
        }
        Takes::Moment => json!({ "type": "string", "examples": ["2026-12-24 18:00", "12-24 18:00"] }),
        Takes::Dates => json!({
            "type": "array",
            "items": { "type": "string", "pattern": "^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$" },
            "minItems": 2,
            "maxItems": 2,
        }),
        Takes::TextOr(form) => {
            define(form, definitions);
            json!({ "anyOf": [{ "type": "string" }, { "$ref": reference(form) }] })
        }
        Takes::TextsOr(form) => {
            define(form, definitions);
            let texts = json!({ "type": ["string", "array"], "items": { "type": "string" } });
            json!({ "anyOf": [texts, { "$ref": reference(form) }] })
        }
        Takes::WordOrTables(words, form) => {
            define(form, definitions);
            json!({ "anyOf": [{ "enum": words }, { "type": "array", "items": { "$ref": reference(form) } }] })
        }
        Takes::Lists(form) => {
            define(form, definitions);
            let list = json!({ "type": "array", "items": { "$ref": reference(form) } });
            json!({ "type": "array", "items": list, "minItems": 2 })
        }
        Takes::PropertyOrName => {
            define(&PROPERTY, definitions);
            json!({ "anyOf": [{ "$ref": reference(&PROPERTY) }, { "type": "string" }] })
        }
        Takes::Plain => json!({ "type": ["string", "number", "boolean", "array"] }),
        Takes::Answers => json!({ "type": "object" }),
        Takes::Named(form) => {
            define(form, definitions);
            json!({ "type": "object", "additionalProperties": { "$ref": reference(form) } })
        }
        Takes::Table(form) => {
            define(form, definitions);
            json!({ "allOf": [{ "$ref": reference(form) }] })
        }
        Takes::Tables(form) => {
            define(form, definitions);
            json!({ "type": "array", "items": { "$ref": reference(form) } })
        }
    };
    schema.as_object().cloned().unwrap_or_default()
}

fn occurrences() -> Vec<&'static str> {
    hub_model::capability::occurrences().map(|spec| spec.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_schema_is_the_one_of_the_table() {
        let committed: Value = serde_json::from_str(include_str!("../rule.schema.json")).unwrap();
        assert!(committed == json_schema(), "write it anew with `cargo xtask codegen`");
    }

    #[test]
    fn every_reference_leads_to_a_definition() {
        let schema = json_schema();
        let text = schema.to_string();
        for reference in text.split("#/definitions/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schema["definitions"][name].is_object(), "{name}");
        }
    }
}
