//! History of a property, thinned on the hub.

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use hub_core::HistoryAsk;
use hub_model::Path;
use jiff::Timestamp;

use super::control::{first, target};
use crate::{
    asker::Asker,
    scalar::{DateTime, Value},
};

/// One point of a chart.
#[derive(Debug, SimpleObject)]
struct Point {
    /// When: the beginning of its span.
    at: DateTime,
    /// The mean, last value, sum or growth, as the property is summarised.
    value: Option<Value>,
    /// The least number in the span.
    min: Option<f64>,
    /// The greatest number in the span.
    max: Option<f64>,
}

/// History.
#[derive(Debug, Default)]
pub(crate) struct HistoryQuery;

#[Object]
impl HistoryQuery {
    /// The values of a property over a time, thinned to at most `points`.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the query")]
    #[graphql(complexity = "100 * child_complexity")]
    async fn history(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The device's id or handle.")] device: ID,
        #[graphql(desc = "Its endpoint.", default_with = "first()")] endpoint: ID,
        #[graphql(desc = "The property's whole name, such as temperature.measured.")] property: String,
        #[graphql(desc = "The first moment.")] from: DateTime,
        #[graphql(desc = "The last moment; now where it is left out.")] to: Option<DateTime>,
        #[graphql(desc = "1 to 10000.", default = 500)] points: i32,
    ) -> Result<Vec<Point>, Error> {
        let asker = Asker::of(context);
        let target = target(asker, &device, &endpoint)?;
        let path = Path { device: target.device, endpoint: target.endpoint, property: property.parse()? };
        let to = to.map_or_else(Timestamp::now, |to| to.0);
        // A number of points that is none becomes 0, which the session refuses by name.
        let points = usize::try_from(points).unwrap_or(0);
        let points = asker.session.history(HistoryAsk { path, from: from.0, to, points }).await?;
        Ok(points.into_iter().map(Point::from).collect())
    }
}

impl From<hub_core::Point> for Point {
    fn from(point: hub_core::Point) -> Self {
        Self { at: DateTime(point.at), value: Value::known(&point.value), min: point.min, max: point.max }
    }
}
