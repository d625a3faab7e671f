//! What the house remembers. Pure.

use std::collections::BTreeMap;

use hub_model::{
    DeviceKey, Endpoint, EndpointId, EndpointKind, Found, Product, Property, PropertyOffer, Value,
    capability::{PropertySpec, house, variable},
    handle::slug,
};
use serde::{Deserialize, Serialize};

/// The key of the house's own device.
pub(crate) const HOUSE: &str = "house";
/// What the keys of variables begin with.
const VARIABLE: &str = "variable/";
/// What is kept of all variables has to fit into one note of the hub.
pub(crate) const MOST: usize = 200;
/// The longest text of a variable, in bytes.
pub(crate) const LONGEST: usize = 200;

/// The mode, and the variables by their keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Book {
    mode: Value,
    variables: BTreeMap<String, Variable>,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Variable {
    name: String,
    value: Value,
}

/// Why something can't be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// Nothing of that key.
    #[error("there is no such variable any more")]
    Gone,
    /// The value is of another kind than the variable.
    #[error("it takes {0}")]
    OtherKind(&'static str),
    /// A text that is too long.
    #[error("a variable's text has at most {LONGEST} bytes")]
    TooLong,
    /// Too many variables.
    #[error("there are {MOST} variables already: forget one first")]
    Full,
}

impl Default for Book {
    fn default() -> Self {
        Self { mode: Value::text("home"), variables: BTreeMap::new() }
    }
}

impl Book {
    /// The key that a variable's name leads to; nothing where the name has no letter or digit.
    pub(crate) fn key(name: &str) -> Option<DeviceKey> {
        let slug = slug(name);
        (!slug.is_empty()).then(|| DeviceKey::new(format!("{VARIABLE}{slug}")))
    }

    /// Whether there is a variable of that key.
    pub(crate) fn has(&self, key: &DeviceKey) -> bool {
        self.variables.contains_key(key.0.as_str())
    }

    /// Adds a variable, or makes it another one.
    pub(crate) fn put(&mut self, key: &DeviceKey, name: &str, value: Value) -> Result<(), Refusal> {
        fits(&value)?;
        if !self.has(key) && self.variables.len() >= MOST {
            return Err(Refusal::Full);
        }
        self.variables.insert(key.0.to_string(), Variable { name: name.to_owned(), value });
        Ok(())
    }

    /// Forgets a variable.
    pub(crate) fn forget(&mut self, key: &DeviceKey) {
        self.variables.remove(key.0.as_str());
    }

    /// Sets the mode, or a variable.
    pub(crate) fn set(&mut self, key: &DeviceKey, value: &Value) -> Result<(), Refusal> {
        if key.0 == HOUSE {
            self.mode = value.clone();
            return Ok(());
        }
        let variable = self.variables.get_mut(key.0.as_str()).ok_or(Refusal::Gone)?;
        if std::mem::discriminant(&variable.value) != std::mem::discriminant(value) {
            return Err(Refusal::OtherKind(variable.value.kind()));
        }
        fits(value)?;
        variable.value = value.clone();
        Ok(())
    }

    /// Every device: what it is and what it says.
    pub(crate) fn devices(&self) -> Vec<(DeviceKey, Found, Value)> {
        let house = (DeviceKey::new(HOUSE), found("House", &house::MODE), self.mode.clone());
        let variables = self.variables.iter().map(|(key, variable)| {
            (DeviceKey::new(key.as_str()), found(&variable.name, spec(&variable.value)), variable.value.clone())
        });
        std::iter::once(house).chain(variables).collect()
    }

    /// The property that a device has, with its value.
    pub(crate) fn reading(&self, key: &DeviceKey) -> Option<(EndpointId, Property, Value)> {
        let (spec, value) = if key.0 == HOUSE {
            (&house::MODE, &self.mode)
        } else {
            let value = &self.variables.get(key.0.as_str())?.value;
            (spec(value), value)
        };
        Some((EndpointId::first(), spec.into(), value.clone()))
    }
}

fn fits(value: &Value) -> Result<(), Refusal> {
    match value {
        Value::Text(text) if text.len() > LONGEST => Err(Refusal::TooLong),
        _ => Ok(()),
    }
}

/// The property of a variable that has such a value.
fn spec(value: &Value) -> &'static PropertySpec {
    match value {
        Value::Bool(_) => &variable::FLAG,
        Value::Number(_) => &variable::NUMBER,
        _ => &variable::TEXT,
    }
}

fn found(name: &str, spec: &'static PropertySpec) -> Found {
    let mut endpoint = Endpoint::new(EndpointId::first(), EndpointKind::Other);
    endpoint.properties = vec![PropertyOffer::new(spec)];
    Found { name: name.to_owned(), room: None, product: Product::default(), endpoints: vec![endpoint] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_keeps_its_kind() {
        let mut book = Book::default();
        let key = Book::key("Vacation").unwrap();
        assert_eq!(book.set(&key, &true.into()), Err(Refusal::Gone));
        book.put(&key, "Vacation", false.into()).unwrap();
        book.set(&key, &true.into()).unwrap();
        assert_eq!(book.reading(&key).unwrap().2, Value::Bool(true));
        assert_eq!(book.set(&key, &Value::Number(3.0)).unwrap_err().to_string(), "it takes true or false");
    }

    #[test]
    fn the_fullest_book_fits_into_one_note() {
        let mut book = Book::default();
        for number in 0..MOST {
            let name = format!("{number:03}{}", "x".repeat(40));
            book.put(&Book::key(&name).unwrap(), &name, Value::text("x".repeat(LONGEST))).unwrap();
        }
        let key = Book::key("one more").unwrap();
        assert_eq!(book.put(&key, "one more", true.into()), Err(Refusal::Full));
        assert!(serde_json::to_vec(&book).unwrap().len() < 64 << 10);
    }
}
