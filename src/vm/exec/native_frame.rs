//! Native frames: polling suspended natives and serving what they ask for.

use std::task::{Context, Poll, Waker};

use super::frame::Frame;
use super::thread::State;
use super::{Flow, Leave, Thread};
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::vm::{Answer, Request};
use crate::{PyResult, Value, Vm};

/// Runs the native at the top of the stack until it ends, calls Python code or has to wait.
pub(crate) fn run_native(vm: &Vm, thread: &mut Thread) -> Flow {
    if let Some(answer) = thread.answer.take() {
        vm.answer.set(Some(answer));
    }
    loop {
        let Some(future) = thread.frames.last_mut().and_then(|frame| frame.native.as_mut()) else {
            return Flow::Continue;
        };
        // The future may look at the thread's frames (through the interpreter) but never pushes or pops any.
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => {
                let frame = thread.pop();
                let discard = frame.flags & Frame::DISCARD != 0;
                let goes_on = frame.flags & Frame::TRACE != 0 && result.is_ok();
                drop(frame);
                if goes_on {
                    return Flow::Continue;
                }
                if discard {
                    return super::complete::discard(vm, thread, result);
                }
                let result = settle_tail(vm, thread, result);
                return super::complete::deliver(vm, thread, result);
            }
            Poll::Pending => match serve(vm, thread) {
                Served::Answered(result) => vm.answer.set(Some(Answer::Value(result))),
                Served::Pushed => return Flow::Continue,
                Served::Leave(leave) => return Flow::Leave(leave),
            },
        }
    }
}

/// A native may end in a deferral of its own (it passed on the result of a plain operation): that takes its place.
pub(super) fn settle_tail(vm: &Vm, thread: &mut Thread, result: PyResult) -> Option<PyResult> {
    if result.is_ok() {
        return Some(result);
    }
    match vm.take_deferral() {
        None => Some(result),
        Some(deferral) => super::call::push_deferral(vm, thread, deferral).transpose(),
    }
}

enum Served {
    Answered(PyResult),
    Pushed,
    Leave(Leave),
}

/// The outcome of what was asked for, which may have been deferred. `None`: a frame was pushed.
fn served(vm: &Vm, thread: &mut Thread, result: PyResult<Option<Value>>) -> Served {
    let outcome = result.transpose().and_then(|result| settle_tail(vm, thread, result));
    outcome.map_or(Served::Pushed, Served::Answered)
}

fn serve(vm: &Vm, thread: &mut Thread) -> Served {
    match vm.request.take() {
        Some(Request::Call { callable, args, kwnames }) => {
            let result = super::call::call_from_native(vm, thread, callable, args, kwnames);
            served(vm, thread, result)
        }
        Some(Request::Execute { function, namespace }) => {
            let globals = function.downcast_exact::<Function>().map(|function| function.globals.value());
            // Globals that are more than a plain dict are asked for their items.
            let plain = namespace.downcast_exact::<Dict>().is_some();
            let is_globals = plain && globals.is_some_and(|globals| globals.is(&namespace));
            let namespace = (!is_globals).then_some(namespace);
            let start = thread.top() + 1;
            let result = thread
                .reserve(vm, start)
                .and_then(|()| super::call::call_function(vm, thread, function, start, 0, &[], Frame::COMPLETE, 0));
            match result {
                Ok(super::call::Called::Pushed) => {
                    if let (Some(frame), Some(namespace)) = (thread.frames.last_mut(), namespace) {
                        frame.extra().namespace = Some(namespace);
                    }
                    Served::Pushed
                }
                Ok(super::call::Called::Value(coroutine)) => {
                    if let (Some(body), Some(namespace)) = (crate::types::generator::body(&coroutine), namespace) {
                        body.extra.borrow_mut().get_or_insert_default().namespace = Some(namespace);
                    }
                    Served::Answered(Ok(coroutine))
                }
                Err(raised) => Served::Answered(Err(raised)),
            }
        }
        Some(Request::Run(rest)) => {
            let result = super::call::push_deferral(vm, thread, rest);
            served(vm, thread, result)
        }
        Some(Request::Resume { generator, action }) => {
            let result = super::resume::resume(vm, thread, &generator, action);
            served(vm, thread, result)
        }
        Some(Request::Gather { generator, keep }) => {
            let result = super::resume::begin_gathering(vm, thread, &generator, keep);
            result.transpose().map_or(Served::Pushed, Served::Answered)
        }
        Some(Request::Host(request)) => {
            let id = vm.threads.next_request_id();
            thread.state = State::Waiting(id);
            Served::Leave(Leave::Host { id, request })
        }
        Some(Request::Pause) => match super::safepoint::reach(vm, thread) {
            Ok(true) => Served::Answered(Ok(Value::NONE)),
            Ok(false) => {
                thread.answer = Some(Answer::Value(Ok(Value::NONE)));
                Served::Leave(Leave::FuelSpent)
            }
            Err(raised) => Served::Answered(Err(raised)),
        },
        Some(Request::Park) => {
            thread.state = State::Parked;
            Served::Leave(Leave::Parked)
        }
        None => {
            Served::Answered(Err(vm.error(crate::errors::Exc::SystemError, "a native suspended without a request")))
        }
    }
}
