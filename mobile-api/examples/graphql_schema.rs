//! Prints the GraphQL schema; `cargo xtask codegen` writes it to `schema.graphql`.

fn main() {
    print!("{}", mobile_api::sdl());
}
