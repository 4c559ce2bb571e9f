//! What PersistentVolumes and PersistentVolumeClaims have in common.

use super::Istr;
use super::decode::wire;

wire! {
    /// The annotation that named the class before there was a field; it still wins.
    struct ClassAnnotation {
        #[serde(rename = "volume.beta.kubernetes.io/storage-class")]
        class: Option<Istr>,
    }
}

/// The access modes in their fixed order, each once: `GetAccessModesAsString` in Kubernetes' core helpers.
pub(super) fn access_modes(modes: &[Istr]) -> Istr {
    let short = [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ];
    let present = short.iter().filter(|(mode, _)| modes.iter().any(|own| own == mode));
    Istr::new(&present.map(|(_, short)| *short).collect::<Vec<_>>().join(","))
}

/// A phase, or `Terminating` once the object is being deleted.
pub(super) fn phase(phase: Istr, is_deleting: bool) -> Istr {
    if is_deleting { Istr::new("Terminating") } else { phase }
}

/// `spec.volumeMode`; the API's default is a file system.
pub(super) fn mode(mode: Istr) -> Istr {
    if mode.is_empty() { Istr::new("Filesystem") } else { mode }
}

/// `spec.volumeAttributesClassName` as printed.
pub(super) fn attributes_class(class: Option<Istr>) -> Istr {
    class.unwrap_or_else(|| Istr::new("<unset>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_modes_are_short_and_ordered() {
        let modes =
            |modes: &[&str]| access_modes(&modes.iter().map(|mode| Istr::new(mode)).collect::<Vec<_>>()).to_string();
        assert_eq!(modes(&[]), "");
        assert_eq!(modes(&["ReadWriteMany", "ReadWriteOnce", "ReadWriteOnce"]), "RWO,RWX");
        assert_eq!(modes(&["ReadWriteOncePod", "ReadOnlyMany", "Other"]), "ROX,RWOP");
    }
}
