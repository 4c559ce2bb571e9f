//! LimitRanges.

use std::collections::BTreeSet;

use serde_json::Value;

use super::value::Read;
use super::words::Words;
use super::writer::Table;
use super::{Describer, Input, Writer, amounts, meta};

/// Describes a LimitRange, as `describeLimitRange` in kubectl.
pub struct LimitRanges;

impl Describer for LimitRanges {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "LimitRange")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        meta::name(input.object, out);
        out.section(&out.lang().t("describe.limits"));
        out.table(table([input.object]));
    }
}

/// The limits of all these ranges, one line per type and resource.
pub fn table<'a>(ranges: impl IntoIterator<Item = &'a Value>) -> Table {
    let mut table = Table::new([
        "Type",
        "Resource",
        "Min",
        "Max",
        "Default Request",
        "Default Limit",
        "Max Limit/Request Ratio",
    ]);
    for item in ranges.into_iter().flat_map(|range| range.at("spec.limits").list()) {
        let bounds = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"].map(|field| item.key(field));
        let resources: BTreeSet<_> = bounds
            .iter()
            .flat_map(|bound| bound.members())
            .map(|(name, _)| name)
            .collect();
        for resource in resources {
            let bound = |bound: &Value| match bound.key(resource) {
                Value::Null => Words::from("-"),
                quantity => amounts::text(quantity).into(),
            };
            let cells = [item.key("type").show().into(), resource.into()]
                .into_iter()
                .chain(bounds.iter().map(|one| bound(one)));
            table.rows.push(cells.collect());
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_resource_of_a_type_has_a_line() {
        let range = json!({"spec": {"limits": [{"type": "Container", "max": {"cpu": "1"}, "min": {"memory": "4Mi"}, "maxLimitRequestRatio": {"cpu": "4"}}, {"type": "Pod"}]}});
        let mut out = Writer::default();
        out.table(table([&range]));
        let lines: Vec<_> = out
            .finish()
            .text()
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(lines, ["Container cpu - 1 - - 4", "Container memory 4Mi - - - -"]);
    }
}
