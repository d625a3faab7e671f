//! GraphQL for the phone app: schema, subscriptions, pairing.
