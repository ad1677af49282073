//! The embedder's interface: load a program, run it in slices, answer what it asks, interrupt it.
//!
//! A session is one isolated Python interpreter with its own modules, files and limits. It never blocks: [`Session::run`]
//! returns as soon as the fuel is spent or the program needs the outside world, and continues at the next instruction.

use crate::host::{Host, HostReply, HostRequest, RequestId, Stream};

/// How a source text is compiled and what its run yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A file or script; the value is None.
    Exec,
    /// A single expression; the value is its value.
    Eval,
    /// One interactive statement: expression statements go through `sys.displayhook`.
    Interactive,
    /// Like `Exec`, but the value of a final expression statement is the value of the run, and `await` is allowed at top level.
    Notebook,
}

/// Bounds that end in a Python exception and leave the session alive.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Seconds of running (waiting excluded) per run; then KeyboardInterrupt with a message.
    pub time: Option<f64>,
    /// Bytes of heap; then MemoryError.
    pub memory: Option<usize>,
    /// Characters written to both streams per run; then the run ends with an error.
    pub output: Option<usize>,
    /// Initial `sys.getrecursionlimit()`; 1000 when absent.
    pub recursion: Option<usize>,
}

/// What a session starts with.
#[derive(Default)]
pub struct SessionConfig {
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// `os.environ`.
    pub env: Vec<(String, String)>,
    pub limits: Limits,
    /// Fixed seed for hashing and `random`, for reproducible runs.
    pub seed: Option<u64>,
    /// Whether `sys.ps1` and the display hook of an interactive shell are set up.
    pub interactive: bool,
}

/// Why `run` came back.
#[derive(Debug)]
pub enum Exit {
    /// The fuel is spent: call `run` again when convenient.
    FuelSpent,
    /// A request to answer through `answer`; call `run` again at once, other threads may have work.
    Host { id: RequestId, request: HostRequest },
    /// Every thread waits for an answer.
    Waiting,
    /// The program ended; the value of the run.
    Done(crate::Value),
    /// The program ended with this exception, already printed to stderr in CPython's form unless it is SystemExit.
    Raised(crate::Value),
}
