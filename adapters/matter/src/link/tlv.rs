//! Values of the protocol, out of its library's types and back.

use rs_matter::{
    error::{Error, ErrorCode},
    tlv::{TLVElement, TLVSequence, TLVTag, TLVValue, TLVWrite},
};

use crate::wire::Tlv;

/// How deep containers may lie in each other. The deepest of the specification's own have five levels.
const DEEPEST: usize = 16;

/// A value that came from a device.
pub(crate) fn read(element: &TLVElement<'_>) -> Result<Tlv, Error> {
    read_within(element, DEEPEST)
}

/// Writes a value below a tag.
pub(super) fn write<W: TLVWrite>(value: &Tlv, tag: &TLVTag, out: &mut W) -> Result<(), Error> {
    match value {
        Tlv::Null => out.null(tag),
        Tlv::Bool(truth) => out.bool(tag, *truth),
        Tlv::Int(number) => out.i64(tag, *number),
        Tlv::Uint(number) => out.u64(tag, *number),
        // No command or attribute of the specification that can be written is a double.
        Tlv::Float(number) => out.f32(tag, *number as f32),
        Tlv::Text(text) => out.utf8(tag, text),
        Tlv::Bytes(bytes) => out.str(tag, bytes),
        Tlv::Array(values) => {
            out.start_array(tag)?;
            for value in values {
                write(value, &TLVTag::Anonymous, out)?;
            }
            out.end_container()
        }
        Tlv::Struct(fields) => {
            out.start_struct(tag)?;
            for (number, value) in fields {
                write(value, &TLVTag::Context(*number), out)?;
            }
            out.end_container()
        }
    }
}

fn read_within(element: &TLVElement<'_>, deeper: usize) -> Result<Tlv, Error> {
    let deeper = deeper.checked_sub(1).ok_or(ErrorCode::InvalidData)?;
    Ok(match element.value()? {
        TLVValue::Null => Tlv::Null,
        TLVValue::True => Tlv::Bool(true),
        TLVValue::False => Tlv::Bool(false),
        TLVValue::S8(number) => Tlv::Int(number.into()),
        TLVValue::S16(number) => Tlv::Int(number.into()),
        TLVValue::S32(number) => Tlv::Int(number.into()),
        TLVValue::S64(number) => Tlv::Int(number),
        TLVValue::U8(number) => Tlv::Uint(number.into()),
        TLVValue::U16(number) => Tlv::Uint(number.into()),
        TLVValue::U32(number) => Tlv::Uint(number.into()),
        TLVValue::U64(number) => Tlv::Uint(number),
        TLVValue::F32(number) => Tlv::Float(number.into()),
        TLVValue::F64(number) => Tlv::Float(number),
        TLVValue::Utf8l(text) | TLVValue::Utf16l(text) | TLVValue::Utf32l(text) | TLVValue::Utf64l(text) => {
            Tlv::Text(text.into())
        }
        TLVValue::Str8l(bytes) | TLVValue::Str16l(bytes) | TLVValue::Str32l(bytes) | TLVValue::Str64l(bytes) => {
            Tlv::Bytes(bytes.to_vec())
        }
        TLVValue::Array => Tlv::Array(items(&element.container()?, deeper)?),
        TLVValue::Struct | TLVValue::List => Tlv::Struct(fields(&element.container()?, deeper)?),
        TLVValue::EndCnt => return Err(ErrorCode::TLVTypeMismatch.into()),
    })
}

fn items(container: &TLVSequence<'_>, deeper: usize) -> Result<Vec<Tlv>, Error> {
    container.iter().map(|item| read_within(&item?, deeper)).collect()
}

/// The members with a number; names of vendors' own kind have no meaning for us.
fn fields(container: &TLVSequence<'_>, deeper: usize) -> Result<Vec<(u8, Tlv)>, Error> {
    let mut fields = Vec::new();
    for field in container.iter() {
        let field = field?;
        if let Some(number) = field.try_ctx()? {
            fields.push((number, read_within(&field, deeper)?));
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Arrays within each other.
    fn nested(levels: usize) -> Vec<u8> {
        [vec![0x16; levels], vec![0x18; levels]].concat()
    }

    #[test]
    fn what_lies_too_deep_is_refused() {
        assert!(read(&TLVElement::new(&nested(DEEPEST))).is_ok());
        // As much as a message can hold.
        for levels in [DEEPEST + 1, 600] {
            assert!(read(&TLVElement::new(&nested(levels))).is_err(), "{levels} levels");
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_survived(octets: Vec<u8>, cut in 0_usize..40) {
            let _ = read(&TLVElement::new(&octets));
            let broken = nested(20);
            let _ = read(&TLVElement::new(&broken[..cut]));
        }
    }
}
