//! `await`, `async for`, `yield from`: getting the iterators they drive.

use snakelet_bytecode::CodeFlags;

use crate::errors::Exc;
use crate::types::code::CodeObject;
use crate::types::exception::BaseException;
use crate::types::generator::{Coroutine, Generator, State};
use crate::{PyResult, Value, Vm};

/// What `yield from src` iterates.
pub fn yield_from_iter(vm: &Vm, src: &Value, code: &CodeObject) -> PyResult {
    if src.downcast_exact::<Generator>().is_some() {
        return Ok(src.clone());
    }
    if src.downcast_exact::<Coroutine>().is_some() {
        if !code.has_flag(CodeFlags::COROUTINE | CodeFlags::ITERABLE_COROUTINE) {
            return Err(vm.type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"));
        }
        return Ok(src.clone());
    }
    vm.get_iter(src)
}

/// The iterator that `await src` drives. `context`: 0 `await`, 1 `__aenter__`, 2 `__aexit__`, 3 `async for`.
pub fn awaitable(vm: &Vm, src: &Value, context: u16) -> PyResult {
    if let Some(coroutine) = src.downcast_exact::<Coroutine>() {
        let awaited = coroutine.body.state.get() == State::Suspended;
        if awaited {
            return Err(vm.runtime_error("coroutine is being awaited already"));
        }
        return Ok(src.clone());
    }
    if let Some(generator) = src.downcast_exact::<Generator>()
        && generator.body.code.has_flag(CodeFlags::ITERABLE_COROUTINE)
    {
        return Ok(src.clone());
    }
    match vm.type_of(src).slots().await_ {
        Some(slot) => slot(vm, src),
        None => {
            let name = vm.type_name(src);
            let raised = vm.type_error(match context {
                1 => {
                    format!("'async with' received an object from __aenter__ that does not implement __await__: {name}")
                }
                2 => {
                    format!("'async with' received an object from __aexit__ that does not implement __await__: {name}")
                }
                3 => format!("'async for' received an invalid object from __anext__: {name}"),
                _ => format!("'{name}' object can't be awaited"),
            });
            if context == 3 {
                let error = vm.take_raised();
                let text = format!("'{name}' object can't be awaited");
                let cause = Exc::TypeError.instance(vm, vec![Value::from_str(&text)]);
                if let Some(payload) = error.downcast::<BaseException>() {
                    payload.context.set(cause.clone());
                    payload.cause.set(cause);
                    payload.suppress_context.set(true);
                }
                return Err(vm.raise(error));
            }
            Err(raised)
        }
    }
}

/// `aiter(src)`.
pub fn aiter(vm: &Vm, src: &Value) -> PyResult {
    let Some(slot) = vm.type_of(src).slots().aiter else {
        let name = vm.type_name(src);
        return Err(vm.type_error(format!("'async for' requires an object with __aiter__ method, got {name}")));
    };
    vm.and_then(slot(vm, src), |vm, iter| {
        if vm.type_of(&iter).slots().anext.is_some() {
            return Ok(iter);
        }
        let name = vm.type_name(&iter);
        Err(vm.type_error(format!(
            "'async for' received an object from __aiter__ that does not implement __anext__: {name}"
        )))
    })
}

/// The awaitable iterator of `anext(aiter)`.
pub fn anext(vm: &Vm, aiter: &Value) -> PyResult {
    let Some(slot) = vm.type_of(aiter).slots().anext else {
        let name = vm.type_name(aiter);
        return Err(vm.type_error(format!("'async for' requires an iterator with __anext__ method, got {name}")));
    };
    vm.and_then(slot(vm, aiter), |vm, value| next_awaitable(vm, &value))
}

/// What `async for` awaits. An `__await__` that fails makes the object an invalid one.
fn next_awaitable(vm: &Vm, value: &Value) -> PyResult {
    let value = value.clone();
    let result = awaitable(vm, &value, 3);
    if result.is_err() && !vm.is_deferred() {
        return result;
    }
    vm.then(result, move |vm, result| {
        if result.is_ok() {
            return result;
        }
        let cause = vm.take_raised();
        let name = vm.type_name(&value);
        let _ = vm.type_error(format!("'async for' received an invalid object from __anext__: {name}"));
        let error = vm.take_raised();
        if let Some(payload) = error.downcast::<BaseException>() {
            payload.context.set(cause.clone());
            payload.cause.set(cause);
            payload.suppress_context.set(true);
        }
        Err(vm.raise(error))
    })
}
