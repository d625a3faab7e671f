//! A network of a test's own, so that devices which announce themselves to everybody are seen by one test alone.

use std::{
    env,
    ffi::OsStr,
    fs::{self, File},
    os::unix::fs::MetadataExt,
    process::{Command, Stdio},
    thread,
};

/// Set in the process that is inside.
const INSIDE: &str = "HEARTH_OWN_NETWORK";

/// Set in it where there is a cable: a process of the other machine at it.
const FAR_END: &str = "HEARTH_FAR_END";

/// Lays a cable from `lan0` here to `lan1` of another machine: a namespace that lives as long as the test, and of which
/// nothing but the cable leads here. Without duplicate address detection the addresses are there at once.
const CABLE: &str = "ip link set lo up; sysctl -qw net.ipv6.conf.default.accept_dad=0; \
    unshare --net setpriv --pdeathsig KILL sleep infinity </dev/null >/dev/null 2>&1 & export HEARTH_FAR_END=$!; \
    while [ $(readlink /proc/$HEARTH_FAR_END/ns/net) = $(readlink /proc/$$/ns/net) ]; do sleep 0.01; done; \
    far() { nsenter --target $HEARTH_FAR_END --net -- \"$@\"; }; \
    far ip link set lo up; far sysctl -qw net.ipv6.conf.default.accept_dad=0; \
    ip link add lan0 type veth peer name lan1 netns $HEARTH_FAR_END; far ip link set lan1 up; ip link set lan0 up";

/// What makes a network out of an empty namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// The loopback interface, with multicast.
    Loopback,
    /// A cable to another machine, on which the devices are, with IPv6 and its link-local addresses alone.
    LinkLocal,
    /// The same cable with addresses of IPv6 that last, and still none of IPv4.
    Ipv6,
}

impl Network {
    fn set_up(self) -> String {
        match self {
            Self::Loopback => {
                "ip link set lo up multicast on; ip route add 224.0.0.0/4 dev lo; ip -6 route add ff00::/8 dev lo table local"
                    .to_owned()
            }
            Self::LinkLocal => CABLE.to_owned(),
            Self::Ipv6 => {
                format!("{CABLE}; ip addr add fd42::1/64 dev lan0; far ip addr add fd42::2/64 dev lan1")
            }
        }
    }
}

/// Runs a test in a network of its own: the test's binary starts itself again in a new namespace, for this test alone.
///
/// Where no namespace can be made, as in most containers, the tests take turns in the network of the machine; one that
/// needs a cable is left out there. `cargo xtask test` says so.
///
/// # Panics
/// When the test fails inside.
pub fn in_own_network(network: Network, test: impl Future<Output = ()>) {
    if env::var_os(INSIDE).is_some() {
        return run(test);
    }
    let probe = command(network, &["true"]).output();
    let probe = probe.unwrap_or_else(|error| panic!("unshare (util-linux) does not start: {error}"));
    if !probe.status.success() {
        return in_turn(network, &String::from_utf8_lossy(&probe.stderr), test);
    }
    let name = thread::current().name().map(str::to_owned).expect("a test's thread has the test's name");
    assert_ne!(name, "main", "with one thread for all tests, none knows its name: run them by cargo nextest");
    let program = env::current_exe().expect("a test knows where it is");
    let mut inside = command(network, &[&program.to_string_lossy(), &name]);
    inside.args(["--exact", "--nocapture", "--test-threads", "2"]).env(INSIDE, "1");
    let status = inside.status().unwrap_or_else(|error| panic!("unshare (util-linux) does not start: {error}"));
    assert!(status.success(), "the test failed inside its network: {status}");
}

/// Gives the other machine of [`Network::Ipv6`] other addresses, that of the link as well, while all that runs there goes on.
///
/// # Panics
/// When there is no such machine.
pub fn readdress() {
    const OTHER: &str = "before=$(ip -o addr show dev lan1 | awk '{ print $4 }'); \
        ip addr add fe80::4242/64 dev lan1; ip addr add fd42::12/64 dev lan1; \
        for old in $before; do ip addr del $old dev lan1; done";
    let status = on_far_end("sh").args(["-ec", OTHER]).status().expect("nsenter (util-linux) starts");
    assert!(status.success(), "the other machine's addresses can't be changed: {status}");
}

/// A command on the machine on which devices are: the other one, where there is a cable to it.
pub(crate) fn on_far_end(program: impl AsRef<OsStr>) -> Command {
    let Some(far_end) = env::var_os(FAR_END) else { return Command::new(program) };
    let mut there = Command::new("nsenter");
    there.arg("--target").arg(far_end).args(["--net", "--"]).arg(program);
    there
}

/// A command in a new namespace.
fn command(network: Network, words: &[&str]) -> Command {
    let set_up = format!("set -e; {}; exec \"$@\"", network.set_up());
    let mut inside = Command::new("unshare");
    if !is_root() {
        inside.arg("--map-root-user");
    }
    inside.args(["--net", "--", "sh", "-c", &set_up, "sh"]).args(words).stdin(Stdio::null());
    inside
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be made").block_on(test);
}

/// Runs a test while no other of its kind does.
fn in_turn(network: Network, why: &str, test: impl Future<Output = ()>) {
    if network != Network::Loopback {
        eprintln!("NOT RUN: no cable can be laid here: {why}");
        return;
    }
    eprintln!("NOT ALONE: no network of its own can be made here, so that other devices may be seen: {why}");
    let turn = File::create(env::temp_dir().join("hearth-network")).expect("the temporary folder can be written");
    turn.lock().expect("a file can be locked");
    run(test);
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|itself| itself.uid() == 0)
}
