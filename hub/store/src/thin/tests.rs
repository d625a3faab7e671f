use hub_model::{DeviceId, EndpointId, Path, capability};
use proptest::prelude::*;

use super::*;

fn query(from: i64, to: i64, points: usize, summary: Summary) -> HistoryQuery {
    let path = Path {
        device: DeviceId::named("meter"),
        endpoint: EndpointId::first(),
        property: (&capability::temperature::MEASURED).into(),
    };
    let time = |micros| Timestamp::from_microsecond(micros).unwrap();
    HistoryQuery { path, summary, from: time(from), to: time(to), points }
}

fn thin(query: &HistoryQuery, before: Option<Value>, rows: &[(i64, f64)]) -> Vec<Point> {
    let mut thinning = Thinning::new(query, before);
    rows.iter().for_each(|(at, number)| thinning.push(*at, Value::Number(*number)));
    thinning.finish()
}

fn numbers(points: &[Point]) -> Vec<(i64, f64)> {
    points.iter().filter_map(|point| Some((point.at.as_microsecond(), point.value.as_number()?))).collect()
}

#[test]
fn few_rows_are_the_points_with_what_held_at_the_beginning() {
    let points = thin(&query(0, 100, 3, Summary::Mean), Some(Value::Number(5.0)), &[(10, 1.0), (20, 2.0)]);
    assert_eq!(numbers(&points), [(0, 5.0), (10, 1.0), (20, 2.0)]);
    assert!(points.iter().all(|point| point.min.is_none()));
}

#[test]
fn a_mean_is_weighted_by_time() {
    let rows = [(0, 0.0), (10, 100.0), (50, 50.0), (60, 10.0)];
    let points = thin(&query(0, 100, 2, Summary::Mean), None, &rows);
    assert_eq!(numbers(&points), [(0, 80.0), (50, 18.0)]);
    assert_eq!((points[0].min, points[0].max), (Some(0.0), Some(100.0)));
    assert_eq!((points[1].min, points[1].max), (Some(10.0), Some(50.0)), "what held before counts only while it held");
}

#[test]
fn a_mean_has_six_digits_and_never_leaves_the_values_that_it_is_of() {
    let mean = |rows: &[(i64, f64)]| numbers(&thin(&query(0, 90, 1, Summary::Mean), None, rows))[0].1;
    assert_eq!(mean(&[(0, 20.0), (30, 21.0)]), 20.6667);
    assert_eq!(mean(&[(0, 0.0), (30, 0.1)]), 0.066667);
    assert_eq!(mean(&[(0, -1000.25), (30, -1000.5)]), -1000.42);
    assert_eq!(mean(&[(0, 1_234_567.891), (30, 1_234_567.891)]), 1_234_567.891);
    assert_eq!(mean(&[(0, 0.0), (30, 0.0)]), 0.0);
}

#[test]
fn a_gap_counts_for_nothing_in_the_mean() {
    let mut thinning = Thinning::new(&query(0, 100, 2, Summary::Mean), None);
    for (at, value) in [(0, Value::Number(10.0)), (10, Value::Unknown), (40, Value::Number(20.0)), (50, Value::Unknown)]
    {
        thinning.push(at, value);
    }
    let points = thinning.finish();
    assert_eq!(points[0].value, Value::Number(15.0));
    assert_eq!(points[1].value, Value::Unknown);
}

#[test]
fn the_last_value_stands_at_its_own_time() {
    let rows = [(0, 1.0), (10, 2.0), (20, 3.0), (80, 4.0)];
    assert_eq!(numbers(&thin(&query(0, 100, 2, Summary::Last), None, &rows)), [(20, 3.0), (80, 4.0)]);
}

#[test]
fn words_are_thinned_to_the_last_one() {
    let mut thinning = Thinning::new(&query(0, 100, 2, Summary::Mean), None);
    for (at, word) in [(0, "off"), (10, "heat"), (60, "cool")] {
        thinning.push(at, Value::text(word));
    }
    let words: Vec<Value> = thinning.finish().into_iter().map(|point| point.value).collect();
    assert_eq!(words, [Value::text("heat"), Value::text("cool")]);
}

#[test]
fn what_held_until_the_very_beginning_is_no_part_of_the_chart() {
    let before = Some(Value::Number(975.0));
    for points in [1, 9] {
        let thinned = thin(&query(0, 100, points, Summary::Mean), before.clone(), &[(0, 1.0), (50, 3.0)]);
        assert_eq!(
            thinned.iter().filter_map(|point| point.max.or(point.value.as_number())).reduce(f64::max),
            Some(3.0)
        );
    }
}

#[test]
fn amounts_are_added_up() {
    let rows = [(1, 1.0), (10, 2.0), (60, 3.0), (61, 4.0)];
    assert_eq!(numbers(&thin(&query(0, 100, 2, Summary::Sum), Some(Value::Number(9.0)), &rows)), [(0, 3.0), (50, 7.0)]);
}

#[test]
fn a_counter_shows_its_growth_over_resets_and_gaps() {
    let rows = [(10, 12.0), (20, 15.0), (60, 2.0), (70, 3.0)];
    let before = Some(Value::Number(10.0));
    let points = thin(&query(0, 100, 2, Summary::Counter), before.clone(), &rows);
    assert_eq!(numbers(&points), [(0, 5.0), (50, 3.0)], "after the fall it began again at 0");
    let few = thin(&query(0, 100, 9, Summary::Counter), before, &rows);
    assert_eq!(numbers(&few), [(10, 2.0), (20, 3.0), (60, 2.0), (70, 1.0)]);
    assert_eq!(few[0].max, Some(12.0), "the counter itself");
}

#[test]
fn years_and_many_points_stay_within_the_numbers() {
    let (from, to) = (-200_000_000_000_000_000, 200_000_000_000_000_000);
    let rows: Vec<(i64, f64)> = (0..50).map(|row| (from / 50 * (50 - row), f64::from(row as i32))).collect();
    assert_eq!(thin(&query(from, to, 40, Summary::Mean), None, &rows).len(), 40);
}

fn any_rows() -> impl Strategy<Value = Vec<(i64, f64)>> {
    prop::collection::btree_map(0i64..10_000, -1000.0..1000.0, 1..300).prop_map(|rows| rows.into_iter().collect())
}

proptest! {
    #[test]
    fn thinning_keeps_the_bounds_and_the_mean(rows in any_rows(), first in -1000.0..1000.0, points in 1usize..50) {
        let query = query(0, 10_000, points, Summary::Mean);
        let thinned = thin(&query, Some(Value::Number(first)), &rows);
        prop_assert!(thinned.len() <= points);
        prop_assert!(thinned.iter().all(|point| (query.from..query.to).contains(&point.at)));
        prop_assert!(thinned.is_sorted_by(|a, b| a.at <= b.at));
        // Rows that fit are shown as they are; what held before them takes a point too, unless the first is at once.
        if rows.len() + usize::from(rows[0].0 > 0) <= points {
            return Ok(());
        }
        // What held, and for how long.
        let starts = std::iter::once((0, first)).chain(rows.iter().copied());
        let ends = rows.iter().map(|(at, _)| *at).chain([10_000]);
        let held: Vec<(f64, f64)> =
            starts.zip(ends).map(|((start, value), end)| (value, (end - start) as f64)).collect();
        let area: f64 = held.iter().map(|(value, time)| value * time).sum();
        let values = || rows.iter().map(|(_, value)| *value).chain((rows[0].0 > 0).then_some(first));
        prop_assert_eq!(thinned.iter().filter_map(|point| point.min).reduce(f64::min), values().reduce(f64::min));
        prop_assert_eq!(thinned.iter().filter_map(|point| point.max).reduce(f64::max), values().reduce(f64::max));
        prop_assert_eq!(thinned.len(), points, "every span has a mean");
        let ends = thinned.iter().skip(1).map(|point| point.at.as_microsecond()).chain([10_000]);
        let spans = thinned.iter().zip(ends);
        let thin_area: f64 = spans.map(|(point, end)| {
            point.value.as_number().unwrap() * (end - point.at.as_microsecond()) as f64
        }).sum();
        // A mean has six digits.
        let rounding = 1e-5 * held.iter().map(|(value, time)| value.abs() * time).sum::<f64>() + 1e-2;
        prop_assert!((area - thin_area).abs() < rounding, "{area} is not {thin_area}");
    }

    #[test]
    fn sums_and_growth_stay_what_they_are(rows in any_rows(), points in 1usize..50) {
        let total = |summary| -> f64 { numbers(&thin(&query(0, 10_000, points, summary), None, &rows)).iter().map(|(_, n)| n).sum() };
        let sum: f64 = rows.iter().map(|(_, number)| number).sum();
        prop_assert!((total(Summary::Sum) - sum).abs() < 1e-6);
        let growth: f64 = rows.windows(2).map(|pair| span::growth(Some(pair[0].1), pair[1].1)).sum();
        prop_assert!((total(Summary::Counter) - growth).abs() < 1e-6);
    }
}
