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

    /// Asks that hub, or, where none runs on the data folder, one within this process that ends with the answer.
    pub(crate) async fn ask_or_open<T>(
        &self,
        question: impl AsyncFnOnce(Client) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let client = self.client()?;
        match &client.place {
            Place::Folder(folder) if client.place.connect().await.is_err() => {
                let within = Within::open(folder).await?;
                let answer = question(Client { place: Place::Within(within.clone()) }).await;
                within.close().await;
                answer
            }
            _ => question(client).await,
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
    /// Asks a query or mutation of one field; `T` is the shape of what that field holds.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, query: &str, variables: Value) -> anyhow::Result<T> {
        shaped(only_field(self.data(query, variables).await?)?)
    }

    /// Asks a query of several fields; `T` has them all.
    pub(crate) async fn ask_several<T: DeserializeOwned>(&self, query: &str, variables: Value) -> anyhow::Result<T> {
        shaped(self.data(query, variables).await?)
    }

    async fn data(&self, query: &str, variables: Value) -> anyhow::Result<Value> {
        data(self.place.post("/graphql", &json!({ "query": query, "variables": variables })).await?)
    }

    /// Posts JSON to a path of the hub's own.
    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> anyhow::Result<T> {
        shaped(self.place.post(path, &serde_json::to_value(body)?).await?)
    }

    /// Begins a subscription.
    pub(crate) async fn subscribe(&self, query: &str, variables: Value) -> anyhow::Result<Subscription> {
        let (stream, token) = (self.place.connect().await?, self.place.token());
        Subscription::begin(stream, token, json!({ "query": query, "variables": variables })).await
    }
}

/// What the hub said, in the shape that the schema promises.
pub(crate) fn shaped<T: DeserializeOwned>(said: Value) -> anyhow::Result<T> {
    serde_json::from_value(said).context(OTHER_SHAPE)
}

/// What the one field of a query's, mutation's or subscription's data holds.
fn only_field(data: Value) -> anyhow::Result<Value> {
    let Value::Object(fields) = data else { bail!(OTHER_SHAPE) };
    let mut held = fields.into_values();
    match (held.next(), held.next()) {
        (Some(only), None) => Ok(only),
        _ => bail!(OTHER_SHAPE),
    }
}

/// The data of a GraphQL answer, or what it says is wrong.
fn data(mut answer: Value) -> anyhow::Result<Value> {
    if let Some(errors) = answer.get("errors").and_then(Value::as_array).filter(|errors| !errors.is_empty()) {
        let texts: Vec<&str> = errors.iter().filter_map(|error| error["message"].as_str()).collect();
        bail!("{}", texts.join("; "));
    }
    Ok(answer.get_mut("data").map(Value::take).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_hub_are_told_in_its_words() {
        let answer = json!({ "data": null, "errors": [{ "message": "there is no device `x`" }] });
        assert_eq!(data(answer).unwrap_err().to_string(), "there is no device `x`");
    }

    #[test]
    fn an_answer_is_what_its_one_field_holds() {
        let answer = |data: Value| super::data(json!({ "data": data })).and_then(only_field);
        assert_eq!(shaped::<Vec<u8>>(answer(json!({ "history": [1, 2] })).unwrap()).unwrap(), [1, 2]);
        assert_eq!(answer(json!({ "rule": null })).unwrap(), Value::Null);
        for strange in [json!(17), json!({}), json!({ "rooms": [], "scenes": [] })] {
            assert_eq!(answer(strange).unwrap_err().to_string(), OTHER_SHAPE);
        }
    }
}
