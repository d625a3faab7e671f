//! A client of a running hub: GraphQL over the socket in its data folder, or over TCP with a token.
//!
//! Owns the connection and what its failures say to people. It must not know what is asked; the commands do.

pub(crate) mod ask;
mod connection;
pub(crate) mod home;
pub(crate) mod live;
mod subscription;
mod within;

use std::path::PathBuf;

use anyhow::{Context, bail};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

pub(crate) use live::Live;
pub(crate) use subscription::Subscription;

use crate::{cli::WrongUse, folder::Folder};
use connection::Place;
use within::Within;

/// Only another version answers otherwise than the schema says.
const OTHER_SHAPE: &str = "the hub's answer has another shape: is it of this version?";

/// Which hub to talk to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Which {
    /// The data folder of a hub on this machine [default: $HUB_DATA, else ~/.local/share/hearth].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A hub elsewhere: http://host:8480 or https://host:8480.
    #[arg(long, value_name = "URL", conflicts_with = "data", requires = "token")]
    hub: Option<String>,
    /// The token for --hub, made by `hub token`.
    #[arg(long, env = "HUB_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The authority's certificate (PEM) to trust for https; a hub's own is DIR/tls/ca.pem.
    #[arg(long, value_name = "FILE", env = "HUB_CA")]
    ca: Option<PathBuf>,
}

impl Which {
    /// The data folder on this machine; refused when a hub elsewhere was named.
    pub(crate) fn folder(&self) -> Result<Folder, WrongUse> {
        match &self.hub {
            None => Ok(self.data.clone().map_or_else(Folder::usual, Folder::new)),
            Some(_) => Err(WrongUse("this works on a data folder of this machine; leave --hub out".into())),
        }
    }

    /// A client of that hub, or, where none runs on the data folder, of one within this process. Close it.
    pub(crate) async fn client_or_folder(&self) -> anyhow::Result<Client> {
        let client = self.client()?;
        match &client.place {
            Place::Folder(folder) if client.place.connect().await.is_err() => {
                Ok(Client { place: Place::Within(Within::open(folder).await?) })
            }
            _ => Ok(client),
        }
    }

    /// A client of that hub. Nothing is connected yet.
    pub(crate) fn client(&self) -> anyhow::Result<Client> {
        let place = match &self.hub {
            None => Place::Folder(self.folder()?),
            Some(url) => Place::parse(url, self.token.clone().unwrap_or_default(), self.ca.clone())?,
        };
        Ok(Client { place })
    }
}

/// A client of one hub. Each question has a connection of its own; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    place: Place,
}

impl Client {
    /// Asks a query or mutation; `T` is the shape of its `data`.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, query: &str, variables: Value) -> anyhow::Result<T> {
        let body = json!({ "query": query, "variables": variables });
        let answer = self.place.post("/graphql", &body).await?;
        data(answer)
    }

    /// Ends the hub within this process, if it is one.
    pub(crate) async fn close(self) {
        if let Place::Within(within) = &self.place {
            within.close().await;
        }
    }

    /// Posts JSON to a path of the hub's own.
    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> anyhow::Result<T> {
        let answer = self.place.post(path, &serde_json::to_value(body)?).await?;
        serde_json::from_value(answer).context(OTHER_SHAPE)
    }

    /// Begins a subscription.
    pub(crate) async fn subscribe(&self, query: &str, variables: Value) -> anyhow::Result<Subscription> {
        let (stream, token) = (self.place.connect().await?, self.place.token());
        Subscription::begin(stream, token, json!({ "query": query, "variables": variables })).await
    }
}

/// The data of a GraphQL answer, or what it says is wrong.
fn data<T: DeserializeOwned>(mut answer: Value) -> anyhow::Result<T> {
    if let Some(errors) = answer.get("errors").and_then(Value::as_array).filter(|errors| !errors.is_empty()) {
        let texts: Vec<&str> = errors.iter().filter_map(|error| error["message"].as_str()).collect();
        bail!("{}", texts.join("; "));
    }
    let data = answer.get_mut("data").map(Value::take).unwrap_or_default();
    serde_json::from_value(data).context(OTHER_SHAPE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_hub_are_told_in_its_words() {
        let answer = json!({ "data": null, "errors": [{ "message": "there is no device `x`" }] });
        assert_eq!(data::<Value>(answer).unwrap_err().to_string(), "there is no device `x`");
        assert_eq!(data::<Vec<u8>>(json!({ "data": [1, 2] })).unwrap(), [1, 2]);
        assert!(data::<Vec<u8>>(json!(17)).is_err());
    }
}
