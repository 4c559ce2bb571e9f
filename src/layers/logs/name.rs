//! Short names: as little of each name as tells the containers apart.

use super::source::Source;

/// A short name for each source, as stern has them: of a pod what its workload does not say, with the container where
/// there are several in any pod.
pub fn short(sources: &[Source]) -> Vec<String> {
    let several = |source: &Source| {
        sources
            .iter()
            .any(|other| other.uid == source.uid && other.container != source.container)
    };
    let containers = sources.iter().any(several);
    let mut pods: Vec<&str> = sources.iter().map(|source| source.pod.as_str()).collect();
    pods.sort_unstable();
    pods.dedup();
    let common = common(&pods);
    let name = |source: &Source| {
        let pod = source.pod.get(common..).unwrap_or(&source.pod);
        match (pods.len(), containers) {
            (1, true) => source.container.clone(),
            (_, true) => format!("{pod}/{}", source.container),
            (1, false) => source.pod.clone(),
            (_, false) => pod.to_string(),
        }
    };
    sources.iter().map(name).collect()
}

/// Whether a name before a line says anything: there is more than one container.
pub fn is_needed(sources: &[Source]) -> bool {
    let first = sources.first();
    sources
        .iter()
        .any(|source| first.is_some_and(|first| first.uid != source.uid || first.container != source.container))
}

/// How much of their beginnings all pods have in common, up to a dash.
fn common(pods: &[&str]) -> usize {
    let (Some(first), Some(last)) = (pods.first(), pods.last()) else {
        return 0;
    };
    if first == last {
        return 0;
    }
    // Sorted: what the first and the last have in common, all have.
    let same = first.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
    first
        .get(..same)
        .and_then(|same| same.rfind('-'))
        .map_or(0, |dash| dash + 1)
}

#[cfg(test)]
mod tests {
    use super::super::source::State;
    use super::*;
    use crate::core::session::SessionId;

    fn source((pod, container): (&str, &str)) -> Source {
        Source {
            uid: pod.to_string(),
            namespace: String::new(),
            pod: pod.to_string(),
            container: container.to_string(),
            previous: false,
            session: SessionId(0),
            state: State::Asked,
            started: String::new(),
            last: false,
            gone: false,
            told: Vec::new(),
            place: 0,
        }
    }

    #[test]
    fn names_are_as_short_as_they_can_be() {
        for (sources, wanted) in [
            (&[("web-0", "app")][..], &["web-0"][..]),
            (&[("web-0", "app"), ("web-0", "side")], &["app", "side"]),
            (
                &[("web-6b6-h97hx", "app"), ("web-6b6-jxz2t", "app")],
                &["h97hx", "jxz2t"],
            ),
            (&[("web-6b6-a", "app"), ("web-7cf-b", "app")], &["6b6-a", "7cf-b"]),
            (&[("web-0", "app"), ("db-0", "app")], &["web-0", "db-0"]),
            (&[("w-0", "a"), ("w-1", "a"), ("w-1", "b")], &["0/a", "1/a", "1/b"]),
        ] {
            let sources: Vec<Source> = sources.iter().copied().map(source).collect();
            assert_eq!(short(&sources), wanted);
        }
    }
}
