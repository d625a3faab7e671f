//! What an adapter is and all that it may touch.
