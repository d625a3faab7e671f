//! The utility clusters of a node's root endpoint that several parts ask (Core Specification, chapter 11).

/// The endpoint that they are on.
pub(crate) const ROOT: u16 = 0;

/// Basic Information (11.1); a bridged device's has the same attributes.
pub(crate) const BASIC: u32 = 0x28;
pub(crate) const VENDOR_ID: u32 = 0x02;
pub(crate) const PRODUCT_ID: u32 = 0x04;

/// Operational Credentials (11.18).
pub(crate) const CREDENTIALS: u32 = 0x3E;
