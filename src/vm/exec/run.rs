//! The loop.
//!
//! One `match` over the opcodes. An arm does the common case on unboxed or exact builtin types itself and calls a function in
//! `ops` for the rest; every such function may answer with a value, a deferral or an exception. The frame's `pc` is written back
//! before anything that can look at it: an error, a call, a suspension.
//!
//! Unsafe code relies on the verifier: operands name registers within the frame's window, jumps stay in the code. Registers
//! are addressed through `base`, which is read again after everything that may move the stack.

use snakelet_bytecode::{Instr, Op, flags};

use super::call::{Called, names_of};
use super::frame::Frame;
use super::ops;
use super::thread::Thread;
use super::{Flow, Leave, fuel};
use crate::object::{Items, instance};
use crate::protocol::BinaryOp;
use crate::types::code::{CacheKind, CodeObject};
use crate::types::function::Function;
use crate::types::iterators::{ListIterator, TupleIterator};
use crate::types::list::List;
use crate::types::range::RangeIterator;
use crate::types::slots::CompareOp;
use crate::types::string;
use crate::types::tuple::Tuple;
use crate::{Native, Value, Vm};

/// Runs a thread until it leaves the loop.
pub(crate) fn run(vm: &Vm, thread: &mut Thread) -> Leave {
    if let Some(exception) = thread.interrupt.take() {
        vm.raise(exception);
        if thread.frames.last().is_some_and(Frame::is_native) {
            // The native that waits is abandoned: the exception takes its place.
            drop(thread.pop());
            thread.answer = None;
            if let Flow::Leave(leave) = super::complete::deliver(vm, thread, Some(Err(crate::Raised))) {
                return leave;
            }
        } else if let Flow::Leave(leave) = super::unwind::unwind(vm, thread) {
            return leave;
        }
    }
    loop {
        let flow = match thread.frames.last() {
            None => return Leave::Finished(Ok(Value::NONE)),
            Some(frame) if frame.is_native() => super::native_frame::run_native(vm, thread),
            Some(_) => interpret(vm, thread),
        };
        if let Flow::Leave(leave) = flow {
            return leave;
        }
    }
}

/// Runs Python frames until a native frame comes to the top or the thread leaves.
fn interpret(vm: &Vm, thread: &mut Thread) -> Flow {
    let function_type = Function::type_pointer();
    let list_type = List::type_pointer();
    let tuple_type = Tuple::type_pointer();
    let range_iterator_type = RangeIterator::type_pointer();

    let mut frame: *mut Frame;
    let mut code: *const CodeObject;
    let mut base: *mut Value;
    let mut first: *const Instr;
    let mut pc: *const Instr;

    // Takes up the thread's top frame, which is a Python frame.
    macro_rules! load_frame {
        () => {{
            frame = match thread.frames.last_mut() {
                Some(top) if !top.is_native() => top,
                Some(_) => return Flow::Continue,
                None => return Flow::Leave(Leave::Finished(Ok(Value::NONE))),
            };
            // SAFETY: the frame is live and its function keeps the code alive.
            unsafe {
                code = (*frame).code;
                base = thread.register((*frame).base);
                first = (*code).first;
                pc = first.add((*frame).pc as usize);
            }
        }};
    }
    // Writes the position back.
    macro_rules! save_pc {
        () => {
            // SAFETY: both point into the same code; the frame is live.
            unsafe { (*frame).pc = pc.offset_from(first) as u32 }
        };
    }
    macro_rules! flow {
        ($flow:expr) => {
            match $flow {
                Flow::Continue => {
                    load_frame!();
                    continue;
                }
                leave => return leave,
            }
        };
    }
    // The running operation answered `Err`.
    macro_rules! fail {
        () => {{
            save_pc!();
            flow!(super::unwind::handle_error(vm, thread))
        }};
    }
    macro_rules! attempt {
        ($result:expr) => {
            match $result {
                Ok(value) => value,
                Err(_) => fail!(),
            }
        };
    }
    // A register, by operand.
    macro_rules! reg {
        ($index:expr) => {
            // SAFETY: operands name registers of the window.
            unsafe { &*base.add($index as usize) }
        };
    }
    macro_rules! set {
        ($index:expr, $value:expr) => {{
            let value = $value;
            // SAFETY: operands name registers of the window; the old value is dropped after the new one is in place.
            unsafe { drop(std::mem::replace(&mut *base.add($index as usize), value)) }
        }};
    }
    macro_rules! take {
        ($index:expr) => {
            // SAFETY: operands name registers of the window.
            unsafe { std::mem::replace(&mut *base.add($index as usize), Value::UNBOUND) }
        };
    }
    // Clears the operands that die, unless they are the destination.
    macro_rules! kill_bc {
        ($instr:expr) => {
            if $instr.flags & (flags::KILL_B | flags::KILL_C) != 0 {
                if $instr.flags & flags::KILL_B != 0 && $instr.b != $instr.a {
                    drop(take!($instr.b));
                }
                if $instr.flags & flags::KILL_C != 0 && $instr.c != $instr.a {
                    drop(take!($instr.c));
                }
            }
        };
    }
    macro_rules! kill_b {
        ($instr:expr) => {
            if $instr.flags & flags::KILL_B != 0 && $instr.b != $instr.a {
                drop(take!($instr.b));
            }
        };
    }
    macro_rules! kill_a {
        ($instr:expr) => {
            if $instr.flags & flags::KILL_A != 0 {
                drop(take!($instr.a));
            }
        };
    }
    macro_rules! kill_ab {
        ($instr:expr) => {
            if $instr.flags & (flags::KILL_A | flags::KILL_B) != 0 {
                kill_a!($instr);
                if $instr.flags & flags::KILL_B != 0 {
                    drop(take!($instr.b));
                }
            }
        };
    }
    macro_rules! kill_all {
        ($instr:expr) => {
            if $instr.flags & (flags::KILL_A | flags::KILL_B | flags::KILL_C) != 0 {
                kill_ab!($instr);
                if $instr.flags & flags::KILL_C != 0 {
                    drop(take!($instr.c));
                }
            }
        };
    }
    // A safepoint is due before the current instruction, which will be executed (again) afterwards.
    macro_rules! safepoint_before {
        () => {{
            // SAFETY: `pc` is past the current instruction.
            pc = unsafe { pc.sub(1) };
            save_pc!();
            flow!(reach_safepoint(vm, thread));
        }};
    }
    macro_rules! jump {
        ($distance:expr) => {{
            let distance = $distance as isize;
            // SAFETY: jumps stay in the code.
            pc = unsafe { pc.offset(distance) };
            if distance < 0 && fuel::spend() {
                save_pc!();
                flow!(reach_safepoint(vm, thread));
            }
        }};
    }
    // The instruction may have let go of an object whose finaliser is to run at once.
    macro_rules! finalize_now {
        () => {
            if crate::object::collect::has_pending() {
                save_pc!();
                flow!(reach_safepoint(vm, thread));
            }
        };
    }
    // A global variable or builtin, by the site's cache if what it says still holds.
    macro_rules! load_global {
        ($instr:expr) => {{
            // SAFETY: the frame is live, the verifier checked the site.
            let (function, cache) =
                unsafe { ((*frame).function(), *(&*code).global_caches.borrow().get_unchecked($instr.b as usize)) };
            let globals = &*function.globals;
            if std::ptr::eq(cache.globals, globals) && cache.globals_version == globals.table.borrow().version() {
                if !cache.is_builtin {
                    set!($instr.a, globals.table.borrow().entries()[cache.index as usize].value.clone());
                    continue;
                }
                let builtins = function.builtins.table.borrow();
                if cache.builtins_version == builtins.version() {
                    set!($instr.a, builtins.entries()[cache.index as usize].value.clone());
                    continue;
                }
            }
            let value = attempt!(ops::names::load_global(vm, function, unsafe { &*code }, $instr.b));
            set!($instr.a, value);
        }};
    }
    macro_rules! store_global {
        ($instr:expr) => {{
            // SAFETY: the frame is live, the verifier checked the site.
            let (function, cache) =
                unsafe { ((*frame).function(), *(&*code).global_caches.borrow().get_unchecked($instr.a as usize)) };
            let value = if $instr.flags & flags::KILL_B != 0 { take!($instr.b) } else { reg!($instr.b).clone() };
            let table = function.globals.table.borrow_mut();
            if std::ptr::eq(cache.globals, &*function.globals)
                && cache.globals_version == table.version()
                && !cache.is_builtin
            {
                let old = std::mem::replace(table.value_mut(cache.index as usize), value);
                drop(old);
            } else {
                ops::names::store_global(function, unsafe { &*code }, $instr.a, value);
            }
            finalize_now!();
        }};
    }
    macro_rules! binary {
        ($instr:expr, $op:ident) => {{
            let result = if $instr.flags & flags::INPLACE != 0 {
                vm.inplace(BinaryOp::$op, reg!($instr.b), reg!($instr.c))
            } else {
                vm.binary(BinaryOp::$op, reg!($instr.b), reg!($instr.c))
            };
            let value = attempt!(result);
            set!($instr.a, value);
            kill_bc!($instr);
        }};
    }
    macro_rules! binary_imm {
        ($instr:expr, $op:ident) => {{
            let right = Value::small_int($instr.c as i16 as i64);
            let result = if $instr.flags & flags::INPLACE != 0 {
                vm.inplace(BinaryOp::$op, reg!($instr.b), &right)
            } else {
                vm.binary(BinaryOp::$op, reg!($instr.b), &right)
            };
            let value = attempt!(result);
            set!($instr.a, value);
            kill_b!($instr);
        }};
    }
    macro_rules! arithmetic {
        ($instr:expr, $op:ident, $ints:expr, $float:expr) => {{
            let (left, right) = (reg!($instr.b), reg!($instr.c));
            if let Some(value) = $ints(left, right) {
                set!($instr.a, value);
            } else if let (Some(x), Some(y)) = (left.as_float(), right.as_float()) {
                set!($instr.a, Value::float($float(x, y)));
            } else if let Some((x, y)) = ops::arithmetic::mixed_floats(left, right) {
                set!($instr.a, Value::float($float(x, y)));
            } else {
                binary!($instr, $op);
            }
        }};
    }
    macro_rules! arithmetic_imm {
        ($instr:expr, $op:ident, $int:expr, $float:expr) => {{
            let left = reg!($instr.b);
            let n = $instr.c as i16 as i64;
            if let Some(value) = left.as_small_int().and_then(|left| Value::try_small_int($int(left, n))) {
                set!($instr.a, value);
            } else if let Some(x) = left.as_float() {
                set!($instr.a, Value::float($float(x, n as f64)));
            } else {
                binary_imm!($instr, $op);
            }
        }};
    }
    macro_rules! compare {
        ($instr:expr, $op:ident, $cmp:tt) => {{
            let (left, right) = (reg!($instr.b), reg!($instr.c));
            if Value::both_small_ints(left, right) {
                set!($instr.a, Value::bool(left.small_int_unchecked() $cmp right.small_int_unchecked()));
            } else if let (Some(x), Some(y)) = (left.as_float(), right.as_float()) {
                set!($instr.a, Value::bool(x $cmp y));
            } else {
                let value = attempt!(vm.rich_compare(left, right, CompareOp::$op));
                set!($instr.a, value);
                kill_bc!($instr);
            }
        }};
    }
    macro_rules! compare_jump {
        ($instr:expr, $op:ident, $cmp:tt) => {{
            let (left, right) = (reg!($instr.a), reg!($instr.b));
            let truth = if Value::both_small_ints(left, right) {
                left.small_int_unchecked() $cmp right.small_int_unchecked()
            } else if let (Some(x), Some(y)) = (left.as_float(), right.as_float()) {
                x $cmp y
            } else {
                let truth = attempt!(ops::compare::compare_truth(vm, left, right, CompareOp::$op));
                kill_ab!($instr);
                truth
            };
            if truth == ($instr.flags & flags::SENSE != 0) {
                jump!($instr.c as i16);
            }
        }};
    }
    macro_rules! compare_jump_imm {
        ($instr:expr, $op:ident, $cmp:tt) => {{
            let left = reg!($instr.a);
            let n = $instr.b as i16;
            let truth = if let Some(left) = left.as_small_int() {
                left $cmp n as i64
            } else if let Some(x) = left.as_float() {
                x $cmp n as f64
            } else {
                let right = Value::small_int(n as i64);
                let truth = attempt!(ops::compare::compare_truth(vm, left, &right, CompareOp::$op));
                kill_a!($instr);
                truth
            };
            if truth == ($instr.flags & flags::SENSE != 0) {
                jump!($instr.c as i16);
            }
        }};
    }
    macro_rules! call {
        ($callee:expr, $start:expr, $count:expr, $names:expr, $dst:expr) => {{
            save_pc!();
            // SAFETY: the frame is live.
            let start = unsafe { (*frame).base } + $start as u32;
            match super::call::call(vm, thread, $callee, start, $count as u32, $names, 0, $dst) {
                Ok(Called::Value(value)) => set!($dst, value),
                Ok(Called::Pushed) => {
                    load_frame!();
                }
                Err(_) => flow!(super::unwind::handle_error(vm, thread)),
            }
        }};
    }
    // Calls a Python function whose arguments need no binding by pushing its frame; falls through otherwise.
    macro_rules! call_plain {
        ($header:expr, $callee:expr, $start:expr, $count:expr, $dst:expr) => {{
            // SAFETY: the caller checked the exact type.
            let function = unsafe { &(*std::ptr::from_ref($header).cast::<crate::object::Object<Function>>()).payload };
            if function.plain_args.get() == $count {
                save_pc!();
                // SAFETY: the function is live and keeps its code alive; so is the frame, which is the top one.
                let (callee_code, start, end, local_count) = unsafe {
                    let code: *const CodeObject = &raw const **function.code.borrow();
                    let start = (*frame).base + $start as u32;
                    (code, start, start + (*code).register_count, (*code).local_count as usize)
                };
                if thread.depth >= vm.depth_check.get()
                    || !thread.has_registers(end)
                    || thread.frames.len() == thread.frames.capacity()
                {
                    flow!(push_slowly(vm, thread, $callee, callee_code, start, $count as u32, $dst));
                }
                thread.depth += 1;
                code = callee_code;
                // SAFETY: the registers exist, dead ones hold nothing counted; there is room for the frame above the top one.
                unsafe {
                    base = base.add($start as usize);
                    for index in $count as usize..local_count {
                        base.add(index).write(Value::UNBOUND);
                    }
                    frame = frame.add(1);
                    frame.write(Frame {
                        function: $callee,
                        code,
                        base: start,
                        pc: 0,
                        flags: 0,
                        dst: $dst,
                        owed: Value::NONE,
                        native: None,
                        extra: None,
                    });
                    let length = thread.frames.len();
                    thread.frames.set_len(length + 1);
                    first = (*code).first;
                    pc = first;
                }
                continue;
            }
        }};
    }
    // The value leaves the top frame; its registers are cleared and the frame below goes on.
    macro_rules! return_value {
        ($value:expr) => {{
            let value: Value = $value;
            // SAFETY: the frame is live.
            let (flags, extra) = unsafe { ((*frame).flags, (*frame).extra.is_some()) };
            save_pc!();
            if (flags == 0 || flags == Frame::INIT && value.is_none()) && !extra {
                // SAFETY: as above; the frame below is the Python frame that made the call.
                let (dst, value) = unsafe {
                    let mut register = base.add((*code).register_count as usize);
                    while register != base {
                        register = register.sub(1);
                        if (*register).is_object() {
                            drop(register.replace(Value::UNBOUND));
                        }
                    }
                    let dst = (*frame).dst;
                    let (function, owed) = ((&raw const (*frame).function).read(), (&raw const (*frame).owed).read());
                    let value = if flags == 0 { value } else { owed };
                    thread.depth -= 1;
                    let length = thread.frames.len();
                    thread.frames.set_len(length - 1);
                    frame = frame.sub(1);
                    code = (*frame).code;
                    base = thread.register((*frame).base);
                    first = (*code).first;
                    pc = first.add((*frame).pc as usize);
                    drop(function);
                    (dst, value)
                };
                set!(dst, value);
            } else {
                let popped = thread.pop();
                flow!(super::complete::returned(vm, thread, popped, value));
            }
            if fuel::is_spent() {
                save_pc!();
                flow!(reach_safepoint(vm, thread));
            }
        }};
    }

    load_frame!();
    loop {
        // SAFETY: the compiler ends every path with a return, a raise or a jump.
        let instr = unsafe { *pc };
        // SAFETY: as above.
        pc = unsafe { pc.add(1) };
        match instr.op {
            Op::Nop => {}

            // ---- moving values
            Op::Move => {
                if instr.flags & flags::KILL_B != 0 {
                    let value = take!(instr.b);
                    set!(instr.a, value);
                } else {
                    set!(instr.a, reg!(instr.b).clone());
                }
            }
            Op::LoadConst => {
                // SAFETY: the verifier checked the index.
                set!(instr.a, unsafe { (&*code).consts.get_unchecked(instr.wide_bc() as u32 as usize).clone() });
            }
            Op::LoadInt => set!(instr.a, Value::small_int(instr.wide_bc() as i64)),
            Op::LoadNone => set!(instr.a, Value::NONE),
            Op::LoadTrue => set!(instr.a, Value::TRUE),
            Op::LoadFalse => set!(instr.a, Value::FALSE),
            Op::Clear => set!(instr.a, Value::UNBOUND),
            Op::CheckBound => {
                if reg!(instr.a).is_unbound() {
                    attempt!(ops::names::unbound_local(vm, unsafe { &*code }, instr.a));
                }
            }
            Op::DeleteLocal => {
                if reg!(instr.a).is_unbound() {
                    attempt!(ops::names::unbound_local(vm, unsafe { &*code }, instr.a));
                }
                set!(instr.a, Value::UNBOUND);
                finalize_now!();
            }

            // ---- cells
            Op::MakeCell => {
                let contents = take!(instr.a);
                set!(instr.a, ops::names::make_cell(contents));
            }
            Op::LoadCell => {
                let value = ops::names::cell_contents(reg!(instr.b)).clone();
                if value.is_unbound() {
                    attempt!(ops::names::unbound_local(vm, unsafe { &*code }, instr.b));
                }
                set!(instr.a, value);
            }
            Op::StoreCell => {
                ops::names::set_cell(reg!(instr.a), reg!(instr.b).clone());
                if instr.flags & flags::KILL_B != 0 {
                    drop(take!(instr.b));
                }
            }
            Op::DeleteCell => {
                if ops::names::cell_contents(reg!(instr.a)).is_unbound() {
                    attempt!(ops::names::unbound_local(vm, unsafe { &*code }, instr.a));
                }
                ops::names::set_cell(reg!(instr.a), Value::UNBOUND);
                finalize_now!();
            }
            Op::LoadFree => {
                // SAFETY: the frame is live; the closure has a cell for each free variable.
                let value =
                    ops::names::cell_contents(unsafe { &(&(*frame).function().closure)[instr.b as usize] }).clone();
                if value.is_unbound() {
                    attempt!(ops::names::unbound_free(vm, unsafe { &*code }, instr.b));
                }
                set!(instr.a, value);
            }
            Op::StoreFree => {
                // SAFETY: as above.
                ops::names::set_cell(
                    unsafe { &(&(*frame).function().closure)[instr.a as usize] },
                    reg!(instr.b).clone(),
                );
                if instr.flags & flags::KILL_B != 0 {
                    drop(take!(instr.b));
                }
            }
            Op::DeleteFree => {
                // SAFETY: as above.
                let cell = unsafe { &(&(*frame).function().closure)[instr.a as usize] };
                if ops::names::cell_contents(cell).is_unbound() {
                    attempt!(ops::names::unbound_free(vm, unsafe { &*code }, instr.a));
                }
                ops::names::set_cell(cell, Value::UNBOUND);
                finalize_now!();
            }
            // SAFETY: as above.
            Op::LoadFreeCell => set!(instr.a, unsafe { (&(*frame).function().closure)[instr.b as usize].clone() }),

            // ---- names
            Op::LoadGlobal => load_global!(instr),
            Op::StoreGlobal => store_global!(instr),
            Op::DeleteGlobal => {
                // SAFETY: the frame is live.
                let globals = unsafe { (*frame).function().globals.value() };
                attempt!(ops::names::delete_name(vm, &globals, unsafe { &*code }, instr.a));
                finalize_now!();
            }
            // SAFETY: the frame is live.
            Op::LoadName if unsafe { &*frame }.has_no_namespace() => load_global!(instr),
            Op::LoadName => {
                // SAFETY: the frame is live.
                let value = attempt!(ops::names::load_name(vm, unsafe { &*frame }, instr.b));
                set!(instr.a, value);
            }
            // SAFETY: the frame is live.
            Op::StoreName if unsafe { &*frame }.has_no_namespace() => store_global!(instr),
            Op::StoreName => {
                // SAFETY: the frame is live.
                attempt!(ops::names::store_name(vm, unsafe { &*frame }, instr.a, reg!(instr.b)));
                if instr.flags & flags::KILL_B != 0 {
                    drop(take!(instr.b));
                }
                finalize_now!();
            }
            Op::DeleteName => {
                // SAFETY: the frame is live.
                let namespace = ops::names::namespace(unsafe { &*frame });
                attempt!(ops::names::delete_name(vm, &namespace, unsafe { &*code }, instr.a));
                finalize_now!();
            }
            Op::LoadNameOrFree => {
                // SAFETY: the frame is live.
                let value = attempt!(ops::names::load_name_or_free(vm, unsafe { &*frame }, reg!(instr.b), instr.c));
                set!(instr.a, value);
            }
            Op::LoadNameOrGlobal => {
                // SAFETY: the frame is live.
                let value = attempt!(ops::names::load_name_or_global(vm, unsafe { &*frame }, reg!(instr.b), instr.c));
                set!(instr.a, value);
            }
            // SAFETY: the frame is live.
            Op::LoadLocals => set!(instr.a, ops::names::namespace(unsafe { &*frame })),

            // ---- attributes and items
            Op::LoadAttr => {
                let obj = reg!(instr.b);
                if let Some(header) = obj.header() {
                    // SAFETY: the verifier checked the site.
                    let cache = unsafe { (&*code).attr_caches.borrow().get_unchecked(instr.c as usize) };
                    if cache.version == header.ty().version_or_zero()
                        && matches!(cache.kind, CacheKind::Inline | CacheKind::Slot)
                        && std::ptr::eq(instance::shape_at(header, cache.part_offset), cache.shape)
                    {
                        let value = instance::value_at(header, cache.offset).clone();
                        if !value.is_unbound() {
                            set!(instr.a, value);
                            kill_b!(instr);
                            continue;
                        }
                    }
                }
                let value = attempt!(ops::attr::load_attr(vm, obj, unsafe { &*code }, instr.c));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::StoreAttr => {
                let obj = reg!(instr.a);
                if let Some(header) = obj.header() {
                    // SAFETY: the verifier checked the site.
                    let cache = unsafe { (&*code).attr_caches.borrow().get_unchecked(instr.c as usize) };
                    if cache.version == header.ty().version_or_zero()
                        && std::ptr::eq(instance::shape_at(header, cache.part_offset), cache.shape)
                    {
                        if matches!(cache.kind, CacheKind::Inline | CacheKind::Slot) {
                            instance::set_value_at(header, cache.offset, reg!(instr.b).clone());
                            kill_ab!(instr);
                            continue;
                        }
                        if cache.kind == CacheKind::Add {
                            instance::set_value_at(header, cache.offset, reg!(instr.b).clone());
                            instance::set_shape_at(header, cache.part_offset, cache.next_shape);
                            kill_ab!(instr);
                            continue;
                        }
                    }
                }
                attempt!(ops::attr::store_attr(vm, obj, reg!(instr.b), unsafe { &*code }, instr.c));
                kill_ab!(instr);
            }
            Op::DeleteAttr => {
                // SAFETY: the verifier checked the site.
                let name = ops::attr::site_name(unsafe { &*code }, instr.b);
                attempt!(vm.set_attr(reg!(instr.a), &name, None));
                kill_a!(instr);
                finalize_now!();
            }
            Op::LoadMethod => {
                let obj = reg!(instr.b);
                // SAFETY: the verifier checked the site.
                let cache = unsafe { (&*code).attr_caches.borrow().get_unchecked(instr.c as usize) };
                if let Some(header) = obj.header()
                    && cache.kind == CacheKind::Method
                    && cache.version == header.ty().version_or_zero()
                    && (cache.shape.is_null()
                        || std::ptr::eq(instance::shape_at(header, cache.part_offset), cache.shape))
                {
                    // SAFETY: the class keeps the method alive while its version lasts.
                    let method = unsafe { ops::attr::cached_value(cache) };
                    let obj = if instr.flags & flags::KILL_B != 0 { take!(instr.b) } else { obj.clone() };
                    set!(instr.a, method);
                    set!(instr.a + 1, obj);
                    continue;
                }
                let (method, obj) = attempt!(ops::attr::load_method(vm, obj, unsafe { &*code }, instr.c));
                kill_b!(instr);
                set!(instr.a, method);
                set!(instr.a + 1, obj);
            }
            Op::LoadSuperAttr => {
                let args = [take!(instr.b), take!(instr.b + 1), take!(instr.b + 2)];
                let value = attempt!(ops::attr::load_super(vm, args, unsafe { &*code }, instr));
                set!(instr.a, value);
            }
            Op::LoadSuperMethod => {
                let args = [take!(instr.b), take!(instr.b + 1), take!(instr.b + 2)];
                let (method, obj) = attempt!(ops::attr::load_super_method(vm, args, unsafe { &*code }, instr));
                set!(instr.a, method);
                set!(instr.a + 1, obj);
            }
            Op::LoadItem => {
                let (obj, key) = (reg!(instr.b), reg!(instr.c));
                if let (Some(header), Some(index)) = (obj.header(), key.as_small_int()) {
                    let ty = header.type_pointer();
                    let items: &[Value] = if std::ptr::eq(ty, list_type) {
                        // SAFETY: the exact type was checked.
                        unsafe {
                            (*std::ptr::from_ref(header).cast::<crate::object::Object<List>>()).payload.items.borrow()
                        }
                    } else if std::ptr::eq(ty, tuple_type) {
                        // SAFETY: the exact type was checked.
                        unsafe { (*std::ptr::from_ref(header).cast::<crate::object::Object<Tuple>>()).payload.items() }
                    } else {
                        &[]
                    };
                    let index = if index < 0 { index + items.len() as i64 } else { index };
                    if let Some(item) = items.get(index as usize) {
                        let item = item.clone();
                        set!(instr.a, item);
                        kill_bc!(instr);
                        continue;
                    }
                }
                let value = attempt!(vm.get_item(obj, key));
                set!(instr.a, value);
                kill_bc!(instr);
            }
            Op::LoadItemImm => {
                let obj = reg!(instr.b);
                let index = instr.c as i16 as i64;
                if let Some(header) = obj.header() {
                    let ty = header.type_pointer();
                    let items: &[Value] = if std::ptr::eq(ty, list_type) {
                        // SAFETY: the exact type was checked.
                        unsafe {
                            (*std::ptr::from_ref(header).cast::<crate::object::Object<List>>()).payload.items.borrow()
                        }
                    } else if std::ptr::eq(ty, tuple_type) {
                        // SAFETY: the exact type was checked.
                        unsafe { (*std::ptr::from_ref(header).cast::<crate::object::Object<Tuple>>()).payload.items() }
                    } else {
                        &[]
                    };
                    let at = if index < 0 { index + items.len() as i64 } else { index };
                    if let Some(item) = items.get(at as usize) {
                        let item = item.clone();
                        set!(instr.a, item);
                        kill_b!(instr);
                        continue;
                    }
                }
                let value = attempt!(vm.get_item(obj, &Value::small_int(index)));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::StoreItem => {
                let (obj, key) = (reg!(instr.a), reg!(instr.b));
                if let (Some(list), Some(index)) = (obj.downcast_exact::<List>(), key.as_small_int()) {
                    let items = list.items.borrow_mut();
                    let index = if index < 0 { index + items.len() as i64 } else { index };
                    if let Some(place) = items.get_mut(index as usize) {
                        let old = std::mem::replace(place, reg!(instr.c).clone());
                        drop(old);
                        kill_all!(instr);
                        continue;
                    }
                }
                attempt!(vm.set_item(obj, key, Some(reg!(instr.c))));
                kill_all!(instr);
            }
            Op::DeleteItem => {
                attempt!(vm.set_item(reg!(instr.a), reg!(instr.b), None));
                kill_ab!(instr);
                finalize_now!();
            }
            Op::LoadSlice => {
                let (start, stop) = (take!(instr.c), take!(instr.c + 1));
                let value = attempt!(ops::items::load_slice(vm, reg!(instr.b), start, stop));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::StoreSlice => {
                let (start, stop) = (take!(instr.b), take!(instr.b + 1));
                attempt!(ops::items::store_slice(vm, reg!(instr.a), start, stop, reg!(instr.c)));
                kill_a!(instr);
                if instr.flags & flags::KILL_C != 0 {
                    drop(take!(instr.c));
                }
            }

            // ---- operators
            Op::Add => {
                let (left, right) = (reg!(instr.b), reg!(instr.c));
                if let Some(value) = Value::add_small_ints(left, right) {
                    set!(instr.a, value);
                } else if let (Some(x), Some(y)) = (left.as_float(), right.as_float()) {
                    set!(instr.a, Value::float(x + y));
                } else if let Some((x, y)) = ops::arithmetic::mixed_floats(left, right) {
                    set!(instr.a, Value::float(x + y));
                } else if instr.flags & flags::INPLACE != 0
                    && instr.a == instr.b
                    && let Some(result) = string::append_in_place(vm, left, right)
                {
                    attempt!(result);
                    kill_bc!(instr);
                } else if let Some(result) = ops::arithmetic::add_now(vm, left, right) {
                    let value = attempt!(result);
                    set!(instr.a, value);
                    kill_bc!(instr);
                } else {
                    binary!(instr, Add);
                }
            }
            Op::Sub => arithmetic!(instr, Sub, Value::sub_small_ints, |x: f64, y: f64| x - y),
            Op::Mul => arithmetic!(instr, Mul, ops::arithmetic::mul_small_ints, |x: f64, y: f64| x * y),
            Op::TrueDiv => {
                let (left, right) = (reg!(instr.b), reg!(instr.c));
                if let (Some(x), Some(y)) = (left.as_float(), right.as_float())
                    && y != 0.0
                {
                    set!(instr.a, Value::float(x / y));
                } else if let Some((x, y)) = ops::arithmetic::mixed_floats(left, right)
                    && y != 0.0
                {
                    set!(instr.a, Value::float(x / y));
                } else {
                    binary!(instr, TrueDiv);
                }
            }
            Op::FloorDiv => {
                if let Some(value) = ops::arithmetic::floor_div_small_ints(reg!(instr.b), reg!(instr.c)) {
                    set!(instr.a, value);
                } else {
                    binary!(instr, FloorDiv);
                }
            }
            Op::Mod => {
                if let Some(value) = ops::arithmetic::mod_small_ints(reg!(instr.b), reg!(instr.c)) {
                    set!(instr.a, value);
                } else if let Some(result) = string::format_now(vm, reg!(instr.b), reg!(instr.c)) {
                    let value = attempt!(result);
                    set!(instr.a, value);
                    kill_bc!(instr);
                } else {
                    binary!(instr, Mod);
                }
            }
            Op::Pow => binary!(instr, Pow),
            Op::LShift => binary!(instr, LShift),
            Op::RShift => {
                let (left, right) = (reg!(instr.b), reg!(instr.c));
                if Value::both_small_ints(left, right) && right.small_int_unchecked() >= 0 {
                    let shift = right.small_int_unchecked().min(63);
                    set!(instr.a, Value::small_int(left.small_int_unchecked() >> shift));
                } else {
                    binary!(instr, RShift);
                }
            }
            Op::And => {
                let (left, right) = (reg!(instr.b), reg!(instr.c));
                if Value::both_small_ints(left, right) {
                    set!(instr.a, Value::small_int(left.small_int_unchecked() & right.small_int_unchecked()));
                } else {
                    binary!(instr, And);
                }
            }
            Op::Or => {
                let (left, right) = (reg!(instr.b), reg!(instr.c));
                if Value::both_small_ints(left, right) {
                    set!(instr.a, Value::small_int(left.small_int_unchecked() | right.small_int_unchecked()));
                } else {
                    binary!(instr, Or);
                }
            }
            Op::Xor => {
                let (left, right) = (reg!(instr.b), reg!(instr.c));
                if Value::both_small_ints(left, right) {
                    set!(instr.a, Value::small_int(left.small_int_unchecked() ^ right.small_int_unchecked()));
                } else {
                    binary!(instr, Xor);
                }
            }
            Op::MatMul => binary!(instr, MatMul),
            Op::AddImm => arithmetic_imm!(instr, Add, |x: i64, n: i64| x + n, |x: f64, n: f64| x + n),
            Op::SubImm => arithmetic_imm!(instr, Sub, |x: i64, n: i64| x - n, |x: f64, n: f64| x - n),
            Op::MulImm => {
                // A product of 48 and 16 bits fits.
                arithmetic_imm!(instr, Mul, |x: i64, n: i64| x * n, |x: f64, n: f64| x * n)
            }
            Op::FloorDivImm => {
                let n = instr.c as i16 as i64;
                match reg!(instr.b).as_small_int() {
                    Some(left) if n > 0 => set!(instr.a, Value::small_int(left.div_euclid(n))),
                    _ => binary_imm!(instr, FloorDiv),
                }
            }
            Op::ModImm => {
                let n = instr.c as i16 as i64;
                match reg!(instr.b).as_small_int() {
                    Some(left) if n > 0 => set!(instr.a, Value::small_int(left.rem_euclid(n))),
                    _ => binary_imm!(instr, Mod),
                }
            }
            Op::AndImm => {
                let n = instr.c as i16 as i64;
                match reg!(instr.b).as_small_int() {
                    Some(left) => set!(instr.a, Value::small_int(left & n)),
                    None => binary_imm!(instr, And),
                }
            }
            Op::LShiftImm => {
                let n = instr.c as i16 as i64;
                match reg!(instr.b).as_small_int() {
                    Some(left) if (0..16).contains(&n) && Value::try_small_int(left << n).is_some() => {
                        set!(instr.a, Value::small_int(left << n))
                    }
                    _ => binary_imm!(instr, LShift),
                }
            }
            Op::RShiftImm => {
                let n = instr.c as i16 as i64;
                match reg!(instr.b).as_small_int() {
                    Some(left) if n >= 0 => set!(instr.a, Value::small_int(left >> n.min(63))),
                    _ => binary_imm!(instr, RShift),
                }
            }
            Op::Neg => {
                let src = reg!(instr.b);
                let value = if let Some(x) = src.as_float() {
                    Value::float(-x)
                } else if let Some(value) = src.as_small_int().and_then(|n| Value::try_small_int(-n)) {
                    value
                } else {
                    attempt!(vm.negative(src))
                };
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::Pos => {
                let value = attempt!(vm.positive(reg!(instr.b)));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::Invert => {
                let value = attempt!(vm.invert(reg!(instr.b)));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::Not => {
                let truth = attempt!(ops::compare::truth(vm, reg!(instr.b)));
                set!(instr.a, Value::bool(!truth));
                kill_b!(instr);
            }
            Op::Lt => compare!(instr, Lt, <),
            Op::Le => compare!(instr, Le, <=),
            Op::Gt => compare!(instr, Gt, >),
            Op::Ge => compare!(instr, Ge, >=),
            Op::Eq => compare!(instr, Eq, ==),
            Op::Ne => compare!(instr, Ne, !=),
            Op::Is => {
                let truth = reg!(instr.b).is(reg!(instr.c)) != (instr.flags & flags::SENSE != 0);
                set!(instr.a, Value::bool(truth));
                kill_bc!(instr);
            }
            Op::Contains => {
                let truth = attempt!(ops::compare::contains(vm, reg!(instr.b), reg!(instr.c)));
                set!(instr.a, Value::bool(truth != (instr.flags & flags::SENSE != 0)));
                kill_bc!(instr);
            }

            // ---- jumps
            Op::Jump => jump!(instr.wide_ab()),
            Op::JumpIf => {
                let cond = reg!(instr.a);
                let truth = if let Some(truth) = cond.as_bool() {
                    truth
                } else {
                    let truth = attempt!(ops::compare::truth(vm, cond));
                    kill_a!(instr);
                    truth
                };
                if truth == (instr.flags & flags::SENSE != 0) {
                    jump!(instr.wide_bc());
                }
            }
            Op::JumpIfNone => {
                let truth = reg!(instr.a).is_none();
                kill_a!(instr);
                if truth == (instr.flags & flags::SENSE != 0) {
                    jump!(instr.wide_bc());
                }
            }
            Op::JumpLt => compare_jump!(instr, Lt, <),
            Op::JumpLe => compare_jump!(instr, Le, <=),
            Op::JumpGt => compare_jump!(instr, Gt, >),
            Op::JumpGe => compare_jump!(instr, Ge, >=),
            Op::JumpEq => compare_jump!(instr, Eq, ==),
            Op::JumpNe => compare_jump!(instr, Ne, !=),
            Op::JumpLtImm => compare_jump_imm!(instr, Lt, <),
            Op::JumpLeImm => compare_jump_imm!(instr, Le, <=),
            Op::JumpGtImm => compare_jump_imm!(instr, Gt, >),
            Op::JumpGeImm => compare_jump_imm!(instr, Ge, >=),
            Op::JumpEqImm => compare_jump_imm!(instr, Eq, ==),
            Op::JumpNeImm => compare_jump_imm!(instr, Ne, !=),
            Op::JumpIs => {
                let truth = reg!(instr.a).is(reg!(instr.b));
                kill_ab!(instr);
                if truth == (instr.flags & flags::SENSE != 0) {
                    jump!(instr.c as i16);
                }
            }
            Op::JumpIn => {
                let truth = attempt!(ops::compare::contains(vm, reg!(instr.a), reg!(instr.b)));
                kill_ab!(instr);
                if truth == (instr.flags & flags::SENSE != 0) {
                    jump!(instr.c as i16);
                }
            }

            // ---- iteration
            Op::GetIter => {
                let value = attempt!(vm.get_iter(reg!(instr.b)));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::ForIter => {
                let iter = reg!(instr.b);
                if let Some(header) = iter.header()
                    && std::ptr::eq(header.type_pointer(), range_iterator_type)
                {
                    // SAFETY: the exact type was checked.
                    let range = unsafe {
                        &(*std::ptr::from_ref(header).cast::<crate::object::Object<RangeIterator>>()).payload
                    };
                    let left = range.left.get();
                    if left > 0 {
                        let next = range.next.get();
                        range.left.set(left - 1);
                        range.next.set(next.wrapping_add(range.step));
                        set!(instr.a, Value::from_i64(next));
                    } else {
                        set!(instr.b, Value::UNBOUND);
                        jump!(instr.c as i16);
                    }
                    continue;
                }
                let next = if let Some(list) = iter.downcast_exact::<ListIterator>() {
                    Some(list.next_now())
                } else {
                    iter.downcast_exact::<TupleIterator>().map(TupleIterator::next_now)
                };
                if let Some(next) = next {
                    match next {
                        Some(item) => set!(instr.a, item),
                        None => {
                            set!(instr.b, Value::UNBOUND);
                            jump!(instr.c as i16);
                        }
                    }
                    continue;
                }
                save_pc!();
                if super::resume::enter(vm, thread, iter) {
                    load_frame!();
                    continue;
                }
                match attempt!(ops::items::for_iter(vm, thread, iter)) {
                    None => {
                        load_frame!();
                    }
                    Some(value) if value.is_unbound() => {
                        set!(instr.b, Value::UNBOUND);
                        jump!(instr.c as i16);
                    }
                    Some(value) => set!(instr.a, value),
                }
            }
            Op::Unpack => {
                let src = reg!(instr.b);
                let items: Option<&[Value]> = ops::items::exact_sequence(src);
                match items {
                    Some(items) if items.len() == instr.c as usize => {
                        // The source may be one of the targets: hold on to it.
                        let source = src.clone();
                        let items = ops::items::exact_sequence(&source).unwrap_or(&[]);
                        kill_b!(instr);
                        for (offset, item) in items.iter().enumerate() {
                            set!(instr.a + offset as u16, item.clone());
                        }
                    }
                    _ => {
                        let pair = attempt!(vm.unpack_values(src, instr.c as usize, None));
                        kill_b!(instr);
                        if let Some(items) = pair.downcast::<Tuple>() {
                            for (offset, item) in items.items().iter().enumerate() {
                                set!(instr.a + offset as u16, item.clone());
                            }
                        }
                    }
                }
            }
            Op::UnpackEx => {
                let (before, after) = ((instr.c & 0xff) as usize, (instr.c >> 8) as usize);
                let pair = attempt!(vm.unpack_values(reg!(instr.b), before, Some(after)));
                kill_b!(instr);
                if let Some(items) = pair.downcast::<Tuple>() {
                    for (offset, item) in items.items().iter().enumerate() {
                        set!(instr.a + offset as u16, item.clone());
                    }
                }
            }

            // ---- building
            Op::BuildTuple if instr.c as usize <= Items::MOST_BEHIND => {
                let value = Value::short_tuple(instr.c as usize, |offset| take!(instr.b as usize + offset));
                set!(instr.a, value);
            }
            Op::BuildTuple | Op::BuildList => {
                let count = instr.c as usize;
                let mut items = attempt!(vm.vec_with_capacity(count));
                for offset in 0..count {
                    items.push(take!(instr.b as usize + offset));
                }
                let value = if instr.op == Op::BuildTuple { Value::from_tuple(items) } else { Value::from_list(items) };
                set!(instr.a, value);
            }
            Op::BuildSet => {
                // SAFETY: the run of temporaries lies in the window.
                let items = unsafe { std::slice::from_raw_parts(base.add(instr.b as usize), instr.c as usize) };
                let result = crate::types::set::set_of(vm, items);
                for offset in 0..instr.c {
                    drop(take!(instr.b + offset));
                }
                set!(instr.a, attempt!(result));
            }
            Op::BuildDict => {
                let count = 2 * instr.c as usize;
                // SAFETY: the run of temporaries lies in the window.
                let items = unsafe { std::slice::from_raw_parts(base.add(instr.b as usize), count) };
                let result = ops::build::dict(vm, items);
                for offset in 0..count {
                    drop(take!(instr.b as usize + offset));
                }
                set!(instr.a, attempt!(result));
            }
            Op::BuildString => {
                // SAFETY: the run of temporaries lies in the window.
                let parts = unsafe { std::slice::from_raw_parts(base.add(instr.b as usize), instr.c as usize) };
                let value = attempt!(ops::build::string(vm, parts));
                for offset in 0..instr.c {
                    drop(take!(instr.b + offset));
                }
                set!(instr.a, value);
            }
            Op::BuildSlice => {
                let (start, stop) = (take!(instr.b), take!(instr.b + 1));
                let step = if instr.c == 3 { take!(instr.b + 2) } else { Value::NONE };
                set!(instr.a, crate::types::slice::Slice::new(start, stop, step).into_value());
            }
            Op::ListAppend => {
                attempt!(ops::build::list_append(vm, reg!(instr.a), reg!(instr.b)));
                if instr.flags & flags::KILL_B != 0 {
                    drop(take!(instr.b));
                }
            }
            Op::SetAdd => {
                attempt!(ops::build::set_add(vm, reg!(instr.a), reg!(instr.b)));
                if instr.flags & flags::KILL_B != 0 {
                    drop(take!(instr.b));
                }
            }
            Op::DictAdd => {
                attempt!(ops::build::dict_add(vm, reg!(instr.a), reg!(instr.b), reg!(instr.c)));
                kill_all!(instr);
            }
            Op::ListExtend => {
                attempt!(ops::build::list_extend(vm, reg!(instr.a), reg!(instr.b)));
                kill_ab!(instr);
            }
            Op::SetUpdate => {
                attempt!(ops::build::set_update(vm, reg!(instr.a), reg!(instr.b)));
                kill_ab!(instr);
            }
            Op::DictUpdate => {
                attempt!(ops::build::dict_update(vm, reg!(instr.a), reg!(instr.b)));
                kill_ab!(instr);
            }
            Op::DictMerge => {
                attempt!(ops::build::dict_merge(vm, reg!(instr.a), reg!(instr.b), reg!(instr.c)));
                kill_all!(instr);
            }
            Op::ListToTuple => {
                let value = ops::build::list_to_tuple(reg!(instr.b));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::FormatValue => {
                let conversion = instr.flags >> flags::CONVERSION_SHIFT & 3;
                let spec = (instr.flags & flags::HAS_SPEC != 0).then(|| reg!(instr.c));
                let value = attempt!(ops::build::format_value(vm, reg!(instr.b), conversion, spec));
                set!(instr.a, value);
                kill_bc!(instr);
            }
            Op::BuildInterpolation => {
                let parts = [take!(instr.b), take!(instr.b + 1), take!(instr.b + 2), take!(instr.b + 3)];
                let value = attempt!(ops::rare::interpolation(vm, parts));
                set!(instr.a, value);
            }
            Op::BuildTemplate => {
                let parts = [take!(instr.b), take!(instr.b + 1)];
                let value = attempt!(ops::rare::template(vm, parts));
                set!(instr.a, value);
            }

            // ---- calls
            Op::Call => {
                if fuel::spend() {
                    safepoint_before!();
                }
                let callee = take!(instr.b);
                if let Some(header) = callee.header()
                    && std::ptr::eq(header.type_pointer(), function_type)
                {
                    call_plain!(header, callee, instr.b + 1, instr.c, instr.a);
                }
                call!(callee, instr.b + 1, instr.c, &[], instr.a);
            }
            Op::CallKw => {
                if fuel::spend() {
                    safepoint_before!();
                }
                let callee = take!(instr.b);
                let names = take!(instr.b as usize + 1 + instr.c as usize);
                call!(callee, instr.b + 1, instr.c, names_of(&names), instr.a);
            }
            Op::CallMethod => {
                if fuel::spend() {
                    safepoint_before!();
                }
                let method = take!(instr.b);
                if method.is_unbound() {
                    let callee = take!(instr.b + 1);
                    call!(callee, instr.b + 2, instr.c, &[], instr.a);
                } else {
                    if let Some(header) = method.header()
                        && std::ptr::eq(header.type_pointer(), function_type)
                    {
                        call_plain!(header, method, instr.b + 1, instr.c + 1, instr.a);
                    }
                    call!(method, instr.b + 1, instr.c + 1, &[], instr.a);
                }
            }
            Op::CallMethodKw => {
                if fuel::spend() {
                    safepoint_before!();
                }
                let names = take!(instr.b as usize + 2 + instr.c as usize);
                let method = take!(instr.b);
                if method.is_unbound() {
                    let callee = take!(instr.b + 1);
                    call!(callee, instr.b + 2, instr.c, names_of(&names), instr.a);
                } else {
                    call!(method, instr.b + 1, instr.c + 1, names_of(&names), instr.a);
                }
            }
            Op::CallEx => {
                if fuel::spend() {
                    safepoint_before!();
                }
                let (callee, args) = (take!(instr.b), take!(instr.b + 1));
                let kwargs = (instr.flags & flags::HAS_KWARGS != 0).then(|| take!(instr.b + 2));
                save_pc!();
                match ops::rare::call_ex(vm, thread, callee, args, kwargs) {
                    Ok(Some(value)) => {
                        // The stack may have grown.
                        load_frame!();
                        set!(instr.a, value);
                    }
                    Ok(None) => {
                        load_frame!();
                    }
                    Err(_) => flow!(super::unwind::handle_error(vm, thread)),
                }
            }
            Op::Return => {
                let value = take!(instr.a);
                return_value!(value);
            }
            Op::ReturnNone => return_value!(Value::NONE),

            // ---- functions and classes
            Op::MakeFunction => {
                let mut at = instr.b;
                let mut next = |flag: u8| {
                    (instr.flags & flag != 0).then(|| {
                        at += 1;
                        take!(at - 1)
                    })
                };
                let parts = ops::build::FunctionParts {
                    defaults: next(flags::DEFAULTS),
                    kwdefaults: next(flags::KWDEFAULTS),
                    annotate: next(flags::ANNOTATE),
                    closure: next(flags::CLOSURE),
                };
                // SAFETY: the frame is live; the verifier checked the constant.
                let value =
                    unsafe { ops::build::function((*frame).function(), &(&*code).consts[instr.c as usize], parts) };
                set!(instr.a, value);
            }
            Op::LoadBuildClass => {
                // SAFETY: the frame is live.
                let value = attempt!(ops::names::build_class(vm, unsafe { (*frame).function() }));
                set!(instr.a, value);
            }

            // ---- generators, coroutines
            Op::Yield => {
                let mut value = if instr.flags & flags::KILL_B != 0 { take!(instr.b) } else { reg!(instr.b).clone() };
                save_pc!();
                // SAFETY: the frame is live.
                if unsafe { (*frame).flags } & Frame::GATHER != 0 {
                    match super::resume::gather(unsafe { &*frame }, value) {
                        Some(back) => value = back,
                        None => {
                            set!(instr.a, Value::NONE);
                            continue;
                        }
                    }
                }
                vm.async_yield.set(true);
                flow!(super::resume::suspend(vm, thread, value));
            }
            Op::YieldFrom => {
                if fuel::spend() {
                    safepoint_before!();
                }
                save_pc!();
                if super::resume::enter(vm, thread, reg!(instr.b)) {
                    load_frame!();
                    continue;
                }
                match super::resume::delegate_send(vm, thread, instr, Value::NONE) {
                    Ok(None) => {
                        load_frame!();
                    }
                    Ok(Some(value)) if value.is_unbound() => {
                        let returned = vm.take_returned();
                        set!(instr.b, Value::UNBOUND);
                        set!(instr.a, returned);
                    }
                    Ok(Some(value)) => {
                        vm.async_yield.set(false);
                        flow!(super::resume::suspend(vm, thread, value))
                    }
                    Err(_) => flow!(super::unwind::handle_error(vm, thread)),
                }
            }
            Op::GetYieldFromIter => {
                let value = attempt!(ops::asynchronous::yield_from_iter(vm, reg!(instr.b), unsafe { &*code }));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::GetAwaitable => {
                let value = attempt!(ops::asynchronous::awaitable(vm, reg!(instr.b), instr.c));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::GetAiter => {
                let value = attempt!(ops::asynchronous::aiter(vm, reg!(instr.b)));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::GetAnext => {
                let value = attempt!(ops::asynchronous::anext(vm, reg!(instr.b)));
                set!(instr.a, value);
            }
            Op::EndAsyncFor => {
                let exception = take!(instr.a);
                if !crate::errors::Exc::StopAsyncIteration.matches(&exception) {
                    vm.reraise(exception);
                    fail!();
                }
            }

            // ---- with
            Op::WithEnter => {
                let (exit, entered) = attempt!(ops::with::enter(vm, reg!(instr.b)));
                kill_b!(instr);
                set!(instr.a, exit);
                set!(instr.a + 1, entered);
            }
            Op::AsyncWithEnter => {
                let (exit, entered) = attempt!(ops::with::async_enter(vm, reg!(instr.b)));
                kill_b!(instr);
                set!(instr.a, exit);
                set!(instr.a + 1, entered);
            }
            Op::WithExit => {
                let exit = take!(instr.b);
                let value = attempt!(ops::with::exit(vm, exit, None));
                set!(instr.a, value);
            }
            Op::WithExitExc => {
                let exit = take!(instr.b);
                let value = attempt!(ops::with::exit(vm, exit, Some(reg!(instr.c).clone())));
                set!(instr.a, value);
            }

            // ---- exceptions
            Op::PushHandled => {
                // SAFETY: the frame is live.
                let extra = unsafe { (*frame).extra() };
                let previous = extra.handled.replace(reg!(instr.b).clone());
                set!(instr.a, previous.unwrap_or_default());
            }
            Op::PopHandled => {
                let previous = take!(instr.a);
                // SAFETY: the frame is live.
                let extra = unsafe { (*frame).extra() };
                let handled = std::mem::replace(&mut extra.handled, (!previous.is_none()).then_some(previous));
                drop(handled);
            }
            Op::MatchException => {
                let value = attempt!(ops::raise::matches(vm, reg!(instr.b), reg!(instr.c)));
                set!(instr.a, Value::bool(value));
                kill_bc!(instr);
            }
            Op::MatchExceptionGroup => {
                let pair = attempt!(ops::raise::match_group(vm, reg!(instr.b), reg!(instr.c)));
                kill_bc!(instr);
                set!(instr.a, pair.0);
                set!(instr.a + 1, pair.1);
            }
            Op::PrepareReraiseStar => {
                let value = attempt!(ops::raise::prepare_reraise_star(vm, reg!(instr.b), reg!(instr.c)));
                set!(instr.a, value);
                kill_bc!(instr);
            }
            Op::Raise => {
                let exc = (instr.flags & flags::HAS_EXC != 0).then(|| reg!(instr.a).clone());
                let cause = (instr.flags & flags::HAS_CAUSE != 0).then(|| reg!(instr.b).clone());
                save_pc!();
                ops::raise::raise(vm, thread, exc, cause);
                flow!(super::unwind::handle_error(vm, thread));
            }
            Op::Reraise => {
                vm.reraise(reg!(instr.a).clone());
                fail!();
            }
            Op::LoadAssertionError => set!(instr.a, crate::errors::Exc::AssertionError.class().into_value()),

            // ---- import
            Op::ImportName => {
                let fromlist = take!(instr.b);
                // SAFETY: the frame is live; the verifier checked the name.
                let value = attempt!(ops::import::import_name(vm, unsafe { &*frame }, instr.c, fromlist, instr.flags));
                set!(instr.a, value);
            }
            Op::ImportFrom => {
                // SAFETY: the verifier checked the name.
                let name = unsafe { (&*code).names[instr.c as usize].clone() };
                let value = attempt!(ops::import::import_from(vm, reg!(instr.b), &name));
                set!(instr.a, value);
            }
            Op::ImportStar => {
                // SAFETY: the frame is live.
                let namespace = ops::names::namespace(unsafe { &*frame });
                attempt!(ops::import::import_star(vm, reg!(instr.a), &namespace));
                kill_a!(instr);
            }

            // ---- pattern matching
            Op::MatchSequence => {
                set!(instr.a, Value::bool(ops::patterns::is_sequence(vm, reg!(instr.b))));
                kill_b!(instr);
            }
            Op::MatchMapping => {
                set!(instr.a, Value::bool(ops::patterns::is_mapping(vm, reg!(instr.b))));
                kill_b!(instr);
            }
            Op::GetLen => {
                let value = attempt!(vm.len_of(reg!(instr.b)));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::MatchKeys => {
                let value = attempt!(ops::patterns::match_keys(vm, reg!(instr.b), reg!(instr.c)));
                set!(instr.a, value);
                kill_bc!(instr);
            }
            Op::MatchClass => {
                let parts = [take!(instr.c), take!(instr.c + 1), take!(instr.c + 2)];
                let value = attempt!(ops::patterns::match_class(vm, reg!(instr.b), parts));
                set!(instr.a, value);
                kill_b!(instr);
            }

            // ---- the rest
            Op::PrintExpr => {
                attempt!(ops::rare::print_expr(vm, reg!(instr.a)));
                kill_a!(instr);
            }
            Op::Intrinsic1 => {
                let value = attempt!(ops::rare::intrinsic1(vm, reg!(instr.b), instr.c));
                set!(instr.a, value);
                kill_b!(instr);
            }
            Op::Intrinsic2 => {
                let parts = [take!(instr.b), take!(instr.b + 1)];
                let value = attempt!(ops::rare::intrinsic2(vm, parts, instr.c));
                set!(instr.a, value);
            }
            Op::Trace => {
                save_pc!();
                flow!(super::trace::step(vm, thread));
            }
        }
    }
}

/// Pushes a frame for which there is no room yet, or raises RecursionError.
#[cold]
#[inline(never)]
fn push_slowly(
    vm: &Vm,
    thread: &mut Thread,
    callee: Value,
    code: *const CodeObject,
    start: u32,
    count: u32,
    dst: u16,
) -> Flow {
    if thread.push_call(vm, callee, code, start, count, 0, dst).is_err() {
        thread.clear_registers(start, start + count);
        return super::unwind::handle_error(vm, thread);
    }
    Flow::Continue
}

/// A safepoint in a Python frame: finalisers become a native frame, the rest is `safepoint::reach`.
#[cold]
#[inline(never)]
fn reach_safepoint(vm: &Vm, thread: &mut Thread) -> Flow {
    // What a collection finds is finalised at once.
    crate::object::collect::collect_if_due();
    if super::safepoint::has_pending() {
        fuel::restore();
        let future = crate::errors::finalize::run_pending(vm.handle());
        if thread.push_native(vm, future, Frame::DISCARD).is_err() {
            vm.raised.set(None);
        }
        return Flow::Continue;
    }
    if thread.is_main && vm.interrupted.get() && crate::modules::signal::has_handlers(vm) {
        vm.interrupted.set(false);
        fuel::restore();
        let future = crate::modules::signal::run_at_safepoint(vm.handle());
        if thread.push_native(vm, Box::pin(future), Frame::DISCARD).is_err() {
            vm.raised.set(None);
        }
        return Flow::Continue;
    }
    match super::safepoint::reach(vm, thread) {
        Ok(true) => Flow::Continue,
        Ok(false) => Flow::Leave(Leave::FuelSpent),
        Err(_) => {
            // The exception is raised at the instruction to come.
            if let Some(frame) = thread.frames.last_mut() {
                frame.pc += 1;
            }
            super::unwind::handle_error(vm, thread)
        }
    }
}
