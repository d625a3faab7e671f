//! Templates: the text before the first byte 0 is the template, the rest is what a device says.

use adapter_mqtt::{payload::Payload, template::Template};

/// A template compiles or is refused; rendering it ends, whatever it says.
pub(crate) fn read(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (source, payload) = bytes.split_at(end);
    let Ok(source) = std::str::from_utf8(source) else { return };
    let Ok(template) = Template::compile(source) else { return };
    let payload = Payload::new(payload.get(1..).unwrap_or_default());
    template.read(&payload);
    template.write(vec![("value", "21.5".into())]);
}
