use hub_model::{CommandId, Cursor, RunId};
use proptest::prelude::*;
use rusqlite::types::ValueRef;

use super::*;

fn any_source() -> impl Strategy<Value = Option<Source>> {
    prop_oneof![
        Just(None),
        (any::<u64>(), any::<u64>()).prop_map(|(epoch, seq)| Some(Source::Event(Cursor { epoch, seq }))),
        any::<u128>().prop_map(|id| Some(Source::Command(CommandId::from_uuid(uuid::Uuid::from_u128(id))))),
        any::<u128>().prop_map(|id| Some(Source::Run(RunId::from_uuid(uuid::Uuid::from_u128(id))))),
    ]
}

proptest! {
    #[test]
    fn any_cause_comes_back_as_it_was(number in 1..i64::MAX, depth: u8, from in any_source()) {
        let cause = Cause { actor: Actor::Hub, from, depth };
        let column = encode(number, &cause);
        let back = decode(ValueRef::from(&column), |found| (found == number).then_some(Actor::Hub));
        prop_assert_eq!(back, Some(cause));
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
        let _ = decode(ValueRef::Blob(&bytes), |_| Some(Actor::Hub));
    }
}
