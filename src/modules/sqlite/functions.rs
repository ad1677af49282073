//! `Connection`: the methods that register functions, collations and handlers.

use snakelet_macros::methods;
use snakelet_vm::errors::Exc;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

use super::connection::Connection;
use super::engine::{
    self, OK, Ptr, sqlite3_create_collation_v2, sqlite3_create_function_v2, sqlite3_create_window_function,
    sqlite3_limit, sqlite3_set_authorizer, sqlite3_trace_v2,
};
use super::errors;
use super::opening::int_argument;

const UTF8: i32 = 1;
const DETERMINISTIC: i32 = 0x800;
const TRACE_STATEMENTS: u32 = 1;
const LIMIT_FUNCTION_ARGUMENTS: i32 = 6;

/// What is registered under a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Function { deterministic: bool },
    Aggregate,
    Window,
}

impl Connection {
    /// Registers a callable; None takes one away.
    fn register(&self, vm: &Vm, kind: Kind, name: &str, count: i32, callable: &Value) -> PyResult<()> {
        let db = self.check(vm)?;
        let limit = sqlite3_limit(db, LIMIT_FUNCTION_ARGUMENTS, -1);
        if count < -1 || count > limit {
            let message = format!("'narg' must be between -1 and {limit}, not {count}");
            return Err(errors::programming(vm, message));
        }
        let name = self.bytes_block(vm, name.as_bytes())?;
        let with = engine::callbacks();
        let removed = callable.is_none();
        let data = if removed { 0 } else { self.keep(callable.clone()) };
        let only = |callback: Ptr| if removed { 0 } else { callback };
        let code = match kind {
            Kind::Function { deterministic } => {
                let flags = UTF8 | if deterministic { DETERMINISTIC } else { 0 };
                let function = only(with.function);
                sqlite3_create_function_v2(db, name.0, count, flags, data, function, 0, 0, only(with.destroy))
            }
            Kind::Aggregate => {
                let (step, finish) = (only(with.step), only(with.finalize));
                sqlite3_create_function_v2(db, name.0, count, UTF8, data, 0, step, finish, only(with.destroy))
            }
            Kind::Window => {
                let (step, finish) = (only(with.step), only(with.finalize));
                let (value, inverse, destroy) = (only(with.value), only(with.inverse), only(with.destroy));
                sqlite3_create_window_function(db, name.0, count, UTF8, data, step, finish, value, inverse, destroy)
            }
        };
        self.forget_destroyed();
        match code {
            OK => Ok(()),
            _ if kind == Kind::Window => Err(self.error(vm)),
            _ => {
                let what = if kind == Kind::Aggregate { "Error creating aggregate" } else { "Error creating function" };
                Err(errors::raise(vm, errors::Class::Operational, what))
            }
        }
    }
}

/// Warns that parameters will become positional-only.
async fn deprecated(vm: VmRef, method: &str, names: &str) -> PyResult<()> {
    let plural = names.contains(' ');
    let (arguments, parameters) =
        if plural { ("keyword arguments", "Parameters") } else { ("keyword argument", "Parameter") };
    let message = format!(
        "Passing {arguments} {names} to _sqlite3.Connection.{method}() is deprecated. {parameters} {names} will become \
         positional-only in Python 3.15."
    );
    snakelet_vm::errors::warn::warn(vm, Exc::DeprecationWarning, &message, 1).await.map(drop)
}

/// The arguments of a method whose first parameters may be named, with a warning: by position or by name.
async fn bind_deprecated(
    vm: VmRef,
    method: &str,
    parameters: &[&str],
    args: Vec<Value>,
    kwargs: Vec<(Value, Value)>,
) -> PyResult<(Vec<Value>, Vec<(Value, Value)>)> {
    let mut values = args;
    if values.len() > parameters.len() {
        let (most, given) = (parameters.len(), values.len());
        let message = format!("{method}() takes exactly {most} positional arguments ({given} given)");
        return Err(vm.type_error(message));
    }
    let (mut rest, mut named) = (kwargs, false);
    for (at, parameter) in parameters.iter().enumerate().skip(values.len()) {
        let found = rest.iter().position(|(name, _)| name.as_text().is_some_and(|name| *name == **parameter));
        let Some(found) = found else {
            let message = format!("{method}() missing required argument '{parameter}' (pos {})", at + 1);
            return Err(vm.type_error(message));
        };
        values.push(rest.remove(found).1);
        named = true;
    }
    if named {
        let quoted: Vec<String> = parameters.iter().map(|name| format!("'{name}'")).collect();
        let names = match quoted.as_slice() {
            [only] => only.clone(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
            [] => String::new(),
        };
        deprecated(vm, method, &names).await?;
    }
    Ok((values, rest))
}

fn text_argument(vm: &Vm, method: &str, at: usize, value: &Value) -> PyResult<String> {
    match value.as_text() {
        Some(text) => Ok(text.to_utf8_lossy().into_owned()),
        None => {
            let got = vm.type_name(value);
            Err(vm.type_error(format!("{method}() argument {at} must be str, not {got}")))
        }
    }
}

fn no_more(vm: &Vm, method: &str, rest: &[(Value, Value)]) -> PyResult<()> {
    match rest.first() {
        Some((name, _)) => {
            let name = name.as_text().map(|name| name.to_utf8_lossy().into_owned()).unwrap_or_default();
            Err(vm.type_error(format!("{method}() got an unexpected keyword argument '{name}'")))
        }
        None => Ok(()),
    }
}

#[methods(block = FUNCTIONS)]
impl Connection {
    /// Register a function for use in SQL; None takes it away.
    #[method("create_function(self, *args, **kwargs)", text = "($self, /, name, narg, func, *, deterministic=False)")]
    async fn create_function(
        vm: VmRef,
        this: Ref<Connection>,
        args: Vec<Value>,
        kwargs: Vec<(Value, Value)>,
    ) -> PyResult<()> {
        let method = "create_function";
        let (values, mut rest) = bind_deprecated(vm, method, &["name", "narg", "func"], args, kwargs).await?;
        let named = rest.iter().position(|(name, _)| name.as_text().is_some_and(|name| *name == *"deterministic"));
        let deterministic = match named {
            Some(at) => vm.truth(&rest.remove(at).1).await?,
            None => false,
        };
        no_more(&vm, method, &rest)?;
        let name = text_argument(&vm, method, 1, &values[0])?;
        let count = int_argument(&vm, &values[1]).await?;
        this.register(&vm, Kind::Function { deterministic }, &name, count, &values[2])
    }

    /// Register an aggregate for use in SQL: a class with methods step and finalize.
    #[method("create_aggregate(self, *args, **kwargs)", text = "($self, /, name, n_arg, aggregate_class)")]
    async fn create_aggregate(
        vm: VmRef,
        this: Ref<Connection>,
        args: Vec<Value>,
        kwargs: Vec<(Value, Value)>,
    ) -> PyResult<()> {
        let method = "create_aggregate";
        let (values, rest) = bind_deprecated(vm, method, &["name", "n_arg", "aggregate_class"], args, kwargs).await?;
        no_more(&vm, method, &rest)?;
        let name = text_argument(&vm, method, 1, &values[0])?;
        let count = int_argument(&vm, &values[1]).await?;
        this.register(&vm, Kind::Aggregate, &name, count, &values[2])
    }

    /// Register a window function: a class with methods step, inverse, value and finalize.
    ///
    ///   name
    ///     Its name in SQL.
    ///   num_params
    ///     How many arguments it takes; -1 for any number.
    ///   aggregate_class
    ///     None takes it away.
    #[method("create_window_function(self, name, num_params, aggregate_class, /)")]
    fn create_window_function(
        vm: &Vm,
        this: &Connection,
        name: String,
        num_params: i32,
        aggregate_class: &Value,
    ) -> PyResult<()> {
        this.register(vm, Kind::Window, &name, num_params, aggregate_class)
    }

    /// Register a collation: a function that compares two texts. None takes it away.
    #[method("create_collation(self, name, callback, /)")]
    fn create_collation(vm: &Vm, this: &Connection, name: String, callback: &Value) -> PyResult<()> {
        let db = this.check(vm)?;
        let removed = callback.is_none();
        if !removed {
            super::check_callable(vm, callback)?;
        }
        let name = this.bytes_block(vm, name.as_bytes())?;
        let with = engine::callbacks();
        let data = if removed { 0 } else { this.keep(callback.clone()) };
        let (compare, destroy) = if removed { (0, 0) } else { (with.collate, with.destroy) };
        let code = sqlite3_create_collation_v2(db, name.0, UTF8, data, compare, destroy);
        if code != OK && data != 0 {
            // Of all such functions this one alone does not destroy what it refuses.
            this.forget(data);
        }
        this.forget_destroyed();
        if code == OK { Ok(()) } else { Err(this.error(vm)) }
    }

    /// Set the function that is asked whether a statement may do what it is about to do.
    #[method("set_authorizer(self, *args, **kwargs)", text = "($self, /, authorizer_callback)")]
    async fn set_authorizer(
        vm: VmRef,
        this: Ref<Connection>,
        args: Vec<Value>,
        kwargs: Vec<(Value, Value)>,
    ) -> PyResult<()> {
        let method = "set_authorizer";
        let (values, rest) = bind_deprecated(vm, method, &["authorizer_callback"], args, kwargs).await?;
        no_more(&vm, method, &rest)?;
        let db = this.check(&vm)?;
        let callback = if values[0].is_none() { 0 } else { engine::callbacks().authorize };
        this.authorizer.set(values[0].clone());
        match sqlite3_set_authorizer(db, callback, 0) {
            OK => Ok(()),
            _ => Err(errors::raise(&vm, errors::Class::Operational, "Error setting authorizer callback")),
        }
    }

    /// Set the function that is called after so many of SQLite's instructions, and whose true result ends the statement.
    ///
    ///   progress_handler
    ///     None for none.
    ///   n
    ///     How many instructions.
    #[method("set_progress_handler(self, *args, **kwargs)", text = "($self, /, progress_handler, n)")]
    async fn set_progress_handler(
        vm: VmRef,
        this: Ref<Connection>,
        args: Vec<Value>,
        kwargs: Vec<(Value, Value)>,
    ) -> PyResult<()> {
        let method = "set_progress_handler";
        let (mut args, mut kwargs) = (args, kwargs);
        let mut steps = if args.len() == 2 { args.pop() } else { None };
        if let Some(at) = kwargs.iter().position(|(name, _)| name.as_text().is_some_and(|name| *name == *"n")) {
            steps = Some(kwargs.remove(at).1);
        }
        let (values, rest) = bind_deprecated(vm, method, &["progress_handler"], args, kwargs).await?;
        no_more(&vm, method, &rest)?;
        let Some(steps) = steps else {
            return Err(vm.type_error(format!("{method}() missing required argument 'n' (pos 2)")));
        };
        let steps = int_argument(&vm, &steps).await?;
        let db = this.check(&vm)?;
        this.progress.set(values[0].clone());
        this.watch_progress(db, steps);
        Ok(())
    }

    /// Set the function that is told of every statement that is executed; None for none.
    #[method("set_trace_callback(self, *args, **kwargs)", text = "($self, /, trace_callback)")]
    async fn set_trace_callback(
        vm: VmRef,
        this: Ref<Connection>,
        args: Vec<Value>,
        kwargs: Vec<(Value, Value)>,
    ) -> PyResult<()> {
        let method = "set_trace_callback";
        let (values, rest) = bind_deprecated(vm, method, &["trace_callback"], args, kwargs).await?;
        no_more(&vm, method, &rest)?;
        let db = this.check(&vm)?;
        let with = engine::callbacks();
        let (mask, callback) = if values[0].is_none() { (0, 0) } else { (TRACE_STATEMENTS, with.trace) };
        this.trace.set(values[0].clone());
        sqlite3_trace_v2(db, mask, callback, 0);
        Ok(())
    }
}
