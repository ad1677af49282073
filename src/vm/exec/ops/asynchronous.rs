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
    let (handle, src) = (vm.handle(), src.clone());
    let finish = move |vm: &Vm, iter: Value| {
        if vm.type_of(&iter).slots().anext.is_some() {
            return Ok(iter);
        }
        let name = vm.type_name(&iter);
        Err(vm.type_error(format!(
            "'async for' received an object from __aiter__ that does not implement __anext__: {name}"
        )))
    };
    match slot(vm, &src) {
        Ok(iter) => finish(vm, iter),
        Err(raised) => match vm.deferred.take() {
            None => Err(raised),
            Some(future) => Err(vm.defer(async move {
                let iter = handle.run_nested(future).await?;
                finish(&handle, iter)
            })),
        },
    }
}

/// The awaitable iterator of `anext(aiter)`.
pub fn anext(vm: &Vm, aiter: &Value) -> PyResult {
    let Some(slot) = vm.type_of(aiter).slots().anext else {
        let name = vm.type_name(aiter);
        return Err(vm.type_error(format!("'async for' requires an iterator with __anext__ method, got {name}")));
    };
    match slot(vm, aiter) {
        Ok(value) => next_awaitable(vm, &value),
        Err(raised) => match vm.deferred.take() {
            None => Err(raised),
            Some(future) => {
                let handle = vm.handle();
                Err(vm.defer(async move {
                    let value = handle.run_nested(future).await?;
                    let result = next_awaitable(&handle, &value);
                    handle.settle(result).await
                }))
            }
        },
    }
}

/// What `async for` awaits. An `__await__` that fails makes the object an invalid one.
fn next_awaitable(vm: &Vm, value: &Value) -> PyResult {
    match awaitable(vm, value, 3) {
        Err(raised) => match vm.deferred.take() {
            None => Err(raised),
            Some(future) => {
                let (handle, value) = (vm.handle(), value.clone());
                Err(vm.defer(async move {
                    let result = handle.run_nested(future).await;
                    if result.is_ok() {
                        return result;
                    }
                    let cause = handle.take_raised();
                    let name = handle.type_name(&value);
                    let _ = handle.type_error(format!("'async for' received an invalid object from __anext__: {name}"));
                    let error = handle.take_raised();
                    if let Some(payload) = error.downcast::<BaseException>() {
                        payload.context.set(cause.clone());
                        payload.cause.set(cause);
                        payload.suppress_context.set(true);
                    }
                    Err(handle.raise(error))
                }))
            }
        },
        ok => ok,
    }
}
