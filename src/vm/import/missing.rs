//! Modules of CPython's library that cannot be here, and why.

/// Names and reasons, which follow the name in the error's message.
const MISSING: &[(&str, &str)] = &[
    ("tkinter idlelib turtledemo _tkinter", "it opens windows of a desktop; a page shows HTML instead"),
    ("turtle", "it draws in a desktop window"),
    ("curses _curses _curses_panel termios tty pty", "it needs a terminal"),
    ("readline", "the shell edits lines itself"),
    ("_ctypes _ctypes_test", "there are no shared libraries to call; ctypes has the simple types"),
    ("_posixshmem _posixsubprocess", "there are no processes; use threading or concurrent.futures.ThreadPoolExecutor"),
    ("_dbm _gdbm", "its database is a C library; use dbm.dumb or sqlite3"),
    ("ensurepip venv", "there are no virtual environments; every session starts afresh"),
    ("fcntl syslog", "there is no operating system to ask"),
    ("ssl _ssl _hashlib", "there is no OpenSSL; the browser encrypts what goes through fetch"),
    ("msvcrt nt winreg winsound _winapi _wmi _overlapped", "it is for Windows only"),
    ("_scproxy _osx_support _ios_support _apple_support", "it is for Apple's systems only"),
    ("_aix_support _android_support", "it is for another operating system"),
    ("_interpchannels", "it is internal to CPython's tests; use the queues of concurrent.interpreters"),
    ("_remote_debugging", "there are no other processes to look into"),
    ("_uuid", "uuid works without it"),
    (
        "_zoneinfo _elementtree _asyncio _stat _types _suggestions _sysconfig _statistics _datetime _hmac",
        "its Python counterpart is used",
    ),
];

/// What ModuleNotFoundError says about this name.
pub(super) fn message(name: &str) -> String {
    let reason = MISSING.iter().find(|(names, _)| names.split(' ').any(|missing| missing == name)).map(|entry| entry.1);
    match reason {
        Some(reason) => format!("No module named '{name}' ({reason})"),
        None => format!("No module named '{name}'"),
    }
}
