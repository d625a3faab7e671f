//! Whether a hub is still well.

use home_tests::TestHome;

/// It runs, it answers, and nothing in it has panicked.
pub(crate) async fn still_well(home: &mut TestHome) {
    assert!(home.process.ended().is_none(), "the hub ended");
    home.query("{ home { name } devices { id } }").await;
    let panicked: Vec<_> = home.process.said().into_iter().filter(|line| line.contains("panicked")).collect();
    assert!(panicked.is_empty(), "{panicked:#?}");
}

/// How many files, sockets included, it has open.
pub(crate) fn open_files(home: &TestHome) -> usize {
    let process = home.process.id().expect("the hub runs");
    std::fs::read_dir(format!("/proc/{process}/fd")).expect("Linux tells").count()
}

/// How much memory it takes, in megabytes.
pub(crate) fn megabytes(home: &TestHome) -> u64 {
    let process = home.process.id().expect("the hub runs");
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux tells");
    let kilobytes: u64 = line.split_whitespace().next().and_then(|word| word.parse().ok()).expect("it is a number");
    kilobytes / 1024
}

/// One of its own counters.
pub(crate) async fn counter(home: &TestHome, name: &str) -> u64 {
    let metrics = home.owner.send(hyper::Method::GET, "/metrics", "").await.text();
    let line = metrics.lines().find_map(|line| line.strip_prefix(&format!("hearth_{name} ")));
    line.and_then(|value| value.trim().parse().ok()).unwrap_or_else(|| panic!("there is no counter {name}"))
}

/// The titles of its messages to people.
pub(crate) async fn notices(home: &TestHome) -> Vec<String> {
    let answer = home.query("{ notices { title } }").await;
    let titles = answer["notices"].as_array().cloned().unwrap_or_default();
    titles.iter().filter_map(|notice| notice["title"].as_str()).map(str::to_owned).collect()
}
