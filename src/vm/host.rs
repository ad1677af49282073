//! Everything the runtime can ask of the outside world.
//!
//! What can be answered at once (clock, random bytes) is the [`Host`] trait. What may take time is a
//! [`HostRequest`], handed out by `Session::run` as `Exit::Host` and answered later through `Session::answer`;
//! the Python thread that asked is parked meanwhile and the others go on.

/// Services the embedder answers immediately.
pub trait Host {
    /// Seconds since the Unix epoch.
    fn time(&self) -> f64;
    /// Seconds of a clock that never goes back; its zero is arbitrary.
    fn monotonic(&self) -> f64;
    /// Fills `buffer` with random bytes fit for cryptography.
    fn random(&self, buffer: &mut [u8]);
    /// Whether a part of the runtime that the embedder may keep apart is loaded: the functions of a native module
    /// (`ModuleDef::part`), the rendering of exceptions (`errors`). If not, its first use makes a [`HostRequest::Part`].
    fn has_part(&self, _part: &str) -> bool {
        true
    }
    /// Whether the session may make [`HostRequest::Fetch`].
    fn may_fetch(&self) -> bool {
        false
    }
}

/// Something only the embedder can do, and that may take time.
#[derive(Clone, Debug, PartialEq)]
pub enum HostRequest {
    /// One line from standard input. The prompt has not been written to the output; the host shows it.
    /// Answer: `HostReply::Line`.
    ReadLine { prompt: String },
    /// Wake up once `Host::monotonic` has reached `until`. Answer: `HostReply::Done`.
    Sleep { until: f64 },
    /// The source of a standard-library module, by its path below the library's root, such as `json/decoder.py`.
    /// Answer: `HostReply::Bytes`, or an error if there is none.
    Library { path: String },
    /// Load this part of the runtime, which the embedder keeps apart.
    /// Answer: `HostReply::Done`.
    Part { part: &'static str },
    /// An HTTP request: a JSON object of `method`, `url`, `headers` (pairs) and `body` (a text of characters below 256, or null).
    /// Answer: `HostReply::Bytes`, an HTTP response with its status line and headers.
    Fetch { spec: String },
    /// Something that natives of the embedder's own ask for; the number is theirs. Answer: `HostReply::Done`.
    Foreign { call: u32 },
}

/// The answer to a [`HostRequest`].
#[derive(Clone, Debug, PartialEq)]
pub enum HostReply {
    Done,
    /// A line with its newline; without one at the end of the input; `None` at end of file.
    Line(Option<String>),
    Bytes(Vec<u8>),
    /// The request failed; the text becomes an OSError's message (ModuleNotFoundError for `Library`,
    /// ImportError for `Part`).
    Failed(String),
}

/// Names one outstanding request of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(pub u32);

/// Which standard stream a piece of output belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}
