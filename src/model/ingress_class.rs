//! IngressClasses: what `printIngressClass` in Kubernetes' printers.go tells of them.

use super::decode::wire;
use super::meta::Annotated;
use super::{Istr, Meta, Projection};

/// An IngressClass's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "IngressClassWire")]
pub struct IngressClass {
    meta: Meta,
    is_default: bool,
    /// The CONTROLLER cell.
    pub controller: Istr,
    /// The PARAMETERS cell: `Kind.group/name`.
    pub parameters: Box<str>,
}

impl IngressClass {
    /// The NAME cell: the default class says so.
    pub fn name_text(&self) -> String {
        format!("{}{}", self.meta.name, if self.is_default { " (default)" } else { "" })
    }
}

impl Projection for IngressClass {
    const KIND: &'static str = "IngressClass";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

wire! {
    struct IngressClassWire {
        metadata: Annotated<DefaultAnnotation>,
        spec: SpecWire,
    }

    struct DefaultAnnotation {
        #[serde(rename = "ingressclass.kubernetes.io/is-default-class")]
        is_default: Istr,
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
        let Annotated { meta, annotations } = wire.metadata;
        Self {
            meta,
            is_default: annotations.is_default == "true",
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
                class.name_text(),
                class.controller.to_string(),
                class.parameters.to_string(),
                class.meta().age_text(now),
            ]
        });
    }

    #[test]
    fn an_annotation_makes_the_default() {
        for (value, name) in [("true", "a (default)"), ("false", "a"), ("True", "a")] {
            let annotations = format!(r#"{{"ingressclass.kubernetes.io/is-default-class":"{value}"}}"#);
            let json = format!(r#"{{"metadata":{{"name":"a","annotations":{annotations}}}}}"#);
            assert_eq!(decode::<IngressClass>(&json).unwrap().name_text(), name);
        }
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
