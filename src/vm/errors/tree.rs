//! The tree of builtin exception classes, from one table.
//!
//! All share one payload, [`BaseException`], so a class is a line here; what a class has beyond `args` (`StopIteration.value`,
//! `OSError.errno`, ...) lives in the payload's `fields` and is declared in `errors::fields`.

use std::cell::OnceCell;

use crate::object::Ref;
use crate::types::exception::BaseException;
use crate::types::typeobject::Type;
use crate::{Native, Value, Vm};

macro_rules! exceptions {
    ($( $name:ident ( $base:ident ) $doc:literal; )*) => {
        /// A builtin exception class.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Exc { BaseException, $($name,)* }

        impl Exc {
            /// Every class, bases before their subclasses.
            pub const ALL: &[Exc] = &[Exc::BaseException, $(Exc::$name,)*];

            /// The class's name.
            pub fn name(self) -> &'static str {
                const NAMES: &[&str] = &["BaseException", $(stringify!($name),)*];
                NAMES[self as usize]
            }

            fn base(self) -> Exc {
                const BASES: &[Exc] = &[Exc::BaseException, $(Exc::$base,)*];
                BASES[self as usize]
            }

            fn doc(self) -> &'static str {
                const DOCS: &[&str] = &["Common base class for all exceptions.", $($doc,)*];
                DOCS[self as usize]
            }
        }
    };
}

exceptions! {
    Exception(BaseException) "Common base class for all non-exit exceptions.";
    GeneratorExit(BaseException) "Request that a generator exit.";
    SystemExit(BaseException) "Request to exit from the interpreter.";
    KeyboardInterrupt(BaseException) "Program interrupted by user.";
    BaseExceptionGroup(BaseException) "A combination of multiple unrelated exceptions.";
    ExceptionGroup(BaseExceptionGroup) "A combination of multiple unrelated exceptions.";
    StopIteration(Exception) "Signal the end from iterator.__next__().";
    StopAsyncIteration(Exception) "Signal the end from iterator.__anext__().";
    ArithmeticError(Exception) "Base class for arithmetic errors.";
    FloatingPointError(ArithmeticError) "Floating-point operation failed.";
    OverflowError(ArithmeticError) "Result too large to be represented.";
    ZeroDivisionError(ArithmeticError) "Second argument to a division or modulo operation was zero.";
    AssertionError(Exception) "Assertion failed.";
    AttributeError(Exception) "Attribute not found.";
    BufferError(Exception) "Buffer error.";
    EOFError(Exception) "Read beyond end of file.";
    ImportError(Exception) "Import can't find module, or can't find name in module.";
    ModuleNotFoundError(ImportError) "Module not found.";
    LookupError(Exception) "Base class for lookup errors.";
    IndexError(LookupError) "Sequence index out of range.";
    KeyError(LookupError) "Mapping key not found.";
    MemoryError(Exception) "Out of memory.";
    NameError(Exception) "Name not found globally.";
    UnboundLocalError(NameError) "Local name referenced but not bound to a value.";
    OSError(Exception) "Base class for I/O related errors.";
    BlockingIOError(OSError) "I/O operation would block.";
    ChildProcessError(OSError) "Child process error.";
    ConnectionError(OSError) "Connection error.";
    BrokenPipeError(ConnectionError) "Broken pipe.";
    ConnectionAbortedError(ConnectionError) "Connection aborted.";
    ConnectionRefusedError(ConnectionError) "Connection refused.";
    ConnectionResetError(ConnectionError) "Connection reset.";
    FileExistsError(OSError) "File already exists.";
    FileNotFoundError(OSError) "File not found.";
    InterruptedError(OSError) "Interrupted by signal.";
    IsADirectoryError(OSError) "Operation doesn't work on directories.";
    NotADirectoryError(OSError) "Operation only works on directories.";
    PermissionError(OSError) "Not enough permissions.";
    ProcessLookupError(OSError) "Process not found.";
    TimeoutError(OSError) "Timeout expired.";
    ReferenceError(Exception) "Weak ref proxy used after referent went away.";
    RuntimeError(Exception) "Unspecified run-time error.";
    NotImplementedError(RuntimeError) "Method or function hasn't been implemented yet.";
    PythonFinalizationError(RuntimeError) "Operation blocked during Python finalization.";
    RecursionError(RuntimeError) "Recursion limit exceeded.";
    SyntaxError(Exception) "Invalid syntax.";
    IndentationError(SyntaxError) "Improper indentation.";
    TabError(IndentationError) "Improper mixture of spaces and tabs.";
    _IncompleteInputError(SyntaxError) "incomplete input.";
    SystemError(Exception) "Internal error in the Python interpreter.\n\nPlease report this to the Python maintainer, along with the traceback,\nthe Python version, and the hardware/OS platform and version.";
    TypeError(Exception) "Inappropriate argument type.";
    ValueError(Exception) "Inappropriate argument value (of correct type).";
    UnicodeError(ValueError) "Unicode related error.";
    UnicodeDecodeError(UnicodeError) "Unicode decoding error.";
    UnicodeEncodeError(UnicodeError) "Unicode encoding error.";
    UnicodeTranslateError(UnicodeError) "Unicode translation error.";
    Warning(Exception) "Base class for warning categories.";
    BytesWarning(Warning) "Base class for warnings about bytes and buffer related problems, mostly\nrelated to conversion from str or comparing to str.";
    DeprecationWarning(Warning) "Base class for warnings about deprecated features.";
    EncodingWarning(Warning) "Base class for warnings about encodings.";
    FutureWarning(Warning) "Base class for warnings about constructs that will change semantically\nin the future.";
    ImportWarning(Warning) "Base class for warnings about probable mistakes in module imports";
    PendingDeprecationWarning(Warning) "Base class for warnings about features which will be deprecated\nin the future.";
    ResourceWarning(Warning) "Base class for warnings about resource usage.";
    RuntimeWarning(Warning) "Base class for warnings about dubious runtime behavior.";
    SyntaxWarning(Warning) "Base class for warnings about dubious syntax.";
    UnicodeWarning(Warning) "Base class for warnings about Unicode related problems, mostly\nrelated to conversion problems.";
    UserWarning(Warning) "Base class for warnings generated by user code.";
}

const COUNT: usize = Exc::ALL.len();

thread_local! {
    static TYPES: [OnceCell<Ref<Type>>; COUNT] = const { [const { OnceCell::new() }; COUNT] };
}

impl Exc {
    /// The class object.
    pub fn class(self) -> Ref<Type> {
        if self == Exc::BaseException {
            return BaseException::type_object();
        }
        TYPES.with(|types| {
            types[self as usize]
                .get_or_init(|| {
                    let class =
                        crate::types::builtin::make_exception_class(self.name(), self.doc(), self.base().class());
                    if self == Exc::ExceptionGroup {
                        // The only one with two bases.
                        let exception = Exc::Exception.class();
                        class.bases.borrow_mut().push(exception.clone());
                        exception.subclasses.borrow_mut().push(class.address.get());
                        class.mro.borrow_mut().insert(2, exception);
                        // CPython makes it as a class of Python.
                        class.dict.set_text("__module__", Value::from_str("builtins"));
                        class.dict.set_text("__weakref__", crate::types::typetype::instance_descriptor(&class, true));
                    }
                    class
                })
                .clone()
        })
    }

    /// A new instance with these arguments, as `class(*args)` makes it.
    pub fn instance(self, vm: &Vm, args: Vec<Value>) -> Value {
        crate::types::exception::instantiate(vm, &self.class(), args)
    }

    /// Whether `exception` is an instance of the class.
    pub fn matches(self, exception: &Value) -> bool {
        exception.header().is_some_and(|header| header.ty().is_subtype(&self.class()))
    }

    /// Whether `class` is this class or a subclass.
    pub fn is_base_of(self, class: &Value) -> bool {
        class.downcast::<Type>().is_some_and(|class| class.is_subtype(&self.class()))
    }
}
