//! A network of a test's own, so that devices which announce themselves to everybody are seen by one test alone.

use std::{
    env, fs,
    os::unix::fs::MetadataExt,
    process::{Command, Stdio},
    thread,
};

/// Set in the process that is inside.
const INSIDE: &str = "HEARTH_OWN_NETWORK";

/// What makes a network out of an empty namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// The loopback interface, with multicast.
    Loopback,
    /// A cable between two interfaces of this machine, `lan0` and `lan1`, with IPv6 and its link-local addresses alone.
    LinkLocal,
}

impl Network {
    fn set_up(self) -> &'static str {
        match self {
            Self::Loopback => {
                "ip link set lo up multicast on; ip route add 224.0.0.0/4 dev lo; ip -6 route add ff00::/8 dev lo table local"
            }
            // Without duplicate address detection the addresses are there at once.
            Self::LinkLocal => {
                "ip link set lo up; sysctl -qw net.ipv6.conf.default.accept_dad=0; ip link add lan0 type veth peer name lan1; \
                 ip link set lan1 up; ip link set lan0 up"
            }
        }
    }
}

/// Runs a test in a network of its own: the test's binary starts itself again in a new namespace, for this test alone.
///
/// # Panics
/// When the test fails inside, or no namespace can be made: a test that can't run has not passed.
pub fn in_own_network(network: Network, test: impl Future<Output = ()>) {
    if env::var_os(INSIDE).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        return runtime.expect("a runtime can be made").block_on(test);
    }
    let name = thread::current().name().map(str::to_owned).expect("a test's thread has the test's name");
    assert_ne!(name, "main", "with one thread for all tests, none knows its name: run them by cargo nextest");
    let program = env::current_exe().expect("a test knows where it is");
    let set_up = format!("set -e; {}; exec \"$@\"", network.set_up());
    let mut inside = Command::new("unshare");
    if !is_root() {
        inside.arg("--map-root-user");
    }
    inside.args(["--net", "--", "sh", "-c", &set_up, "sh"]).arg(program);
    inside.args([&name, "--exact", "--nocapture", "--test-threads", "2"]).env(INSIDE, "1");
    inside.stdin(Stdio::null());
    let status = inside.status().unwrap_or_else(|error| panic!("unshare (util-linux) does not start: {error}"));
    assert!(status.success(), "the test failed inside its network, or the network could not be made: {status}");
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|itself| itself.uid() == 0)
}
