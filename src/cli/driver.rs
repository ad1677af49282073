//! The loop that runs a session in slices and answers what it asks: the native counterpart of what pages do.

use std::io::{BufRead, Write};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use snakelet_vm::Value;
use snakelet_vm::host::{Host, HostReply, HostRequest, RequestId, Stream};
use snakelet_vm::session::{Exit, Limits, Session, SessionConfig};

use crate::options::Options;

/// How many slices late a delayed answer comes.
const DELAY: u32 = 3;

/// The machine's clock and randomness.
struct Machine {
    start: Instant,
}

impl Host for Machine {
    fn time(&self) -> f64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
    }

    fn monotonic(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn random(&self, buffer: &mut [u8]) {
        use std::hash::{BuildHasher, Hasher};
        let file = std::fs::File::open("/dev/urandom");
        if file.and_then(|mut file| std::io::Read::read_exact(&mut file, buffer)).is_ok() {
            return;
        }
        // Where there is no such device: the seeds of hash maps, which come from the system too.
        for chunk in buffer.chunks_mut(8) {
            let seed = std::hash::RandomState::new().build_hasher().finish().to_le_bytes();
            chunk.copy_from_slice(&seed[..chunk.len()]);
        }
    }
}

/// A request that is not answered yet.
enum Open {
    Sleep {
        until: f64,
    },
    /// Answer this after some more slices.
    Late {
        reply: HostReply,
        slices: u32,
    },
}

/// A session and what it waits for.
pub struct Driver {
    pub session: Session,
    start: Instant,
    open: Vec<(RequestId, Open)>,
    fuel: u32,
    delay: bool,
    interrupt_after: Option<u64>,
    slices: u64,
}

impl Driver {
    pub fn new(options: &Options, argv: Vec<String>, interactive: bool) -> Driver {
        let start = Instant::now();
        let config = SessionConfig {
            argv,
            env: std::env::vars().collect(),
            limits: Limits { memory: options.memory, ..Limits::default() },
            interactive,
            modules: snakelet_modules::MODULES,
            ..SessionConfig::default()
        };
        Driver {
            session: Session::new(config, Box::new(Machine { start })),
            start,
            open: Vec::new(),
            fuel: options.fuel,
            delay: options.delay_host,
            interrupt_after: options.interrupt_after,
            slices: 0,
        }
    }

    /// Runs what is loaded to its end: its value, or the exception that ended it.
    pub fn finish(&mut self) -> Result<Value, Value> {
        loop {
            let exit = self.session.run(self.fuel);
            self.show_output();
            self.slices += 1;
            if self.interrupt_after == Some(self.slices) {
                self.session.interrupt();
            }
            match exit {
                Exit::FuelSpent => self.answer_open(false),
                Exit::Host { id, request } => {
                    self.take(id, request);
                    self.answer_open(false);
                }
                Exit::Waiting => self.answer_open(true),
                Exit::Done(value) => return Ok(value),
                Exit::Raised(exception) => return Err(exception),
            }
        }
    }

    fn take(&mut self, id: RequestId, request: HostRequest) {
        let reply = match request {
            HostRequest::Sleep { until } => {
                self.open.push((id, Open::Sleep { until }));
                return;
            }
            HostRequest::ReadLine { prompt } => read_line(&prompt),
            HostRequest::Part { .. } | HostRequest::Foreign { .. } => HostReply::Done,
            HostRequest::Fetch { .. } => HostReply::Failed("there is no network".to_string()),
            HostRequest::Library { path } => match snakelet_stdlib::read(&path) {
                Some(bytes) => HostReply::Bytes(bytes),
                None => HostReply::Failed(format!("the library has no file {path}")),
            },
        };
        if self.delay {
            self.open.push((id, Open::Late { reply, slices: DELAY }));
        } else {
            self.session.answer(id, reply);
        }
    }

    /// Answers what is due. If every thread waits, waits for the first.
    fn answer_open(&mut self, wait: bool) {
        let mut now = self.start.elapsed().as_secs_f64();
        let late = self.open.iter().any(|(_, open)| matches!(open, Open::Late { .. }));
        let first = self.open.iter().filter_map(|(_, open)| match open {
            Open::Sleep { until } => Some(*until),
            Open::Late { .. } => None,
        });
        let first = first.fold(f64::INFINITY, f64::min);
        if wait && !late {
            if first.is_infinite() {
                // Nothing will ever wake anybody: only Stop could.
                self.session.interrupt();
                return;
            }
            if let Ok(pause) = Duration::try_from_secs_f64(first - now) {
                std::thread::sleep(pause);
            }
            now = first.max(now);
        }
        for (id, open) in std::mem::take(&mut self.open) {
            match open {
                Open::Sleep { until } if until <= now => self.session.answer(id, HostReply::Done),
                Open::Late { reply, slices: 0 } => self.session.answer(id, reply),
                Open::Late { reply, slices } => self.open.push((id, Open::Late { reply, slices: slices - 1 })),
                open => self.open.push((id, open)),
            }
        }
    }

    /// Hands the output so far to the process's streams.
    pub fn show_output(&mut self) {
        for (stream, text) in self.session.take_output() {
            // A reader that has gone away is no reason to stop.
            let _ = match stream {
                Stream::Stdout => {
                    let mut out = std::io::stdout().lock();
                    out.write_all(text.as_bytes()).and_then(|()| out.flush())
                }
                Stream::Stderr => std::io::stderr().lock().write_all(text.as_bytes()),
            };
        }
    }
}

/// One line of standard input.
pub fn read_line(prompt: &str) -> HostReply {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(prompt.as_bytes()).and_then(|()| out.flush());
    drop(out);
    let mut line = Vec::new();
    match std::io::stdin().lock().read_until(b'\n', &mut line) {
        Ok(0) => HostReply::Line(None),
        Ok(_) => HostReply::Line(Some(String::from_utf8_lossy(&line).into_owned())),
        Err(error) => HostReply::Failed(error.to_string()),
    }
}
