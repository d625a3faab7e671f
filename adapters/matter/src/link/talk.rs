//! The interactions with a node, each over an exchange of its own (Matter core specification, chapter 8).

use std::time::Duration;

use rs_matter::{
    error::{Error, ErrorCode},
    im::{
        AttrPath, AttrResp, CmdResp, GenericPath, IMStatusCode, InvokeResp,
        client::{ImClient as _, SubscribeEstablished, SubscribeOutcome},
        encoding::{DataVersionFilter, EventFilter, EventPath, Status},
    },
    tlv::TLVTag,
    transport::exchange::Exchange,
};

use super::{gather::Gathered, tlv};
use crate::{
    cluster::objection,
    wire::{AttributePath, Request, Tlv},
};

/// Where a command's fields and an attribute's value stand in their messages.
const COMMAND_FIELDS: TLVTag = TLVTag::Context(1);
const ATTRIBUTE_DATA: TLVTag = TLVTag::Context(2);

/// Why an interaction came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    /// The node doesn't announce itself, or does not answer.
    #[error("{0}")]
    Unreachable(String),
    /// The node said no.
    #[error("the device refuses: {reason}{}", cluster.map(|code| format!(" (code {code} of its own)")).unwrap_or_default())]
    Refused {
        /// Its reason, in words.
        reason: &'static str,
        /// The cluster's own code, where it gave one.
        cluster: Option<u8>,
    },
    /// It took the command, and says that nothing comes of it.
    #[error("the device objects: {0}")]
    Objected(String),
    /// What it answered makes no sense.
    #[error("the device's answer can't be read ({0})")]
    Malformed(String),
}

/// What a subscription asks for beyond everything.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// The longest silence of the device, in seconds.
    pub(super) ceiling: u16,
    /// Versions of data that are known already; the device leaves out what still has them.
    pub(super) known: Vec<DataVersionFilter>,
    /// The first event that is not known yet.
    pub(super) first_event: Option<u64>,
}

/// Sends a command, and gives the fields of its answer; an empty structure where the device just says "done".
pub(super) async fn invoke(
    exchange: Exchange<'_>,
    (endpoint, cluster, command): (u16, u32, u32),
    fields: &Tlv,
    timed: Option<Duration>,
) -> Result<Tlv, CallError> {
    let build = |message: rs_matter::im::InvReqBuilder<_>| {
        let requests = message.suppress_response(false)?.timed_request(timed.is_some())?.invoke_requests()?;
        let request = requests.push()?.path(endpoint, cluster, command)?;
        request.data(|out| tlv::write(fields, &COMMAND_FIELDS, out))?.end()?.end()?.end()
    };
    let chunk = exchange.invoke_with(timed.map(milliseconds), build).await?;
    // The answer lies in the one buffer that all nodes' packets go through: it is copied out before anything waits.
    let answer = match chunk.response()? {
        // A plain "success".
        None => Ok(Tlv::Struct(Vec::new())),
        Some(response) => first_answer(&response),
    };
    chunk.complete().await?;
    answer
}

fn first_answer(response: &InvokeResp<'_>) -> Result<Tlv, CallError> {
    match response.invoke_responses.iter().flat_map(|responses| responses.iter()).next().transpose()? {
        Some(CmdResp::Cmd(data)) => Ok(tlv::read(&data.data)?),
        Some(CmdResp::Status(status)) => done(&status.status).map(|()| Tlv::Struct(Vec::new())),
        None => Err(CallError::Malformed("it is empty".into())),
    }
}

/// Writes an attribute.
pub(super) async fn write(
    exchange: Exchange<'_>,
    path: AttributePath,
    value: &Tlv,
    timed: Option<Duration>,
) -> Result<(), CallError> {
    let build = |message: rs_matter::im::WriteReqBuilder<_>| {
        let requests = message.suppress_response(false)?.timed_request(timed.is_some())?.write_requests()?;
        let request = requests.push()?.path(path.endpoint, path.cluster, path.attribute)?;
        request.data(|out| tlv::write(value, &ATTRIBUTE_DATA, out))?.end()?.end()?.end()
    };
    let handle = exchange.write_with(timed.map(milliseconds), build).await?;
    let response = handle.response()?;
    response.write_responses.iter().try_for_each(|status| done(&status?.status))
}

/// Carries out what a command became.
pub(super) async fn request(exchange: Exchange<'_>, request: &Request) -> Result<(), CallError> {
    match request {
        Request::Invoke { endpoint, cluster, command, fields, timed } => {
            let answer = invoke(exchange, (*endpoint, *cluster, *command), fields, *timed).await?;
            objection(request, &answer).map_or(Ok(()), |reason| Err(CallError::Objected(reason)))
        }
        Request::Write { path, value, timed } => write(exchange, *path, value, *timed).await,
    }
}

/// Reads attributes; `None` in a path stands for all of them.
pub(super) async fn read(
    exchange: Exchange<'_>,
    (endpoint, cluster, attribute): (Option<u16>, Option<u32>, Option<u32>),
) -> Result<Gathered, CallError> {
    let paths = [AttrPath::from_gp(&GenericPath::new(endpoint, cluster, attribute))];
    let mut chunk =
        exchange.read_with(|message| message.attr_requests_from(&paths)?.fabric_filtered(false)?.end()).await?;
    let mut gathered = Gathered::default();
    loop {
        {
            let report = chunk.response()?;
            refused_whole(&report)?;
            gathered.add(&report);
        }
        match chunk.complete().await? {
            Some(next) => chunk = next,
            None => return Ok(gathered),
        }
    }
}

/// Subscribes to everything; the first report comes with the answer.
pub(super) async fn subscribe(
    exchange: Exchange<'_>,
    wanted: &Wanted,
) -> Result<(SubscribeEstablished, Gathered), CallError> {
    let paths = [AttrPath::from_gp(&GenericPath::new(None, None, None))];
    let events = [EventPath { is_urgent: Some(true), ..EventPath::from_gp(&GenericPath::new(None, None, None)) }];
    let filters: Vec<EventFilter> =
        wanted.first_event.iter().map(|&first| EventFilter { node: None, event_min: Some(first) }).collect();
    let build = |message: rs_matter::im::SubscribeReqBuilder<_>| {
        let message = message.keep_subs(false)?.min_int_floor(0)?.max_int_ceil(wanted.ceiling)?;
        let message = message.attr_requests_from(&paths)?.event_requests_from(&events)?;
        let message = message.event_filters_from(&filters)?.fabric_filtered(true)?;
        message.dataver_filters_from(&wanted.known)?.end()
    };
    let mut chunk = exchange.subscribe_with(build).await?;
    let mut gathered = Gathered::default();
    loop {
        gathered.add(&chunk.response()?);
        match chunk.complete().await? {
            SubscribeOutcome::NextChunk(next) => chunk = next,
            SubscribeOutcome::Established(established) => return Ok((established, gathered)),
        }
    }
}

/// A device that refuses a read of one attribute says so in place of its value.
fn refused_whole(report: &rs_matter::im::ReportDataResp<'_>) -> Result<(), CallError> {
    let mut attributes = report.attr_reports.iter().flat_map(|reports| reports.iter());
    match (attributes.next(), attributes.next()) {
        (Some(Ok(AttrResp::Status(status))), None) => done(&status.status),
        _ => Ok(()),
    }
}

fn done(status: &Status) -> Result<(), CallError> {
    match status.status {
        IMStatusCode::Success => Ok(()),
        code => Err(CallError::Refused { reason: reason(code), cluster: status.cluster_status.map(|code| code as u8) }),
    }
}

const fn reason(code: IMStatusCode) -> &'static str {
    match code {
        IMStatusCode::UnsupportedAccess | IMStatusCode::AccessRestricted => "this hub has no right to that",
        IMStatusCode::UnsupportedEndpoint | IMStatusCode::UnsupportedNode => "there is no such part",
        IMStatusCode::UnsupportedCommand | IMStatusCode::UnsupportedCluster | IMStatusCode::UnsupportedAttribute => {
            "it can't do that"
        }
        IMStatusCode::InvalidCommand | IMStatusCode::InvalidAction | IMStatusCode::InvalidDataType => {
            "it doesn't understand the request"
        }
        IMStatusCode::ConstraintError | IMStatusCode::DynamicConstraintError => "a value is out of range",
        IMStatusCode::UnsupportedWrite => "that can only be read",
        IMStatusCode::ResourceExhausted | IMStatusCode::PathsExhausted => "it has no room left",
        IMStatusCode::Busy => "it is busy",
        IMStatusCode::Timeout => "it took too long inside the device",
        IMStatusCode::NeedsTimedInteraction | IMStatusCode::TimedRequestMisMatch => "the request came too late",
        IMStatusCode::FailSafeRequired => "it is not being set up just now",
        IMStatusCode::InvalidInState => "not in its present state",
        IMStatusCode::NotFound => "there is no such thing in it",
        _ => "it failed",
    }
}

fn milliseconds(time: Duration) -> u16 {
    u16::try_from(time.as_millis()).unwrap_or(u16::MAX)
}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        match error.code() {
            ErrorCode::TxTimeout | ErrorCode::RxTimeout => Self::Unreachable("the device does not answer".into()),
            ErrorCode::NotFound => Self::Unreachable("the device does not announce itself on the network".into()),
            ErrorCode::NoSession | ErrorCode::NoExchange => {
                Self::Unreachable("the device closed the connection".into())
            }
            ErrorCode::NoSpaceSessions | ErrorCode::NoSpaceExchanges | ErrorCode::Busy => {
                Self::Unreachable("too many conversations at once; try again".into())
            }
            ErrorCode::StdIoError | ErrorCode::NoNetworkInterface => {
                Self::Unreachable(format!("the network can't be used ({error})"))
            }
            // What the device refuses as a whole reaches us as one of these.
            code @ (ErrorCode::UnsupportedAccess
            | ErrorCode::InvalidAction
            | ErrorCode::CommandNotFound
            | ErrorCode::InvalidCommand
            | ErrorCode::ConstraintError
            | ErrorCode::ResourceExhausted
            | ErrorCode::InvalidDataType
            | ErrorCode::ClusterNotFound
            | ErrorCode::EndpointNotFound
            | ErrorCode::NeedsTimedInteraction
            | ErrorCode::FailSafeRequired
            | ErrorCode::Failure) => Self::Refused { reason: reason(code.into()), cluster: None },
            code => Self::Malformed(format!("{code:?}")),
        }
    }
}
