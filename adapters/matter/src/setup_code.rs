//! The codes on Matter devices: the text of a QR code (`MT:...`) and the 11 or 21 digits of a manual pairing code. Pure.
//!
//! Matter core specification, 5.1 "Onboarding Payload".

mod base38;
mod digits;
mod payload;

use std::fmt;

pub(crate) use payload::looks_like_one;

/// What a code says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct SetupCode {
    /// The secret that the device and whoever adds it share.
    pub(crate) passcode: u32,
    /// Which device of those nearby it is.
    pub(crate) discriminator: Discriminator,
    /// Vendor and product, where the code names them.
    pub(crate) product: Option<(u16, u16)>,
}

/// A number by which a device that waits is told from others; it is not unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Discriminator {
    /// All 12 bits, from a QR code.
    Long(u16),
    /// Its upper four bits, from a manual code.
    Short(u8),
}

/// Why a text is no setup code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SetupCodeError {
    /// Too few or too many digits.
    #[error("a manual pairing code has 11 or 21 digits, such as 3497-011-2332, and this one has {0}")]
    Length(usize),
    /// A digit is wrong.
    #[error("the last digit should be {expected} and is {found}: one of the digits was mistyped, or two were swapped")]
    CheckDigit {
        /// What the other digits call for.
        expected: u8,
        /// What stands there.
        found: u8,
    },
    /// The first digit is none that a code begins with.
    #[error("a pairing code begins with a digit from 0 to 7")]
    FirstDigit,
    /// The first digit says whether there are 11 or 21.
    #[error("a code that begins with {first} has {expected} digits")]
    FirstDigitAndLength {
        /// The first digit.
        first: u8,
        /// How many it calls for.
        expected: usize,
    },
    /// A number does not fit into its field.
    #[error("the digits make no code: {0} is out of range")]
    OutOfRange(&'static str),
    /// The passcode is one of those that are too easy to guess.
    #[error("the passcode {0:08} is not allowed in a code: read it again")]
    Passcode(u32),
    /// A character that QR codes of Matter don't have.
    #[error("`{found}` at place {place} can't stand in a Matter QR code")]
    Character {
        /// The character.
        found: char,
        /// Where, from 1, counted behind `MT:`.
        place: usize,
    },
    /// The QR text stops short.
    #[error("the QR code's text is cut off: it should go on behind `{0}`")]
    CutOff(String),
    /// A later format.
    #[error("the QR code has version {0}, and only version 0 is known")]
    Version(u8),
}

impl SetupCode {
    /// Reads a QR text or a manual code; spaces and dashes between digits don't count.
    pub(crate) fn parse(text: &str) -> Result<Self, SetupCodeError> {
        let text = text.trim();
        match payload::qr_body(text) {
            Some(body) => payload::parse(body),
            None => digits::parse(text),
        }
    }

    /// The manual code of 11 digits, written 3497-011-2332.
    pub(crate) fn manual(self) -> String {
        digits::write(self.short_discriminator(), self.passcode)
    }

    /// The text of the QR code, for a device that is reached over the network.
    pub(crate) fn qr(self) -> Option<String> {
        match self.discriminator {
            Discriminator::Long(discriminator) => {
                Some(payload::write(self.product.unwrap_or_default(), discriminator, self.passcode))
            }
            Discriminator::Short(_) => None,
        }
    }

    fn short_discriminator(self) -> u8 {
        match self.discriminator {
            Discriminator::Long(discriminator) => (discriminator >> 8) as u8 & 0xF,
            Discriminator::Short(short) => short,
        }
    }
}

impl Discriminator {
    /// Whether a device that announces these 12 bits can be the one.
    pub(crate) const fn fits(self, announced: u16) -> bool {
        match self {
            Self::Long(discriminator) => discriminator == announced,
            Self::Short(short) => (announced >> 8) as u8 == short,
        }
    }
}

/// The passcode is a secret.
impl fmt::Debug for SetupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetupCode").field("discriminator", &self.discriminator).finish_non_exhaustive()
    }
}

/// Whether a passcode may be used at all (5.1.7 "Invalid Passcodes").
pub(crate) fn is_allowed(passcode: u32) -> bool {
    let one_digit_repeated = passcode.is_multiple_of(11_111_111);
    (1..=99_999_998).contains(&passcode) && !one_digit_repeated && passcode != 12_345_678 && passcode != 87_654_321
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(passcode: u32, discriminator: Discriminator) -> SetupCode {
        SetupCode { passcode, discriminator, product: None }
    }

    #[test]
    fn the_sample_codes_of_the_specification_are_read() {
        let manual = SetupCode::parse("3497-011-2332").unwrap();
        assert_eq!(manual, code(20_202_021, Discriminator::Short(15)));
        let qr = SetupCode::parse("MT:-24J0AFN00KA0648G00").unwrap();
        assert_eq!((qr.passcode, qr.discriminator), (20_202_021, Discriminator::Long(3840)));
        assert_eq!(qr.product.unwrap().0, 0xFFF1);
    }

    #[test]
    fn a_code_of_21_digits_names_its_product() {
        let digits = format!("{}{:05}{:05}", "7497011233", 65521, 32769);
        let whole = format!("{digits}{}", digits::check_digit(&digits::values(&digits)));
        assert_eq!(SetupCode::parse(&whole).unwrap().product, Some((65521, 32769)));
    }

    #[test]
    fn what_is_wrong_with_a_code_is_named() {
        let error = |text: &str| SetupCode::parse(text).unwrap_err();
        assert_eq!(error("3497-011-2333"), SetupCodeError::CheckDigit { expected: 2, found: 3 });
        assert!(error("3497-110-2332").to_string().contains("mistyped"));
        assert_eq!(error("3497011233"), SetupCodeError::Length(10));
        assert_eq!(error(""), SetupCodeError::Length(0));
        assert_eq!(error("MT:-24J0AFN00K?0648G00"), SetupCodeError::Character { found: '?', place: 12 });
        assert!(matches!(error("MT:-24J0AFN"), SetupCodeError::CutOff(_)));
    }

    #[test]
    fn a_passcode_that_is_easy_to_guess_is_no_code() {
        for passcode in [0, 11_111_111, 99_999_999, 12_345_678, 87_654_321] {
            assert!(!is_allowed(passcode), "{passcode}");
            let text = digits::write(3, passcode);
            assert!(SetupCode::parse(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn passcodes_are_not_printed() {
        assert!(!format!("{:?}", code(20_202_021, Discriminator::Short(1))).contains("20202021"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            passcode in (1_u32..=99_999_998).prop_filter("allowed", |passcode| is_allowed(*passcode)),
            long in 0_u16..4096,
            product: (u16, u16),
        ) {
            let long = SetupCode { passcode, discriminator: Discriminator::Long(long), product: Some(product) };
            prop_assert_eq!(SetupCode::parse(&long.qr().unwrap()), Ok(long));
            let short = code(passcode, Discriminator::Short(long.short_discriminator()));
            prop_assert_eq!(SetupCode::parse(&long.manual()), Ok(short));
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,40}", digits in "[0-9 -]{0,30}", qr in "MT:[0-9A-Z.-]{0,60}") {
            for text in [text, digits, qr] {
                let _ = SetupCode::parse(&text);
            }
        }
    }
}
