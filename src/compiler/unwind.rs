//! What `return`, `break` and `continue` have to leave on their way out.
//!
//! Each statement that needs something done pushes a [`Block`]. Leaving copies the exit code of every block between here
//! and the destination; while it runs the handlers of the blocks left are switched off, so that a `finally` body is not
//! protected by its own `try`.

use snakelet_bytecode::{Instr, Reg};
use snakelet_syntax::{Ranged, TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::unit::{Label, OpenHandler, Operand};

/// A statement being executed.
#[derive(Clone, Debug)]
pub(crate) enum Block<'a> {
    While {
        break_: Label,
        continue_: Label,
    },
    /// `for`, also `async for`; the iterator is in a temporary.
    For {
        break_: Label,
        continue_: Label,
        iter: Reg,
    },
    /// The body of `try ... except`.
    Try,
    /// The body (and handlers) of a `try` with this `finally` body.
    Finally {
        body: &'a [ast::Stmt],
    },
    /// A `finally` body that runs because of an exception.
    FinallyEnd {
        exc: Reg,
        save: Reg,
    },
    /// The body of an `except` clause.
    Handler {
        exc: Reg,
        save: Reg,
        name: Option<&'a str>,
    },
    /// The body of an `except*` clause: must not be left.
    StarHandler,
    /// A `finally` body on the way of a `return`, whose value waits in a temporary.
    PendingValue {
        value: Reg,
    },
    /// The body of a `with` statement; the bound `__exit__` is in a temporary.
    With {
        exit: Reg,
        is_async: bool,
        range: TextRange,
    },
}

impl Block<'_> {
    /// How many handlers are open on behalf of the block.
    fn handlers(&self) -> usize {
        match self {
            Block::While { .. } | Block::For { .. } | Block::PendingValue { .. } => 0,
            Block::Try | Block::Finally { .. } | Block::FinallyEnd { .. } | Block::With { .. } | Block::StarHandler => {
                1
            }
            Block::Handler { name, .. } => 1 + usize::from(name.is_some()),
        }
    }

    /// How many blocks CPython has for it.
    fn weight(&self) -> usize {
        match self {
            Block::PendingValue { .. } => 0,
            Block::Handler { .. } | Block::StarHandler => 2,
            _ => 1,
        }
    }

    fn is_loop(&self) -> bool {
        matches!(self, Block::While { .. } | Block::For { .. })
    }
}

/// Blocks and handlers that have been left, to be entered again for the code that follows.
pub(crate) struct Left<'a> {
    blocks: Vec<Block<'a>>,
    handlers: Vec<OpenHandler>,
}

/// As CPython: deeper nesting of blocks is an error.
const MAX_BLOCKS: usize = 21;

impl Left<'_> {
    /// Whether leaving the blocks ran something with lines of its own, after which the statement's own line does not show again.
    fn is_shown(&self) -> bool {
        self.blocks.iter().any(|block| matches!(block, Block::With { .. } | Block::Finally { .. }))
    }
}

impl<'a> Compiler<'a> {
    pub fn push_block(&mut self, block: Block<'a>, range: TextRange) -> Result {
        // CPython wraps the body of a generator or coroutine in a block.
        let scope = self.scope();
        let wrapped = scope.is_function_like() && (scope.generator || scope.coroutine);
        let open: usize = self.unit.blocks.iter().map(Block::weight).sum();
        if open + block.weight() + usize::from(wrapped) > MAX_BLOCKS {
            return self.error(range, "too many statically nested blocks");
        }
        self.unit.blocks.push(block);
        Ok(())
    }

    pub fn pop_block(&mut self) {
        self.unit.blocks.pop();
    }

    /// Switches the innermost `count` handlers off while `work` is done.
    pub fn unprotected<T>(&mut self, count: usize, work: impl FnOnce(&mut Self) -> T) -> T {
        let mut left = Left { blocks: Vec::new(), handlers: Vec::new() };
        self.leave_handlers(count, &mut left);
        let result = work(self);
        self.enter_again(left);
        result
    }

    fn leave_handlers(&mut self, count: usize, left: &mut Left<'a>) {
        for _ in 0..count {
            if let Some(open) = self.unit.open_handlers.pop() {
                self.note_handler(&open);
                left.handlers.push(open);
            }
        }
    }

    /// Records the range covered so far, and that the handler's code is reached.
    fn note_handler(&mut self, open: &OpenHandler) {
        self.unit.open_handlers.push(open.clone());
        self.unit.close_handler();
    }

    pub fn enter_again(&mut self, left: Left<'a>) {
        self.unit.blocks.extend(left.blocks.into_iter().rev());
        let start = self.unit.items.len() as u32;
        self.unit.open_handlers.extend(left.handlers.into_iter().rev().map(|open| OpenHandler { start, ..open }));
    }

    /// Leaves all blocks, for `return`; a value that must survive is in a temporary.
    pub fn leave_all(&mut self, range: TextRange, value: Option<Reg>) -> Result<Left<'a>> {
        let mut left = Left { blocks: Vec::new(), handlers: Vec::new() };
        while let Some(block) = self.unit.blocks.pop() {
            self.leave(block, range, &mut left, true, value)?;
        }
        Ok(left)
    }

    /// Leaves the blocks inside the innermost loop; `None` if there is no loop.
    pub fn leave_to_loop(&mut self, range: TextRange) -> Result<Option<Left<'a>>> {
        if !self.unit.blocks.iter().any(Block::is_loop) {
            if self.unit.blocks.iter().any(|block| matches!(block, Block::StarHandler)) {
                return self.forbidden_in_star(range);
            }
            return Ok(None);
        }
        let mut left = Left { blocks: Vec::new(), handlers: Vec::new() };
        while let Some(block) = self.unit.blocks.pop() {
            if block.is_loop() {
                self.unit.blocks.push(block);
                break;
            }
            self.leave(block, range, &mut left, false, None)?;
        }
        Ok(Some(left))
    }

    fn forbidden_in_star<T>(&self, range: TextRange) -> Result<T> {
        self.error(range, "'break', 'continue' and 'return' cannot appear in an except* block")
    }

    fn leave(
        &mut self,
        block: Block<'a>,
        range: TextRange,
        left: &mut Left<'a>,
        returning: bool,
        value: Option<Reg>,
    ) -> Result {
        self.leave_handlers(block.handlers(), left);
        match &block {
            Block::While { .. } | Block::For { .. } | Block::Try => {}
            Block::StarHandler => return self.forbidden_in_star(range),
            Block::Finally { body } => {
                if let Some(value) = value {
                    self.unit.blocks.push(Block::PendingValue { value });
                }
                self.quiet += 1;
                self.statements(body)?;
                self.quiet -= 1;
                if value.is_some() {
                    self.unit.blocks.pop();
                }
            }
            &Block::PendingValue { value } => {
                if !returning {
                    self.unit.emit(Instr::Clear(value));
                }
            }
            &Block::FinallyEnd { exc, save } => {
                self.unit.emit(Instr::PopHandled(save));
                if !returning {
                    self.unit.emit(Instr::Clear(exc));
                }
            }
            &Block::Handler { exc, save, name } => {
                self.unit.emit(Instr::PopHandled(save));
                if !returning {
                    self.unit.emit(Instr::Clear(exc));
                }
                if let Some(name) = name {
                    self.unbind(name);
                }
            }
            &Block::With { exit, is_async, range } => self.at(range, |c| c.call_exit(exit, is_async)),
        }
        left.blocks.push(block);
        Ok(())
    }

    pub fn return_statement(&mut self, statement: &'a ast::StmtReturn) -> Result {
        if !self.in_function() {
            return self.error(statement.range, "'return' outside function");
        }
        let scope = self.scope();
        if statement.value.is_some() && scope.coroutine && scope.generator {
            return self.error(statement.range, "'return' with value in async generator");
        }
        let busy = self.unit.blocks.iter().any(|block| !block.is_loop() && !matches!(block, Block::Try));
        let value = match statement.value.as_deref() {
            None => None,
            Some(value) if busy => {
                let reg = self.unit.alloc();
                self.expression_to(value, reg)?;
                Some(Operand { reg, temp: true })
            }
            Some(value) => Some(self.operand(value, None)?),
        };
        self.unit.range = statement.range;
        self.unit.emit(Instr::Nop());
        let pending = value.filter(|value| value.temp).map(|value| value.reg);
        // As in CPython, errors are about a constant rather than the statement.
        let place = match statement.value.as_deref() {
            Some(constant) if self.constant_of(constant).is_some() => constant.range(),
            _ => statement.range,
        };
        let left = self.leave_all(place, pending)?;
        let outer = self.unit.hidden;
        self.unit.hidden |= left.is_shown();
        match value {
            Some(value) => self.return_operand(value),
            None => {
                self.unit.emit(Instr::ReturnNone());
                self.unit.end();
            }
        }
        self.unit.hidden = outer;
        self.enter_again(left);
        Ok(())
    }

    pub fn break_statement(&mut self, range: TextRange) -> Result {
        self.unit.emit(Instr::Nop());
        let Some(left) = self.leave_to_loop(range)? else {
            return self.error(range, "'break' outside loop");
        };
        let outer = self.unit.hidden;
        self.unit.hidden |= left.is_shown();
        match self.unit.blocks.last() {
            Some(&Block::For { break_, iter, .. }) => {
                self.unit.emit(Instr::Clear(iter));
                self.unit.jump(break_);
            }
            Some(&Block::While { break_, .. }) => self.unit.jump(break_),
            _ => {}
        }
        self.unit.hidden = outer;
        self.enter_again(left);
        Ok(())
    }

    pub fn continue_statement(&mut self, range: TextRange) -> Result {
        self.unit.emit(Instr::Nop());
        let Some(left) = self.leave_to_loop(range)? else {
            return self.error(range, "'continue' not properly in loop");
        };
        if let Some(&(Block::For { continue_, .. } | Block::While { continue_, .. })) = self.unit.blocks.last() {
            let outer = self.unit.hidden;
            self.unit.hidden |= left.is_shown();
            self.unit.jump(continue_);
            self.unit.hidden = outer;
        }
        self.enter_again(left);
        Ok(())
    }
}
