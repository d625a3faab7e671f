//! Backups: one encrypted file that holds a whole home, and the way back.
//!
//! Owns what is in such a file and how a folder is replaced. Consistent copies of the databases come from the store.

mod archive;
mod gather;
mod passphrase;
mod place;

pub(crate) use archive::{seal, unseal};
pub(crate) use gather::add_files;
pub(crate) use passphrase::{Passphrase, PassphraseArgs};
pub(crate) use place::{Force, Restoring};
