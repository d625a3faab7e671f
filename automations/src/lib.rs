//! Rule files and the engine that runs them.
