//! How names of the table become names in Rust and GraphQL.

/// `color_temperature` as a type's name: `ColorTemperature`.
pub(super) fn pascal(snake: &str) -> String {
    snake.split('_').map(capitalised).collect()
}

/// `heating_setpoint` as a field's name in GraphQL: `heatingSetpoint`. An underscore before a digit stays, so that
/// `pm2_5` doesn't read as 25.
pub(super) fn camel(snake: &str) -> String {
    let mut parts = snake.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let digit = part.starts_with(|first: char| first.is_ascii_digit());
        name + if digit { "_" } else { "" } + &capitalised(part)
    })
}

/// `return_home` as the name of its row in Rust: `RETURN_HOME`. The setpoints go by shorter names there.
pub(super) fn row(snake: &str) -> String {
    snake.strip_suffix("_setpoint").unwrap_or(snake).to_uppercase()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_the_form_of_their_language() {
        assert_eq!(pascal("color_temperature"), "ColorTemperature");
        assert_eq!(
            (camel("heating_setpoint"), camel("pm2_5_limits")),
            ("heatingSetpoint".into(), "pm2_5Limits".into())
        );
        assert_eq!((row("return_home"), row("heating_setpoint")), ("RETURN_HOME".into(), "HEATING".into()));
    }
}
