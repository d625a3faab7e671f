//! The one owner of state: applies reports, attributes causes, dispatches commands.
