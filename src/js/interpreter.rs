//! The class that JavaScript drives: one session of the machine.
//!
//! `run` answers with a number, and what belongs to it is fetched by further methods, so that the usual slice, which only spent its
//! fuel, costs one call and no object. A finished run's value or exception stays here until the next one starts.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use snakelet_syntax::{Completeness, Ranged};
use snakelet_vm::errors::report::{ErrorReport, report};
use snakelet_vm::errors::traceback::show_uncaught;
use snakelet_vm::errors::{Exc, fields};
use snakelet_vm::host::{HostReply, HostRequest, RequestId, Stream};
use snakelet_vm::native::ModuleDef;
use snakelet_vm::session::{Exit, Limits, Mode, Session, SessionConfig};
use snakelet_vm::{PyResult, Value, Vm, embed};
use wasm_bindgen::prelude::*;

use crate::bridge::{Bridge, State};
use crate::convert::{Kept, ToJs, from_js};
use crate::host::{JsHost, Services};
use crate::report::{self};

/// What `run` answers; `Exit` of `web/runtime/raw.ts`.
mod exit {
    pub const FUEL_SPENT: u32 = 0;
    pub const HOST: u32 = 1;
    pub const WAITING: u32 = 2;
    pub const DONE: u32 = 3;
    pub const RAISED: u32 = 4;
}

/// A program that is set aside, see [`Interpreter::enter`].
struct Outer {
    run: snakelet_vm::session::Suspended,
    reporting: Option<Rc<RefCell<Option<ErrorReport>>>>,
    rest: Vec<String>,
    filename: String,
}

/// One session of the machine.
#[wasm_bindgen]
pub struct Interpreter {
    session: Session,
    host: JsHost,
    /// Whether objects without a counterpart are kept for JavaScript.
    keeps: bool,
    kept: Rc<RefCell<Kept>>,
    /// The way to JavaScript, if the session has it.
    bridge: Option<Rc<State>>,
    /// Programs that wait until a call from JavaScript is over, outermost first.
    outer: Vec<Outer>,
    /// The exception that ended the last run.
    raised: Option<Value>,
    request: Option<(RequestId, HostRequest)>,
    value: Value,
    /// The last error, as an object.
    error: JsValue,
    /// The report on the exception that ended the program, while it is being made: that may take Python code.
    reporting: Option<Rc<RefCell<Option<ErrorReport>>>>,
    terminated: bool,
    /// Of several statements entered at a prompt, those still to be run, last first.
    rest: Vec<String>,
    filename: String,
}

#[wasm_bindgen]
impl Interpreter {
    /// A fresh session. `env` holds names and values in turn; `time` is in seconds, `memory` in bytes, `output` in characters.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::too_many_arguments, reason = "one call instead of an object that would have to be taken apart")]
    pub fn new(
        host: JsHost,
        argv: Vec<String>,
        env: Vec<String>,
        time: Option<f64>,
        memory: Option<f64>,
        output: Option<f64>,
        recursion: Option<f64>,
        seed: Option<u64>,
        interactive: bool,
        keeps: bool,
        bridge: bool,
    ) -> Interpreter {
        let services = Services(host.clone().unchecked_into());
        let mut pairs = env.into_iter();
        let mut variables = Vec::new();
        while let (Some(name), Some(value)) = (pairs.next(), pairs.next()) {
            variables.push((name, value));
        }
        let size = |number: Option<f64>| number.map(|number| number as usize);
        let limits = Limits { time, memory: size(memory), output: size(output), recursion: size(recursion) };
        let modules = if bridge { modules_with_js() } else { snakelet_modules::MODULES };
        let config = SessionConfig { argv, env: variables, limits, seed, interactive, modules };
        let session = Session::new(config, Box::new(services));
        let kept = Rc::new(RefCell::new(Kept::default()));
        let bridge = bridge.then(|| Rc::new(State::new(host.clone().unchecked_into(), kept.clone())));
        session.vm().extension::<Bridge>().0.replace(bridge.clone());
        Interpreter {
            session,
            host,
            keeps,
            kept,
            bridge,
            outer: Vec::new(),
            raised: None,
            request: None,
            value: Value::NONE,
            error: JsValue::UNDEFINED,
            reporting: None,
            terminated: false,
            rest: Vec::new(),
            filename: String::new(),
        }
    }

    /// Starts a program. One that does not compile ends with a SyntaxError when it is run. Of several statements in interactive
    /// mode, only the last one's value is shown, as CPython's shell does with a pasted program.
    pub fn load(&mut self, source: &str, filename: &str, mode: u32) {
        self.begin();
        let mode = match mode {
            0 => Mode::Exec,
            1 => Mode::Eval,
            2 => Mode::Interactive,
            _ => Mode::Notebook,
        };
        self.session.set_in_shell(mode == Mode::Interactive);
        let mut statements = if mode == Mode::Interactive { statements(source) } else { Vec::new() };
        // A comment alone is no statement.
        let mode =
            if mode == Mode::Interactive && statements.is_empty() && is_blank(source) { Mode::Exec } else { mode };
        if statements.len() < 2 {
            return self.load_text(source, filename, mode);
        }
        statements.reverse();
        let first = statements.pop().unwrap_or_default();
        self.rest = statements;
        self.filename = filename.to_string();
        self.load_text(&first, filename, Mode::Notebook);
        self.session.vm().remember_source(filename, source);
    }

    /// Starts a call of a kept value. The last arguments are named by `keywords`.
    #[wasm_bindgen(js_name = loadCall)]
    pub fn load_call(&mut self, kept: u32, args: &Array, keywords: Vec<String>) -> Result<(), JsError> {
        self.begin();
        let callable = self.kept.borrow().get(kept).ok_or_else(destroyed)?;
        let args = args.iter().map(|arg| self.import(&arg)).collect::<Result<Vec<Value>, _>>().map_err(JsError::new)?;
        let names = keywords.iter().map(|name| snakelet_vm::object::intern::intern(name)).collect();
        self.session.load_call(&callable, args, names);
        Ok(())
    }

    /// Runs for about `fuel` back-edges and calls.
    pub fn run(&mut self, fuel: u32) -> u32 {
        match self.session.run(fuel) {
            Exit::FuelSpent => exit::FUEL_SPENT,
            Exit::Host { id, request } => {
                self.request = Some((id, request));
                exit::HOST
            }
            Exit::Waiting => exit::WAITING,
            Exit::Done(value) => match self.reporting.take() {
                Some(report) => {
                    self.error = report.take().map_or(JsValue::UNDEFINED, |report| report::to_js(&report));
                    exit::RAISED
                }
                None => match self.rest.pop() {
                    Some(next) => {
                        self.load_next(&next);
                        exit::FUEL_SPENT
                    }
                    None => {
                        self.value = value;
                        exit::DONE
                    }
                },
            },
            Exit::Raised(exception) if self.reporting.is_none() => {
                self.report(exception);
                exit::FUEL_SPENT
            }
            Exit::Raised(exception) => {
                // Stopped while the report was made.
                self.reporting = None;
                let type_name = embed::describe(self.session.vm(), &exception).class;
                self.error = report::to_js(&ErrorReport {
                    traceback: format!("{type_name}\n"),
                    type_name,
                    ..ErrorReport::default()
                });
                exit::RAISED
            }
        }
    }

    /// The number of the request that `run` last stopped for.
    #[wasm_bindgen(js_name = requestId)]
    pub fn request_id(&self) -> u32 {
        self.request.as_ref().map_or(0, |(id, _)| id.0)
    }

    /// 0: a line of input, 1: sleep, 2: a library file, 3: the functions of a native module, 4: a call of JavaScript,
    /// 5: a request to the network.
    #[wasm_bindgen(js_name = requestKind)]
    pub fn request_kind(&self) -> u32 {
        match self.request {
            Some((_, HostRequest::ReadLine { .. })) => 0,
            Some((_, HostRequest::Sleep { .. })) => 1,
            Some((_, HostRequest::Part { .. })) => 3,
            Some((_, HostRequest::Foreign { .. })) => 4,
            Some((_, HostRequest::Fetch { .. })) => 5,
            _ => 2,
        }
    }

    /// The prompt, the path, the name or the request.
    #[wasm_bindgen(js_name = requestText)]
    pub fn request_text(&self) -> String {
        match &self.request {
            Some((_, HostRequest::ReadLine { prompt })) => prompt.clone(),
            Some((_, HostRequest::Library { path })) => path.clone(),
            Some((_, HostRequest::Part { part })) => (*part).to_string(),
            Some((_, HostRequest::Fetch { spec })) => spec.clone(),
            _ => String::new(),
        }
    }

    /// When to wake up.
    #[wasm_bindgen(js_name = requestTime)]
    pub fn request_time(&self) -> f64 {
        match self.request {
            Some((_, HostRequest::Sleep { until })) => until,
            _ => 0.0,
        }
    }

    /// The call of JavaScript that is asked for: its number, kind, target, `this` and arguments.
    #[wasm_bindgen(js_name = requestCall)]
    pub fn request_call(&self) -> Array {
        match (&self.request, &self.bridge) {
            (Some((_, HostRequest::Foreign { call })), Some(bridge)) => bridge.describe(*call),
            _ => Array::new(),
        }
    }

    /// The end of a call of JavaScript: its result, or what it threw.
    #[wasm_bindgen(js_name = answerCall)]
    pub fn answer_call(&mut self, id: u32, call: u32, has_thrown: bool, value: &JsValue) {
        if let Some(bridge) = &self.bridge {
            bridge.settle(call, if has_thrown { Err(value.clone()) } else { Ok(value.clone()) });
        }
        self.session.answer(RequestId(id), HostReply::Done);
    }

    /// Sets the running program aside, so that another can run to its end.
    pub fn enter(&mut self) {
        let run = self.session.suspend();
        let reporting = self.reporting.take();
        let rest = std::mem::take(&mut self.rest);
        self.outer.push(Outer { run, reporting, rest, filename: std::mem::take(&mut self.filename) });
    }

    /// Goes on with the program that was set aside last.
    pub fn leave(&mut self) {
        let Some(Outer { run, reporting, rest, filename }) = self.outer.pop() else { return };
        self.begin();
        self.session.resume(run);
        self.reporting = reporting;
        self.rest = rest;
        self.filename = filename;
    }

    /// Keeps the exception that ended the last run; 0 if there is none.
    #[wasm_bindgen(js_name = keepRaised)]
    pub fn keep_raised(&mut self) -> u32 {
        self.raised.take().map_or(0, |exception| self.kept.borrow_mut().insert(exception))
    }

    /// Makes waiting for an awaitable the next run.
    #[wasm_bindgen(js_name = loadAwait)]
    pub fn load_await(&mut self, kept: u32) -> Result<(), JsError> {
        self.begin();
        let awaitable = self.kept.borrow().get(kept).ok_or_else(destroyed)?;
        self.session.load_await(&awaitable);
        Ok(())
    }

    #[wasm_bindgen(js_name = answerDone)]
    pub fn answer_done(&mut self, id: u32) {
        self.session.answer(RequestId(id), HostReply::Done);
    }

    #[wasm_bindgen(js_name = answerLine)]
    pub fn answer_line(&mut self, id: u32, line: Option<String>) {
        self.session.answer(RequestId(id), HostReply::Line(line));
    }

    #[wasm_bindgen(js_name = answerBytes)]
    pub fn answer_bytes(&mut self, id: u32, bytes: Vec<u8>) {
        self.session.answer(RequestId(id), HostReply::Bytes(bytes));
    }

    #[wasm_bindgen(js_name = answerFailed)]
    pub fn answer_failed(&mut self, id: u32, message: String) {
        self.session.answer(RequestId(id), HostReply::Failed(message));
    }

    pub fn interrupt(&mut self) {
        self.session.interrupt();
    }

    /// RuntimeError in the main thread, in place of what it waits for.
    pub fn refuse(&mut self, message: &str) {
        let exception = Exc::RuntimeError.instance(self.session.vm(), vec![Value::from_str(message)]);
        self.session.interrupt_with(exception);
    }

    /// Ends the program without running any more of its code.
    pub fn terminate(&mut self) {
        self.terminated = true;
        self.session.terminate();
    }

    /// Output since the last call: 0 (out) or 1 (error) and the text, in turn.
    #[wasm_bindgen(js_name = takeOutput)]
    pub fn take_output(&mut self) -> Array {
        let array = Array::new();
        let push = |stream: u32, text: &str| {
            array.push(&stream.into());
            array.push(&text.into());
        };
        for (stream, text) in self.session.take_output() {
            push(u32::from(stream == Stream::Stderr), &text);
        }
        array
    }

    /// The last run's value.
    pub fn value(&mut self, depth: u32) -> JsValue {
        let value = self.value.clone();
        self.to_js(&value, depth)
    }

    /// The last error.
    pub fn error(&self) -> JsValue {
        self.error.clone()
    }

    pub fn memory(&self) -> f64 {
        self.session.memory() as f64
    }

    /// A fresh `__main__`.
    pub fn reset(&mut self) {
        self.begin();
        self.session.reset();
    }

    #[wasm_bindgen(js_name = writeFile)]
    pub fn write_file(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), JsError> {
        self.session.write_file(path, bytes).map_err(|error| JsError::new(&format!("{error}: {path}")))
    }

    #[wasm_bindgen(js_name = readFile)]
    pub fn read_file(&self, path: &str) -> Option<Vec<u8>> {
        self.session.read_file(path)
    }

    /// A kept value, converted once more.
    #[wasm_bindgen(js_name = keptValue)]
    pub fn kept_value(&mut self, kept: u32, depth: u32) -> Result<JsValue, JsError> {
        let value = self.kept.borrow().get(kept).ok_or_else(destroyed)?;
        let mut conversion = ToJs::new(self.session.vm(), &self.host, Some(&*self.kept));
        let converted = conversion.convert(&value, depth);
        match conversion.refused {
            Some((key, container)) => {
                let key = embed::short_repr(self.session.vm(), &key);
                Err(JsError::new(&format!("Cannot use {key} as a key for a Javascript {container}")))
            }
            None => Ok(converted),
        }
    }

    #[wasm_bindgen(js_name = keptCopy)]
    pub fn kept_copy(&mut self, kept: u32) -> Result<u32, JsError> {
        let value = self.kept.borrow().get(kept).ok_or_else(destroyed)?;
        Ok(self.kept.borrow_mut().insert(value))
    }

    #[wasm_bindgen(js_name = keptFree)]
    pub fn kept_free(&mut self, kept: u32) {
        // The value goes only once the table is free again: finalisers may look at it.
        let value = self.kept.borrow_mut().remove(kept);
        drop(value);
    }

    /// A name of `__main__`; undefined if there is none.
    #[wasm_bindgen(js_name = globalGet)]
    pub fn global_get(&mut self, name: &str, depth: u32) -> JsValue {
        match self.session.global(name) {
            Some(value) => self.to_js(&value, depth),
            None => JsValue::UNDEFINED,
        }
    }

    #[wasm_bindgen(js_name = globalSet)]
    pub fn global_set(&mut self, name: &str, value: &JsValue) -> Result<(), JsError> {
        let value =
            self.import(value).map_err(|message| JsError::new(&format!("value cannot be converted: {message}")))?;
        self.session.set_global(name, value);
        Ok(())
    }

    #[wasm_bindgen(js_name = globalHas)]
    pub fn global_has(&self, name: &str) -> bool {
        self.session.global(name).is_some()
    }

    #[wasm_bindgen(js_name = globalDelete)]
    pub fn global_delete(&mut self, name: &str) -> bool {
        self.session.delete_global(name)
    }

    #[wasm_bindgen(js_name = globalNames)]
    pub fn global_names(&self) -> Vec<String> {
        self.session.global_names()
    }

    /// What can stand at the end of `text`.
    pub fn complete(&mut self, text: &str) -> Vec<String> {
        self.session.complete(text, text.len())
    }

    /// The parameters of the call that is open at the end of `text`.
    pub fn signature(&self, text: &str) -> Option<String> {
        self.session.signature(text)
    }

    /// Whether threads are left that may go on between two runs.
    #[wasm_bindgen(js_name = hasBackground)]
    pub fn has_background(&self) -> bool {
        self.session.has_background()
    }

    /// 0: complete, 1: more lines are wanted, 2: wrong, and `error` says why.
    pub fn check(&mut self, text: &str) -> u32 {
        match snakelet_syntax::completeness(text) {
            Completeness::Complete => 0,
            Completeness::Incomplete => 1,
            Completeness::Invalid(error) => {
                let vm = self.session.vm();
                let exception = snakelet_vm::errors::syntax_error(vm, &error, "<stdin>");
                self.error =
                    embed::report_now(vm, &exception).map_or(JsValue::UNDEFINED, |report| report::to_js(&report));
                2
            }
        }
    }
}

impl Interpreter {
    /// A value from JavaScript: objects are wrapped if the session may use them, else converted.
    fn import(&self, value: &JsValue) -> Result<Value, &'static str> {
        let vm = self.session.vm();
        if self.bridge.is_none() {
            return from_js(vm, value, &self.kept.borrow());
        }
        crate::bridge::to_python(vm, value, None).map_err(|_| {
            drop(vm.take_raised());
            "there is no memory for it"
        })
    }

    /// Forgets the last run.
    fn begin(&mut self) {
        self.request = None;
        self.value = Value::NONE;
        self.error = JsValue::UNDEFINED;
        self.reporting = None;
        self.terminated = false;
        self.raised = None;
        self.rest.clear();
    }

    fn load_text(&mut self, source: &str, filename: &str, mode: Mode) {
        if let Err(exception) = self.session.load(source, filename, mode) {
            self.report(exception);
        }
    }

    /// The next of several statements.
    fn load_next(&mut self, statement: &str) {
        let filename = std::mem::take(&mut self.filename);
        let vm = self.session.vm();
        let whole = vm.source(&filename);
        let mode = if self.rest.is_empty() { Mode::Interactive } else { Mode::Notebook };
        self.load_text(statement, &filename, mode);
        if let Some(whole) = whole {
            self.session.vm().remember_source(&filename, &whole);
        }
        self.filename = filename;
    }

    /// The run ended with an exception: makes its report the session's next run, and prints its traceback unless whoever keeps
    /// values shows errors as well.
    fn report(&mut self, exception: Value) {
        self.rest.clear();
        self.raised = Some(exception.clone());
        let slot = Rc::new(RefCell::new(None));
        self.reporting = Some(slot.clone());
        let prints = !self.keeps && !self.terminated;
        let vm = self.session.vm().handle();
        self.session.start_native(Box::pin(async move {
            let report = report(vm, &exception).await;
            let prints = prints && report.exit_code.is_none();
            slot.replace(Some(report));
            if prints { show_uncaught(&vm, exception).await } else { show_exit(&vm, &exception).await }
        }));
    }

    #[expect(clippy::wrong_self_convention, reason = "it may keep the value")]
    fn to_js(&mut self, value: &Value, depth: u32) -> JsValue {
        ToJs::new(self.session.vm(), &self.host, (self.keeps || self.bridge.is_some()).then_some(&*self.kept))
            .convert(value, depth)
    }
}

/// The statements of a text, each behind as many empty lines as stand before it there, so that line numbers agree; empty if the text is
/// wrong. Statements that share a line stay together.
fn statements(source: &str) -> Vec<String> {
    let source = snakelet_syntax::normalize_newlines(source);
    let Ok(parsed) = snakelet_syntax::parse(&source, snakelet_syntax::Mode::Exec) else { return Vec::new() };
    let snakelet_syntax::ast::Mod::Module(module) = parsed.module else { return Vec::new() };
    let mut starts: Vec<usize> = Vec::new();
    let mut end = 0;
    for statement in &module.body {
        let start = source[..statement.start().to_usize()].rfind('\n').map_or(0, |at| at + 1);
        if starts.is_empty() || start >= end {
            starts.push(start);
        }
        end = statement.end().to_usize();
    }
    let ends = starts.iter().skip(1).copied().chain([source.len()]);
    let text = |(start, end): (usize, usize)| {
        let lines = source[..start].matches('\n').count();
        format!("{}{}\n", "\n".repeat(lines), source[start..end].trim_end())
    };
    starts.iter().copied().zip(ends).map(text).collect()
}

/// `sys.exit("text")` writes the text.
async fn show_exit(vm: &Vm, exception: &Value) -> PyResult {
    let code = fields::get(exception, "code");
    if Exc::SystemExit.matches(exception) && !code.is_none() && !code.is_int() {
        let text = vm.str(&code).await?.to_string_lossy();
        vm.write_error(&format!("{text}\n"));
    }
    Ok(Value::NONE)
}

fn destroyed() -> JsError {
    JsError::new("Object has already been destroyed")
}

/// Whether there is nothing but comments in the source.
fn is_blank(source: &str) -> bool {
    source.lines().all(|line| matches!(line.trim_start().bytes().next(), None | Some(b'#')))
}

/// The native modules of a session that may use JavaScript.
fn modules_with_js() -> &'static [&'static ModuleDef] {
    static ALL: std::sync::OnceLock<Vec<&'static ModuleDef>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| snakelet_modules::MODULES.iter().copied().chain([&crate::proxy::js::MODULE]).collect())
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        // Python objects go before the interpreter they belong to.
        self.value = Value::NONE;
        self.raised = None;
        self.outer.clear();
        let kept = self.kept.take();
        drop(kept);
        if let Some(bridge) = &self.bridge {
            drop(bridge.hooks.take());
        }
        self.session.vm().extension::<Bridge>().0.take();
    }
}
