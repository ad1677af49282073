//! `_fetch`: requests to the network through the host, for sessions that may make them. `http.client` is built on it
//! (`overlay/http/client.tail.py`): sockets reach no farther than the session.

use snakelet_macros::native_module;
use snakelet_vm::errors::Exc;
use snakelet_vm::host::{HostReply, HostRequest};
use snakelet_vm::native::ModuleDef;
use snakelet_vm::{PyResult, Value, Vm, VmRef};

pub const MODULE: ModuleDef = Fetch::MODULE;

struct Fetch;

/// Requests to the network.
#[native_module("_fetch")]
impl Fetch {
    /// Whether this session may use the network.
    #[function("allowed()")]
    fn allowed(vm: &Vm) -> bool {
        vm.host().may_fetch()
    }

    /// Make a request, described in JSON, and wait for the answer as HTTP has it.
    #[function("request(spec, /)")]
    async fn request(vm: VmRef, spec: Value) -> PyResult {
        let Some(spec) = spec.as_text().map(|text| text.to_utf8_lossy().into_owned()) else {
            return Err(vm.type_error("the request must be a str"));
        };
        match vm.ask_host(HostRequest::Fetch { spec }).await? {
            HostReply::Bytes(bytes) => Ok(Value::from_bytes(bytes)),
            HostReply::Failed(message) => Err(vm.error(Exc::OSError, &message)),
            _ => Ok(Value::NONE),
        }
    }
}
