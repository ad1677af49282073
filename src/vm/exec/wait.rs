//! Threads that wait for each other: the queue behind locks, sockets and whatever else one green thread does for another.
//!
//! A waiter stands in the queue until it is woken or its time is up; whoever wakes it takes it off. Waking is only a hint: the
//! waiter looks again whether it may go on, and queues once more if not.

use std::collections::VecDeque;

use crate::host::HostReply;
use crate::{PyResult, Vm, VmCell};

/// The numbers of the threads that wait for something, in the order in which they came.
#[derive(Default)]
pub struct WaitQueue(VmCell<VecDeque<u64>>);

crate::no_references!(WaitQueue);

/// Takes the thread out of the queue however its wait ends.
struct Place<'a> {
    queue: &'a WaitQueue,
    thread: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.queue.0.borrow_mut().retain(|&thread| thread != self.thread);
    }
}

impl WaitQueue {
    /// Waits to be woken, at most until `Host::monotonic` reaches `until`. An interrupt ends the wait with an error; the next in
    /// the queue is woken then, in case this one had been.
    pub async fn wait(&self, vm: &Vm, until: Option<f64>) -> PyResult<()> {
        let thread = vm.threads.current_id();
        self.0.borrow_mut().push_back(thread);
        let place = Place { queue: self, thread };
        let result = match until {
            None => vm.park().await.map(drop),
            Some(until) => match vm.doze(until).await {
                Ok(HostReply::Failed(message)) => Err(vm.error(crate::errors::Exc::OSError, &message)),
                other => other.map(drop),
            },
        };
        drop(place);
        if result.is_err() {
            self.wake_one(vm);
        }
        result
    }

    /// Wakes the first.
    pub fn wake_one(&self, vm: &Vm) {
        if let Some(thread) = self.0.borrow_mut().pop_front() {
            vm.threads.wake(thread);
        }
    }

    /// Wakes all.
    pub fn wake_all(&self, vm: &Vm) {
        for thread in self.0.take() {
            vm.threads.wake(thread);
        }
    }

    /// Queues a thread without making it wait: for waits on several queues at once, which end with `leave`.
    pub fn enter(&self, vm: &Vm) {
        self.0.borrow_mut().push_back(vm.threads.current_id());
    }

    /// Takes the running thread out of the queue again.
    pub fn leave(&self, vm: &Vm) {
        let me = vm.threads.current_id();
        self.0.borrow_mut().retain(|&thread| thread != me);
    }
}
