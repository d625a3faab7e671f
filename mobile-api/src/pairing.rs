//! Pairing: a short code that somebody types once to get a token. Pure but for the digits; it knows no HTTP.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use hub_model::Role;

/// The one invitation that is open, if one is. Cheap to clone; all clones share it.
#[derive(Debug, Clone, Default)]
pub struct Pairing(Arc<Mutex<Option<Invitation>>>);

/// A code that was given out.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The digits to type.
    pub code: String,
    /// What the one who types them may do.
    pub role: Role,
    until: Instant,
    tries: u32,
}

/// Why a code was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PairingError {
    /// No code is open: none was made, it was used, it is too old, or there were too many wrong tries.
    #[error("no pairing is open: make a new code with `hub pair`, or ask an owner to invite you from the app")]
    Closed,
    /// The digits are others.
    #[error("this is not the code: {left} tries are left")]
    Wrong {
        /// How often one may still try.
        left: u32,
    },
}

impl Pairing {
    /// How long a code can be used.
    pub const OPEN_FOR: Duration = Duration::from_secs(15 * 60);
    /// How many wrong codes close the pairing.
    pub const TRIES: u32 = 20;
    /// How many digits a code has: with 20 tries, a guess succeeds once in five million.
    pub const DIGITS: usize = 8;

    /// Opens a pairing for one person; a code given out before is void. The first pairing of a home is for
    /// [`Role::Owner`].
    ///
    /// # Errors
    /// The operating system gives no random numbers.
    pub fn invite(&self, role: Role, now: Instant) -> Result<Invitation, getrandom::Error> {
        let invitation = Invitation { code: digits()?, role, until: now + Self::OPEN_FOR, tries: 0 };
        *self.lock() = Some(invitation.clone());
        Ok(invitation)
    }

    /// Takes a code. When it is right, the pairing is closed, and what it promised is returned.
    ///
    /// # Errors
    /// The code is wrong, or no pairing is open.
    pub fn redeem(&self, code: &str, now: Instant) -> Result<Invitation, PairingError> {
        let mut open = self.lock();
        let invitation = open.as_mut().filter(|open| now < open.until).ok_or(PairingError::Closed)?;
        if invitation.code == code.trim() {
            return open.take().ok_or(PairingError::Closed);
        }
        invitation.tries += 1;
        let left = Self::TRIES.saturating_sub(invitation.tries);
        if left == 0 {
            *open = None;
            return Err(PairingError::Closed);
        }
        Err(PairingError::Wrong { left })
    }

    /// Opens a redeemed invitation again, because its token could not be made. A newer one stays.
    pub fn give_back(&self, invitation: Invitation) {
        self.lock().get_or_insert(invitation);
    }

    /// Whether a code can be used now.
    pub fn is_open(&self, now: Instant) -> bool {
        self.lock().as_ref().is_some_and(|open| now < open.until)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Invitation>> {
        // What is inside is whole after every statement, so that a panic elsewhere leaves it sound.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The code never shows in logs.
impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation").field("role", &self.role).field("tries", &self.tries).finish_non_exhaustive()
    }
}

/// Random digits. 64 random bits over 10⁸ codes: none is likelier than another by more than 10⁻¹¹.
fn digits() -> Result<String, getrandom::Error> {
    let number = getrandom::u64()? % 10_u64.pow(Pairing::DIGITS as u32);
    Ok(format!("{number:0width$}", width = Pairing::DIGITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn open() -> (Pairing, Invitation, Instant) {
        let (pairing, now) = (Pairing::default(), Instant::now());
        let invitation = pairing.invite(Role::Owner, now).unwrap();
        (pairing, invitation, now)
    }

    fn wrong(code: &str) -> String {
        format!("{:08}", (code.parse::<u64>().unwrap() + 1) % 100_000_000)
    }

    #[test]
    fn a_code_of_eight_digits_is_taken_once() {
        let (pairing, invitation, now) = open();
        assert!(invitation.code.len() == 8 && invitation.code.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(pairing.redeem(&format!(" {}\n", invitation.code), now).unwrap().role, Role::Owner);
        assert_eq!(pairing.redeem(&invitation.code, now), Err(PairingError::Closed));
    }

    #[test]
    fn a_code_lives_fifteen_minutes() {
        let (pairing, invitation, now) = open();
        assert!(pairing.is_open(now + 14 * MINUTE));
        assert_eq!(pairing.redeem(&invitation.code, now + 15 * MINUTE), Err(PairingError::Closed));
    }

    #[test]
    fn twenty_wrong_tries_close_it() {
        let (pairing, invitation, now) = open();
        for left in (1..Pairing::TRIES).rev() {
            assert_eq!(pairing.redeem(&wrong(&invitation.code), now), Err(PairingError::Wrong { left }));
        }
        assert_eq!(pairing.redeem(&wrong(&invitation.code), now), Err(PairingError::Closed));
        assert_eq!(pairing.redeem(&invitation.code, now), Err(PairingError::Closed));
    }

    #[test]
    fn a_code_given_back_can_be_used_again_and_keeps_its_count() {
        let (pairing, invitation, now) = open();
        assert_eq!(pairing.redeem("", now), Err(PairingError::Wrong { left: 19 }));
        let taken = pairing.redeem(&invitation.code, now).unwrap();
        pairing.give_back(taken);
        assert_eq!(pairing.redeem("", now), Err(PairingError::Wrong { left: 18 }));
        assert!(pairing.redeem(&invitation.code, now).is_ok());
    }

    #[test]
    fn a_new_invitation_voids_the_old_and_neither_shows_in_logs() {
        let (pairing, old, now) = open();
        let new = pairing.invite(Role::Guest, now).unwrap();
        assert!(!format!("{pairing:?}{new:?}").contains(&new.code));
        assert!(old.code == new.code || pairing.redeem(&old.code, now).is_err());
    }
}
