//! A simulated home that behaves like one.
