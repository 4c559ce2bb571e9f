//! What a view is called in its title: the resource's plural with the capitals of its kind.

use crate::core::registry::Registry;
use crate::core::resource::Resource;
use crate::core::screen::Screen;

/// `Pods`, `NetworkPolicies`, `ConfigMaps`.
pub fn of(resource: &Resource) -> String {
    let same = resource
        .kind
        .chars()
        .zip(resource.plural.chars())
        .take_while(|(kind, plural)| kind.to_ascii_lowercase() == *plural)
        .count();
    let kind: String = resource.kind.chars().take(same).collect();
    let rest: String = resource.plural.chars().skip(same).collect();
    kind + &rest
}

/// What a screen is called: the group's name where it is a group's, else the view's.
pub fn of_screen(screen: &Screen, registry: &Registry) -> String {
    let word = screen.jump.view.to_lowercase();
    let group = registry
        .groups
        .iter()
        .find(|group| group.names.contains(&word.as_str()));
    if screen.is_stacked() {
        // What is no group's name is a category's.
        let name = group.and_then(|group| group.names.first()).copied().unwrap_or(&word);
        let mut chars = name.chars();
        let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
        return first + chars.as_str();
    }
    screen
        .sections
        .first()
        .map_or_else(String::new, |section| of(section.view.resource()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_keep_the_capitals_of_the_kind() {
        for (kind, plural, wanted) in [
            ("Pod", "pods", "Pods"),
            ("NetworkPolicy", "networkpolicies", "NetworkPolicies"),
            ("Ingress", "ingresses", "Ingresses"),
            ("Endpoints", "endpoints", "Endpoints"),
            ("CSIDriver", "csidrivers", "CSIDrivers"),
            ("Mouse", "mice", "Mice"),
        ] {
            assert_eq!(of(&Resource::known("", "v1", kind, plural, &[], true)), wanted);
        }
    }
}
