//! IngressClasses: what `printIngressClass` in Kubernetes' printers.go tells of them.

use super::decode::wire;
use super::{Istr, Meta, Projection};

/// An IngressClass's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "IngressClassWire")]
pub struct IngressClass {
    meta: Meta,
    /// The CONTROLLER cell.
    pub controller: Istr,
    /// The PARAMETERS cell: `Kind.group/name`.
    pub parameters: Box<str>,
}

impl Projection for IngressClass {
    const KIND: &'static str = "IngressClass";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

wire! {
    struct IngressClassWire {
        metadata: Meta,
        spec: SpecWire,
    }

    struct SpecWire {
        controller: Istr,
        parameters: Option<ParametersWire>,
    }

    struct ParametersWire {
        api_group: Option<Istr>,
        kind: Istr,
        name: Istr,
    }
}

impl From<IngressClassWire> for IngressClass {
    fn from(wire: IngressClassWire) -> Self {
        Self {
            meta: wire.metadata,
            controller: wire.spec.controller,
            parameters: wire
                .spec
                .parameters
                .map_or_else(|| "<none>".into(), |own| own.text().into()),
        }
    }
}

impl ParametersWire {
    fn text(&self) -> String {
        let group = self
            .api_group
            .as_ref()
            .map_or_else(String::new, |group| format!(".{group}"));
        format!("{}{group}/{}", self.kind, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("ingressclass", |class: &IngressClass, now| {
            vec![
                class.meta().name.to_string(),
                class.controller.to_string(),
                class.parameters.to_string(),
                class.meta().age_text(now),
            ]
        });
    }

    #[test]
    fn parameters_may_have_a_group() {
        for (parameters, text) in [
            (r#"{"kind":"ConfigMap","name":"a"}"#, "ConfigMap/a"),
            (
                r#"{"apiGroup":"k8s.example.com","kind":"P","name":"a"}"#,
                "P.k8s.example.com/a",
            ),
        ] {
            let class: IngressClass = decode(&format!(r#"{{"spec":{{"parameters":{parameters}}}}}"#)).unwrap();
            assert_eq!(&*class.parameters, text);
        }
    }
}
