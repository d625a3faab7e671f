//! The running hub from outside, against real peers.
