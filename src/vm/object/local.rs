//! Statics of the thread that runs a session.
//!
//! Natively these are thread-local variables. The page's module has one thread, and there they are plain statics: reading one is
//! a load, without the function that the standard library puts around it.

/// Declares statics with the interface of `std::thread::LocalKey`.
#[macro_export]
#[doc(hidden)]
macro_rules! local {
    ($($vis:vis static $name:ident: $ty:ty = $init:expr;)+) => {
        $(
            #[cfg(target_family = "wasm")]
            $vis static $name: $crate::object::local::Local<$ty> = $crate::object::local::Local::new($init);
            #[cfg(not(target_family = "wasm"))]
            ::std::thread_local! {
                $vis static $name: $ty = const { $init };
            }
        )+
    };
}

/// A static where there is one thread only.
#[cfg(target_family = "wasm")]
pub struct Local<T>(T);

// SAFETY: the module is built without atomics, so it never runs in two threads.
#[cfg(target_family = "wasm")]
unsafe impl<T> Sync for Local<T> {}

#[cfg(target_family = "wasm")]
impl<T> Local<T> {
    pub const fn new(value: T) -> Local<T> {
        Local(value)
    }

    #[inline(always)]
    pub fn with<R>(&'static self, f: impl FnOnce(&'static T) -> R) -> R {
        f(&self.0)
    }

    #[inline(always)]
    pub fn try_with<R>(&'static self, f: impl FnOnce(&'static T) -> R) -> Result<R, std::convert::Infallible> {
        Ok(f(&self.0))
    }
}

#[cfg(target_family = "wasm")]
impl<T: Copy> Local<std::cell::Cell<T>> {
    #[inline(always)]
    pub fn get(&'static self) -> T {
        self.0.get()
    }

    #[inline(always)]
    pub fn set(&'static self, value: T) {
        self.0.set(value);
    }

    #[inline(always)]
    pub fn replace(&'static self, value: T) -> T {
        self.0.replace(value)
    }
}
