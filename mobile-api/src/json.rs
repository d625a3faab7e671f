//! Answers as bytes: values of GraphQL, and in them parts that were written before and are passed on as they are.

use async_graphql::Value;
use bytes::Bytes;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// A part of an answer that is JSON already. GraphQL's own binary values serve for it: no type of ours has one, and they
/// are kept behind a count, so that nothing is copied until the answer is written.
pub(crate) const fn written(json: Bytes) -> Value {
    Value::Binary(json)
}

/// An answer, or a part of one, as JSON.
pub(crate) fn write(answer: &impl Serialize) -> Vec<u8> {
    let mut json = Vec::with_capacity(1024);
    answer.serialize(&mut Serializer::with_formatter(&mut json, AsItIs)).expect("an answer of our own types is JSON");
    json
}

/// Compact, with written parts as they are.
struct AsItIs;

impl Formatter for AsItIs {
    fn write_byte_array<W: ?Sized + std::io::Write>(&mut self, writer: &mut W, part: &[u8]) -> std::io::Result<()> {
        writer.write_all(part)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn a_written_part_stands_where_its_value_would() {
        let part = value!({ "id": "a\"b", "level": 30.5 });
        let whole = value!({ "devices": [part.clone(), part.clone()], "none": null });
        let bytes = Bytes::from(write(&part));
        let mixed = Value::List(vec![written(bytes.clone()), part]);
        let Value::Object(mut fields) = whole.clone() else { unreachable!() };
        fields.insert(async_graphql::Name::new("devices"), mixed);
        assert_eq!(write(&Value::Object(fields)), serde_json::to_vec(&whole).unwrap());
    }
}
