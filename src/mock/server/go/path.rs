//! Paths of fields, as Go's strict decoders and `field.Path` of apimachinery write them: `spec.containers[0].image`.

/// The path of a field of what stands at a path; that of the whole is empty.
#[must_use]
pub fn child(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
