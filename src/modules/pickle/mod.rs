//! Module `_pickle`: pickling (`save`, `reduce`) and unpickling (`load`, `build`).
//!
//! Both are machines with stacks of their own: the plain files do what needs no Python code and stop where it does, the async
//! ones do that and let the machine go on. So nesting costs no native stack, and a call may suspend anywhere.

mod buffer;
mod build;
mod load;
mod memo;
mod opcode;
mod proxies;
mod reduce;
mod save;

use std::cell::{Cell, OnceCell};

use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::{ArgBytes, ModuleDef, Native};
use snakelet_vm::object::intern::intern;
use snakelet_vm::types::builtin::make_exception_class;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmCell, VmRef};

use self::buffer::PickleBuffer;
use self::load::Loader;
use self::memo::Memo;
use self::proxies::{PicklerMemo, UnpicklerMemo};
use self::save::{Output, Saver, Task};
use crate::support::{ClassConstant, raise_text};

pub const MODULE: ModuleDef = Pickle::MODULE;

const HIGHEST: i64 = 5;

thread_local! {
    static CLASSES: [OnceCell<Ref<Type>>; 3] = const { [const { OnceCell::new() }; 3] };
}

fn class(index: usize, name: &str, base: impl FnOnce() -> Ref<Type>) -> Ref<Type> {
    CLASSES.with(|classes| {
        classes[index]
            .get_or_init(|| {
                let class = make_exception_class(name, "", base());
                class.dict.set_text("__module__", intern("_pickle"));
                class.dict.set_text("__doc__", Value::NONE);
                class.modified();
                class
            })
            .clone()
    })
}

fn pickle_error_class() -> Ref<Type> {
    class(0, "PickleError", || Exc::Exception.class())
}

/// The class `PicklingError`.
pub fn pickling_error_class() -> Ref<Type> {
    class(1, "PicklingError", pickle_error_class)
}

fn unpickling_error_class() -> Ref<Type> {
    class(2, "UnpicklingError", pickle_error_class)
}

/// PicklingError
#[cold]
pub fn pickling_error(vm: &Vm, message: impl AsRef<str>) -> Raised {
    raise_text(vm, &pickling_error_class(), message)
}

/// UnpicklingError
#[cold]
pub fn unpickling_error(vm: &Vm, message: impl AsRef<str>) -> Raised {
    raise_text(vm, &unpickling_error_class(), message)
}

/// Names of other modules, once they were looked up.
#[derive(Default)]
struct Known(VmCell<Vec<(&'static str, &'static str, Value)>>);

/// An object of a module of the library, which is imported at the first use.
pub async fn library(vm: &Vm, module: &'static str, name: &'static str) -> PyResult {
    let known = vm.extension::<Known>().0.borrow().iter().find(|entry| (entry.0, entry.1) == (module, name));
    if let Some((.., value)) = known {
        return Ok(value.clone());
    }
    let owner = snakelet_vm::import::import_module(vm, module).await?;
    let value = vm.attr(&owner, name).await?;
    vm.extension::<Known>().0.borrow_mut().push((module, name, value.clone()));
    Ok(value)
}

/// The payload of picklers.
#[native_type(name = "Pickler", module = "_pickle", flags(subclassable))]
#[derive(Default)]
pub struct Pickler {
    pub write: VmCell<Option<Value>>,
    pub memo: VmCell<Memo>,
    pub dispatch_table: VmCell<Option<Value>>,
    pub buffer_callback: VmCell<Option<Value>>,
    persistent_id: VmCell<Option<Value>>,
    #[skip_traverse]
    proto: Cell<u8>,
    #[skip_traverse]
    pub fast: Cell<i64>,
    #[skip_traverse]
    fix_imports: Cell<bool>,
    #[skip_traverse]
    busy: Cell<bool>,
}

/// RuntimeError while a call of the same object is under way.
fn check_free(vm: &Vm, busy: &Cell<bool>, what: &str) -> PyResult<()> {
    if busy.get() { Err(vm.runtime_error(format!("{what} object is already used"))) } else { Ok(()) }
}

/// The protocol of an argument.
async fn protocol(vm: &Vm, protocol: &Value) -> PyResult<u8> {
    if protocol.is_none() {
        return Ok(HIGHEST as u8);
    }
    let index = vm.index(protocol).await?;
    match index.to_i64() {
        Some(number) if number < 0 => Ok(HIGHEST as u8),
        Some(number) if number <= HIGHEST => Ok(number as u8),
        _ => Err(vm.value_error("pickle protocol must be <= 5")),
    }
}

impl Pickler {
    async fn set_up(&self, vm: &Vm, proto: &Value, fix_imports: bool, callback: &Value) -> PyResult<()> {
        let proto = protocol(vm, proto).await?;
        if !callback.is_none() && proto < 5 {
            return Err(vm.value_error("buffer_callback needs protocol >= 5"));
        }
        self.proto.set(proto);
        self.fix_imports.set(fix_imports);
        self.buffer_callback.set((!callback.is_none()).then(|| callback.clone()));
        Ok(())
    }

    async fn file(&self, vm: &Vm, file: &Value) -> PyResult<()> {
        match vm.attr_opt(file, &intern("write")).await? {
            Some(write) => {
                self.write.set(Some(write));
                Ok(())
            }
            None => Err(vm.type_error("file must have a 'write' attribute")),
        }
    }

    /// Pickles an object: what is not written to the file yet.
    async fn dump_object(&self, vm: &Vm, this: Option<&Value>, object: Value) -> PyResult<Vec<u8>> {
        let (mut persistent_id, mut reducer_override) = (self.persistent_id.borrow().clone(), None);
        if let Some(this) = this {
            let base = Pickler::type_object();
            if !std::ptr::eq(vm.type_of(this), &*base) {
                reducer_override = vm.attr_opt(this, &intern("reducer_override")).await?;
                if !build::is_builtin(vm, this, &base, "persistent_id") {
                    persistent_id = Some(vm.attr(this, "persistent_id").await?);
                }
                if let Some(table) = vm.attr_opt(this, &intern("dispatch_table")).await? {
                    self.dispatch_table.set(Some(table));
                }
            }
        }
        let proto = self.proto.get();
        let mut saver = Saver {
            out: Output { to_file: self.write.borrow().is_some(), ..Output::default() },
            tasks: vec![Task::Save(object)],
            proto,
            fix_imports: self.fix_imports.get() && proto < 3,
            persistent_id,
            reducer_override,
            work: 0,
        };
        if proto >= 2 {
            saver.out.write(vm, &[opcode::PROTO, proto])?;
        }
        saver.out.framing = proto >= 4;
        reduce::drive(vm, &mut saver, self).await?;
        saver.out.write(vm, &[opcode::STOP])?;
        saver.out.commit_frame();
        if saver.out.to_file {
            saver.out.flush();
            reduce::flush(vm, &mut saver, self).await?;
        }
        Ok(std::mem::take(&mut saver.out.bytes))
    }
}

#[methods]
impl Pickler {
    #[new("Pickler(*args, **kwargs)", text = none)]
    fn new(vm: &Vm, cls: &Value, args: &[Value], kwargs: snakelet_vm::native::KwArgs<'_>) -> PyResult {
        let _ = (args, kwargs);
        vm.new_instance(cls, Pickler::default())
    }

    #[init("Pickler(self, file, protocol=None, fix_imports=True, buffer_callback=None)")]
    async fn init(
        vm: VmRef,
        this: Value,
        file: Value,
        protocol: Value,
        fix_imports: bool,
        buffer_callback: Value,
    ) -> PyResult<()> {
        let Some(pickler) = this.downcast::<Pickler>() else { return Ok(()) };
        check_free(&vm, &pickler.busy, "Pickler")?;
        pickler.set_up(&vm, &protocol, fix_imports, &buffer_callback).await?;
        pickler.file(&vm, &file).await?;
        pickler.memo.borrow_mut().clear();
        pickler.fast.set(0);
        Ok(())
    }

    /// Write a pickled representation of the given object to the open file.
    #[method("dump(self, obj, /)")]
    async fn dump(vm: VmRef, this: Value, obj: Value) -> PyResult<()> {
        let Some(pickler) = this.downcast::<Pickler>() else { return Ok(()) };
        if pickler.write.borrow().is_none() {
            let name = reduce::type_name(&vm, &this);
            return Err(pickling_error(&vm, format!("Pickler.__init__() was not called by {name}.__init__()")));
        }
        check_free(&vm, &pickler.busy, "Pickler")?;
        pickler.busy.set(true);
        let result = pickler.dump_object(&vm, Some(&this), obj).await;
        pickler.busy.set(false);
        result.map(drop)
    }

    /// Clears the pickler's "memo".
    ///
    /// The memo remembers which objects the pickler has already seen, so that shared or recursive objects are pickled by
    /// reference and not by value. This method is useful when re-using picklers.
    #[method("clear_memo(self, /)")]
    fn clear_memo(this: &Pickler) {
        let old = std::mem::take(this.memo.borrow_mut());
        drop(old);
    }

    /// No object has a persistent id, unless a subclass says so.
    #[method("_no_persistent_id(self, obj, /)")]
    fn no_persistent_id(this: &Pickler, obj: &Value) {
        let _ = (this, obj);
    }

    #[getter("persistent_id")]
    fn persistent_id(vm: &Vm, this: &Value) -> PyResult {
        match this.downcast::<Pickler>().and_then(|pickler| pickler.persistent_id.borrow().clone()) {
            Some(function) => Ok(function),
            None => vm.get_attr(this, &intern("_no_persistent_id")),
        }
    }

    #[setter("persistent_id")]
    fn set_persistent_id(this: &Pickler, value: Option<&Value>) {
        this.persistent_id.set(value.cloned());
    }

    #[getter("dispatch_table")]
    fn dispatch_table(vm: &Vm, this: &Pickler) -> PyResult {
        this.dispatch_table.borrow().clone().ok_or_else(|| vm.attribute_error("dispatch_table"))
    }

    #[setter("dispatch_table")]
    fn set_dispatch_table(this: &Pickler, value: Option<&Value>) {
        this.dispatch_table.set(value.cloned());
    }

    #[getter("fast")]
    fn fast(this: &Pickler) -> i64 {
        this.fast.get()
    }

    #[setter("fast")]
    fn set_fast(vm: &Vm, this: &Pickler, value: Option<&Value>) -> PyResult<()> {
        match value.map(Value::to_i64) {
            Some(Some(fast)) => this.fast.set(fast),
            Some(None) => return Err(vm.type_error("an integer is required")),
            None => return Err(vm.type_error("can't delete numeric/char attribute")),
        }
        Ok(())
    }

    #[getter("bin")]
    fn bin(this: &Pickler) -> i64 {
        i64::from(this.proto.get() > 0)
    }

    #[getter("memo")]
    fn memo(this: Ref<Pickler>) -> Value {
        PicklerMemo { pickler: this }.into_value()
    }

    #[setter("memo")]
    fn set_memo(vm: &Vm, this: &Pickler, value: Option<&Value>) -> PyResult<()> {
        let memo = proxies::pickler_memo(vm, value)?;
        this.memo.set(memo);
        Ok(())
    }
}

/// The payload of unpicklers.
#[native_type(name = "Unpickler", module = "_pickle", flags(subclassable))]
#[derive(Default)]
pub struct Unpickler {
    pub read: VmCell<Option<Value>>,
    pub readline: VmCell<Option<Value>>,
    pub peek: VmCell<Option<Value>>,
    pub buffers: VmCell<Option<Value>>,
    pub encoding: VmCell<Value>,
    pub errors: VmCell<Value>,
    persistent_load: VmCell<Option<Value>>,
    /// By index; unbound where there is nothing.
    memo: VmCell<Vec<Value>>,
    /// Those with indices far beyond.
    far: VmCell<Vec<FarEntry>>,
    #[skip_traverse]
    count: Cell<u64>,
    #[skip_traverse]
    pub proto: Cell<u8>,
    #[skip_traverse]
    pub fix_imports: Cell<bool>,
    #[skip_traverse]
    busy: Cell<bool>,
}

impl snakelet_vm::object::Traverse for FarEntry {
    fn traverse(&self, visitor: &mut snakelet_vm::object::Visitor<'_>) {
        visitor.visit(&self.1);
    }
}

/// An entry of the memo with a large index.
pub struct FarEntry(u64, Value);

impl Unpickler {
    pub fn memo_len(&self) -> u64 {
        self.count.get()
    }

    pub fn get_memo(&self, index: u64) -> Option<Value> {
        match self.memo.borrow().get(index as usize) {
            Some(value) if index <= usize::MAX as u64 => Some(value.clone()).filter(|value| !value.is_unbound()),
            _ => self.far.borrow().iter().find(|entry| entry.0 == index).map(|entry| entry.1.clone()),
        }
    }

    pub fn set_memo(&self, vm: &Vm, index: u64, value: Value) -> PyResult<()> {
        let memo = self.memo.borrow_mut();
        let len = memo.len();
        if index < len as u64 {
            let old = std::mem::replace(&mut memo[index as usize], value);
            self.count.set(self.count.get() + u64::from(old.is_unbound()));
            return Ok(());
        }
        if index < (len * 2 + 1024) as u64 {
            vm.reserve(memo, index as usize + 1 - len)?;
            memo.resize(index as usize, Value::UNBOUND);
            memo.push(value);
            self.count.set(self.count.get() + 1);
            return Ok(());
        }
        let far = self.far.borrow_mut();
        match far.iter_mut().find(|entry| entry.0 == index) {
            Some(entry) => entry.1 = value,
            None => {
                far.push(FarEntry(index, value));
                self.count.set(self.count.get() + 1);
            }
        }
        Ok(())
    }

    fn clear_memo(&self) {
        drop((self.memo.take(), self.far.take()));
        self.count.set(0);
    }

    async fn set_up(&self, vm: &Vm, fix_imports: bool, encoding: Value, errors: Value, buffers: Value) -> PyResult<()> {
        self.fix_imports.set(fix_imports);
        self.encoding.set(encoding);
        self.errors.set(errors);
        let buffers = if buffers.is_none() { None } else { Some(vm.iter(&buffers).await?) };
        self.buffers.set(buffers);
        Ok(())
    }

    async fn file(&self, vm: &Vm, file: &Value) -> PyResult<()> {
        self.peek.set(vm.attr_opt(file, &intern("peek")).await?);
        let (read, readline) =
            (vm.attr_opt(file, &intern("read")).await?, vm.attr_opt(file, &intern("readline")).await?);
        if read.is_none() || readline.is_none() {
            return Err(vm.type_error("file must have 'read' and 'readline' attributes"));
        }
        self.read.set(read);
        self.readline.set(readline);
        Ok(())
    }

    async fn load_object(&self, vm: &Vm, this: &Value, input: Vec<u8>) -> PyResult {
        let mut loader = Loader { input, ..Loader::default() };
        let value = build::drive(vm, &mut loader, this, self).await?;
        build::finish(vm, &mut loader, self).await?;
        Ok(value)
    }
}

#[methods]
impl Unpickler {
    #[new("Unpickler(*args, **kwargs)", text = none)]
    fn new(vm: &Vm, cls: &Value, args: &[Value], kwargs: snakelet_vm::native::KwArgs<'_>) -> PyResult {
        let _ = (args, kwargs);
        vm.new_instance(cls, Unpickler::default())
    }

    #[init("Unpickler(self, file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())")]
    async fn init(
        vm: VmRef,
        this: Value,
        file: Value,
        fix_imports: bool,
        encoding: Option<String>,
        errors: Option<String>,
        buffers: Option<Value>,
    ) -> PyResult<()> {
        let Some(unpickler) = this.downcast::<Unpickler>() else { return Ok(()) };
        check_free(&vm, &unpickler.busy, "Unpickler")?;
        let (encoding, errors) = names(encoding, errors);
        unpickler.file(&vm, &file).await?;
        unpickler.set_up(&vm, fix_imports, encoding, errors, buffers.unwrap_or_default()).await?;
        unpickler.clear_memo();
        Ok(())
    }

    /// Load a pickle.
    ///
    /// Read a pickled object representation from the open file object given in the constructor, and return the object
    /// hierarchy specified therein.
    #[method("load(self, /)")]
    async fn load(vm: VmRef, this: Value) -> PyResult {
        let Some(unpickler) = this.downcast::<Unpickler>() else { return Ok(this) };
        if unpickler.read.borrow().is_none() {
            let name = reduce::type_name(&vm, &this);
            return Err(unpickling_error(&vm, format!("Unpickler.__init__() was not called by {name}.__init__()")));
        }
        check_free(&vm, &unpickler.busy, "Unpickler")?;
        unpickler.busy.set(true);
        let result = unpickler.load_object(&vm, &this, Vec::new()).await;
        unpickler.busy.set(false);
        result
    }

    /// Return an object from a specified module.
    ///
    /// If necessary, the module will be imported. Subclasses may override this method (e.g. to restrict unpickling of
    /// arbitrary classes and functions).
    #[method("find_class(self, module_name, global_name, /)")]
    async fn find_class(vm: VmRef, this: Ref<Unpickler>, module_name: Value, global_name: Value) -> PyResult {
        build::find_class(&vm, &this, module_name, global_name).await
    }

    /// Persistent ids mean nothing, unless a subclass says what.
    #[method("_no_persistent_load(self, pid, /)")]
    fn no_persistent_load(vm: &Vm, this: &Unpickler, pid: &Value) -> PyResult {
        let _ = (this, pid);
        let message =
            "A load persistent id instruction was encountered, but no persistent_load function was specified.";
        Err(unpickling_error(vm, message))
    }

    #[getter("persistent_load")]
    fn persistent_load(vm: &Vm, this: &Value) -> PyResult {
        match this.downcast::<Unpickler>().and_then(|unpickler| unpickler.persistent_load.borrow().clone()) {
            Some(function) => Ok(function),
            None => vm.get_attr(this, &intern("_no_persistent_load")),
        }
    }

    #[setter("persistent_load")]
    fn set_persistent_load(this: &Unpickler, value: Option<&Value>) {
        this.persistent_load.set(value.cloned());
    }

    #[getter("memo")]
    fn memo(this: Ref<Unpickler>) -> Value {
        UnpicklerMemo { unpickler: this }.into_value()
    }

    #[setter("memo")]
    fn set_memo_dict(vm: &Vm, this: &Unpickler, value: Option<&Value>) -> PyResult<()> {
        let entries = proxies::unpickler_memo(vm, value)?;
        this.clear_memo();
        entries.into_iter().try_for_each(|(index, value)| this.set_memo(vm, index, value))
    }
}

fn names(encoding: Option<String>, errors: Option<String>) -> (Value, Value) {
    let name = |name: Option<String>, default: &str| Value::from_str(name.as_deref().unwrap_or(default));
    (name(encoding, "ASCII"), name(errors, "strict"))
}

/// Optimized C implementation for the Python pickle module.
#[native_module("_pickle", types = [PickleBuffer, Pickler, Unpickler])]
impl Pickle {
    #[constant("PickleError")]
    const PICKLE_ERROR: ClassConstant = ClassConstant(pickle_error_class);
    #[constant("PicklingError")]
    const PICKLING_ERROR: ClassConstant = ClassConstant(pickling_error_class);
    #[constant("UnpicklingError")]
    const UNPICKLING_ERROR: ClassConstant = ClassConstant(unpickling_error_class);

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let _ = (vm, module);
        buffer::register();
        Ok(())
    }

    /// Write a pickled representation of obj to the open file object file.
    ///
    /// This is equivalent to ``Pickler(file, protocol).dump(obj)``, but may be more efficient. The default protocol is 5;
    /// a negative one selects the highest. If *fix_imports* is True and protocol is less than 3, new names of modules are
    /// mapped to the old ones of Python 2. *buffer_callback* is called with each buffer view; if its result is false, the
    /// buffer stays out of the stream.
    #[function("dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)")]
    async fn dump(
        vm: VmRef,
        obj: Value,
        file: Value,
        protocol: Value,
        fix_imports: bool,
        buffer_callback: Value,
    ) -> PyResult<()> {
        let pickler = Pickler::default().into_value();
        let Some(pickler) = pickler.downcast::<Pickler>() else { return Ok(()) };
        pickler.set_up(&vm, &protocol, fix_imports, &buffer_callback).await?;
        pickler.file(&vm, &file).await?;
        pickler.dump_object(&vm, None, obj).await?;
        Ok(())
    }

    /// Return the pickled representation of the object as a bytes object.
    ///
    /// The arguments are those of dump().
    #[function("dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None)")]
    async fn dumps(vm: VmRef, obj: Value, protocol: Value, fix_imports: bool, buffer_callback: Value) -> PyResult {
        let pickler = Pickler::default().into_value();
        let Some(pickler) = pickler.downcast::<Pickler>() else { return Ok(obj) };
        pickler.set_up(&vm, &protocol, fix_imports, &buffer_callback).await?;
        pickler.dump_object(&vm, None, obj).await.map(Value::from_bytes)
    }

    /// Read and return an object from the pickle data stored in a file.
    ///
    /// This is equivalent to ``Unpickler(file).load()``, but may be more efficient. The protocol is detected from the
    /// data. *fix_imports*, *encoding* and *errors* are for pickles of Python 2. *buffers* is an iterable of the buffers
    /// that stayed out of the stream.
    #[function("load(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())")]
    async fn load(
        vm: VmRef,
        file: Value,
        fix_imports: bool,
        encoding: Option<String>,
        errors: Option<String>,
        buffers: Option<Value>,
    ) -> PyResult {
        let this = Unpickler::default().into_value();
        let Some(unpickler) = this.downcast::<Unpickler>() else { return Ok(this) };
        let (encoding, errors) = names(encoding, errors);
        unpickler.file(&vm, &file).await?;
        unpickler.set_up(&vm, fix_imports, encoding, errors, buffers.unwrap_or_default()).await?;
        unpickler.load_object(&vm, &this, Vec::new()).await
    }

    /// Read and return an object from the given pickle data.
    ///
    /// The other arguments are those of load().
    #[function("loads(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())")]
    async fn loads(
        vm: VmRef,
        data: Value,
        fix_imports: bool,
        encoding: Option<String>,
        errors: Option<String>,
        buffers: Option<Value>,
    ) -> PyResult {
        let Some(bytes) = ArgBytes::of(&data) else {
            let name = vm.type_name(&data);
            return Err(vm.type_error(format!("a bytes-like object is required, not '{name}'")));
        };
        vm.check_memory(bytes.len())?;
        let input = bytes.to_vec();
        let this = Unpickler::default().into_value();
        let Some(unpickler) = this.downcast::<Unpickler>() else { return Ok(this) };
        let (encoding, errors) = names(encoding, errors);
        unpickler.set_up(&vm, fix_imports, encoding, errors, buffers.unwrap_or_default()).await?;
        unpickler.load_object(&vm, &this, input).await
    }
}

/// Declares module `_pickle`.
pub struct Pickle;
