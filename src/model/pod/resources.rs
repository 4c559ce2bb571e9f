//! What a pod asks for and may use, as the scheduler counts it.

use super::wire::{ContainerWire, ResourcesWire, SpecWire};
use crate::model::ResourceList;

/// Amounts of the two resources that every pod has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PodResources {
    /// Thousandths of a CPU.
    pub cpu_milli: u64,
    /// Bytes.
    pub memory: u64,
}

impl PodResources {
    /// The requests, as `PodRequests` in Kubernetes' component-helpers: the containers and sidecars together, or the most
    /// that an init container needs beside the sidecars before it; what the pod itself says replaces that; overhead on top.
    pub(super) fn requests(spec: &SpecWire) -> Self {
        let overhead = Self::of(&spec.overhead);
        let sum = Self::sum(spec, |resources| &resources.requests);
        sum.replaced_by(Self::of(&spec.resources.requests)).plus(overhead)
    }

    /// The limits, counted like the requests; overhead counts only where there is a limit.
    pub(super) fn limits(spec: &SpecWire) -> Self {
        let overhead = Self::of(&spec.overhead);
        let sum = Self::sum(spec, |resources| &resources.limits);
        let limits = sum.replaced_by(Self::of(&spec.resources.limits));
        let on_top = |limit: u64, overhead: u64| if limit == 0 { 0 } else { limit.saturating_add(overhead) };
        Self {
            cpu_milli: on_top(limits.cpu_milli, overhead.cpu_milli),
            memory: on_top(limits.memory, overhead.memory),
        }
    }

    fn sum(spec: &SpecWire, list: fn(&ResourcesWire) -> &ResourceList) -> Self {
        let of = |container: &ContainerWire| Self::of(list(&container.resources));
        let containers = spec.containers.iter().map(of).fold(Self::default(), Self::plus);
        let (mut sidecars, mut most) = (Self::default(), Self::default());
        for container in spec.init_containers.iter() {
            let own = of(container).plus(sidecars);
            if container.is_sidecar() {
                sidecars = own;
            }
            most = most.max_of_each(own);
        }
        containers.plus(sidecars).max_of_each(most)
    }

    fn of(list: &ResourceList) -> Self {
        Self {
            cpu_milli: list.cpu_milli(),
            memory: list.memory_bytes(),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            cpu_milli: self.cpu_milli.saturating_add(other.cpu_milli),
            memory: self.memory.saturating_add(other.memory),
        }
    }

    fn max_of_each(self, other: Self) -> Self {
        Self {
            cpu_milli: self.cpu_milli.max(other.cpu_milli),
            memory: self.memory.max(other.memory),
        }
    }

    /// What the pod itself says, where it says something.
    fn replaced_by(self, own: Self) -> Self {
        let or = |own: u64, sum: u64| if own == 0 { sum } else { own };
        Self {
            cpu_milli: or(own.cpu_milli, self.cpu_milli),
            memory: or(own.memory, self.memory),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(json: &str) -> SpecWire {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn containers_sidecars_and_init_containers_are_counted() {
        let spec = spec(
            r#"{"containers":[{"resources":{"requests":{"cpu":"100m","memory":"1Mi"},"limits":{"cpu":"1"}}},
                              {"resources":{"requests":{"cpu":"50m"}}}],
                "initContainers":[{"restartPolicy":"Always","resources":{"requests":{"cpu":"10m"}}},
                                  {"resources":{"requests":{"cpu":"20m","memory":"3Mi"},"limits":{"memory":"5Mi"}}}],
                "overhead":{"cpu":"1m","memory":"1Mi"}}"#,
        );
        assert_eq!(
            PodResources::requests(&spec),
            PodResources {
                cpu_milli: 161,
                memory: 4 << 20
            }
        );
        assert_eq!(
            PodResources::limits(&spec),
            PodResources {
                cpu_milli: 1001,
                memory: 6 << 20
            }
        );
    }

    #[test]
    fn the_pods_own_word_replaces_the_sum() {
        let spec = spec(
            r#"{"containers":[{"resources":{"requests":{"cpu":"100m","memory":"1Mi"}}}],"resources":{"requests":{"cpu":"2"}}}"#,
        );
        assert_eq!(
            PodResources::requests(&spec),
            PodResources {
                cpu_milli: 2000,
                memory: 1 << 20
            }
        );
    }
}
