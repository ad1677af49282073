//! Beginning an async native at once.
//!
//! Much of what may need Python code mostly does not: the union of two sets of ints, `list(range(3))`. Such natives are written
//! once, as async functions, and begun with [`Vm::start`], which polls them in place. What ends there costs no frame of its own;
//! what asks the loop for something becomes the deferred continuation, its question kept until the loop polls it.
//!
//! Comparison, hash and repr slots must not begin their continuations so: they nest with the data, and would nest natively.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::vm::{NativeFuture, Request};
use crate::{PyResult, Vm, VmRef};

impl Vm {
    /// Runs `future` to its end, if it needs nothing from the loop; else defers the rest of it.
    pub fn start(&self, future: impl Future<Output = PyResult> + 'static) -> PyResult {
        self.start_boxed(Box::pin(future))
    }

    fn start_boxed(&self, mut future: NativeFuture) -> PyResult {
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => {
                let started = Started { vm: self.handle(), question: self.request.take(), future };
                Err(self.defer_boxed(Box::pin(started)))
            }
        }
    }
}

/// A future that was polled once and has asked something.
struct Started {
    vm: VmRef,
    question: Option<Request>,
    future: NativeFuture,
}

impl Future for Started {
    type Output = PyResult;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<PyResult> {
        match self.question.take() {
            Some(question) => {
                self.vm.request.set(Some(question));
                Poll::Pending
            }
            None => self.future.as_mut().poll(context),
        }
    }
}
