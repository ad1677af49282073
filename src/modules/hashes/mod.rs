//! Modules `_md5`, `_sha1`, `_sha2`, `_sha3`, `_blake2`: what `hashlib` is made of.
//!
//! One payload serves all of them; each algorithm has its class. MD5, SHA-1 and SHA-2 come from crates.

mod blake2;
mod keccak;

use std::cell::OnceCell;

use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use snakelet_macros::{functions, methods, native_module, native_type};
use snakelet_vm::exec::fuel;
use snakelet_vm::native::{Args, ModuleDef, Native};
use snakelet_vm::object::allocate;
use snakelet_vm::types::buffer;
use snakelet_vm::types::builtin::make_derived_class;
use snakelet_vm::types::typeobject::{Type, TypeFlags};
use snakelet_vm::{PyResult, Ref, Value, Vm, VmCell};

use self::blake2::{Blake2b, Blake2s};
use self::keccak::Sponge;
use crate::support::ClassConstant;

pub const MD5: ModuleDef = Md5Module::MODULE;
pub const SHA1: ModuleDef = Sha1Module::MODULE;
pub const SHA2: ModuleDef = Sha2Module::MODULE;
pub const SHA3: ModuleDef = Sha3Module::MODULE;
pub const BLAKE2: ModuleDef = Blake2Module::MODULE;

/// A running computation.
#[derive(Clone)]
enum State {
    Md5(Md5),
    Sha1(Sha1),
    Sha224(Sha224),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    Sha3(Sponge),
    Shake(Sponge),
    Blake2b(Box<Blake2b>),
    Blake2s(Box<Blake2s>),
}

/// The algorithms with a class each, in the order of `CLASSES`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha3224,
    Sha3256,
    Sha3384,
    Sha3512,
    Shake128,
    Shake256,
    Blake2b,
    Blake2s,
}

/// Module, class name, algorithm name, digest size and block size.
const FACTS: [(Algorithm, &str, &str, &str, usize, usize); 14] = [
    (Algorithm::Md5, "_md5", "md5", "md5", 16, 64),
    (Algorithm::Sha1, "_sha1", "sha1", "sha1", 20, 64),
    (Algorithm::Sha224, "_sha2", "SHA224Type", "sha224", 28, 64),
    (Algorithm::Sha256, "_sha2", "SHA256Type", "sha256", 32, 64),
    (Algorithm::Sha384, "_sha2", "SHA384Type", "sha384", 48, 128),
    (Algorithm::Sha512, "_sha2", "SHA512Type", "sha512", 64, 128),
    (Algorithm::Sha3224, "_sha3", "sha3_224", "sha3_224", 28, 144),
    (Algorithm::Sha3256, "_sha3", "sha3_256", "sha3_256", 32, 136),
    (Algorithm::Sha3384, "_sha3", "sha3_384", "sha3_384", 48, 104),
    (Algorithm::Sha3512, "_sha3", "sha3_512", "sha3_512", 64, 72),
    (Algorithm::Shake128, "_sha3", "shake_128", "shake_128", 0, 168),
    (Algorithm::Shake256, "_sha3", "shake_256", "shake_256", 0, 136),
    (Algorithm::Blake2b, "_blake2", "blake2b", "blake2b", 64, 128),
    (Algorithm::Blake2s, "_blake2", "blake2s", "blake2s", 32, 64),
];

thread_local! {
    static CLASSES: [OnceCell<Ref<Type>>; 14] = const { [const { OnceCell::new() }; 14] };
}

/// The class of an algorithm's objects.
fn class_of(algorithm: Algorithm) -> Ref<Type> {
    CLASSES.with(|classes| {
        classes[algorithm as usize]
            .get_or_init(|| {
                let (_, module, name, _, _, _) = FACTS[algorithm as usize];
                let blake = matches!(algorithm, Algorithm::Blake2b | Algorithm::Blake2s);
                let shake = matches!(algorithm, Algorithm::Shake128 | Algorithm::Shake256);
                let blocks = if shake { &[HashObject::SHAKE][..] } else { &[] };
                let doc = "A hash object.";
                let class = make_derived_class(name, module, doc, HashObject::type_object(), blocks);
                if blake {
                    let (digest, salt) = if algorithm == Algorithm::Blake2b { (64, 16) } else { (32, 8) };
                    for (name, size) in [
                        ("MAX_DIGEST_SIZE", digest),
                        ("MAX_KEY_SIZE", digest),
                        ("SALT_SIZE", salt),
                        ("PERSON_SIZE", salt),
                    ] {
                        class.dict.set_text(name, Value::small_int(size));
                    }
                }
                if (algorithm as usize) < (Algorithm::Sha3224 as usize) {
                    class.set_flag(TypeFlags::NO_NEW);
                }
                class
            })
            .clone()
    })
}

fn start(algorithm: Algorithm) -> State {
    let rate = FACTS[algorithm as usize].5;
    match algorithm {
        Algorithm::Md5 => State::Md5(Md5::new()),
        Algorithm::Sha1 => State::Sha1(Sha1::new()),
        Algorithm::Sha224 => State::Sha224(Sha224::new()),
        Algorithm::Sha256 => State::Sha256(Sha256::new()),
        Algorithm::Sha384 => State::Sha384(Sha384::new()),
        Algorithm::Sha512 => State::Sha512(Sha512::new()),
        Algorithm::Shake128 | Algorithm::Shake256 => State::Shake(Sponge::new(rate, 0x1f)),
        Algorithm::Blake2b => State::Blake2b(Box::new(Blake2b::new(&[], 64, false))),
        Algorithm::Blake2s => State::Blake2s(Box::new(Blake2s::new(&[], 32, false))),
        _ => State::Sha3(Sponge::new(rate, 0x06)),
    }
}

impl State {
    fn update(&mut self, data: &[u8]) {
        fuel::spend_many((data.len() / 64).min(1 << 24) as u32);
        match self {
            State::Md5(state) => state.update(data),
            State::Sha1(state) => state.update(data),
            State::Sha224(state) => state.update(data),
            State::Sha256(state) => state.update(data),
            State::Sha384(state) => state.update(data),
            State::Sha512(state) => state.update(data),
            State::Sha3(state) | State::Shake(state) => state.update(data),
            State::Blake2b(state) => state.update(data),
            State::Blake2s(state) => state.update(data),
        }
    }

    fn digest(self, size: usize) -> Vec<u8> {
        match self {
            State::Md5(state) => state.finalize().to_vec(),
            State::Sha1(state) => state.finalize().to_vec(),
            State::Sha224(state) => state.finalize().to_vec(),
            State::Sha256(state) => state.finalize().to_vec(),
            State::Sha384(state) => state.finalize().to_vec(),
            State::Sha512(state) => state.finalize().to_vec(),
            State::Sha3(state) | State::Shake(state) => {
                let mut out = vec![0; size];
                state.finish(&mut out);
                out
            }
            State::Blake2b(state) => state.finish(),
            State::Blake2s(state) => state.finish(),
        }
    }
}

/// The payload of all hash objects.
#[native_type(name = "HashObject", module = "_hashes", flags(subclassable))]
pub struct HashObject {
    #[skip_traverse]
    state: VmCell<State>,
    #[skip_traverse]
    algorithm: Algorithm,
}

/// Adds the contents of a bytes-like object.
fn feed(vm: &Vm, state: &mut State, data: &Value) -> PyResult<()> {
    if data.as_text().is_some() {
        return Err(vm.type_error("Strings must be encoded before hashing"));
    }
    match buffer::contents(data) {
        Some(bytes) => {
            state.update(&bytes);
            Ok(())
        }
        None => Err(vm.type_error("object supporting the buffer API required")),
    }
}

/// The data to begin with, from the arguments `data` and `string`.
fn first_data<'a>(vm: &Vm, data: Option<&'a Value>, string: Option<&'a Value>) -> PyResult<Option<&'a Value>> {
    if data.is_some() && string.is_some() {
        return Err(vm.type_error(
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version.",
        ));
    }
    Ok(data.or(string))
}

fn make(vm: &Vm, algorithm: Algorithm, data: Option<&Value>, string: Option<&Value>) -> PyResult {
    let mut state = start(algorithm);
    if let Some(data) = first_data(vm, data, string)? {
        feed(vm, &mut state, data)?;
    }
    Ok(allocate(&class_of(algorithm), HashObject { state: VmCell::new(state), algorithm }))
}

impl HashObject {
    fn size(&self) -> usize {
        match self.state.borrow() {
            State::Blake2b(state) => state.digest_size,
            State::Blake2s(state) => state.digest_size,
            _ => FACTS[self.algorithm as usize].4,
        }
    }

    fn finished(&self) -> Vec<u8> {
        self.state.get().digest(self.size())
    }
}

fn hexadecimal(digest: &[u8]) -> String {
    let digit = |digit: u8| char::from(b"0123456789abcdef"[digit as usize]);
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[methods]
impl HashObject {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        let class = cls.to_ref::<Type>();
        let known = FACTS
            .iter()
            .find(|(algorithm, ..)| class.as_ref().is_some_and(|class| class.is_subtype(&class_of(*algorithm))));
        let (Some((algorithm, _, name, ..)), Some(class)) = (known, class) else {
            return Err(vm.type_error("cannot create '_hashes.HashObject' instances"));
        };
        if (*algorithm as usize) < Algorithm::Sha3224 as usize {
            let (_, module, name, ..) = FACTS[*algorithm as usize];
            return Err(vm.type_error(format!("cannot create '{module}.{name}' instances")));
        }
        if args.positional_count() > 1 {
            let given = args.positional_count();
            return Err(vm.type_error(format!("{name}() takes at most 1 positional argument ({given} given)")));
        }
        let mut given = Given { vm, name, args };
        let state = if matches!(algorithm, Algorithm::Blake2b | Algorithm::Blake2s) {
            given.blake2(*algorithm == Algorithm::Blake2b)?
        } else {
            given.only(&["data", "usedforsecurity", "string"])?;
            start(*algorithm)
        };
        let mut state = state;
        let data = given.args.values.first().filter(|_| given.args.positional_count() == 1);
        let data = data.or_else(|| given.keyword("data"));
        if let Some(data) = first_data(vm, data, given.keyword("string"))? {
            feed(vm, &mut state, data)?;
        }
        Ok(allocate(&class, HashObject { state: VmCell::new(state), algorithm: *algorithm }))
    }

    /// Update this hash object's state with the provided bytes-like object.
    #[method("update(self, obj, /)")]
    fn update(vm: &Vm, this: &HashObject, obj: &Value) -> PyResult<()> {
        feed(vm, this.state.borrow_mut(), obj)
    }

    /// Return the digest value as a bytes object.
    #[method("digest(self, /)")]
    fn digest(this: &HashObject) -> Value {
        Value::from_bytes(this.finished())
    }

    /// Return the digest value as a string of hexadecimal digits.
    #[method("hexdigest(self, /)")]
    fn hexdigest(this: &HashObject) -> String {
        hexadecimal(&this.finished())
    }

    /// Return a copy of the hash object.
    #[method("copy(self, /)")]
    fn copy(vm: &Vm, this: &Value) -> PyResult {
        let Some(hash) = this.downcast::<HashObject>() else { return Ok(Value::NONE) };
        let state = VmCell::new(hash.state.get());
        vm.new_instance(vm.class_of(this).as_value(), HashObject { state, algorithm: hash.algorithm })
    }

    #[getter("name")]
    fn name(this: &HashObject) -> &'static str {
        FACTS[this.algorithm as usize].3
    }

    #[getter("digest_size")]
    fn digest_size(this: &HashObject) -> usize {
        this.size()
    }

    #[getter("block_size")]
    fn block_size(this: &HashObject) -> usize {
        FACTS[this.algorithm as usize].5
    }
}

/// What the SHAKE classes have instead: digests of any length.
#[methods(block = SHAKE)]
impl HashObject {
    /// Return the digest value as a bytes object.
    #[method("digest(self, /, length)")]
    fn shake_digest(vm: &Vm, this: &HashObject, length: &Value) -> PyResult {
        Ok(Value::from_bytes(shake(vm, this, length)?))
    }

    /// Return the digest value as a string of hexadecimal digits.
    #[method("hexdigest(self, /, length)")]
    fn shake_hexdigest(vm: &Vm, this: &HashObject, length: &Value) -> PyResult<String> {
        Ok(hexadecimal(&shake(vm, this, length)?))
    }
}

fn shake(vm: &Vm, this: &HashObject, length: &Value) -> PyResult<Vec<u8>> {
    let length = match vm.index_now(length) {
        Some(length) => length?.to_i64(),
        None => return Err(vm.type_error("length must be an int")),
    };
    match length {
        Some(length) if length < 0 => Err(vm.value_error("Cannot convert negative int")),
        Some(length) if length < 1 << 29 => {
            vm.check_size(2 * length as usize)?;
            Ok(this.state.get().digest(length as usize))
        }
        _ => Err(vm.value_error("length is too large")),
    }
}

/// The arguments of a class's constructor.
struct Given<'a> {
    vm: &'a Vm,
    name: &'a str,
    args: Args<'a>,
}

impl<'a> Given<'a> {
    fn keyword(&self, name: &str) -> Option<&'a Value> {
        let at = self.args.kwnames.iter().position(|known| known.as_text().is_some_and(|known| known == name))?;
        self.args.values.get(self.args.positional_count() + at)
    }

    fn only(&self, names: &[&str]) -> PyResult<()> {
        for name in self.args.kwnames {
            let name = name.as_text().map_or(String::new(), |name| name.to_utf8_lossy().into_owned());
            if !names.contains(&&*name) {
                let function = self.name;
                let message = format!("{function}() got an unexpected keyword argument '{name}'");
                return Err(self.vm.type_error(message));
            }
        }
        Ok(())
    }

    fn bytes(&self, name: &str, limit: usize, what: &str) -> PyResult<Vec<u8>> {
        let Some(value) = self.keyword(name) else { return Ok(Vec::new()) };
        let Some(bytes) = buffer::contents(value) else {
            let got = self.vm.type_name(value);
            return Err(self.vm.type_error(format!("a bytes-like object is required, not '{got}'")));
        };
        if bytes.len() > limit {
            return Err(self.vm.value_error(format!("maximum {what} length is {limit} bytes")));
        }
        Ok(bytes.into_owned())
    }

    fn number(&self, name: &str, default: i128) -> PyResult<i128> {
        let Some(value) = self.keyword(name) else { return Ok(default) };
        let number = match self.vm.index_now(value) {
            Some(number) => number?,
            None => return Err(self.vm.type_error("an integer is required")),
        };
        Ok(match number.to_i64() {
            Some(number) => number.into(),
            None => number.to_bigint().and_then(|number| i128::try_from(&*number).ok()).unwrap_or(i128::MAX),
        })
    }

    fn in_range(&self, name: &str, default: i128, least: i128, most: i128, message: &str) -> PyResult<u64> {
        let number = self.number(name, default)?;
        if (least..=most).contains(&number) { Ok(number as u64) } else { Err(self.vm.value_error(message)) }
    }

    /// A number that C takes as an unsigned one.
    fn unsigned(&self, name: &str, most: i128, c_type: &str) -> PyResult<u64> {
        match self.number(name, 0)? {
            number if number < 0 => Err(self.vm.value_error("Cannot convert negative int")),
            number if number > most => Err(self.vm.overflow_error(format!("Python int too large for C {c_type}"))),
            number => Ok(number as u64),
        }
    }

    /// The state of a BLAKE2 object.
    fn blake2(&mut self, is_b: bool) -> PyResult<State> {
        self.only(&[
            "data",
            "digest_size",
            "key",
            "salt",
            "person",
            "fanout",
            "depth",
            "leaf_size",
            "node_offset",
            "node_depth",
            "inner_size",
            "last_node",
            "usedforsecurity",
            "string",
        ])?;
        let (largest, salt_size, title) = if is_b { (64, 16, "Blake2b") } else { (32, 8, "Blake2s") };
        let size = self.number("digest_size", largest)?;
        if !(1..=largest).contains(&size) {
            let message = format!("digest_size for {title} must be between 1 and {largest} bytes, here it is {size}");
            return Err(self.vm.value_error(message));
        }
        let salt = self.bytes("salt", salt_size, "salt")?;
        let person = self.bytes("person", salt_size, "person")?;
        let fanout = self.in_range("fanout", 1, 0, 255, "fanout must be between 0 and 255")?;
        let depth = self.in_range("depth", 1, 1, 255, "depth must be between 1 and 255")?;
        let leaf_size = self.unsigned("leaf_size", u32::MAX.into(), "unsigned long")?;
        let node_offset = self.unsigned("node_offset", u64::MAX.into(), "unsigned long long")?;
        if !is_b && node_offset >= 1 << 48 {
            return Err(self.vm.overflow_error("node_offset is too large"));
        }
        let node_depth = self.in_range("node_depth", 0, 0, 255, "node_depth must be between 0 and 255")?;
        let message = format!("inner_size must be between 0 and is {largest}");
        let inner_size = self.in_range("inner_size", 0, 0, largest, &message)?;
        let last_node = match self.keyword("last_node") {
            Some(last) => self.vm.truth_now(last).unwrap_or(true),
            None => false,
        };
        let key = self.bytes("key", largest as usize, "key")?;
        let mut parameters = vec![size as u8, key.len() as u8, fanout as u8, depth as u8];
        parameters.extend_from_slice(&(leaf_size as u32).to_le_bytes());
        parameters.extend_from_slice(&node_offset.to_le_bytes()[..if is_b { 8 } else { 6 }]);
        parameters.extend_from_slice(&[node_depth as u8, inner_size as u8]);
        parameters.resize(if is_b { 32 } else { 16 }, 0);
        for part in [salt, person] {
            let end = parameters.len() + salt_size;
            parameters.extend_from_slice(&part);
            parameters.resize(end, 0);
        }
        let size = size as usize;
        let (mut state, block) = if is_b {
            (State::Blake2b(Box::new(Blake2b::new(&parameters, size, last_node))), Blake2b::BLOCK)
        } else {
            (State::Blake2s(Box::new(Blake2s::new(&parameters, size, last_node))), Blake2s::BLOCK)
        };
        if !key.is_empty() {
            let mut padded = key;
            padded.resize(block, 0);
            state.update(&padded);
        }
        Ok(state)
    }
}

macro_rules! constructors {
    ($block:ident $host:ident $module:literal: $($name:ident $signature:literal $doc:literal $algorithm:ident;)*) => {
        struct $host;

        #[functions($module, $block)]
        impl $host {
            $(
                #[doc = $doc]
                #[function($signature)]
                fn $name(
                    vm: &Vm,
                    data: Option<&Value>,
                    _usedforsecurity: bool,
                    string: Option<&Value>,
                ) -> PyResult {
                    make(vm, Algorithm::$algorithm, data, string)
                }
            )*
        }
    };
}

constructors! {
    MD5 Md5Functions "_md5":
    md5 "md5(data=b'', *, usedforsecurity=True, string=None)" "Return a new MD5 hash object; optionally initialized with a string." Md5;
}

constructors! {
    SHA1 Sha1Functions "_sha1":
    sha1 "sha1(data=b'', *, usedforsecurity=True, string=None)" "Return a new SHA1 hash object; optionally initialized with a string." Sha1;
}

constructors! {
    SHA2 Sha2Functions "_sha2":
    sha224 "sha224(data=b'', *, usedforsecurity=True, string=None)" "Return a new SHA-224 hash object; optionally initialized with a string." Sha224;
    sha256 "sha256(data=b'', *, usedforsecurity=True, string=None)" "Return a new SHA-256 hash object; optionally initialized with a string." Sha256;
    sha384 "sha384(data=b'', *, usedforsecurity=True, string=None)" "Return a new SHA-384 hash object; optionally initialized with a string." Sha384;
    sha512 "sha512(data=b'', *, usedforsecurity=True, string=None)" "Return a new SHA-512 hash object; optionally initialized with a string." Sha512;
}

/// Declares module `_md5`.
pub struct Md5Module;

#[native_module("_md5", with = [Md5Functions::MD5])]
impl Md5Module {
    #[constant("MD5Type")]
    const TYPE: ClassConstant = ClassConstant(|| class_of(Algorithm::Md5));
}

/// Declares module `_sha1`.
pub struct Sha1Module;

#[native_module("_sha1", with = [Sha1Functions::SHA1])]
impl Sha1Module {
    #[constant("SHA1Type")]
    const TYPE: ClassConstant = ClassConstant(|| class_of(Algorithm::Sha1));
}

/// Declares module `_sha2`.
pub struct Sha2Module;

#[native_module("_sha2", with = [Sha2Functions::SHA2])]
impl Sha2Module {
    #[constant("SHA224Type")]
    const SHA224: ClassConstant = ClassConstant(|| class_of(Algorithm::Sha224));

    #[constant("SHA256Type")]
    const SHA256: ClassConstant = ClassConstant(|| class_of(Algorithm::Sha256));

    #[constant("SHA384Type")]
    const SHA384: ClassConstant = ClassConstant(|| class_of(Algorithm::Sha384));

    #[constant("SHA512Type")]
    const SHA512: ClassConstant = ClassConstant(|| class_of(Algorithm::Sha512));
}

/// Declares module `_sha3`.
pub struct Sha3Module;

#[native_module("_sha3")]
impl Sha3Module {
    #[constant("implementation")]
    const IMPLEMENTATION: &str = "HACL";

    #[constant("sha3_224")]
    const SHA3_224: ClassConstant = ClassConstant(|| class_of(Algorithm::Sha3224));

    #[constant("sha3_256")]
    const SHA3_256: ClassConstant = ClassConstant(|| class_of(Algorithm::Sha3256));

    #[constant("sha3_384")]
    const SHA3_384: ClassConstant = ClassConstant(|| class_of(Algorithm::Sha3384));

    #[constant("sha3_512")]
    const SHA3_512: ClassConstant = ClassConstant(|| class_of(Algorithm::Sha3512));

    #[constant("shake_128")]
    const SHAKE_128: ClassConstant = ClassConstant(|| class_of(Algorithm::Shake128));

    #[constant("shake_256")]
    const SHAKE_256: ClassConstant = ClassConstant(|| class_of(Algorithm::Shake256));
}

/// Declares module `_blake2`.
pub struct Blake2Module;

#[native_module("_blake2", doc = "BLAKE2b provides a blake2b for hashlib")]
impl Blake2Module {
    #[constant("blake2b")]
    const BLAKE2B: ClassConstant = ClassConstant(|| class_of(Algorithm::Blake2b));

    #[constant("blake2s")]
    const BLAKE2S: ClassConstant = ClassConstant(|| class_of(Algorithm::Blake2s));

    #[constant("BLAKE2B_MAX_DIGEST_SIZE")]
    const B_DIGEST: i64 = 64;

    #[constant("BLAKE2B_MAX_KEY_SIZE")]
    const B_KEY: i64 = 64;

    #[constant("BLAKE2B_PERSON_SIZE")]
    const B_PERSON: i64 = 16;

    #[constant("BLAKE2B_SALT_SIZE")]
    const B_SALT: i64 = 16;

    #[constant("BLAKE2S_MAX_DIGEST_SIZE")]
    const S_DIGEST: i64 = 32;

    #[constant("BLAKE2S_MAX_KEY_SIZE")]
    const S_KEY: i64 = 32;

    #[constant("BLAKE2S_PERSON_SIZE")]
    const S_PERSON: i64 = 8;

    #[constant("BLAKE2S_SALT_SIZE")]
    const S_SALT: i64 = 8;
}
