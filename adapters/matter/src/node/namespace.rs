//! The words of the Standard Namespaces: what a tag says of an endpoint, or of an area of a robot.

/// The namespace of numbers.
const NUMBERS: u64 = 0x07;
/// The namespace of rooms and other areas.
pub(crate) const AREAS: u64 = 0x10;
/// The namespace of what stands in them.
pub(crate) const LANDMARKS: u64 = 0x11;

/// Namespaces of tags, and the words of each by number.
#[rustfmt::skip]
const WORDS: &[(u64, &[&str])] = &[
    (0x05, &["low", "medium", "high"]),
    (0x06, &["indoor", "outdoor", "inside", "outside"]),
    (0x08, &["left", "right", "top", "bottom", "middle", "row", "column"]),
    (0x0A, &["DC", "AC", "phase 1", "phase 2", "phase 3"]),
    (0x0F, &["", "grid", "solar", "battery", "car"]),
    (AREAS, &[
        "aisle", "attic", "back door", "back yard", "balcony", "ballroom", "bathroom", "bedroom", "border", "boxroom",
        "breakfast room", "carport", "cellar", "cloakroom", "closet", "conservatory", "corridor", "craft room",
        "cupboard", "deck", "den", "dining room", "drawing room", "dressing room", "driveway", "elevator", "ensuite",
        "entrance", "entryway", "family room", "foyer", "front door", "front yard", "game room", "garage",
        "garage door", "garden", "garden door", "guest bathroom", "guest bedroom", "", "guest room", "gym", "hallway",
        "hearth room", "kids' room", "kids' bedroom", "kitchen", "", "laundry room", "lawn", "library", "living room",
        "lounge", "media room", "mud room", "music room", "nursery", "office", "outdoor kitchen", "outside", "pantry",
        "parking lot", "parlor", "patio", "play room", "pool room", "porch", "primary bathroom", "primary bedroom",
        "ramp", "reception room", "recreation room", "", "roof", "sauna", "scullery", "sewing room", "shed",
        "side door", "side yard", "sitting room", "snug", "spa", "staircase", "steam room", "storage room", "studio",
        "study", "sun room", "swimming pool", "terrace", "utility room", "ward", "workshop", "toilet",
    ]),
    (LANDMARKS, &[
        "air conditioner", "air purifier", "back door", "bar stool", "bath mat", "bathtub", "bed", "bookshelf",
        "chair", "Christmas tree", "coat rack", "coffee table", "cooking range", "couch", "countertop", "cradle",
        "crib", "desk", "dining table", "dishwasher", "door", "dresser", "dryer", "fan", "fireplace", "freezer",
        "front door", "high chair", "kitchen island", "lamp", "litter box", "mirror", "nightstand", "oven", "pet bed",
        "pet bowl", "pet crate", "refrigerator", "scratching post", "shoe rack", "shower", "side door", "sink", "sofa",
        "stove", "table", "toilet", "trash can", "washer", "window", "wine cooler",
    ]),
    (0x41, &["refrigerator", "freezer"]),
    (0x42, &["evaporator", "condenser"]),
    (0x43, &["on", "off", "toggle", "up", "down", "next", "previous", "select", "", "open", "close", "stop"]),
];

/// The word for a tag, where it has one.
pub(crate) fn word(namespace: u64, number: u64) -> Option<String> {
    if namespace == NUMBERS {
        return Some(number.to_string());
    }
    let (_, words) = WORDS.iter().find(|(known, _)| *known == namespace)?;
    let word = usize::try_from(number).ok().and_then(|at| words.get(at))?;
    (!word.is_empty()).then(|| (*word).to_owned())
}
