//! `open`.

use snakelet_macros::functions;

use crate::files::open::Wishes;
use crate::{PyResult, Value, VmRef};

pub struct Open;

#[functions("builtins", FUNCTIONS)]
impl Open {
    /// Open file and return a stream.  Raise OSError upon failure.
    ///
    /// file is a path (a str, bytes or path-like object) in the session's file system, or the number of a standard stream. mode
    /// is 'r' for reading (the default), 'w' for writing after emptying the file, 'x' for creating a new one, 'a' for appending;
    /// with '+' both reading and writing, with 'b' bytes and with 't' (the default) text.
    #[function(
        "open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "CPython's signature")]
    async fn open(
        vm: VmRef,
        file: Value,
        mode: String,
        buffering: i64,
        encoding: Value,
        errors: Value,
        newline: Value,
        closefd: bool,
        opener: Value,
    ) -> PyResult {
        crate::files::open::open(&vm, &file, &mode, Wishes { buffering, encoding, errors, newline, closefd, opener })
            .await
    }
}
