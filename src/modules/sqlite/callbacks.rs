//! Answers to SQLite's callbacks: the functions that a program gave are called, with SQLite stopped meanwhile.

use snakelet_vm::errors::Exc;
use snakelet_vm::errors::unraisable::unraisable;
use snakelet_vm::host::HostRequest;
use snakelet_vm::{PyResult, Value, Vm};

use super::adapters::Registry;
use super::connection::{Connection, copy};
use super::engine::{self, Ask, Block, COLLATION_BIAS, CallKind, PROGRESS_STEPS, Ptr, TRANSIENT, memory, text_at};
use super::engine::{
    sqlite3_aggregate_context, sqlite3_expanded_sql, sqlite3_free, sqlite3_progress_handler, sqlite3_result_blob,
    sqlite3_result_double, sqlite3_result_error, sqlite3_result_error_nomem, sqlite3_result_error_toobig,
    sqlite3_result_int64, sqlite3_result_null, sqlite3_result_text, sqlite3_user_data, sqlite3_value_blob,
    sqlite3_value_bytes, sqlite3_value_double, sqlite3_value_int64, sqlite3_value_text, sqlite3_value_type,
};
use super::errors::{self, Class};

/// SQLite's types of values.
pub const INTEGER: i32 = 1;
pub const FLOAT: i32 = 2;
pub const TEXT: i32 = 3;
pub const BLOB: i32 = 4;

/// Milliseconds between attempts to get a lock, as SQLite's own handler has them.
const DELAYS: [u32; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];

const DENY: i32 = 1;

impl Connection {
    /// What Python says.
    pub async fn answer(&self, vm: &Vm, ask: Ask) -> i32 {
        match ask {
            Ask::Call { kind, context, count, values } => {
                self.call_function(vm, kind, context, count, values).await;
                0
            }
            Ask::Collate { data, left, right } => {
                let callable = self.callable(data);
                match collate(vm, &callable, left, right).await {
                    Ok(order) => order + COLLATION_BIAS,
                    Err(_) => {
                        report(vm, &callable).await;
                        COLLATION_BIAS
                    }
                }
            }
            Ask::Authorize { action, texts } => {
                let callable = self.authorizer.get();
                match authorize(vm, &callable, action, texts).await {
                    Ok(answer) => answer,
                    Err(_) => {
                        report(vm, &callable).await;
                        DENY
                    }
                }
            }
            Ask::Progress => {
                let callable = self.progress.get();
                let result = match vm.call(&callable, Vec::new()).await {
                    Ok(result) => vm.truth(&result).await,
                    Err(raised) => Err(raised),
                };
                match result {
                    Ok(stop) => stop.into(),
                    Err(_) => {
                        report(vm, &callable).await;
                        1
                    }
                }
            }
            Ask::Breathe => match vm.breathe(0).await {
                Ok(()) => 0,
                Err(_) => {
                    self.interrupt.set(Some(vm.take_raised()));
                    1
                }
            },
            Ask::Trace { statement, text } => {
                let callable = self.trace.get();
                if !callable.is_none() && trace(vm, &callable, statement, text).await.is_err() {
                    report(vm, &callable).await;
                }
                0
            }
            Ask::Busy { count } => self.wait_for_lock(vm, count).await.into(),
        }
    }

    /// Waits a little for a lock of somebody else; false when the time is up.
    async fn wait_for_lock(&self, vm: &Vm, count: i32) -> bool {
        let count = count.max(0) as usize;
        let waited: u32 = DELAYS.iter().take(count).sum::<u32>() + 100 * count.saturating_sub(DELAYS.len()) as u32;
        let left = self.timeout.get() * 1000.0 - f64::from(waited);
        if left <= 0.0 {
            return false;
        }
        let delay = f64::from(DELAYS.get(count).copied().unwrap_or(100)).min(left);
        let until = vm.host().monotonic() + delay / 1000.0;
        match vm.ask_host(HostRequest::Sleep { until }).await {
            Ok(_) => true,
            Err(_) => {
                self.interrupt.set(Some(vm.take_raised()));
                false
            }
        }
    }

    /// Calls SQLite's progress callback after so many instructions: the program's handler, or ours, which minds the fuel.
    pub fn watch_progress(&self, db: Ptr, steps: i32) {
        let callback = engine::callbacks().progress;
        if self.progress.borrow().is_none() {
            sqlite3_progress_handler(db, PROGRESS_STEPS, callback, 0);
        } else {
            sqlite3_progress_handler(db, steps, callback, 1);
        }
    }

    async fn call_function(&self, vm: &Vm, kind: CallKind, context: Ptr, count: i32, values: Ptr) {
        let callable = self.callable(sqlite3_user_data(context));
        let result = self.function_result(vm, kind, context, &callable, count, values).await;
        let message = match kind {
            CallKind::Function => "user-defined function raised exception",
            CallKind::Step => "user-defined aggregate's 'step' method raised error",
            CallKind::Inverse => "user-defined aggregate's 'inverse' method raised error",
            CallKind::Value => "user-defined aggregate's 'value' method raised error",
            CallKind::Finalize => "user-defined aggregate's 'finalize' method raised error",
        };
        let message = match result {
            Ok(()) => return,
            Err(Failure::Raised) => message,
            Err(Failure::Explained(explanation)) => explanation,
        };
        let exception = vm.take_raised();
        if Exc::MemoryError.matches(&exception) {
            sqlite3_result_error_nomem(context);
        } else if Exc::OverflowError.matches(&exception) {
            sqlite3_result_error_toobig(context);
        } else {
            fail(context, message);
        }
        vm.raise(exception);
        report(vm, &callable).await;
    }

    async fn function_result(
        &self,
        vm: &Vm,
        kind: CallKind,
        context: Ptr,
        callable: &Value,
        count: i32,
        values: Ptr,
    ) -> Result<(), Failure> {
        let result = match kind {
            CallKind::Function => {
                let args = arguments(vm, count, values)?;
                vm.call(callable, args).await?
            }
            CallKind::Step | CallKind::Inverse => {
                let place = sqlite3_aggregate_context(context, 8);
                if place == 0 {
                    return Err(vm.memory_error().into());
                }
                let mut number = memory::read_i32(place) as usize;
                if number == 0 {
                    let aggregate = vm.call(callable, Vec::new()).await.map_err(|_| Failure::Explained(INIT))?;
                    number = self.keep_aggregate(aggregate);
                    memory::write(place, &(number as i32).to_le_bytes());
                }
                let aggregate = self.aggregate(number);
                let (name, missing) = match kind {
                    CallKind::Step => ("step", "user-defined aggregate's 'step' method not defined"),
                    _ => ("inverse", "user-defined aggregate's 'inverse' method not defined"),
                };
                let method = method(vm, &aggregate, name, missing).await?;
                let args = arguments(vm, count, values)?;
                vm.call(&method, args).await?;
                return Ok(());
            }
            CallKind::Value => {
                let number = memory::read_i32(sqlite3_aggregate_context(context, 8)) as usize;
                let aggregate = self.aggregate(number);
                let missing = "user-defined aggregate's 'value' method not defined";
                let method = method(vm, &aggregate, "value", missing).await?;
                vm.call(&method, Vec::new()).await?
            }
            CallKind::Finalize => {
                let place = sqlite3_aggregate_context(context, 0);
                let number = if place == 0 { 0 } else { memory::read_i32(place) as usize };
                if number == 0 {
                    // No row was seen, or the class could not be called.
                    return Ok(());
                }
                let aggregate = self.aggregate(number);
                if let Some(place) = self.aggregates.borrow_mut().get_mut(number - 1) {
                    *place = Value::NONE;
                }
                let missing = "user-defined aggregate's 'finalize' method not defined";
                let method = method(vm, &aggregate, "finalize", missing).await?;
                vm.call(&method, Vec::new()).await?
            }
        };
        set_result(vm, context, &result).await?;
        Ok(())
    }
}

/// Why a function has no result.
enum Failure {
    /// Its exception waits in the interpreter.
    Raised,
    /// The same, and SQLite is told this.
    Explained(&'static str),
}

const INIT: &str = "user-defined aggregate's '__init__' method raised error";

impl From<snakelet_vm::Raised> for Failure {
    fn from(_: snakelet_vm::Raised) -> Failure {
        Failure::Raised
    }
}

fn fail(context: Ptr, message: &str) {
    if let Some(text) = Block::text(message.as_bytes()) {
        sqlite3_result_error(context, text.0, -1);
    }
}

async fn method(vm: &Vm, aggregate: &Value, name: &str, missing: &'static str) -> Result<Value, Failure> {
    match vm.attr(aggregate, name).await {
        Ok(method) => Ok(method),
        Err(raised) => match vm.catch(Exc::AttributeError) {
            Some(exception) => {
                vm.raise(exception);
                Err(Failure::Explained(missing))
            }
            None => Err(raised.into()),
        },
    }
}

/// Shows the waiting exception of a callback if the program wants that, else forgets it.
async fn report(vm: &Vm, callable: &Value) {
    let exception = vm.take_raised();
    if vm.extension::<Registry>().tracebacks.get() {
        unraisable(vm.handle(), exception, "Exception ignored on sqlite3 callback", Some(callable)).await;
    }
}

/// The values that SQLite passes to a function.
fn arguments(vm: &Vm, count: i32, values: Ptr) -> PyResult<Vec<Value>> {
    let mut args = Vec::new();
    for at in 0..count.max(0) as usize {
        let value = memory::read_pointer(values + at * size_of::<Ptr>());
        args.push(match sqlite3_value_type(value) {
            INTEGER => Value::from_i64(sqlite3_value_int64(value)),
            FLOAT => Value::float(sqlite3_value_double(value)),
            TEXT => {
                let text = sqlite3_value_text(value);
                let bytes = copy(text, sqlite3_value_bytes(value));
                match String::from_utf8(bytes) {
                    Ok(text) => Value::from_str(&text),
                    Err(_) => return Err(vm.value_error("SQLite passed a text that is not UTF-8")),
                }
            }
            BLOB => {
                let blob = sqlite3_value_blob(value);
                Value::from_bytes(copy(blob, sqlite3_value_bytes(value)))
            }
            _ => Value::NONE,
        });
    }
    Ok(args)
}

async fn set_result(vm: &Vm, context: Ptr, value: &Value) -> PyResult<()> {
    if value.is_none() {
        sqlite3_result_null(context);
    } else if let Some(number) = super::int_value(vm, value) {
        sqlite3_result_int64(context, number?);
    } else if let Some(number) = super::float_value(value) {
        sqlite3_result_double(context, number);
    } else if value.as_text().is_some() {
        let bytes = super::utf8(vm, value).await?;
        let Some(block) = Block::text(&bytes) else { return Err(vm.memory_error()) };
        sqlite3_result_text(context, block.0, bytes.len() as i32, TRANSIENT);
    } else if let Some(bytes) = super::buffer(vm, value)? {
        let Some(block) = Block::text(&bytes) else { return Err(vm.memory_error()) };
        sqlite3_result_blob(context, block.0, bytes.len() as i32, TRANSIENT);
    } else {
        let got = vm.type_name(value);
        return Err(errors::programming(vm, format!("User-defined functions cannot return '{got}' values to SQLite")));
    }
    Ok(())
}

async fn collate(vm: &Vm, callable: &Value, left: (Ptr, i32), right: (Ptr, i32)) -> PyResult<i32> {
    let text = |(at, length): (Ptr, i32)| Value::from_str(&String::from_utf8_lossy(&copy(at, length)));
    let result = vm.call(callable, vec![text(left), text(right)]).await?;
    if !result.is_int() {
        return Err(vm.type_error("an integer is required"));
    }
    match result.to_i64() {
        Some(order) => Ok(order.signum() as i32),
        None => {
            let negative = vm.compare_now(&result, &Value::small_int(0), snakelet_vm::types::slots::CompareOp::Lt);
            Ok(if negative.and_then(Result::ok).is_some_and(|negative| negative.is_true()) { -1 } else { 1 })
        }
    }
}

async fn authorize(vm: &Vm, callable: &Value, action: i32, texts: [Ptr; 4]) -> PyResult<i32> {
    let mut args = vec![Value::from_i64(action.into())];
    args.extend(texts.map(|at| if at == 0 { Value::NONE } else { Value::from_str(&text_at(at)) }));
    let result = vm.call(callable, args).await?;
    if !result.is_int() {
        return Ok(DENY);
    }
    match result.to_i64().and_then(|answer| i32::try_from(answer).ok()) {
        Some(answer) => Ok(answer),
        None => Err(vm.overflow_error("Python int too large to convert to C int")),
    }
}

/// What a trace callback is told: the statement with its parameters' values.
async fn trace(vm: &Vm, callable: &Value, statement: Ptr, text: Ptr) -> PyResult {
    // A comment: a statement of a trigger.
    let comment = text_at(text);
    let sql = if comment.starts_with("--") {
        comment
    } else {
        let expanded = sqlite3_expanded_sql(statement);
        if expanded == 0 {
            errors::raise(vm, Class::Data, "Expanded SQL string exceeds the maximum string length");
            report(vm, callable).await;
            text_at(engine::sqlite3_sql(statement))
        } else {
            let sql = text_at(expanded);
            sqlite3_free(expanded);
            sql
        }
    };
    vm.call(callable, vec![Value::from_str(&sql)]).await
}
