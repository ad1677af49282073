//! A session driven in-process: input from a list of lines, a clock that only waiting moves, and a pace that decides how often
//! the program is suspended, how late answers come and when Stop is pressed.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

use snakelet_vm::Value;
use snakelet_vm::errors::Exc;
use snakelet_vm::host::{Host, HostReply, HostRequest, RequestId, Stream};
use snakelet_vm::session::{Exit, Mode, Session, SessionConfig};

use crate::record::Record;

/// How a run proceeds.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Fuel for each call of `run`.
    pub fuel: u32,
    /// Calls of `run` that pass before a request is answered.
    pub delay: u32,
    /// Press Stop after this many calls of `run`.
    pub stop_at: Option<u64>,
}

impl Pace {
    /// As fast as possible.
    pub const STRAIGHT: Pace = Pace { fuel: 1_000_000, delay: 0, stop_at: None };
}

/// How a run ended.
pub enum End {
    Done(Value),
    Raised(Value),
    /// It waits for nothing that could ever come, or did not end within [`TIME_LIMIT`].
    Stuck(&'static str),
}

/// Real time before a program counts as endless.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// A session with its surroundings.
pub struct Interpreter {
    session: Session,
    clock: Rc<Cell<f64>>,
    /// What is left of standard input.
    pub input: VecDeque<String>,
    /// Whether input shows in the output, as on a terminal.
    pub echo: bool,
    /// Everything printed, both streams in order.
    pub transcript: String,
    /// The same by stream.
    pub printed: Record,
    /// Calls of `run` in the last run.
    pub turns: u64,
    pending: Vec<Pending>,
    /// Output beyond this many bytes is forgotten, the oldest first.
    pub keep: usize,
}

struct Pending {
    id: RequestId,
    reply: Option<HostReply>,
    /// For a sleep: when it is over.
    until: f64,
    turns_left: u32,
}

/// The clock stands still unless the interpreter moves it; random bytes are always the same.
struct TestHost {
    clock: Rc<Cell<f64>>,
}

impl Host for TestHost {
    fn time(&self) -> f64 {
        1_750_000_000.0 + self.clock.get()
    }

    fn monotonic(&self) -> f64 {
        self.clock.get()
    }

    fn random(&self, buffer: &mut [u8]) {
        for (index, byte) in buffer.iter_mut().enumerate() {
            *byte = (index as u8).wrapping_mul(151).wrapping_add(7);
        }
    }
}

impl Interpreter {
    pub fn new(mut config: SessionConfig) -> Interpreter {
        let clock = Rc::new(Cell::new(1.0));
        config.modules = snakelet_modules::MODULES;
        config.seed = config.seed.or(Some(1));
        let session = Session::new(config, Box::new(TestHost { clock: clock.clone() }));
        Interpreter {
            session,
            clock,
            input: VecDeque::new(),
            echo: false,
            transcript: String::new(),
            printed: Record::default(),
            turns: 0,
            pending: Vec::new(),
            keep: usize::MAX,
        }
    }

    /// Runs a program in real time, presses Stop when it has not ended after `patience`, and prints its exception.
    /// Returns how long it went on after Stop.
    pub fn run_timed(&mut self, source: &str, patience: Duration) -> Result<Duration, String> {
        let start = Instant::now();
        let mut stopped: Option<Instant> = None;
        if let Err(error) = self.session.load(source, "<limits>", Mode::Exec) {
            self.report(error)?;
            return Ok(Duration::ZERO);
        }
        loop {
            let exit = self.session.run(20_000);
            for (stream, text) in self.session.take_output() {
                self.put(stream, &text);
            }
            let late = stopped.map_or(Duration::ZERO, |moment| moment.elapsed());
            match exit {
                Exit::FuelSpent => {}
                Exit::Host { id, request } => self.ask(id, request, 0),
                Exit::Waiting => self.pass(0.01),
                Exit::Done(_) => return Ok(late),
                Exit::Raised(error) => {
                    self.report(error)?;
                    return Ok(late);
                }
            }
            if stopped.is_none() && start.elapsed() > patience {
                stopped = Some(Instant::now());
                self.session.interrupt();
            }
            if late > Duration::from_secs(20) {
                return Err("did not end within 20 s after Stop".into());
            }
        }
    }

    /// Makes this text the standard input.
    pub fn feed(&mut self, text: &str) {
        self.input = text.split_inclusive('\n').map(str::to_string).collect();
    }

    /// Forgets what was printed so far and returns it, both streams in order.
    pub fn take_transcript(&mut self) -> String {
        self.printed = Record::default();
        std::mem::take(&mut self.transcript)
    }

    /// A fresh `__main__`.
    pub fn reset(&mut self) {
        self.pending.clear();
        self.session.reset();
    }

    /// Runs a program to its end; an exception is printed as CPython prints it. The exit code goes to `printed.exit`.
    pub fn run(&mut self, source: &str, filename: &str, mode: Mode, pace: Pace) -> Result<(), &'static str> {
        let end = match self.session.load(source, filename, mode) {
            Ok(()) => self.proceed(pace),
            Err(error) => End::Raised(error),
        };
        self.printed.exit = 0;
        match end {
            End::Done(_) => Ok(()),
            End::Raised(error) => self.report(error),
            End::Stuck(why) => Err(why),
        }
    }

    /// Prints an uncaught exception as `python` does, and finds the exit code.
    fn report(&mut self, error: Value) -> Result<(), &'static str> {
        let vm = self.session.vm().handle();
        let is_exit = Exc::SystemExit.matches(&error);
        self.printed.exit = if Exc::KeyboardInterrupt.matches(&error) { 130 } else { 1 };
        self.session.start_native(Box::pin(async move {
            if !is_exit {
                snakelet_vm::errors::show_uncaught(&vm, error).await?;
                return Ok(Value::NONE);
            }
            let code = vm.attr(&error, "code").await?;
            if code.is_none() {
                return Ok(Value::small_int(0));
            }
            if code.as_small_int().is_some() || code.as_bool().is_some() {
                return Ok(code);
            }
            let text = vm.str(&code).await?.to_string_lossy();
            vm.write(Stream::Stderr, &format!("{text}\n"));
            Ok(Value::NONE)
        }));
        let turns = self.turns;
        let end = self.proceed(Pace::STRAIGHT);
        self.turns = turns;
        match end {
            End::Done(code) => {
                if let Some(code) = code.as_small_int() {
                    self.printed.exit = (code & 0xFF) as i32;
                }
                Ok(())
            }
            End::Raised(_) => Err("printing the exception raised another one"),
            End::Stuck(why) => Err(why),
        }
    }

    /// Lets the program clean up, as the end of a process does.
    pub fn finish(&mut self) -> Result<(), &'static str> {
        let vm = self.session.vm().handle();
        self.session.start_native(Box::pin(async move { snakelet_vm::import::finish(&vm).await }));
        match self.proceed(Pace::STRAIGHT) {
            End::Done(_) => Ok(()),
            End::Raised(error) => self.report(error),
            End::Stuck(why) => Err(why),
        }
    }

    fn proceed(&mut self, pace: Pace) -> End {
        self.turns = 0;
        let start = Instant::now();
        let mut stop_at = pace.stop_at;
        loop {
            if stop_at.is_some_and(|turn| self.turns >= turn) {
                stop_at = None;
                self.session.interrupt();
            }
            let exit = self.session.run(pace.fuel);
            self.turns += 1;
            for (stream, text) in self.session.take_output() {
                self.put(stream, &text);
            }
            match exit {
                Exit::FuelSpent => self.pass(f64::from(pace.fuel) * 2e-8 + 1e-6),
                Exit::Host { id, request } => self.ask(id, request, pace.delay),
                Exit::Waiting => {
                    let Some(next) = self.pending.iter().map(|pending| pending.until).reduce(f64::min) else {
                        return End::Stuck("every thread waits for an answer, and there is no request");
                    };
                    let wait = (next - self.clock.get()).max(0.0);
                    self.pass(if wait.is_finite() { wait } else { 0.0 });
                }
                Exit::Done(value) => return End::Done(value),
                Exit::Raised(error) => return End::Raised(error),
            }
            if self.turns.is_multiple_of(256) && start.elapsed() > TIME_LIMIT {
                return End::Stuck("did not end within 60 s");
            }
        }
    }

    /// Takes a request; it is answered when its time has come.
    fn ask(&mut self, id: RequestId, request: HostRequest, delay: u32) {
        let mut until = 0.0;
        let reply = match request {
            HostRequest::Sleep { until: end } => {
                until = end;
                HostReply::Done
            }
            HostRequest::ReadLine { prompt } => {
                self.put(Stream::Stdout, &prompt);
                let line = self.input.pop_front();
                if self.echo {
                    self.put(Stream::Stdout, line.as_deref().unwrap_or(""));
                }
                HostReply::Line(line)
            }
            HostRequest::Part { .. } | HostRequest::Foreign { .. } => HostReply::Done,
            HostRequest::Fetch { .. } => HostReply::Failed("there is no network".to_string()),
            HostRequest::Library { path } => match snakelet_stdlib::read(&path) {
                Some(bytes) => HostReply::Bytes(bytes),
                None => HostReply::Failed(format!("no such file: {path}")),
            },
        };
        self.pending.push(Pending { id, reply: Some(reply), until, turns_left: delay });
        if delay == 0 {
            self.settle();
        }
    }

    /// Time passes, and with it one turn.
    fn pass(&mut self, seconds: f64) {
        self.clock.set(self.clock.get() + seconds);
        for pending in &mut self.pending {
            pending.turns_left = pending.turns_left.saturating_sub(1);
        }
        self.settle();
    }

    /// Answers what is due.
    fn settle(&mut self) {
        let now = self.clock.get();
        let session = &mut self.session;
        self.pending.retain_mut(|pending| {
            let due = pending.until <= now && pending.turns_left == 0;
            if due && let Some(reply) = pending.reply.take() {
                session.answer(pending.id, reply);
            }
            !due
        });
    }

    fn put(&mut self, stream: Stream, text: &str) {
        if self.transcript.len() > self.keep {
            self.take_transcript();
        }
        self.transcript.push_str(text);
        match stream {
            Stream::Stdout => self.printed.stdout.push_str(text),
            Stream::Stderr => self.printed.stderr.push_str(text),
        }
    }

    /// Puts a text file into the session's file system, with the folders above it.
    pub fn write_file(&mut self, path: &str, text: &str) -> Result<(), &'static str> {
        let path = self.session.vm().files().absolute(path);
        self.session.write_file(&path, text.as_bytes().to_vec())
    }

    /// Makes a folder of the session's file system, with those above it.
    pub fn make_folders(&mut self, path: &str) -> Result<(), &'static str> {
        self.session.vm().files().make_folders(path).map_err(|_| "a folder cannot be made")
    }
}

/// A Python string literal.
pub fn literal(text: &str) -> String {
    let mut out = String::from("'");
    for character in text.chars() {
        match character {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            other => out.push(other),
        }
    }
    out.push('\'');
    out
}
