//! The session's time zone, which is UTC.

use crate::Vm;

/// Local time minus UTC in seconds at a moment, in seconds since the epoch.
pub fn local_offset(_vm: &Vm, _seconds: i64) -> i64 {
    0
}

/// The name of the local zone at a moment.
pub fn local_name(_vm: &Vm, _seconds: i64) -> String {
    "UTC".to_string()
}
