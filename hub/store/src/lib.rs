//! SQLite on one thread: registry, journal, history, accounts, secrets.
