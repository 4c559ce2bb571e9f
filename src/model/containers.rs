//! A pod template's containers, as workloads show them.

use super::decode::{List, wire};
use super::{Istr, Labels};

/// Names and images of a pod template's containers: the CONTAINERS and IMAGES cells, as `layoutContainerCells` in Kubernetes'
/// printers.go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Containers {
    names: Istr,
    images: Istr,
}

impl Containers {
    /// The names, joined by commas.
    pub fn names(&self) -> &str {
        &self.names
    }

    /// The images, joined by commas.
    pub fn images(&self) -> &str {
        &self.images
    }
}

wire! {
    /// `spec.template` of a workload.
    struct TemplateWire {
        spec: TemplateSpecWire,
    }

    struct TemplateSpecWire {
        containers: List<ContainerWire>,
        node_selector: Labels,
    }

    struct ContainerWire {
        name: Istr,
        image: Istr,
    }
}

impl TemplateWire {
    pub(super) fn containers(&self) -> Containers {
        let join = |part: fn(&ContainerWire) -> &Istr| {
            let parts: Vec<&str> = self
                .spec
                .containers
                .iter()
                .map(|container| part(container).as_str())
                .collect();
            Istr::new(&parts.join(","))
        };
        Containers {
            names: join(|container| &container.name),
            images: join(|container| &container.image),
        }
    }
}
